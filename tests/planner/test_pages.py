"""Pages: every order walked both ways gives the same rows on both engines; cursors of other lists are refused."""

from typing import Any

import pytest

from tests.planner.conftest import ADMIN, Lab
from tests.planner.schema import Sort

pytestmark = pytest.mark.both

FORWARDS = "; for more go on with `after: pageInfo.endCursor`."
BACKWARDS = "; for more go on with `before: pageInfo.startCursor`."
FOREIGN = "This cursor does not belong to this list and order: begin without it, or repeat the `orderBy` it came with."

FORWARD = """query($sort: Sort!, $n: Int, $c: String) { items(sort: $sort, first: $n, after: $c) {
    edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }"""
BACKWARD = """query($sort: Sort!, $n: Int, $c: String) { items(sort: $sort, last: $n, before: $c) {
    edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }"""


def expected(sort: Sort, rows: list[dict[str, Any]]) -> list[int]:
    """The ids in this order, computed here: NULL last, text by code point, then the id in the last key's direction."""

    def by(name: str, *, descending: bool = False) -> None:
        rows.sort(key=lambda row: (0,) if row[name] is None else (1, row[name]), reverse=descending)
        rows.sort(key=lambda row: row[name] is None)

    keys: dict[Sort, list[tuple[str, bool]]] = {
        Sort.ID: [],
        Sort.TITLE: [("title", False)],
        Sort.YEAR: [("year", True), ("sort_key", False)],
        Sort.NEWEST: [("added_at", True)],
        Sort.SCORE: [("score", False), ("released_on", True), ("rating", False)],
        Sort.STATUS: [("status", False), ("sort_key", True)],
        Sort.LOVED: [("is_favourite", True), ("seen_at", False)],
    }
    rows.sort(key=lambda row: row["id"], reverse=bool(keys[sort]) and keys[sort][-1][1])
    for name, descending in reversed(keys[sort]):
        by(name, descending=descending)
    return [row["id"] for row in rows]


def all_rows(lab: Lab) -> list[dict[str, Any]]:
    from tests.planner.world import Item

    with lab.database.read() as session:
        rows = session.execute(Item.__table__.select()).mappings().all()
    return [{**row, "status": row["status"].value} for row in rows]


async def walk(lab: Lab, query: str, sort: Sort, size: int, next_name: str, cursor_name: str) -> list[list[int]]:
    pages: list[list[int]] = []
    cursor = None
    while True:
        answer = await lab.ask(query, {"sort": sort.name, "n": size, "c": cursor})
        assert answer["errors"] == []
        page = answer["data"]["items"]
        pages.append([int(edge["node"]["id"].removeprefix("xit_")) for edge in page["edges"]])
        assert page["pageInfo"]["startCursor"] == page["edges"][0]["cursor"]
        assert page["pageInfo"]["endCursor"] == page["edges"][-1]["cursor"]
        assert page["pageInfo"]["hasPreviousPage" if next_name == "hasNextPage" else "hasNextPage"] == (cursor is not None)
        if not page["pageInfo"][next_name]:
            return pages
        cursor = page["pageInfo"][cursor_name]


@pytest.mark.parametrize("sort", list(Sort), ids=lambda sort: sort.name)
async def test_pages_in_either_direction_make_the_whole_list(lab: Lab, sort: Sort) -> None:
    whole = expected(sort, all_rows(lab))
    forward = await walk(lab, FORWARD, sort, 7, "hasNextPage", "endCursor")
    assert [key for page in forward for key in page] == whole
    backward = await walk(lab, BACKWARD, sort, 7, "hasPreviousPage", "startCursor")
    assert [key for page in reversed(backward) for key in page] == whole
    assert len(forward) == len(backward) == 13


async def test_a_page_of_children_continues_where_the_last_one_ended(lab: Lab) -> None:
    whole = await lab.ask('{ genres: node(id: "xge_2") { ... on Genre { items(first: 100) { totalCount nodes { id } } } } }')
    found: list[str] = []
    cursor = None
    query = """query($c: String) { node(id: "xge_2") { ... on Genre { items(first: 4, after: $c) {
        nodes { id } pageInfo { hasNextPage endCursor } } } } }"""
    while True:
        page = (await lab.ask(query, {"c": cursor}))["data"]["node"]["items"]
        found += [node["id"] for node in page["nodes"]]
        cursor = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    items = whole["data"]["genres"]["items"]
    assert found == [node["id"] for node in items["nodes"]]
    assert len(found) == items["totalCount"] > 8


