"""The tester of path mappings, and setting them: each step, what lies on the disk, and what only administrators may ask."""

import unicodedata
from pathlib import Path
from typing import Any

import pytest

from domain.libraries.enums import SourceKind
from domain.libraries.tables import LibraryPath, MediaFile, PathMapping, Source
from tests.api.conftest import Client

PROBLEMS = "errors { __typename ... on UserError { code message path } }"
TEST = """query T($path: String!, $direction: PathDirection, $owner: PathMappingOwner, $mappings: [PathMappingInput!]) {
  pathMappingTest(path: $path, direction: $direction, owner: $owner, mappings: $mappings) {
    result leadsBack rule { remotePath localPath } steps { kind message result }
    localPath libraryPath library { name } entry file { id } } }"""
SET = f"""mutation S($input: SetPathMappingsInput!) {{ setPathMappings(input: $input) {{
  pathMappings {{ id remotePath localPath description }} playerGroup {{ version }} {PROBLEMS} }} }}"""
GROUP = 'mutation { createPlayerGroup(input: {name: "Screens", type: KODI}) { playerGroup { id } } }'


async def tried(client: Client, path: str, **more: Any) -> Any:
    return (await client.data(TEST, {"path": path, **more}))["pathMappingTest"]


def films(client: Client, folder: Path) -> None:
    with client.house.database.transaction() as uow:
        uow.session.add(LibraryPath(library_id=client.house.open_library, path=str(folder), position=0))


@pytest.mark.both
async def test_each_step_is_shown_and_what_lies_there(client: Client, tmp_path: Path) -> None:
    folder = tmp_path / "films"
    (folder / "Alien (1979)").mkdir(parents=True)
    film = folder / "Alien (1979)" / "Alien.mkv"
    film.write_bytes(b"x")
    films(client, folder)
    with client.house.database.transaction() as uow:
        uow.session.add(MediaFile(library_id=client.house.open_library, uri=str(film), file_kind="video", size_bytes=1))
    given = [{"remotePath": "D:\\media\\films", "localPath": str(folder)}, {"remotePath": "D:\\media", "localPath": "/data"}]
    told = await tried(client, "d:\\Media\\Films\\Alien (1979)\\Alien.mkv", mappings=given)
    assert told == {
        "result": str(film), "leadsBack": True, "rule": {"remotePath": "D:\\media\\films", "localPath": str(folder)},
        "steps": [
            {"kind": "READ", "message": "Read as a path on the Windows drive D:, 4 parts long.",
             "result": "d:\\Media\\Films\\Alien (1979)\\Alien.mkv"},
            {"kind": "APPLIED", "message": f"D:\\media\\films becomes {folder}, and Alien (1979)/Alien.mkv follows.",
             "result": str(film)},
            {"kind": "SHADOWED", "message": "It fits, but another rule comes first.",
             "result": "d:\\Media\\Films\\Alien (1979)\\Alien.mkv"},
        ],
        "localPath": str(film), "libraryPath": str(folder), "library": {"name": "Open"}, "entry": "FILE", "file": {"id": "fil_1"},
    }  # fmt: skip
    told = await tried(client, str(film.parent), direction="TO_REMOTE", mappings=given)
    assert (told["result"], told["localPath"]) == ("D:\\media\\films\\Alien (1979)", str(film.parent))
    assert (told["entry"], told["file"]) == ("FOLDER", None)
    told = await tried(client, "D:\\media\\films\\gone.mkv", mappings=given)
    assert (told["entry"], told["library"]) == (None, {"name": "Open"})


async def test_an_accent_written_another_way_is_found(client: Client, tmp_path: Path) -> None:
    films(client, tmp_path)
    (tmp_path / "Amélie.mkv").write_bytes(b"x")
    mac = unicodedata.normalize("NFD", "/Volumes/films/Amélie.mkv")
    told = await tried(client, mac, mappings=[{"remotePath": "/Volumes/films", "localPath": str(tmp_path)}])
    assert (told["result"], told["localPath"], told["entry"]) == (
        unicodedata.normalize("NFD", f"{tmp_path}/Amélie.mkv"), f"{tmp_path}/Amélie.mkv", "FILE",
    )  # fmt: skip


async def test_nobody_looks_at_the_disk_outside_of_libraries(client: Client, tmp_path: Path) -> None:
    films(client, tmp_path / "films")
    (tmp_path / "secret").write_bytes(b"x")
    rule = [{"remotePath": "/films", "localPath": str(tmp_path / "films")}]
    for path in (
        str(tmp_path / "secret"),
        "/etc/passwd",
        "/films/../secret",
        f"{tmp_path}/films/../secret",
        "nonsense",
        "plugin://x/y",
    ):
        told = await tried(client, path, mappings=rule)
        assert (told["entry"], told["library"], told["libraryPath"], told["file"]) == (None, None, None, None)
        why = "It lies in no folder of a library" if path.startswith("/") else "That is no path of this server's"
        message = f"{why}: nobody looked at the disk."
        assert told["steps"][-1] == {"kind": "OUTSIDE", "message": message, "result": told["localPath"]}


