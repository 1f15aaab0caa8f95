"""What a careless or hostile editor sends: nothing is overwritten, nobody waits, nothing is done that was not asked."""

from typing import Any

import pytest

from tests.catalog.bulk.conftest import DELETE, RESTORE, UNDO, UPDATE, Desk, items


def twice(key: int, first: int | None, second: int | None) -> dict[str, Any]:
    """One item named twice, with what is expected of it."""
    item = {"id": f"itm_{key}"}
    return {"items": [{"item": item, "expectedVersion": first}, {"item": item, "expectedVersion": second}]}


@pytest.mark.parametrize("by_row", [False, True])
async def test_an_item_named_twice_is_held_to_what_its_own_row_expects(desk: Desk, by_row: bool) -> None:
    """The version of the second row was asked of the first, and a stale edit went over somebody's words."""
    film = desk.films[0]
    await desk.same([film], {"plot": "Somebody's."}, who="helper")
    named = twice(film, 1, None)
    changes = {"plot": "Over it."}
    rows = {"rows": [{**each, "changes": changes} for each in named["items"]]}
    edit = rows if by_row else {"same": {"select": named, "changes": changes}}
    done = await desk.act(UPDATE, edit=edit, errorPolicy="REJECT_FAILED")
    assert [row["errors"][0]["code"] for row in done["rows"]] == ["VERSION_CONFLICT", "INVALID"]
    assert (await desk.item(film))["plot"] == "Somebody's."
    gone = await desk.act(DELETE, select=named, errorPolicy="REJECT_FAILED")
    assert [row["errors"][0]["code"] for row in gone["rows"]] == ["VERSION_CONFLICT", "INVALID"]


async def test_a_job_takes_every_item_once(desk: Desk) -> None:
    keys = desk.add_films(101)
    select = items(keys)
    select["items"].append({"item": {"id": f"itm_{keys[0]}"}, "expectedVersion": 7})
    for payload in (
        await desk.act(UPDATE, edit={"same": {"select": select, "changes": {"year": 1999}}}, errorPolicy="REJECT_FAILED"),
        await desk.act(DELETE, select=select, errorPolicy="REJECT_FAILED"),
    ):
        (error,) = payload["errors"]
        assert (error["code"], error["path"], payload["job"]) == ("INVALID", ["items"], None)
    ids = [f"itm_{key}" for key in (*keys, keys[0])]
    (error,) = (await desk.act(RESTORE, ids=ids, errorPolicy="REJECT_FAILED"))["errors"]
    assert (error["code"], error["path"]) == ("INVALID", ["ids"])


EVERYTHING: list[dict[str, Any]] = [
    {},
    {"and": []},
    {"or": [{}]},
    {"or": [{"year": {"eq": 1}}, {}]},
    {"not": {"or": []}},
    {"not": {"and": [{"or": []}, {"year": {"eq": 1}}]}},
    {"and": [{"or": [{"and": []}]}]},
    {"title": {"startsWith": ""}},
    {"title": {"startsWith": "\u0301"}},
    {"or": [{"title": {"contains": " "}}]},
    {"not": {"kind": []}},
]


async def test_a_filter_that_everything_meets_selects_nothing(desk: Desk) -> None:
    """`or: [{}]`, as a page with an empty form sends it, deleted the whole library."""
    for where in EVERYTHING:
        payload = await desk.act(DELETE, select={"where": where})
        assert [(error["code"], error["path"]) for error in payload["errors"]] == [("INVALID", ["where"])], where
        assert payload["rows"] == []
    assert await desk.titles() == ["Film 1", "Film 2", "Film 3"]


async def test_a_filter_that_nothing_meets_is_none_of_these(desk: Desk) -> None:
    for where in ({"or": []}, {"kind": []}, {"not": {}}):
        payload = await desk.act(DELETE, select={"where": where})
        assert (payload["errors"], payload["rows"]) == ([], [])


@pytest.mark.parametrize("find", ["a", "A"])
async def test_replacing_cannot_grow_texts_without_end(desk: Desk, find: str) -> None:
    """A letter by five hundred, in plots of twenty thousand, ten times: it held the only writer for minutes."""
    keys = [*desk.films, *desk.add_films(27)]
    await desk.same(keys, {"plot": "a" * 20_000})
    replace = [{"field": "plot", "find": find, "replace": "b" * 500, "ignoreCase": True}] * 10
    done = await desk.same(keys, {"replace": replace}, errorPolicy="REJECT_FAILED")
    assert done["counts"] == {"total": 30, "changed": 0, "unchanged": 0, "rejected": 30, "skipped": 0}
    assert done["rows"][0]["errors"][0] | {"__typename": ""} == {
        "__typename": "", "code": "INVALID", "message": "The text would be far too long.", "path": ["plot"]
    }  # fmt: skip


