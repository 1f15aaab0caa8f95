"""Items named by a path as a player or a downloader calls it."""

import unicodedata
from typing import Any

import pytest

from domain.libraries import mappings
from domain.libraries.enums import SourceKind
from domain.libraries.mappings import NewRule, Owner, OwnerKind
from domain.libraries.tables import ItemFile, MediaFile, Source
from domain.players import groups, service
from domain.players.enums import PlayerType
from tests.api.conftest import Client
from tests.factories.accounts import KEY

FIND = "query F($ref: MediaRef!) { mediaItem(ref: $ref) { title } }"


@pytest.mark.both
async def test_an_item_is_found_by_the_path_that_a_player_has(client: Client) -> None:
    house = client.house
    with house.database.transaction() as uow:
        for item, uri in ((house.child_film, "/films/Amélie/a.mkv"), (house.closed_film, "/films/Brazil/b.mkv")):
            file = MediaFile(library_id=house.open_library, uri=uri, file_kind="video", size_bytes=1)
            uow.session.add(file)
            uow.session.flush()
            uow.session.add(ItemFile(item_id=item, file_id=file.id, is_default=True))
        source = Source(kind=SourceKind.RADARR, name="Radarr")
        uow.session.add(source)
        uow.session.flush()
        mappings.put(uow, owner=Owner(OwnerKind.SOURCE, source.id), rules=[NewRule("/movies", "/films")])
        group = groups.create(uow, name="Screens", type=PlayerType.KODI, rules=[NewRule("smb://nas/films", "/films")])
        service.create(uow, group_id=group.id, values={"name": "Den", "host": "den", "port": 1}, secret=KEY)

    async def found(path: str, mapped_by: str, who: str = "member") -> Any:
        item = (await client.data(FIND, {"ref": {"mappedPath": {"path": path, "mappedBy": mapped_by}}}, who=who))["mediaItem"]
        return item and item["title"]

    for owner in ("plr_1", "plg_1"):
        assert await found("smb://NAS/Films/Amélie/a.mkv", owner) == "Paddington"
    assert await found(unicodedata.normalize("NFD", "\\\\nas\\films\\Amélie\\a.mkv"), "plr_1") == "Paddington"
    assert await found("/movies/Amélie/a.mkv", "src_1") == "Paddington"
    assert await found("/movies/Amélie/a.mkv", "plr_1") is None
    assert await found("/movies/Brazil/b.mkv", "src_1") == "Brazil"
    assert await found("/movies/Brazil/b.mkv", "src_1", who="limited") is None, "it is not theirs to see"
    assert await found("/movies/Amélie/a.mkv", "plr_99") is None
    assert await found("/movies/\0", "src_1") is None
    for wrong in ("itm_1", "nonsense"):
        variables = {"ref": {"mappedPath": {"path": "/movies", "mappedBy": wrong}}}
        answer = (await client.send(FIND, variables, who="member")).json()
        assert [each["extensions"]["code"] for each in answer["errors"]] == ["BAD_USER_INPUT"]
