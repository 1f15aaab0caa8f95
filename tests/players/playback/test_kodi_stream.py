"""From a Kodi's notification to a subscriber: a loopback Kodi, its adapter, the watcher, the rows, the stream."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from domain.players.enums import PlaybackStatus, PlayerType
from domain.players.known import MAKERS
from domain.players.kodi import adapter
from tests.api.conftest import House, Live
from tests.api.sockets import Socket, signed_in
from tests.peers.kodi_player import KodiPlayer
from tests.players.living_room import add_group, add_player, player_row, states, until
from tests.players.playback.conftest import Stage
from workers.players.watching import Watching

LIVE = """subscription { playbackChanged { __typename
  ... on PlaybackChanged { type status positionMs speed node { item { id } title totalMs } } } }"""
FILM = {"title": "Alien", "file": "/films/Alien.mkv", "movieid": 7, "year": 1979, "uniqueid": {"imdb": "tt0078748"}}


@pytest.fixture
def kodi() -> Iterator[KodiPlayer]:
    with KodiPlayer().running() as running:
        yield running


def watched(house: House, kodi: KodiPlayer) -> tuple[Watching, int]:
    """A supervisor that listens to the Kodi, and the player's key."""
    with house.database.transaction() as uow:
        group = add_group(uow, "Real ones", libraries=[house.open_library])
        player = add_player(uow, group, "Loopback", port=kodi.port, websocket_port=kodi.websocket_port)
        uow.session.execute(sa.text("UPDATE players SET host = '127.0.0.1' WHERE id = :id"), {"id": player})
    watching = Watching(house.database, house.services.settings)
    watching.tick()
    until(lambda: player_row(house.database, player).is_notifying)
    return watching, player


async def step(socket: Socket, sub: str) -> Any:
    return (await socket.following(sub))["playbackChanged"]


async def test_what_a_kodi_does_is_told_at_once_and_exactly(live: Live, stage: Stage, kodi: KodiPlayer) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(MAKERS, PlayerType.KODI, adapter.made)
        with stage.house.database.transaction() as uow:
            uow.session.execute(sa.text("UPDATE players SET is_enabled = false"))
        watching, _ = await asyncio.to_thread(watched, live.house, kodi)
        try:
            async with signed_in(live, "member") as socket:
                sub = await socket.subscribe(LIVE)
                assert (await step(socket, sub))["__typename"] == "Subscribed"

                async def told(act: Any, *expected: str) -> Any:
                    await asyncio.to_thread(act)
                    message = await step(socket, sub)
                    assert message["type"] in expected, message
                    return message

                message = await told(lambda: kodi.play("movie", FILM, at_ms=60_000), "playback.started")
                assert message["node"] == {"item": {"id": f"itm_{live.house.adult_film}"}, "title": "Alien", "totalMs": 5_400_000}
                assert abs(message["positionMs"] - 60_000) < 1_000
                for position in (600_000, 3_000_000):
                    message = await told(kodi.pause, "playback.paused")
                    assert abs(message["positionMs"] - kodi.position_ms) < 1_000
                    assert message["speed"] == 0.0
                    message = await told(kodi.resume, "playback.resumed")
                    assert message["speed"] == 1.0
                    message = await told(lambda to=position: kodi.seek(to), "playback.sought")
                    assert abs(message["positionMs"] - position) < 1_000
                message = await told(kodi.stop, "playback.stopped")
                assert abs(message["positionMs"] - 3_000_000) < 2_000
        finally:
            await asyncio.to_thread(watching.stop)
    assert [state.status for state in states(live.house.database)] == [PlaybackStatus.STOPPED]
