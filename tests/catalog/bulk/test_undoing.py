"""Changes are recorded and taken back, where nobody changed the item since; undoing can be undone."""

import asyncio
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from domain.catalog.edits import recording
from domain.catalog.resolving import store_values
from domain.catalog.sources import NFO
from domain.catalog.tables import Change, ChangeRow
from domain.kit.database import Database
from domain.system.retention import prune_all
from tests.catalog.bulk.conftest import DELETE, RESTORE, UNDO, UPDATE, Desk, items

EDIT = "mutation($input: UpdateMediaItemInput!) { updateMediaItem(input: $input) { mediaItem { title } errors { __typename } } }"
CHANGES = """{ changes { totalCount nodes { id action total changed rejected isDryRun undoneAt undoes { id }
  rows(first: 10) { nodes { position outcome item { id } fields errors } } } } }"""


def outcomes(payload: Any) -> list[str]:
    return [row["outcome"] for row in payload["rows"]]


async def changes(desk: Desk, who: str = "editor") -> list[Any]:
    nodes: list[Any] = (await desk.client.data(CHANGES, who=who))["changes"]["nodes"]
    return nodes


async def test_words_locks_and_tags_come_back(desk: Desk) -> None:
    before = [await desk.item(key) for key in desk.films]
    await desk.same(desk.films[:1], {"title": "Mine", "lock": False})
    edit = {"title": "All", "plot": "Mine.", "genres": {"add": ["New"]}, "tags": {"set": ["x"]}, "isMonitored": False}
    done = await desk.same(desk.films, {**edit, "lockFields": ["artwork.poster"], "edition": "Long"})
    undone = await desk.act(UNDO, change=done["change"]["id"])
    assert undone["errors"] == []
    assert outcomes(undone) == ["CHANGED"] * 3
    assert undone["change"]["undoes"] == {"id": done["change"]["id"]}
    after = [await desk.item(key) for key in desk.films]
    assert after[0] == {**before[0], "title": "Mine", "version": 4}
    assert after[1:] == [{**item, "version": 3} for item in before[1:]]
    redone = await desk.act(UNDO, change=undone["change"]["id"])
    assert outcomes(redone) == ["CHANGED"] * 3
    item = await desk.item(desk.films[2])
    assert (item["title"], item["plot"], item["edition"], item["isMonitored"]) == ("All", "Mine.", "Long", False)
    assert item["tags"] == [{"key": "x", "origin": "USER"}]
    assert {lock["field"] for lock in item["fieldLocks"]} == {"title", "plot", "genres", "tags", "artwork.poster", "edition"}
    await desk.act(UNDO, change=redone["change"]["id"])
    assert await desk.titles() == ["Mine", "Film 2", "Film 3"]


async def test_what_somebody_changed_since_stays(desk: Desk) -> None:
    done = await desk.same(desk.films, {"title": "All", "year": 1999})
    await desk.same(desk.films[:1], {"title": "Somebody's"}, who="helper")
    await desk.same(desk.films[1:2], {"plot": "Something else."}, who="helper")
    rehearsed = await desk.act(UNDO, change=done["change"]["id"], dryRun=True)
    assert (outcomes(rehearsed), rehearsed["change"]) == (["REJECTED", "CHANGED", "CHANGED"], None)
    assert await desk.titles() == ["Somebody's", "All", "All"]
    undone = await desk.act(UNDO, change=done["change"]["id"])
    assert outcomes(undone) == ["REJECTED", "CHANGED", "CHANGED"]
    (error,) = undone["rows"][0]["errors"]
    assert (error["code"], error["message"], error["path"]) == (
        "CONFLICT",
        "Changed since: title. Undo what came later first, or edit the item.",
        ["change"],
    )
    assert await desk.titles() == ["Somebody's", "Film 2", "Film 3"]
    assert (await desk.item(desk.films[1]))["plot"] == "Something else."
    (error,) = (await desk.act(UNDO, change=done["change"]["id"]))["errors"]
    assert (error["code"], error["path"]) == ("CONFLICT", ["change"])


