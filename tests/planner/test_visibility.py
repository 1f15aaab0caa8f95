"""The row policy reaches every level: lists, counts, to-ones, links, filters; and what follows its owner is not asked twice."""

import re

import pytest

from api.kit.planner import Planner
from domain.kit.policy import Viewer
from tests.planner.conftest import ADMIN, VIEWERS, Lab
from tests.planner.world import Item

pytestmark = pytest.mark.both


def visible_items(lab: Lab, viewer: Viewer) -> set[str]:
    """Computed here, row by row."""
    places = {9: {1, 2, 3}, 1: {1, 2}, 2: {2}, 3: {3}, None: set()}[viewer.user_id]
    with lab.database.read() as session:
        rows = session.execute(Item.__table__.select()).all()
    found = set()
    for row in rows:
        is_young = viewer.max_age is None or (viewer.sees_unrated if row.min_age is None else row.min_age <= viewer.max_age)
        if viewer.is_admin or (row.place_id in places and not row.is_hidden and is_young):
            found.add(f"xit_{row.id}")
    return found


@pytest.mark.parametrize("name", sorted(VIEWERS))
async def test_lists_and_counts_hold_what_the_viewer_may_see(lab: Lab, name: str) -> None:
    viewer = VIEWERS[name]
    seen = visible_items(lab, viewer)
    answer = await lab.same("{ items(first: 100) { totalCount nodes { id } } }", viewer=viewer)
    assert {node["id"] for node in answer["data"]["items"]["nodes"]} == seen
    assert answer["data"]["items"]["totalCount"] == len(seen)
    if name != "nobody":
        assert 0 < len(seen) < 90 or viewer.is_admin


@pytest.mark.parametrize("name", sorted(VIEWERS))
async def test_no_level_shows_a_hidden_item(lab: Lab, name: str) -> None:
    viewer = VIEWERS[name]
    seen = visible_items(lab, viewer)
    query = """{ people(first: 20) { nodes { credits(first: 10) { totalCount nodes { id item { id parent { id } } } } } }
        nodes(ids: ["xge_1", "xge_2", "xge_3", "xwo_1", "xwo_2", "xwo_3", "xwo_4", "xit_11", "xit_12"]) {
          __typename ... on Genre { items(first: 50) { totalCount nodes { id versions { id } genres { name } } } }
          ... on Work { item { id } }
          ... on Item { i: id } } }"""
    answer = await lab.same(query, viewer=viewer)
    shown = set(re.findall(r"xit_\d+", str(answer["data"])))
    assert shown <= seen
    assert answer["errors"] == []
    if viewer.is_admin:
        assert len(shown) > 60


@pytest.mark.parametrize("key", [11, 91])
async def test_hidden_and_absent_look_alike(lab: Lab, key: int) -> None:
    query = f'{{ item(id: {key}) {{ id }} node(id: "xit_{key}") {{ id }} someItems(ids: [{key}]) {{ id }} }}'
    answer = await lab.same(query, viewer=VIEWERS["two places"])
    assert answer == {"data": {"item": None, "node": None, "someItems": [None]}, "errors": []}


async def test_a_filter_over_a_relation_asks_the_policy_too(lab: Lab) -> None:
    """Episodes of a series: whoever cannot see the series cannot find out its title by filtering."""
    query = "query($t: String!) { items(where: {parentTitle: $t}, first: 100) { nodes { id parent { title } } } }"
    with lab.database.read() as session:
        titles = {row.title for row in session.execute(Item.__table__.select().where(Item.__table__.c.id.in_([6, 7, 8, 9, 10])))}
    for viewer in VIEWERS.values():
        for title in sorted(titles):
            answer = await lab.same(query, {"t": title}, viewer)
            assert all(node["parent"]["title"] == title for node in answer["data"]["items"]["nodes"])


async def test_a_field_without_its_scope_is_null_and_leaves_the_sql(lab: Lab) -> None:
    query = "{ movie(id: 2) { title budget } }"
    with_scope = await lab.same(query)
    assert with_scope["data"]["movie"].keys() == {"title", "budget"}
    viewer = Viewer(user_id=9, is_admin=True)
    planner = Planner(lab.database, back_end=lab.planner.back_end)
    without = await lab.run(planner, query, {}, viewer)
    assert without["data"]["movie"] == {"title": with_scope["data"]["movie"]["title"], "budget": None}
    (text,) = texts(planner)
    assert ".budget" not in text


def texts(planner: Planner) -> list[str]:
    """Every statement that the planner has made."""
    found: list[str] = []

    def collect(level: object) -> None:
        if level is not None:
            found.append(level.statement.text)  # type: ignore[attr-defined]
            for _, kid in level.kids:  # type: ignore[attr-defined]
                collect(kid.level)
                collect(getattr(kid, "count", None))

    for operation in planner._operations.values():
        for plan in operation.plans.values():
            collect(plan.level)
            collect(getattr(plan, "count", None))
    return found


@pytest.mark.parametrize(
    ("query", "asked"),
    [
        ("{ items { nodes { credits { totalCount nodes { item { title } } } genres { name } poster { id } } } }", [0, 0, 0, 1]),
        ("{ person(id: 1) { name credits(first: 2) { totalCount nodes { role item { title } } } } }", [0, 1, 1]),
        ("{ work(id: 1) { item { title } } }", [1]),
        ("{ item(id: 1) { parent { title } versions { id } } }", [1, 2]),
        ('{ node(id: "xge_1") { ... on Genre { items { totalCount nodes { id } } } } }', [0, 2, 2]),
    ],
)
async def test_the_policy_is_in_every_statement_that_a_path_does_not_spare(lab: Lab, query: str, asked: list[int]) -> None:
    """How often each statement asks for `is_hidden`: a link and its items are guarded one by one."""
    planner = Planner(lab.database, back_end=lab.planner.back_end)
    await lab.run(planner, query, {}, VIEWERS["teenager"])
    found = sorted(text.count("is_hidden IS") for text in texts(planner))
    assert found == (asked if planner.back_end == "rows" else [sum(asked)])


async def test_two_viewers_of_one_shape_share_a_plan_and_see_their_own_rows(lab: Lab) -> None:
    query = "{ items(first: 100) { nodes { title id } } }"
    one, two = Viewer(user_id=1), Viewer(user_id=2)
    first = await lab.same(query, viewer=one)
    compiled = lab.planner.counters.compiled
    second = await lab.same(query, viewer=two)
    assert lab.planner.counters.compiled == compiled
    assert first != second
    assert {node["id"] for node in second["data"]["items"]["nodes"]} == visible_items(lab, two)
    assert ADMIN.shape != one.shape == two.shape
