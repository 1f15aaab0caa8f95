"""What the database writes as JSON is what Python would have made of rows, to the byte where it matters."""

import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import orjson
import pytest
import sqlalchemy as sa

from api.kit.planner import Planner
from api.kit.planner.dialects.json import json_dialect_of
from api.kit.planner.forms import Form, Plain
from domain.kit.database import Database
from tests.planner.conftest import ADMIN, VIEWERS, Lab
from tests.planner.schema import Context, make_schema
from tests.planner.world import Item, LabKind, LabStatus

pytestmark = pytest.mark.both

LEAVES = """id title year status mood addedAt seenAt releasedOn isMonitored isFavourite homepage mustTyped: __typename
    facts { sizeBytes score }"""


@pytest.fixture(scope="module")
def lab(lab_database: Database) -> Lab:
    """The two back ends against each other: the oracle's place is taken by rows."""
    return Lab(lab_database, make_schema(), Planner(lab_database, back_end="json"), Planner(lab_database, back_end="rows"))


async def written(lab: Lab, planner: Planner, query: str, variables: dict[str, Any] | None = None) -> bytes:
    context = Context(ADMIN, lab.database, planner)
    result = await lab.schema.execute(query, variable_values=variables, context_value=context)
    context.close()
    assert not result.errors
    return orjson.dumps(result.data)


def _text(dice: random.Random) -> str:
    pool = [
        *map(chr, range(1, 128)),
        '"',
        "\\",
        "/",
        "ä",
        "\u2028",
        "\u2029",
        "\ufeff",
        "😀",
        "\x7f",
        "\x9f",
        "<",
        "%",
        "%s",
        ":x",
    ]
    return "".join(dice.choice(pool) for _ in range(dice.randrange(12)))


def _row(dice: random.Random, number: int) -> Item:
    def some(value: Any) -> Any:
        return dice.choice([None, value, value])

    moment = datetime(1, 1, 2, tzinfo=UTC) + timedelta(microseconds=dice.randrange(315_000_000_000_000_000))
    return Item(
        id=2000 + number, kind=LabKind.MOVIE, place_id=1, sort_key="z", title=_text(dice),
        year=some(dice.choice([0, 1, -1, 2**31 - 1, -(2**31), dice.randrange(3000)])),
        status=dice.choice(list(LabStatus)), mood=some(dice.choice(list(LabStatus))),
        size_bytes=dice.choice([0, 2**53 - 1, -(2**53 - 1), dice.randrange(2**52)]),
        score=some(Decimal(dice.randrange(0, 100_000)) / 1000), is_monitored=dice.random() < 0.5,
        is_favourite=some(dice.random() < 0.5), released_on=some(date(1, 1, 1) + timedelta(days=dice.randrange(3_000_000))),
        added_at=moment, seen_at=some(moment), homepage=some(_text(dice)),
        rating=some(dice.choice([0.0, -0.0, 1.0, 0.1 + 0.2, 1 / 3, 1e-4, 123456789012345.6, 1e14, dice.random() * 10])),
    )  # fmt: skip


@pytest.fixture
def many_values(lab: Lab) -> Any:
    dice = random.Random(5)
    with lab.database.transaction() as uow:
        uow.session.add_all([_row(dice, number) for number in range(300)])
    yield [2000 + number for number in range(300)]
    with lab.database.transaction() as uow:
        uow.session.execute(Item.__table__.delete().where(Item.__table__.c.id >= 2000))


async def test_every_leaf_is_written_to_the_byte_as_rows_give_it(lab: Lab, many_values: list[int]) -> None:
    query = f"query($ids: [Int!]!) {{ someItems(ids: $ids) {{ {LEAVES} }} }}"
    before = lab.planner.counters.json, lab.planner.counters.settled
    ours = await written(lab, lab.planner, query, {"ids": many_values})
    assert (lab.planner.counters.json, lab.planner.counters.settled) == (before[0] + 1, before[1])
    assert ours == await written(lab, lab.oracle, query, {"ids": many_values})


async def test_floats_are_written_to_the_byte_or_left_to_rows(lab: Lab, many_values: list[int]) -> None:
    query = "query($ids: [Int!]!) { someItems(ids: $ids) { facts { rating } } }"
    settled = lab.planner.counters.settled
    ours = await written(lab, lab.planner, query, {"ids": many_values})
    assert lab.planner.counters.settled == settled
    assert ours == await written(lab, lab.oracle, query, {"ids": many_values})


async def test_open_json_keeps_its_values(lab: Lab) -> None:
    await lab.same("{ items(first: 100) { nodes { extra } } }")