async def test_a_single_edit_can_be_undone_too(desk: Desk) -> None:
    film = desk.films[0]
    await desk.act(EDIT, item={"id": f"itm_{film}"}, title="Single")
    (change,) = await changes(desk)
    assert (change["action"], change["total"], change["changed"]) == ("UPDATE", 1, 1)
    (row,) = change["rows"]["nodes"]
    assert (row["position"], row["outcome"], row["item"]) == (0, "CHANGED", {"id": f"itm_{film}"})
    assert row["fields"] == [{"field": "title", "before": "Film 1", "after": "Single", "lockBefore": None, "lockAfter": "LOCKED"}]
    await desk.act(UNDO, change=change["id"])
    assert await desk.titles() == ["Film 1", "Film 2", "Film 3"]
    newest, first = await changes(desk)
    assert (newest["action"], newest["undoes"], first["undoneAt"] is not None) == ("UNDO", {"id": change["id"]}, True)


async def test_items_are_deleted_and_restored_with_their_parts(desk: Desk) -> None:
    show, season, first, second = desk.series
    select = items([desk.films[0], show, first, 999_999])
    rehearsed = await desk.act(DELETE, select=select, errorPolicy="REJECT_FAILED", dryRun=True)
    assert outcomes(rehearsed) == ["CHANGED", "CHANGED", "SKIPPED", "REJECTED"]
    assert [row["itemCount"] for row in rehearsed["rows"]] == [1, 4, 1, 1]
    assert (await desk.item(show))["title"] == "Fargo"
    (error,) = (await desk.act(DELETE, select=select))["errors"]
    assert (error["code"], error["path"]) == ("CONFLICT", ["errorPolicy"])
    assert (await desk.item(show))["title"] == "Fargo"
    gone = await desk.act(DELETE, select=select, errorPolicy="REJECT_FAILED")
    assert outcomes(gone) == ["CHANGED", "CHANGED", "SKIPPED", "REJECTED"]
    assert gone["rows"][1]["fields"][-1] == {
        "field": "isDeleted", "before": False, "after": True, "lockBefore": None, "lockAfter": None
    }  # fmt: skip
    assert [await desk.item(key) for key in (show, season, first, second)] == [None] * 4
    undone = await desk.act(UNDO, change=gone["change"]["id"])
    assert outcomes(undone) == ["CHANGED", "CHANGED"]
    assert [(await desk.item(key)) is None for key in (show, season, first, second, desk.films[0])] == [False] * 5
    again = await desk.act(UNDO, change=undone["change"]["id"])
    assert outcomes(again) == ["CHANGED", "CHANGED"]
    assert await desk.item(second) is None
    back = await desk.act(RESTORE, ids=[f"itm_{show}", f"itm_{desk.films[0]}"])
    assert (outcomes(back), [row["itemCount"] for row in back["rows"]]) == (["CHANGED", "CHANGED"], [4, 1])
    (conflict,) = (await desk.act(UNDO, change=again["change"]["id"]))["rows"][0]["errors"]
    assert conflict["code"] == "CONFLICT"
    undone = await desk.act(UNDO, change=back["change"]["id"])
    assert outcomes(undone) == ["CHANGED", "CHANGED"]
    assert await desk.item(show) is None


async def test_restoring_says_nothing_of_what_is_hidden(desk: Desk) -> None:
    hidden, seen = desk.house.closed_film, desk.films[0]
    await desk.act(DELETE, select=items([hidden, seen]))
    ids = [f"itm_{hidden}", f"itm_{seen}", f"itm_{desk.films[1]}", "lib_1"]
    done = await desk.act(RESTORE, who="helper", ids=ids, errorPolicy="REJECT_FAILED")
    assert outcomes(done) == ["REJECTED", "CHANGED", "REJECTED", "REJECTED"]
    assert [row["errors"][0]["code"] for row in done["rows"] if row["errors"]] == ["NOT_FOUND", "CONFLICT", "INVALID"]
    assert await desk.item(hidden) is None


