"""Players through the API: who sees what, credentials that never come out, tests of a loopback Kodi, profiles and sections."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from domain.libraries.tables import LibraryPath
from domain.players.tables import Player, PlayerUser
from domain.system.audit_tables import AuditEntry
from domain.system.tables import Event
from tests.api.conftest import Client
from tests.factories import accounts
from tests.peers import web
from tests.peers.kodi_player import KodiPlayer

PROBLEMS = "errors { __typename ... on UserError { code message path } }"
GROUP = (
    f"mutation G($input: CreatePlayerGroupInput!) {{ createPlayerGroup(input: $input) {{ playerGroup {{ id }} {PROBLEMS} }} }}"
)
CREATE = f"mutation C($input: CreatePlayerInput!) {{ createPlayer(input: $input) {{ player {{ id }} {PROBLEMS} }} }}"
UPDATE = (
    f"mutation U($input: UpdatePlayerInput!) {{ updatePlayer(input: $input) {{ player {{ hasPassword version }} {PROBLEMS} }} }}"
)
REPORT = "report { softwareVersion apiVersion responseMs isNotifying trouble }"
TEST = f"""mutation T($player: PlayerToTest!) {{ testPlayer(input: {{player: $player}}) {{
  {REPORT} player {{ health {{ connectionStatus softwareVersion lastError }} }} {PROBLEMS} }} }}"""
PLAYERS = """{ players { nodes { id name type host port basePath websocketPort useWebsocket isSecure verifiesCertificate username
  hasPassword hasApiKey serverId group { name pathMappings { remotePath } libraries { name } }
  health { connectionStatus lastError } users { profileId user { username } } } } }"""
SECRETS = ("host", "port", "basePath", "websocketPort", "useWebsocket", "isSecure", "verifiesCertificate", "username",
           "hasPassword", "hasApiKey", "serverId")  # fmt: skip
PASSWORD = "a lamp, unlit"


async def make_group(client: Client, **more: Any) -> str:
    answer = await client.data(GROUP, {"input": {"name": "Screens", "type": "KODI", **more}})
    assert answer["createPlayerGroup"]["errors"] == []
    made: str = answer["createPlayerGroup"]["playerGroup"]["id"]
    return made


async def make_player(client: Client, group: str, **more: Any) -> str:
    given = {"playerGroup": group, "name": "Den", "host": "127.0.0.1", "port": 9, **more}
    answer = await client.data(CREATE, {"input": given})
    assert answer["createPlayer"]["errors"] == []
    made: str = answer["createPlayer"]["player"]["id"]
    return made


@pytest.fixture
def kodi() -> Iterator[KodiPlayer]:
    made = KodiPlayer(username="kodi", password=PASSWORD)
    made.shelves.sources["video"] = [{"label": "Films", "file": "smb://nas/films/"}, {"label": "Odd", "file": "/odd/"}]
    with made.running():
        yield made


def address(kodi: KodiPlayer) -> dict[str, Any]:
    return {
        "host": "127.0.0.1",
        "port": kodi.port,
        "websocketPort": kodi.websocket_port,
        "username": "kodi",
        "password": PASSWORD,
    }


@pytest.mark.both
async def test_a_credential_goes_in_and_never_comes_out(client: Client) -> None:
    group = await make_group(client)
    await make_player(client, group, username="kodi", password=PASSWORD, idempotencyKey="once")
    await make_player(client, group, username="kodi", password=PASSWORD, idempotencyKey="once")
    (row,) = client.house.rows(Player)
    assert row.password.startswith("v1:")
    answer = (await client.send(PLAYERS, who="admin")).text
    assert '"hasPassword":true' in answer
    told = str([(each.details, each.subject) for each in client.house.rows(AuditEntry)])
    told += str([(each.payload, each.changed_fields) for each in client.house.rows(Event)])
    assert PASSWORD not in answer + told
    assert row.password not in answer + told
    changed = (await client.data(UPDATE, {"input": {"id": "plr_1", "password": None}}))["updatePlayer"]
    assert changed == {"player": {"hasPassword": False, "version": 2}, "errors": []}
    sdl = (Path(__file__).parents[3] / "api" / "schema.graphql").read_text(encoding="utf-8")
    (fields,) = re.findall(r"^type Player implements Node \{(.*?)^\}", sdl, re.MULTILINE | re.DOTALL)
    assert {"password", "apiKey"}.isdisjoint(re.findall(r"^  (\w+)", fields, re.MULTILINE))


@pytest.mark.both
async def test_addresses_are_for_administrators_and_profiles_for_their_own(client: Client) -> None:
    libraries = [f"lib_{client.house.open_library}", f"lib_{client.house.closed_library}"]
    rules = [{"remotePath": "smb://nas/films", "localPath": "/films"}]
    group = await make_group(client, libraries=libraries, pathMappings=rules)
    player = await make_player(client, group, username="kodi", password=PASSWORD)
    users = client.house.users
    for profile, who in (("", "member"), ("2", "neighbour")):
        text = f"mutation S($input: SetPlayerUserInput!) {{ setPlayerUser(input: $input) {{ playerUser {{ id }} {PROBLEMS} }} }}"
        given = {"player": player, "profileId": profile, "user": f"usr_{users[who].id}"}
        assert (await client.data(text, {"input": given}))["setPlayerUser"]["errors"] == []

    async def seen(who: str) -> Any:
        (node,) = (await client.data(PLAYERS, who=who))["players"]["nodes"]
        return node

    admin, member, limited = await seen("admin"), await seen("member"), await seen("limited")
    assert (admin["host"], admin["port"], admin["username"], admin["hasPassword"], admin["hasApiKey"]) == (
        "127.0.0.1", 9, "kodi", True, False,
    )  # fmt: skip
    assert admin["group"] == {
        "name": "Screens", "pathMappings": [{"remotePath": "smb://nas/films"}],
        "libraries": [{"name": "Open"}, {"name": "Closed"}],
    }  # fmt: skip
    assert [each["profileId"] for each in admin["users"]] == ["", "2"]
    assert {name: member[name] for name in SECRETS} == dict.fromkeys(SECRETS)
    assert (member["name"], member["group"]["pathMappings"]) == ("Den", None)
    assert member["users"] == [{"profileId": "", "user": {"username": "member"}}]
    assert limited["group"]["libraries"] == [{"name": "Open"}]
    assert limited["users"] == []
    refused = (
        await client.send(CREATE, {"input": {"playerGroup": group, "name": "x", "host": "x", "port": 1}}, who="editor")
    ).json()
    assert [each["extensions"]["code"] for each in refused["errors"]] == ["FORBIDDEN"]


async def test_a_second_server_and_a_wrong_address_are_typed_errors(client: Client) -> None:
    group = await make_group(client, type="JELLYFIN")
    await make_player(client, group, apiKey="abc")
    given = {"playerGroup": group, "name": "Two", "host": "127.0.0.1", "port": 8096}
    (problem,) = (await client.data(CREATE, {"input": given}))["createPlayer"]["errors"]
    assert (problem["__typename"], problem["path"]) == ("ConflictError", ["playerGroup"])
    assert problem["message"] == "A group of Jellyfin holds one server, and Den is there: make another group."
    text = "mutation D($input: DeletePlayerGroupInput!) { deletePlayerGroup(input: $input) { deletedId deletedPlayerCount } }"
    assert (await client.data(text, {"input": {"id": group, "dryRun": True}}))["deletePlayerGroup"] == {
        "deletedId": None, "deletedPlayerCount": 1,
    }  # fmt: skip
    assert (await client.data(text, {"input": {"id": group}}))["deletePlayerGroup"]["deletedId"] == group
    assert client.house.rows(Player) == []
    (problem,) = (await client.data(UPDATE, {"input": {"id": "plr_1", "host": "x"}}))["updatePlayer"]["errors"]
    assert problem["code"] == "NOT_FOUND"


async def test_a_kodi_is_tested_before_it_is_stored_and_nothing_is_kept(client: Client, kodi: KodiPlayer) -> None:
    async def tried(**changes: Any) -> Any:
        given = {"type": "KODI", **address(kodi), **changes}
        return (await client.data(TEST, {"player": {"unsaved": given}}))["testPlayer"]

    answer = await tried()
    assert answer["errors"] == []
    assert (answer["report"]["softwareVersion"], answer["report"]["isNotifying"], answer["player"]) == ("20.1", True, None)
    assert [each["code"] for each in (await tried(password="wrong"))["errors"]] == ["KEY_REFUSED"]
    assert [each["code"] for each in (await tried(host="169.254.169.254"))["errors"]] == ["REFUSED_BY_POLICY"]
    assert [(each["code"], each["path"]) for each in (await tried(host="http://x"))["errors"]] == [("INVALID", ["host"])]
    assert [(each["code"], each["path"]) for each in (await tried(apiKey="x"))["errors"]] == [("INVALID", ["apiKey"])]
    assert client.house.rows(Player) == []
    assert [each for each in client.house.rows(Event) if each.topic == "players"] == []


async def test_a_stored_one_remembers_what_came_of_its_test(client: Client, kodi: KodiPlayer) -> None:
    player = await make_player(client, await make_group(client), **address(kodi))

    async def tested() -> Any:
        return (await client.data(TEST, {"player": {"id": player}}))["testPlayer"]

    async def health() -> Any:
        return (await client.data(PLAYERS))["players"]["nodes"][0]["health"]

    answer = await tested()
    assert (answer["errors"], answer["player"]) == (
        [], {"health": {"connectionStatus": "CONNECTED", "softwareVersion": "20.1", "lastError": None}},
    )  # fmt: skip
    assert answer["report"]["responseMs"] >= 0
    kodi.refuses_websocket = True
    answer = await tested()
    assert answer["report"]["isNotifying"] is False
    assert (await health())["lastError"] == answer["report"]["trouble"] is not None
    kodi.http.faults = [web.HTML]
    assert [each["code"] for each in (await tested())["errors"]] == ["UNEXPECTED_ANSWER"]
    assert (await health())["connectionStatus"] == "ERROR"
    kodi.username = "somebody else"
    assert [each["code"] for each in (await tested())["errors"]] == ["KEY_REFUSED"]
    row = client.house.rows(Player)[0]
    assert (row.version, row.software_version) == (1, "20.1")
    types = [each.type for each in client.house.rows(Event) if each.subject == player]
    assert types == ["player.created", "player.connected", "player.connected", "player.disconnected", "player.disconnected"]
    missing = (await client.data(TEST, {"player": {"id": "plr_99"}}))["testPlayer"]
    assert ([each["code"] for each in missing["errors"]], missing["player"]) == (["NOT_FOUND"], None)


async def test_a_silent_one_is_unreachable_and_says_so(client: Client) -> None:
    player = await make_player(client, await make_group(client))
    answer = (await client.data(TEST, {"player": {"id": player}}))["testPlayer"]
    assert [(each["__typename"], each["code"]) for each in answer["errors"]] == [("UpstreamError", "UNREACHABLE")]
    said = {"connectionStatus": "DISCONNECTED", "softwareVersion": None, "lastError": answer["errors"][0]["message"]}
    assert (answer["report"], answer["player"]) == (None, {"health": said})
    (row,) = client.house.rows(Player)
    assert (row.connection_status, row.last_error) == ("disconnected", answer["errors"][0]["message"])


async def test_its_own_libraries_are_shown_with_ours(client: Client, kodi: KodiPlayer) -> None:
    with client.house.database.transaction() as uow:
        uow.session.add(LibraryPath(library_id=client.house.open_library, path="/media/films/old", position=0))
        uow.session.add(LibraryPath(library_id=client.house.closed_library, path="/media/films/new", position=0))
    group = await make_group(client, pathMappings=[{"remotePath": "smb://nas/films", "localPath": "/media/films"}])
    player = await make_player(client, group, **address(kodi))
    text = """query S($player: ID!) { playerSections(player: $player) {
      sections { title folders { path localPath libraries { name } } } failure { code } } }"""
    answer = (await client.data(text, {"player": player}))["playerSections"]
    assert answer == {
        "sections": [
            {
                "title": "Films",
                "folders": [
                    {"path": "smb://nas/films/", "localPath": "/media/films", "libraries": [{"name": "Open"}, {"name": "Closed"}]}
                ],
            },
            {"title": "Odd", "folders": [{"path": "/odd/", "localPath": "/odd", "libraries": []}]},
        ],
        "failure": None,
    }
    kodi.http.faults = [web.HTML]  # one is enough: also a document that is known asks a player once
    answer = (await client.data(text, {"player": player}))["playerSections"]
    assert answer == {"sections": [], "failure": {"code": "UNEXPECTED_ANSWER"}}
    assert (await client.data(text, {"player": "plr_99"}))["playerSections"] is None


async def test_profiles_are_asked_for_and_given_to_users(client: Client, kodi: KodiPlayer) -> None:
    player = await make_player(client, await make_group(client), **address(kodi))
    text = """query P($player: ID!) { playerProfiles(player: $player) {
      profiles { profileId isAssigned user { username } } failure { code } } }"""
    nobody = {"profileId": "", "isAssigned": False, "user": None}
    assert (await client.data(text, {"player": player}))["playerProfiles"] == {"profiles": [nobody], "failure": None}
    anna = accounts.make_user(client.house.database, "anna")
    give = f"mutation S($input: SetPlayerUserInput!) {{ setPlayerUser(input: $input) {{ playerUser {{ id }} {PROBLEMS} }} }}"
    for user in (f"usr_{anna.id}", None):
        given = {"player": player, "profileName": "Living room", "user": user}
        assert (await client.data(give, {"input": given}))["setPlayerUser"]["errors"] == []
        (found,) = (await client.data(text, {"player": player}))["playerProfiles"]["profiles"]
        assert found == {"profileId": "", "isAssigned": True, "user": None if user is None else {"username": "anna"}}
    (row,) = client.house.rows(PlayerUser)
    assert (row.user_id, row.profile_name) == (None, "Living room")
    (problem,) = (await client.data(give, {"input": {"player": player, "user": "usr_999"}}))["setPlayerUser"]["errors"]
    assert (problem["code"], problem["path"]) == ("NOT_FOUND", ["user"])
