"""Tags in use are listed with their items, renamed and deleted wherever people set them."""

from typing import Any

import pytest

from tests.catalog.bulk.conftest import UNDO, Desk, operation

pytestmark = pytest.mark.both

RENAME, DELETE_TAG = operation("renameTag"), operation("deleteTag")
TAGS = "query($starts: String) { tags(startsWith: $starts) { namespace key itemCount } }"


async def tags(desk: Desk, who: str = "editor", starts: str | None = None) -> dict[str, int]:
    found: list[Any] = (await desk.client.data(TAGS, {"starts": starts}, who=who))["tags"]
    return {tag["key"]: tag["itemCount"] for tag in found}


async def test_tags_in_use(desk: Desk) -> None:
    await desk.same([desk.films[0], desk.house.closed_film], {"tags": {"add": ["Été", "seen"]}})
    assert await tags(desk) == {"Été": 2, "from a file": 3, "seen": 2}
    assert await tags(desk, "helper") == {"Été": 1, "from a file": 3, "seen": 1}
    assert await tags(desk, "limited") == {}
    assert await tags(desk, starts="ete") == {"Été": 2}
    answer = (await desk.client.send("{ tags(limit: 501) { key } }", who="editor")).json()
    assert answer["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


async def test_a_tag_is_renamed_wherever_people_set_it(desk: Desk) -> None:
    first, second, third = desk.films
    await desk.same([first, second], {"tags": {"add": ["seen"]}})
    await desk.same([second], {"tags": {"add": ["watched"]}})
    await desk.same([third], {"tags": {"set": ["seen"]}})
    rehearsed = await desk.act(RENAME, key="seen", to="watched", dryRun=True)
    assert (rehearsed["counts"]["changed"], rehearsed["change"]) == (3, None)
    done = await desk.act(RENAME, key="seen", to="watched")
    assert done["counts"]["changed"] == 3
    assert await tags(desk) == {"from a file": 2, "watched": 3}
    await desk.act(UNDO, change=done["change"]["id"])
    assert await tags(desk) == {"from a file": 2, "seen": 3, "watched": 1}
    done = await desk.act(RENAME, key="seen", to="Seen")
    assert (done["counts"]["changed"], await tags(desk, starts="seen")) == (3, {"Seen": 3})
    (error,) = (await desk.act(RENAME, key="from a file", to="x"))["errors"]
    assert (error["code"], error["path"]) == ("NOT_FOUND", ["key"])
    (row, *_) = (await desk.act(RENAME, key="Seen", to=" "))["rows"]
    assert row["errors"][0]["code"] == "INVALID"


async def test_a_tag_is_deleted_where_one_may_see_it(desk: Desk) -> None:
    await desk.same([desk.films[0], desk.house.closed_film], {"tags": {"add": ["seen"]}})
    done = await desk.act(DELETE_TAG, who="helper", key="seen")
    assert done["counts"]["changed"] == 1
    assert await tags(desk, starts="seen") == {"seen": 1}
    await desk.act(UNDO, who="helper", change=done["change"]["id"])
    assert await tags(desk, starts="seen") == {"seen": 2}
