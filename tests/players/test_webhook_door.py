"""Webhooks of players at their door: the token, what is noted where nobody listens, and what is left where somebody does."""

import json
from datetime import timedelta
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from domain.kit import clock
from domain.kit.errors import Conflict, NotFound
from domain.libraries.enums import ConnectionStatus
from domain.players import hearing
from domain.players.enums import PlayerType
from domain.players.tables import Player
from domain.system.tables import Event
from tests.api.conftest import Client, House, client, empty_house, house, settings
from tests.factories.accounts import KEY
from tests.players.living_room import add_group, add_player
from tests.players.test_player_webhooks import SCROBBLE, STOP, form

__all__ = ["client", "empty_house", "house", "settings"]


PORTS = {PlayerType.JELLYFIN: 8096, PlayerType.PLEX: 32_400}


class Door:
    """A server as a row, and the token of its webhooks."""

    def __init__(self, house: House, kind: PlayerType) -> None:
        self.house = house
        with house.database.transaction() as uow:
            self.player = add_player(uow, add_group(uow, kind.value, type=kind), kind.value, port=PORTS[kind])
            self.token = hearing.give_token(uow, player_id=self.player, secret=KEY)
        self.path = f"/webhooks/players/plr_{self.player}"

    def change(self, **values: Any) -> None:
        with self.house.database.transaction() as uow:
            player = uow.session.get_one(Player, self.player)
            for name, value in values.items():
                setattr(player, name, value)

    def rows(self) -> list[tuple[str, str, int, bool]]:
        with self.house.database.read() as session:
            query = sa.text("SELECT session, status, position_ms, is_finished FROM player_states ORDER BY id")
            return [(row[0], row[1], row[2], bool(row[3])) for row in session.connection().execute(query)]

    def events(self, topic: str) -> list[str]:
        return [row.type for row in self.house.rows(Event) if row.topic == topic]


@pytest.fixture
def jellyfin(house: House) -> Door:
    return Door(house, PlayerType.JELLYFIN)


@pytest.fixture
def plex(house: House) -> Door:
    return Door(house, PlayerType.PLEX)


async def send(client: Client, door: Door, path: str = "", **changes: Any) -> httpx.Response:
    body = json.dumps({**STOP, "NotificationType": "PlaybackStart", **changes}).encode()
    headers = {"content-type": "text/plain"} | ({} if path else {"x-marquee-token": door.token})
    return await client.http.post(door.path + path, content=body, headers=headers)


@pytest.mark.both
async def test_playback_is_noted_where_nobody_listens(client: Client, jellyfin: Door) -> None:
    said = [await send(client, jellyfin, PlaybackPositionTicks=0)]
    said.append(await send(client, jellyfin, NotificationType="PlaybackProgress", IsPaused=True, PlaybackPositionTicks=0))
    said.append(await send(client, jellyfin, NotificationType="PlaybackProgress", IsPaused=True, PlaybackPositionTicks=0))
    assert jellyfin.rows() == [("d3v1ce", "paused", 0, False)]
    said.append(await send(client, jellyfin, NotificationType="PlaybackStop"))
    said.append(await send(client, jellyfin, NotificationType="PlaybackStop"))
    assert [(each.status_code, each.json()["outcome"]) for each in said] == [
        (202, "noted"), (202, "noted"), (202, "known"), (202, "noted"), (202, "known"),
    ]  # fmt: skip
    assert jellyfin.rows() == [("d3v1ce", "stopped", 2_640_000, True)]
    assert jellyfin.events("playback") == ["playback.started", "playback.paused", "playback.finished"]


async def test_where_somebody_listens_it_is_known_already(client: Client, jellyfin: Door) -> None:
    jellyfin.change(watcher="a", watched_until=clock.now() + timedelta(minutes=1), connection_status=ConnectionStatus.CONNECTED)
    assert (await send(client, jellyfin)).json() == {"outcome": "known"}
    assert jellyfin.rows() == []
    jellyfin.change(connection_status=ConnectionStatus.DISCONNECTED)
    assert (await send(client, jellyfin)).json() == {"outcome": "noted"}


async def test_what_is_of_another_server_or_no_concern_is_left(client: Client, jellyfin: Door) -> None:
    assert (await send(client, jellyfin, NotificationType="TaskCompleted")).json() == {"outcome": "ignored"}
    jellyfin.change(server_id="ab" * 16)
    assert (await send(client, jellyfin)).json() == {"outcome": "ignored"}
    assert jellyfin.rows() == []


async def test_library_events_are_told_to_administrators(client: Client, jellyfin: Door) -> None:
    assert (await send(client, jellyfin, NotificationType="ItemAdded")).json() == {"outcome": "noted"}
    (event,) = [row for row in jellyfin.house.rows(Event) if row.type == "player.library_changed"]
    assert (event.audience, event.subject, event.payload) == (
        "admins", f"plr_{jellyfin.player}",
        {"happening": "added", "kind": "episode", "title": 'The "Low" Tide', "key": "11112222333344445555666677778888"},
    )  # fmt: skip


async def test_plex_sends_its_form(client: Client, plex: Door) -> None:
    for event in ("media.play", "media.stop"):
        body, kind = form({**SCROBBLE, "event": event})
        answer = await client.http.post(f"{plex.path}/{plex.token}", content=body, headers={"content-type": kind})
        assert (answer.status_code, answer.json()) == (202, {"outcome": "noted"})
    assert plex.rows() == [("client-TV", "stopped", 2_610_000, False)]


async def test_nobody_comes_in_without_the_token(client: Client, jellyfin: Door, plex: Door) -> None:
    wrong = [
        await send(client, jellyfin, "/wrong"), await send(client, jellyfin, f"/{plex.token}"),
        await client.http.post(jellyfin.path, content=b"{}"),
        await client.http.post("/webhooks/players/plr_999", content=b"{}", headers={"x-api-key": jellyfin.token}),
        await client.http.post("/webhooks/players/x", content=b"{}", headers={"x-api-key": jellyfin.token}),
    ]  # fmt: skip
    assert [each.status_code for each in wrong] == [401] * 5
    assert (await client.http.get(f"{jellyfin.path}/{jellyfin.token}")).status_code == 405
    with jellyfin.house.database.transaction() as uow:
        hearing.revoke_token(uow, player_id=jellyfin.player)
    assert (await send(client, jellyfin)).status_code == 401
    with jellyfin.house.database.transaction() as uow:
        jellyfin.token = hearing.give_token(uow, player_id=jellyfin.player, secret=KEY)
    assert (await send(client, jellyfin)).status_code == 202
    jellyfin.change(is_enabled=False)
    assert (await send(client, jellyfin)).status_code == 403


async def test_what_cannot_be_read_is_refused(client: Client, jellyfin: Door) -> None:
    for body in (b"", b"[]", b"{", b'{"NotificationType": 7}', b"[" * 100_000):
        answer = await client.http.post(f"{jellyfin.path}/{jellyfin.token}", content=body)
        assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (400, "INVALID")
        assert jellyfin.token not in answer.text
    large = await client.http.post(f"{jellyfin.path}/{jellyfin.token}", content=b" " * (2 * 2**20))
    assert large.status_code == 413


def test_a_kodi_gets_no_token_and_nobody_gets_nobodys(house: House) -> None:
    with house.database.transaction() as uow:
        kodi = add_player(uow, add_group(uow))
        with pytest.raises(Conflict):
            hearing.give_token(uow, player_id=kodi, secret=KEY)
        with pytest.raises(NotFound):
            hearing.revoke_token(uow, player_id=999)
