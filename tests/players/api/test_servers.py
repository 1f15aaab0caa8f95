"""A Jellyfin and a Plex through the API: tested before and after they are stored, their people and libraries; `playerChanged`."""

import pytest

from domain.kit.errors import Conflict, Unreachable
from domain.players import groups, health, known, service
from domain.players.enums import PlayerType
from domain.players.model import Health
from domain.players.tables import Player
from tests.api.conftest import Client, Live, live
from tests.api.sockets import caught_up, signed_in, subscribed
from tests.factories.accounts import KEY
from tests.peers import jellyfin, plex

__all__ = ["live"]

TEST = """mutation T($player: PlayerToTest!) { testPlayer(input: {player: $player}) {
  report { softwareVersion serverId name isNotifying trouble } player { health { connectionStatus } }
  errors { ... on UserError { code } } } }"""
MAKE = """mutation M($type: PlayerType!, $host: String!, $port: Int!, $key: String, $base: String!) {
  createPlayerGroup(input: {name: "Server", type: $type}) { playerGroup { id } }
  createPlayer(input: {playerGroup: "plg_1", name: "Server", host: $host, port: $port, apiKey: $key, basePath: $base}) {
    player { id } errors { ... on UserError { message } } } }"""
ASK = """query A { playerProfiles(player: "plr_1") { profiles { profileId name } failure { code } }
  playerSections(player: "plr_1") { sections { title folders { path } } failure { code } } }"""
SERVERS = {"JELLYFIN": (jellyfin.jellyfin, jellyfin.KEY), "PLEX": (plex.plex, plex.TOKEN)}


@pytest.mark.parametrize("type_", sorted(SERVERS))
async def test_a_server_is_tested_stored_and_asked(client: Client, type_: str) -> None:
    start, key = SERVERS[type_]
    with start() as running:
        place = {"host": running.target.host, "port": running.target.port, "basePath": running.target.base_path}
        unsaved = {"type": type_, **place, "apiKey": key}
        done = (await client.data(TEST, {"player": {"unsaved": unsaved}}))["testPlayer"]
        assert (done["errors"], done["report"]["isNotifying"], done["report"]["trouble"]) == ([], True, None)
        wrong = (await client.data(TEST, {"player": {"unsaved": {**unsaved, "apiKey": "f" * 20}}}))["testPlayer"]
        assert [each["code"] for each in wrong["errors"]] == ["KEY_REFUSED"]
        given = {"type": type_, "host": place["host"], "port": place["port"], "key": key, "base": place["basePath"]}
        assert (await client.data(MAKE, given))["createPlayer"]["errors"] == []
        done = (await client.data(TEST, {"player": {"id": "plr_1"}}))["testPlayer"]
        assert done["player"] == {"health": {"connectionStatus": "CONNECTED"}}
        (row,) = client.house.rows(Player)
        assert (row.server_id, row.software_version) == (done["report"]["serverId"], done["report"]["softwareVersion"])
        answer = await client.data(ASK)
        assert [each["failure"] for each in answer.values()] == [None, None]
        assert answer["playerProfiles"]["profiles"] != []
        assert all(each["folders"] for each in answer["playerSections"]["sections"])


class _Odd:
    """A kind of player that cannot do what it is asked for."""

    def sections(self) -> None:
        raise Conflict("It has no libraries at the moment.")

    check = profiles = sections


async def test_what_a_player_cannot_do_is_said_and_no_failure_of_ours(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(known.MAKERS, PlayerType.KODI, lambda *_: _Odd())
    assert (await client.data(MAKE, {"type": "KODI", "host": "den", "port": 1, "base": ""}))["createPlayer"]["errors"] == []
    answer = await client.data(ASK)
    assert [each["failure"] for each in answer.values()] == [{"code": "CONFLICT"}] * 2
    done = (await client.data(TEST, {"player": {"id": "plr_1"}}))["testPlayer"]
    assert (done["errors"], done["player"]) == ([{"code": "CONFLICT"}], None)
    (row,) = client.house.rows(Player)
    assert (row.connection_status, row.last_error) == ("unknown", None)


FOLLOW = """subscription F($id: ID) { playerChanged(id: $id) { __typename ... on PlayerChanged { type changedFields node {
  name host health { connectionStatus lastError } } } ... on Subscribed { cursor } } }"""


@pytest.mark.both
async def test_members_hear_whether_a_player_answers_and_not_where_it_is(live: Live) -> None:
    database = live.house.database
    with database.transaction() as uow:
        group = groups.create(uow, name="Screens", type=PlayerType.KODI).id
        for name in ("Den", "Attic"):
            values = {"name": name, "host": f"{name.lower()}.lan", "port": 8080}
            service.create(uow, group_id=group, values=values, secret=KEY)
    async with signed_in(live, "member") as socket:
        stream, _ = await subscribed(socket, FOLLOW, {"id": "plr_1"})
        told = []
        for act in (
            lambda uow: health.connected(uow, 2, Health("21.2")),
            lambda uow: health.connected(uow, 1, Health("21.2")),
            lambda uow: health.failed(uow, 1, Unreachable("den.lan does not answer.")),
            lambda uow: service.delete(uow, player_id=1),
        ):
            database.perform(act)
            await caught_up(live)
        told = [(await socket.following(stream))["playerChanged"] for _ in range(3)]
        assert [each["type"] for each in told] == ["player.connected", "player.disconnected", "player.deleted"]
        assert told[1]["changedFields"] == ["connectionStatus", "lastError"]
        assert told[2]["node"] is None
        assert "den.lan" not in str(told)