async def test_what_is_no_path_and_where_there_are_no_rules_is_said(client: Client) -> None:
    told = await tried(client, "relative/path")
    assert [(each["kind"], each["message"]) for each in told["steps"]] == [
        ("READ", "Read as a path without a beginning (no /, drive, share or address): it stays to the letter."),
        ("UNMATCHED", "There are no rules: the path stays as it is."),
        ("OUTSIDE", "That is no path of this server's: nobody looked at the disk."),
    ]


async def test_an_owner_that_is_not_there_is_not_found(client: Client) -> None:
    for owner in ({"source": "src_99"}, {"playerGroup": "plg_99"}):
        for more in ({}, {"mappings": [{"remotePath": "/x", "localPath": "/y"}]}):
            answer = (await client.send(TEST, {"path": "/a", "owner": owner, **more}, who="admin")).json()
            (error,) = answer["errors"]
            assert (error["extensions"]["code"], error["message"]) == ("NOT_FOUND", f"There is no {next(iter(owner.values()))}.")


async def test_only_administrators_ask(client: Client) -> None:
    answer = (await client.send(TEST, {"path": "/a"}, who="editor")).json()
    assert [each["extensions"]["code"] for each in answer["errors"]] == ["FORBIDDEN"]
    for variables in ({"path": ""}, {"path": "x" * 4_097}, {"path": "/a\0b"}, {"path": "/a", "owner": {"playerGroup": "itm_1"}},
                      {"path": "/a", "mappings": [{"remotePath": "x", "localPath": "/y"}]}):  # fmt: skip
        answer = (await client.send(TEST, variables, who="admin")).json()
        assert [each["extensions"]["code"] for each in answer["errors"]] == ["BAD_USER_INPUT"]


@pytest.mark.both
async def test_mappings_of_a_group_are_set_and_tried(client: Client) -> None:
    group = (await client.data(GROUP))["createPlayerGroup"]["playerGroup"]["id"]
    owner = {"playerGroup": group}

    async def put(mappings: Any, **more: Any) -> Any:
        return (await client.data(SET, {"input": {"owner": owner, "mappings": mappings, **more}}))["setPathMappings"]

    rule = {"remotePath": "smb://nas/films/", "localPath": "/films/", "description": "NAS"}
    shown = {"id": "pmp_1", "remotePath": "smb://nas/films", "localPath": "/films", "description": "NAS"}
    assert await put([rule]) == {"pathMappings": [shown], "playerGroup": {"version": 2}, "errors": []}
    assert await put([rule], expectedVersion=2) == {"pathMappings": [shown], "playerGroup": {"version": 2}, "errors": []}
    assert (await tried(client, "\\\\NAS\\Films\\a.mkv", owner=owner))["result"] == "/films/a.mkv"
    assert (await tried(client, "/films/a.mkv", owner=owner, direction="TO_REMOTE"))["result"] == "smb://nas/films/a.mkv"
    (problem,) = (await put([rule, {"remotePath": "\\\\nas\\films", "localPath": "/other"}]))["errors"]
    assert (problem["code"], problem["path"]) == ("INVALID", ["mappings", "1", "remotePath"])
    (problem,) = (await put([], expectedVersion=1))["errors"]
    assert problem["code"] == "VERSION_CONFLICT"
    owner = {"playerGroup": "plg_99"}
    assert [each["code"] for each in (await put([]))["errors"]] == ["NOT_FOUND"]
    assert len(client.house.rows(PathMapping)) == 1


async def test_mappings_of_a_source(client: Client) -> None:
    with client.house.database.transaction() as uow:
        uow.session.add(Source(kind=SourceKind.RADARR, name="Radarr"))
    given = {"owner": {"source": "src_1"}, "mappings": [{"remotePath": "/movies", "localPath": "/films"}]}
    done = (await client.data(SET, {"input": given}))["setPathMappings"]
    assert done == {
        "pathMappings": [{"id": "pmp_1", "remotePath": "/movies", "localPath": "/films", "description": None}],
        "playerGroup": None, "errors": [],
    }  # fmt: skip
    assert (await tried(client, "/movies/a.mkv", owner={"source": "src_1"}))["result"] == "/films/a.mkv"
    (problem,) = (await client.data(SET, {"input": {**given, "expectedVersion": 1}}))["setPathMappings"]["errors"]
    assert problem["code"] == "VERSION_CONFLICT"
