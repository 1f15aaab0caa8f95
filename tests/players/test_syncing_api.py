"""What people ask players for: who may, what becomes of it, and what they are told where it cannot be."""

from typing import Any

import pytest
import sqlalchemy as sa

from domain.kit.ids import global_id
from domain.libraries.tables import LibraryPath
from domain.players.tables import PlayerGroupLibrary
from tests.api.conftest import Client, House, client, empty_house, house, settings
from tests.peers.kodi_player import KodiPlayer
from tests.players.conftest import group, player

__all__ = ["client", "empty_house", "house", "settings"]
SYNC = """mutation($input: SyncPlayersInput!) {
  syncPlayers(input: $input) { jobs { id kind subject priority } errors { ... on UserError { code message path } } } }"""
CLEAN = """mutation($input: CleanPlayersInput!) {
  cleanPlayers(input: $input) { job { kind subject } errors { ... on UserError { code message path } } } }"""
NOTIFY = """mutation($input: NotifyPlayersInput!) {
  notifyPlayers(input: $input) {
    players { player { name } isShown problem } errors { ... on UserError { code message path } } } }"""


@pytest.fixture
def kodis(house: House) -> int:
    """A group that shows both libraries, the open one with a folder."""
    with house.database.transaction() as uow:
        key = group(uow)
        for library in (house.open_library, house.closed_library):
            uow.session.add(PlayerGroupLibrary(group_id=key, library_id=library))
        uow.session.add(LibraryPath(library_id=house.open_library, path="/media/open"))
        player(uow, key, "Living", port=1)
    return key


async def ask(client: Client, document: str, **given: Any) -> Any:
    return next(iter((await client.data(document, {"input": given})).values()))


def payloads(house: House) -> list[Any]:
    with house.database.read() as session:
        return list(session.execute(sa.text("SELECT payload FROM jobs WHERE kind LIKE 'players.%' ORDER BY id")).scalars())


async def test_a_library_a_folder_items_and_a_group_are_read(client: Client, house: House, kodis: int) -> None:
    library = global_id("libraries", house.open_library)
    items = [global_id("media_items", key) for key in (house.child_film, house.adult_film, house.closed_film)]
    asked: list[tuple[dict[str, Any], list[str]]] = [
        ({"library": library}, [library]),
        ({"folder": {"library": library, "folder": "/media/open/A/"}}, [library]),
        ({"items": items}, [library, items[2]]),
        ({"playerGroup": global_id("player_groups", kodis)}, [library, global_id("libraries", house.closed_library)]),
    ]
    for what, subjects in asked:
        found = await ask(client, SYNC, what=what)
        assert found["errors"] == []
        assert [(job["kind"], job["subject"], job["priority"]) for job in found["jobs"]] == [
            ("players.sync", subject, 2) for subject in subjects
        ]
    assert len(payloads(house)) == 6


async def test_the_same_is_asked_for_once(client: Client, house: House, kodis: int) -> None:
    what = {"library": global_id("libraries", house.open_library)}
    first, second = [await ask(client, SYNC, what=what) for _ in range(2)]
    assert first["jobs"] == second["jobs"]
    assert len(payloads(house)) == 1


@pytest.mark.parametrize(
    ("what", "code", "path"),
    [
        ({"library": "lib_999"}, "NOT_FOUND", ["library"]),
        ({"items": ["itm_999"]}, "NOT_FOUND", ["items"]),
        ({"items": []}, "INVALID", ["items"]),
        ({"playerGroup": "plg_999"}, "NOT_FOUND", ["playerGroup"]),
        ({"folder": {"library": "lib_1", "folder": "/elsewhere"}}, "INVALID", ["folder"]),
        ({"folder": {"library": "lib_1", "folder": "media/open"}}, "INVALID", ["folder"]),
        ({"folder": {"library": "lib_1", "folder": "/media/open/../../etc"}}, "INVALID", ["folder"]),
    ],
)
async def test_what_cannot_be_read_is_said(
    client: Client, house: House, kodis: int, what: dict[str, Any], code: str, path: list[str]
) -> None:
    if "folder" in what:
        what["folder"]["library"] = global_id("libraries", house.open_library)
    found = await ask(client, SYNC, what=what)
    assert [(error["code"], error["path"]) for error in found["errors"]] == [(code, path)]
    assert payloads(house) == []


async def test_a_group_without_libraries_reads_nothing(client: Client, house: House) -> None:
    with house.database.transaction() as uow:
        key = group(uow)
    found = await ask(client, SYNC, what={"playerGroup": global_id("player_groups", key)})
    assert [error["message"] for error in found["errors"]] == ["It shows no library."]


async def test_a_group_is_cleaned(client: Client, house: House, kodis: int) -> None:
    name = global_id("player_groups", kodis)
    assert await ask(client, CLEAN, playerGroup=name) == {
        "job": {"kind": "players.clean", "subject": name}, "errors": []
    }  # fmt: skip
    missing = await ask(client, CLEAN, playerGroup="plg_999")
    assert missing["errors"][0]["code"] == "NOT_FOUND"


async def test_a_message_is_shown_and_who_cannot_is_named(client: Client, house: House, kodis: int) -> None:
    with KodiPlayer().running() as kodi:
        with house.database.transaction() as uow:
            player(uow, kodis, "Study", port=kodi.port)
        whom = {"playerGroup": global_id("player_groups", kodis)}
        found = await ask(client, NOTIFY, whom=whom, message="Dinner is ready")
        assert [(each["player"]["name"], each["isShown"]) for each in found["players"]] == [("Living", False), ("Study", True)]
        assert found["players"][1]["problem"] is None
        assert kodi.shown == [{"title": "Marquee", "message": "Dinner is ready", "image": "info", "displaytime": 5000}]
    empty = await ask(client, NOTIFY, whom=whom, message="")
    assert [(error["code"], error["path"]) for error in empty["errors"]] == [("INVALID", ["message"])]
    house.services.lan.close()
