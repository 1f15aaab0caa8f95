"""A stored Jellyfin and a stored Plex, listened to by the process that does it: from their WebSockets to rows and events."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from domain.kit.database import Database
from domain.kit.secrets import load_key
from domain.libraries.enums import ConnectionStatus
from domain.players import service
from domain.players.enums import PlaybackStatus, PlayerType
from domain.players.tables import Player
from domain.settings import Settings
from tests.factories.accounts import make_user
from tests.peers import jellyfin as j
from tests.peers import plex as p
from tests.players.living_room import LOCAL, add_group, add_profile, furnish, player_row, states, told, until
from workers import outbound
from workers.players.watching import Watching

pytestmark = pytest.mark.both
FILM = "/srv/films/Alien (1979)/Alien.mkv"


@pytest.fixture
def watching(database: Database, tmp_path: Path) -> Iterator[Watching]:
    made = Watching(database, Settings(data_dir=tmp_path))
    yield made
    made.stop()
    outbound.lan().close()


def stored(database: Database, folder: Path, kind: PlayerType, port: int, secret: str) -> tuple[int, int]:
    """The player's key, and that of whoever watches on it."""
    room = furnish(database)
    with database.transaction() as uow:
        uow.session.get_one(Player, room.player).is_enabled = False  # it is nowhere
        group = add_group(uow, kind.value, type=kind, libraries=[room.library], rules={"/srv/films": LOCAL})
        values: dict[str, Any] = {"name": kind.value, "host": "127.0.0.1", "port": port, "api_key": secret}
        player = service.create(uow, group_id=group, values=values, secret=load_key(folder, None)).id
    return player, make_user(database, "ana", has_all_libraries=True).id


def test_a_jellyfin_is_heard(database: Database, tmp_path: Path, watching: Watching) -> None:
    with j.jellyfin() as peer:
        player, ana = stored(database, tmp_path, PlayerType.JELLYFIN, peer.port, j.KEY)
        add_profile(database, player, ana, j.ANA)
        peer.items.append({**j.MOVIE, "Id": "7" * 32, "Name": "Alien", "Path": FILM, "ProviderIds": {}})
        peer.play(j.TV, "7" * 32, position_ms=60_000)
        watching.tick()
        until(lambda: told(database) == ["playback.started"])
        (state,) = states(database)
        assert (state.status, state.session, state.user_id, state.device) == (PlaybackStatus.PLAYING, j.TV, ana, "Living room")
        assert state.item_id is not None
        assert state.file_id is not None
        assert 60_000 <= state.position_ms < 90_000
        peer.play(j.TV, "7" * 32, position_ms=70_000, is_paused=True)
        until(lambda: told(database)[-1] == "playback.paused")
        peer.end(j.TV)
        until(lambda: told(database)[-1] == "playback.stopped")
        (state,) = states(database)
        assert (state.status, state.position_ms, state.is_finished) == (PlaybackStatus.STOPPED, 70_000, False)
        row = player_row(database, player)
        assert (row.connection_status, row.is_notifying) == (ConnectionStatus.CONNECTED, True)
        watching.stop()


def test_a_plex_is_heard(database: Database, tmp_path: Path, watching: Watching) -> None:
    with p.plex() as peer:
        player, ana = stored(database, tmp_path, PlayerType.PLEX, peer.port, p.TOKEN)
        add_profile(database, player, ana, "1")
        parts = [{"id": 1, "Part": [{"id": 1, "file": FILM}]}]
        peer.items.append({**p.MOVIE, "ratingKey": "7", "title": "Alien", "Guid": [], "guid": "local://7", "Media": parts})
        watching.tick()
        until(lambda: player_row(database, player).connection_status is ConnectionStatus.CONNECTED)
        assert states(database) == []
        peer.play("12", "7", offset=60_000)
        until(lambda: told(database) == ["playback.started"])
        (state,) = states(database)
        assert (state.status, state.session, state.user_id, state.device) == (PlaybackStatus.PLAYING, "12", ana, "TV")
        assert state.item_id is not None
        peer.play("12", "7", offset=4_000_000)
        until(lambda: told(database)[-1] == "playback.sought")
        peer.play("12", "7", offset=6_236_000)
        peer.end("12")
        until(lambda: told(database)[-1] == "playback.finished")
        (state,) = states(database)
        assert (state.status, state.is_finished, state.position_ms) == (PlaybackStatus.STOPPED, True, 6_240_000)
        watching.stop()