async def test_looking_for_what_nearly_matches_everywhere_is_quick(desk: Desk) -> None:
    keys = [*desk.films, *desk.add_films(27)]
    await desk.same(keys, {"plot": "a" * 20_000})
    replace = [{"field": "plot", "find": "a" * 250 + "b" + "a" * 249, "replace": "", "ignoreCase": True}] * 10
    done = await desk.same(keys, {"replace": replace}, errorPolicy="REJECT_FAILED")
    assert done["counts"]["unchanged"] == 30


async def test_upper_and_lower_case_are_one(desk: Desk) -> None:
    film = desk.films[0]
    for title, find, replace, wanted in (
        ("STRASSE straße", "strasse", "x", "x straße"),
        ("Straße STRAẞE", "STRAßE", "x", "x x"),
        ("ΟΔΟΣ οδος", "οδοσ", "x", "x x"),
        ("İstanbul istanbul", "ISTANBUL", "x", "İstanbul x"),
        ("300 \u212a Kk", "k", "c", "300 c cc"),
        ("a.b A.B axb", "A.b", "\\1", "\\1 \\1 axb"),
        ("aAaa", "AA", "b", "bb"),
    ):
        await desk.same([film], {"title": title})
        await desk.same([film], {"replace": [{"field": "title", "find": find, "replace": replace, "ignoreCase": True}]})
        assert (await desk.item(film))["title"] == wanted


async def test_undoing_my_tag_leaves_somebodys_list_of_tags_alone(desk: Desk) -> None:
    """The tag stayed on the item all the same, but as one of a file's."""
    film = desk.films[0]
    mine = await desk.same([film], {"tags": {"add": ["mine"]}})
    await desk.same([film], {"tags": {"set": ["mine", "theirs"]}}, who="helper")
    undone = await desk.act(UNDO, change=mine["change"]["id"])
    assert undone["rows"][0]["errors"][0]["message"] == "Changed since: tags. Undo what came later first, or edit the item."
    assert (await desk.item(film))["tags"] == [{"key": "mine", "origin": "USER"}, {"key": "theirs", "origin": "USER"}]


async def test_a_field_that_is_cleared_is_another_request_than_one_that_is_left_alone(desk: Desk) -> None:
    film = desk.films[0]
    await desk.same([film], {"plot": "Mine."})
    await desk.same([film], {"title": "X"}, idempotencyKey="k")
    for changes in ({"title": "X", "plot": None}, {"title": "X", "countries": ["US"]}, {"title": "X", "countries": None}):
        (error,) = (await desk.same([film], changes, idempotencyKey="k"))["errors"]
        assert error["code"] == "IDEMPOTENCY_KEY_REUSED"
    again = await desk.same([film], {"title": "X"}, idempotencyKey="k", clientMutationId="another")
    assert (again["errors"], again["clientMutationId"]) == ([], "another")


async def test_a_name_has_something_to_see(desk: Desk) -> None:
    name = "\u0308\u0301"
    for field in ("genres", "studios", "tags"):
        (row,) = (await desk.same(desk.films[:1], {field: {"add": [name]}}))["rows"]
        assert (row["outcome"], row["errors"][0]["path"]) == ("REJECTED", [field])
    (row,) = (await desk.same(desk.films[:1], {"countries": [name]}))["rows"]
    assert (row["outcome"], row["errors"][0]["path"]) == ("REJECTED", ["countries"])


async def test_messages_name_fields_as_the_schema_does(desk: Desk) -> None:
    film = desk.films[:1]
    (row,) = (await desk.same(film, {"endDate": "2020-01-01"}))["rows"]
    message = row["errors"][0]["message"]
    assert message.startswith("There is no field 'endDate' to edit on this. It has title, sortTitle, ")
    assert "_" not in message
    done = await desk.same(film, {"runtimeMs": 60_000})
    await desk.same(film, {"runtimeMs": 61_000})
    (row,) = (await desk.act(UNDO, change=done["change"]["id"]))["rows"]
    assert row["errors"][0]["message"] == "Changed since: runtimeMs. Undo what came later first, or edit the item."
