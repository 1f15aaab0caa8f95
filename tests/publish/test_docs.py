"""The operations of docs/publishing.md do what the page says, from request to files and back; who may not is told."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from domain.jobs.kinds import PUBLISH
from domain.kit.ids import global_id
from domain.libraries import access_service
from tests.api.conftest import Client, House
from tests.libraries.scan.conftest import install
from tests.publish.conftest import FILM, NFO, Shelf
from tests.publish.running import run_jobs

PAGE = Path(__file__).parents[2] / "docs" / "publishing.md"
BLOCK = re.compile(r"```graphql\n(.*?)```\n(?:```json\n(.*?)```)?", re.DOTALL)


@pytest.fixture
def films(house: House, tmp_path: Path) -> Shelf:
    install(house.database)
    shelf = Shelf(house.database, tmp_path / "films", name="On disk")
    shelf.put(f"{FILM}/{FILM}.mkv")
    shelf.put(f"{FILM}/movie.nfo", NFO)
    shelf.scan()
    with house.database.transaction() as uow:
        access_service.set_user_libraries(uow, user_id=house.users["limited"].id, library_ids=[house.open_library])
    return shelf


def film_of(films: Shelf) -> str:
    return global_id("media_items", films.one("SELECT id FROM media_items WHERE library_id = :id", id=films.id))


async def test_the_operations_of_the_page(client: Client, films: Shelf) -> None:
    item, ran = film_of(films), []
    for document, variables in BLOCK.findall(PAGE.read_text(encoding="utf-8")):
        given = json.loads((variables or "{}").replace("itm_1", item))
        data: Any = await client.data(document, given, who="admin")
        ran.append(document.split()[1].partition("(")[0])
        (answer,) = data.values()
        if ran[-1] == "Preview":
            (plan,) = answer
            assert (plan["item"], plan["isCurrent"], plan["problem"]) == (
                {"title": "Lampiony", "publication": "NEVER"}, False, None,
            )  # fmt: skip
            assert [(file["action"], file["reason"]) for file in plan["files"]] == [
                ("WRITE", "missing"), ("DISPLACE", "would_be_read_instead"),
            ]  # fmt: skip
        if ran[-1] == "Publish":
            assert answer["errors"] == []
            (result,) = run_jobs(films.database, client.house.services.settings, PUBLISH)
            assert {name: result[name] for name in ("items", "written_files", "displaced_files", "failures")} == {
                "items": 1, "written_files": 1, "displaced_files": 1, "failures": [],
            }  # fmt: skip
        if ran[-1] == "Runs":
            (run,) = answer["nodes"]
            assert (run["status"], run["writtenCount"], run["item"]["title"]) == ("COMPLETED", 1, "Lampiony")
        if ran[-1] == "Bin":
            (file,) = answer["nodes"]
            assert file["originalPath"].endswith("movie.nfo")
            assert (file["id"], file["item"]["title"]) == ("bin_1", "Lampiony")
        if ran[-1] == "Restore":
            assert answer["errors"] == []
            assert answer["recycledFile"]["restoredAt"] is not None
    assert ran == ["Preview", "Publish", "Runs", "Bin", "Restore", "Verify", "Problems", "ClearCache"]
    assert (films.root / FILM / "movie.nfo").read_text() == NFO


PUBLISH_ITEMS = """mutation P($w: PublishWhatInput!) {
  publishItems(input: {what: $w}) { job { id } errors { __typename ... on UserError { path } } }
}"""


async def test_requests_that_cannot_be_are_told_why(client: Client, films: Shelf) -> None:
    async def errors(what: dict[str, Any], who: str = "editor") -> list[tuple[str, list[str]]]:
        payload = (await client.data(PUBLISH_ITEMS, {"w": what}, who=who))["publishItems"]
        return [(error["__typename"], error["path"]) for error in payload["errors"]]

    assert await errors({"items": []}) == [("InvalidError", ["items"])]
    assert await errors({"items": ["itm_999999"]}) == [("NotFoundError", ["items"])]
    assert await errors({"library": "lib_999999"}) == [("NotFoundError", ["library"])]
    assert await errors({"items": ["itm_1"] * 101}) == [("InvalidError", ["items"])]
    same = {"items": [film_of(films)]}
    first = (await client.data(PUBLISH_ITEMS, {"w": same}, who="editor"))["publishItems"]["job"]
    again = (await client.data(PUBLISH_ITEMS, {"w": same}, who="editor"))["publishItems"]["job"]
    assert first == again is not None


async def test_a_library_is_published_whole_and_a_second_time_nothing_happens(client: Client, films: Shelf) -> None:
    films.put("Alien (1979)/Alien (1979).mkv")
    films.scan()
    library = {"library": global_id("libraries", films.id)}

    async def publish() -> Any:
        await client.data(PUBLISH_ITEMS, {"w": library}, who="editor")
        return run_jobs(films.database, client.house.services.settings, PUBLISH)[-1]

    first = await publish()
    assert (first["items"], first["written_files"], first["changed_items"]) == (2, 2, 2)
    before = films.state()
    second = await publish()
    assert (second["items"], second["written_files"], second["changed_items"]) == (2, 0, 0)
    assert films.state() == before