async def test_changes_are_their_makers_and_administrators(desk: Desk) -> None:
    done = await desk.same(desk.films, {"year": 1999})
    assert await changes(desk, "helper") == []
    assert [change["id"] for change in await changes(desk, "admin")] == [done["change"]["id"]]
    (error,) = (await desk.act(UNDO, who="helper", change=done["change"]["id"]))["errors"]
    assert (error["code"], error["path"]) == ("NOT_FOUND", ["change"])
    assert outcomes(await desk.act(UNDO, who="admin", change=done["change"]["id"])) == ["CHANGED"] * 3


async def test_changes_go_after_thirty_days(desk: Desk, database: Database) -> None:
    await desk.same(desk.films, {"year": 1999})
    kept = await desk.same(desk.films, {"year": 2000})
    with database.transaction() as uow:
        old = uow.now() - timedelta(days=31)
        for model in (Change, ChangeRow):
            table: Any = model.__table__  # type: ignore[attr-defined]
            first = sa.select(sa.func.min(table.c.id)).scalar_subquery()
            first_three = table.c.id < first + (3 if model is ChangeRow else 1)
            uow.session.execute(sa.update(table).where(first_three).values(created_at=old))
    assert prune_all(database, recording.RULES, between=lambda: None) == {"change_rows": 3, "changes": 1}
    assert [change["id"] for change in await changes(desk)] == [kept["change"]["id"]]


async def test_two_who_change_the_same_items_at_once(desk: Desk) -> None:
    """Rows are locked in the order of their ids: both get through, and the versions tell who came second."""
    films = desk.add_films(40)
    there, back = items(films), items(films[::-1])
    for each in (*there["items"], *back["items"]):
        each["expectedVersion"] = 1
    edits = [
        {"edit": {"same": {"select": select, "changes": {"genres": {"add": [name]}}}}, "errorPolicy": "REJECT_FAILED"}
        for select, name in ((there, "One"), (back, "Two"))
    ]
    done = await asyncio.gather(*(desk.act(UPDATE, **edit) for edit in edits))
    assert sorted(payload["counts"]["changed"] for payload in done) == [0, 40]
    assert sorted(payload["counts"]["rejected"] for payload in done) == [0, 40]
    assert {item["version"] for item in [await desk.item(key) for key in films[:5]]} == {2}


async def test_what_stood_under_a_lock_comes_back(desk: Desk) -> None:
    """A field that was locked before the edit showed what the file says by now, though it was locked again."""
    film = desk.films[0]
    await desk.same([film], {"lockFields": ["plot", "tags"]})
    said = {"plot": "Told anew.", "tags": ["another"]}
    with desk.house.database.transaction() as uow:
        store_values(uow, NFO, {film: said})
    stood = await desk.item(film)
    done = await desk.same([film], {"plot": "Mine.", "tags": {"add": ["from a file", "mine"]}})
    item = await desk.item(film)
    assert item["tags"] == [{"key": "from a file", "origin": "USER"}, {"key": "mine", "origin": "USER"}]
    await desk.act(UNDO, change=done["change"]["id"])
    assert await desk.item(film) == {**stood, "version": 4}
    assert (stood["plot"], stood["tags"]) == ("Told.", [{"key": "from a file", "origin": "SIDECAR"}])


async def test_an_item_stands_again_where_it_stood_in_lists(desk: Desk) -> None:
    """The sort key was made of the title that the same undoing took away."""
    film = desk.films[0]
    where = '{ movies(where: { title: { startsWith: "%s" } }) { nodes { id } } }'
    done = await desk.same([film], {"title": "Zebra", "sortTitle": "Yak"})
    await desk.act(UNDO, change=done["change"]["id"])
    for start, wanted in (("film 1", [{"id": f"itm_{film}"}]), ("zebra", []), ("yak", [])):
        found = await desk.client.data(where % start, who="editor")
        assert found["movies"]["nodes"] == wanted, start


async def test_what_somebody_locked_since_stays(desk: Desk) -> None:
    film = desk.films[0]
    done = await desk.same([film], {"title": "Right", "lock": False})
    await desk.same([film], {"lockFields": ["title"]}, who="helper")
    (row,) = (await desk.act(UNDO, change=done["change"]["id"]))["rows"]
    assert row["errors"][0]["message"].startswith("Changed since: title.")
    assert (await desk.item(film))["title"] == "Right"