@pytest.mark.parametrize(
    ("arguments", "message", "code"),
    [
        ("first: 101", f"'first' must be between 0 and 100{FORWARDS}", "INVALID_ARGUMENT"),
        ("first: -1", f"'first' must be between 0 and 100{FORWARDS}", "INVALID_ARGUMENT"),
        ("last: 101", f"'last' must be between 0 and 100{BACKWARDS}", "INVALID_ARGUMENT"),
        ("first: 1, last: 1", "Give 'first' or 'last', not both.", "INVALID_ARGUMENT"),
        ('before: "x"', "'before' pages backwards: give 'last' with it.", "INVALID_ARGUMENT"),
        ('last: 1, after: "x"', "'after' pages forwards: give 'first' with it, or 'before' with 'last'.", "INVALID_ARGUMENT"),
        ('after: "???"', FOREIGN, "INVALID_CURSOR"),
        ('after: ""', FOREIGN, "INVALID_CURSOR"),
        ('after: "bnVsbA"', FOREIGN, "INVALID_CURSOR"),
    ],
)
async def test_wrong_page_arguments_are_errors_of_the_list(lab: Lab, arguments: str, message: str, code: str) -> None:
    answer = await lab.same(f"{{ items({arguments}) {{ nodes {{ id }} }} server {{ version }} }}")
    assert answer["data"] == {"items": None, "server": {"version": "1"}}
    (error,) = answer["errors"]
    assert (error["message"], error["extensions"]["code"], error["path"]) == (message, code, ["items"])


async def test_a_cursor_of_another_order_or_with_wrong_values_is_refused(lab: Lab) -> None:
    import base64
    import json

    query = "query($c: String) { items(sort: YEAR, first: 2, after: $c) { edges { cursor } } }"
    by_title = await lab.ask("{ items(sort: TITLE, first: 1) { edges { cursor } } }")
    cursor = by_title["data"]["items"]["edges"][0]["cursor"]
    assert (await lab.same(query, {"c": cursor}))["errors"][0]["extensions"]["code"] == "INVALID_CURSOR"
    good = (await lab.ask(query, {"c": None}))["data"]["items"]["edges"][0]["cursor"]
    fingerprint, *values = json.loads(base64.urlsafe_b64decode(good + "=" * (-len(good) % 4)))
    assert len(values) == 3
    for wrong in (["x", *values[1:]], [2**70, *values[1:]], [values[0], "a\0", values[2]], values[:2], [*values, 1],
                  [*values[:2], None], [True, *values[1:]]):  # fmt: skip
        text = base64.urlsafe_b64encode(json.dumps([fingerprint, *wrong]).encode())
        answer = await lab.same(query, {"c": text.decode()})
        assert answer["data"] == {"items": None}, wrong
        assert answer["errors"][0]["extensions"] == {"code": "INVALID_CURSOR"}


async def test_first_zero_reads_nothing_but_says_whether_more_follows(lab: Lab) -> None:
    answer = await lab.same("{ items(first: 0) { nodes { id } pageInfo { hasNextPage endCursor } totalCount } }")
    assert answer["data"]["items"] == {"nodes": [], "pageInfo": {"hasNextPage": True, "endCursor": None}, "totalCount": 90}


async def test_a_row_inserted_between_two_pages_neither_repeats_nor_hides_others(lab: Lab) -> None:
    from datetime import UTC, datetime

    from tests.planner.world import Item, LabKind, LabStatus

    whole = expected(Sort.TITLE, all_rows(lab))
    one = (await lab.ask(FORWARD, {"sort": "TITLE", "n": 40, "c": None}, ADMIN))["data"]["items"]
    new = Item(id=500, kind=LabKind.AD, place_id=1, title="", sort_key="", status=LabStatus.RELEASED, size_bytes=0,
               is_monitored=False, added_at=datetime(2020, 1, 1, tzinfo=UTC))  # fmt: skip
    with lab.database.transaction() as uow:
        uow.session.add(new)
    try:
        two = (await lab.ask(FORWARD, {"sort": "TITLE", "n": 100, "c": one["pageInfo"]["endCursor"]}))["data"]["items"]
    finally:
        with lab.database.transaction() as uow:
            uow.session.delete(uow.session.get(Item, 500))
    assert [int(each["node"]["id"][4:]) for each in one["edges"] + two["edges"]] == whole