@pytest.mark.parametrize(
    ("query", "statements", "way"),
    [
        ("{ item(id: 1) { id title parent { title parent { title } } mainGenre { name } } }", 1, "json"),
        ("{ items(first: 50) { nodes { title parent { title } } pageInfo { hasNextPage endCursor } } }", 1, "json"),
        ("{ items(first: 50) { edges { cursor node { title } } totalCount } }", 2, "json"),
        ("{ items(first: 50) { nodes { genres { name } credits(first: 5) { nodes { role person { name } } } } } }", 1, "json"),
        ("{ items(first: 9) { nodes { credits(first: 5) { totalCount nodes { role } pageInfo { hasNextPage } } } } }", 1, "json"),
        ("{ items { nodes { ... on Movie { genres { id } } ... on Series { genres { name } parent { id } } } } }", 1, "json"),
        ("{ items(first: 50) { nodes { label genres { name } topGenres { name } } } }", 1, "both"),
        ("{ items(first: 50) { nodes { credits(last: 2) { nodes { role } } } } }", 2, "both"),
        ("{ items(first: 50) { nodes { credits { edges { cursor } } allCredits { role } } } }", 2, "both"),
        ("{ picks(ids: [1, 2, 3, 1, 40]) { title genres { name } } }", 1, "json"),
        ("{ items(first: 5) { nodes { label runtime } } }", 1, "rows"),
    ],
)  # fmt: skip
async def test_what_can_be_written_costs_one_statement(lab: Lab, query: str, statements: int, way: str) -> None:
    await lab.same(query)
    before = lab.database.reader.statements
    await lab.ask(query)
    assert lab.database.reader.statements - before == statements
    (plan,) = [plan for each in list(lab.planner._operations.values())[-1:] for plan in each.plans.values()]
    assert plan.way == way


async def test_lists_are_in_order_however_long(lab: Lab) -> None:
    for query in (
        '{ node(id: "xpe_1") { ... on Person { credits(first: 10) { nodes { id } } } } }',
        "{ items(first: 100) { nodes { allCredits { id } firstCredits { id } credits(first: 99) { nodes { position id } } } } }",
    ):
        answer = await lab.same(query)
        assert answer["errors"] == []


@pytest.mark.parametrize(
    "query",
    [
        "{ items(first: 50) { nodes { mustYear } } }",
        "{ items(first: 50) { nodes { smallSize } } }",
        "{ items(first: 50) { nodes { credits { nodes { mustPerson { name } } } } } }",
        "{ someItems(ids: [20, 21, 22, 23, 24, 25, 26, 27, 28]) { title parent { genres { name } mustYear } } }",
        '{ items(first: 5) { nodes { title credits(first: 2, after: "???") { nodes { role } } } } }',
        "{ items(first: 5) { nodes { title credits(first: 5000) { nodes { role } } } } }",
        '{ items(first: 5) { nodes { title credits(first: 5, role: "\\u0000") { nodes { role } } } } }',
    ],
)
async def test_what_cannot_be_is_an_error_where_rows_would_put_it(lab: Lab, query: str) -> None:
    viewer = VIEWERS["one place, young"] if "mustPerson" in query else ADMIN
    assert (await lab.same(query, viewer=viewer))["errors"] != []


async def test_a_name_too_long_for_the_engine_is_not_cut(lab: Lab) -> None:
    name = "a" * 64
    answer = await lab.same(f"{{ item(id: 1) {{ {name}1: title {name}2: title genres {{ {name}3: name }} }} }}")
    assert set(answer["data"]["item"]) == {f"{name}1", f"{name}2", "genres"}


async def test_as_many_fields_as_anybody_likes(lab: Lab) -> None:
    names = " ".join(f"a{number}: title" for number in range(150))
    answer = await lab.same(f"{{ item(id: 1) {{ {names} genres {{ {names.replace('title', 'name')} }} }} }}")
    assert answer["errors"] == []
    assert len(answer["data"]["item"]) == 151


def test_a_value_that_is_never_null_stands_alone_in_its_object(lab: Lab) -> None:
    """The operators of a value must not take hold of the text around it."""
    table = Item.__table__
    dialect = json_dialect_of(lab.database.dialect)
    kinds: tuple[tuple[str, Plain], ...] = (("score", "thousandths"), ("year", "integer"), ("added_at", "instant"))
    forms = [(name, Form(kind, low=-(2**31), high=2**31 - 1)) for name, kind in kinds]
    leaves = [(name, dialect.leaf(table.c[name], form, is_nullable=False, is_required=True)) for name, form in forms]
    value, joined = dialect.object_("one", [(name, leaf) for name, leaf in leaves if leaf is not None], table)
    source = table if joined is None else table.join(joined, sa.true())
    query = sa.select(dialect.text(value), table.c.score, table.c.year).select_from(source)
    with lab.database.read() as session:
        rows = session.execute(query.where(table.c.score.is_not(None), table.c.year.is_not(None))).all()
    assert len(rows) > 10
    for text, score, year in rows:
        found = orjson.loads(text)
        assert (found["score"], found["year"], len(found["added_at"])) == (float(score), year, 27)
