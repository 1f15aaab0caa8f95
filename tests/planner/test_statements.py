"""One statement a level, whatever the rows: counted on the planner's reader."""

from collections.abc import Callable, Sequence

import orjson
import pytest

from api.kit.planner.json.embedding import BackEnd
from domain.kit.database.reader import Read, Rows, TooLong
from tests.planner.conftest import ADMIN, Lab
from tests.planner.schema import Context

pytestmark = pytest.mark.both


@pytest.fixture(scope="module")
def back_end() -> BackEnd:
    return "rows"


@pytest.mark.parametrize(
    ("query", "statements"),
    [
        ("{ item(id: 1) { id title parent { title parent { title } } poster { url } mainGenre { name } } }", 1),
        ("{ items(first: 50) { nodes { title label parent { title } poster { url } } } }", 1),
        ("{ items(first: 50) { nodes { title } totalCount } }", 2),
        ("{ items(first: 50) { totalCount } }", 1),
        ("{ items(first: 50) { pageInfo { __typename } } }", 1),
        ("{ items(first: 50) { nodes { genres { name } } } }", 2),
        ("{ items(first: 50) { nodes { genres { name } credits(first: 5) { nodes { role person { name } } } } } }", 3),
        ("{ items(first: 50) { nodes { credits(first: 5) { totalCount } } } }", 2),
        ("{ items(first: 50) { nodes { credits(first: 5) { totalCount nodes { role } } } } }", 3),
        ("{ items(first: 50) { nodes { a: credits(first: 1) { nodes { id } } b: credits(first: 2) { nodes { id } } } } }", 3),
        ("{ items(first: 50) { nodes { ... on Movie { genres { name } } ... on Series { genres { id } parent { id } } } } }", 3),
        ("{ items(first: 50) { nodes { ... on Series { episodes { title genres { name } } } } } }", 3),
        ("{ items(first: 50) { nodes { ... on Item { genres { name } } } edges { node { title } } } }", 2),
        ("{ items(first: 9) { nodes { credits { nodes { person { credits(first: 2) { nodes { item { title } } } } } } } } }", 3),
        ("{ people(first: 3) { nodes { credits(first: 2) { nodes { item { genres { name } versions { id } } } } } } }", 4),
        ("{ picks(ids: [1, 2, 3, 1, 40]) { title genres { name } } }", 2),
        ("{ someItems(ids: [1, 2, 3, 1, 40]) { title } }", 1),
        ("{ someItems(ids: []) { title } }", 1),
        ('{ nodes(ids: ["xit_1", "xpe_1", "xit_2", "xpe_2", "zzz_1"]) { id } }', 2),
        ("{ a: item(id: 1) { title } b: item(id: 2) { title } }", 2),
        ("{ server { version } slow }", 0),
    ],
)  # fmt: skip
async def test_a_selection_costs_one_statement_a_level(lab: Lab, query: str, statements: int) -> None:
    await lab.ask(query)
    before = lab.database.reader.statements
    answer = await lab.ask(query)
    assert answer["errors"] == []
    assert lab.database.reader.statements - before == statements


async def test_levels_without_parents_are_not_read(lab: Lab) -> None:
    query = "{ item(id: 99999) { genres { name } credits(first: 2) { totalCount nodes { role } } } }"
    before = lab.database.reader.statements
    assert (await lab.ask(query))["data"] == {"item": None}
    assert lab.database.reader.statements - before == 1


async def test_a_plan_is_made_once_for_all_values(lab: Lab) -> None:
    query = """query($n: Int, $y: Int, $c: String) { items(where: {minYear: $y}, first: $n, after: $c) {
        edges { cursor node { id } } } }"""
    first = await lab.ask(query, {"n": 2, "y": 1990})
    compiled = lab.planner.counters.compiled
    await lab.ask(query, {"n": 3, "y": 2000})
    assert lab.planner.counters.compiled == compiled
    await lab.ask(query, {"n": 3, "y": 2000, "c": first["data"]["items"]["edges"][0]["cursor"]})
    assert lab.planner.counters.compiled == compiled + 1  # with a cursor the statement is another


async def test_switched_fields_leave_the_sql_and_have_plans_of_their_own(lab: Lab) -> None:
    query = "query($x: Boolean!) { items(first: 2) { nodes { title @skip(if: $x) genres @include(if: $x) { name } } } }"
    for value, statements, keys in ((True, 2, {"genres"}), (False, 1, {"title"})):
        before = lab.database.reader.statements
        answer = await lab.same(query, {"x": value})
        assert lab.database.reader.statements - before == statements
        assert {key for node in answer["data"]["items"]["nodes"] for key in node} == keys


async def test_plans_are_bounded_for_each_operation_and_together(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    from api.kit.planner import Planner, planner

    monkeypatch.setattr(planner, "MAX_PLANS_EACH", 3)
    monkeypatch.setattr(planner, "MAX_PLANS", 8)
    monkeypatch.setattr(planner, "MAX_OPERATIONS", 5)
    small = Planner(lab.database)
    names = "abcdef"
    head = ", ".join(f"${name}: Boolean!" for name in names)
    body = " ".join(f"{name}: title @include(if: ${name})" for name in names)
    for number in range(8):
        values = {name: bool(number >> bit & 1) for bit, name in enumerate(names)}
        await lab.run(small, f"query({head}) {{ item(id: 1) {{ id {body} }} }}", values, ADMIN)
    assert [len(each.plans) for each in small._operations.values()] == [3]
    for number in range(12):
        await lab.run(small, f"{{ item(id: 1) {{ x{number}: title }} }}", {}, ADMIN)
    assert len(small._operations) == 5
    assert small._plans == sum(len(each.plans) for each in small._operations.values()) == 5
    assert small.counters.compiled == 20


async def test_several_statements_see_one_state(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[bool] = []
    reader = lab.database.reader
    submit = reader.submit

    def later(work: object, *, snapshot: bool) -> object:
        raise TooLong

    monkeypatch.setattr(reader, "can_fetch", False)
    monkeypatch.setattr(reader, "at_once", later)
    monkeypatch.setattr(reader, "submit", lambda work, *, snapshot: (seen.append(snapshot), submit(work, snapshot=snapshot))[1])
    await lab.ask("{ items(first: 1) { nodes { title } } }")
    await lab.ask("{ items(first: 1) { nodes { title } totalCount } }")
    await lab.ask("{ item(id: 1) { genres { name } } }")
    assert seen == [False, True, True]


async def test_the_oracle_reads_nothing_through_the_planners_reader(lab: Lab) -> None:
    before = lab.database.reader.statements
    context = Context(ADMIN, lab.database, lab.oracle)
    result = await lab.schema.execute("{ items(first: 2) { nodes { genres { name } } } }", context_value=context)
    context.close()
    assert result.errors is None
    assert lab.database.reader.statements == before


async def test_a_row_too_many_is_read_only_to_answer_whether_more_follows(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    reader = lab.database.reader
    submit = reader.submit
    rows: list[int] = []

    def later(work: object, *, snapshot: bool) -> object:
        raise TooLong

    def counted(work: Callable[[Read], object], *, snapshot: bool) -> object:
        def run(read: Read) -> object:
            def reading(sql: str, parameters: Sequence[object]) -> Rows:
                found = read(sql, parameters)
                is_text = len(found) == 1 and isinstance(found[0][0], str) and found[0][0].startswith("[[")
                rows.append(len(orjson.loads(found[0][0])) if is_text else len(found))
                return found

            return work(reading)

        return submit(run, snapshot=snapshot)

    monkeypatch.setattr(reader, "can_fetch", False)
    monkeypatch.setattr(reader, "at_once", later)
    monkeypatch.setattr(reader, "submit", counted)

    async def read_by(query: str) -> list[int]:
        rows.clear()
        await lab.same(query)
        return list(rows)

    assert await read_by("{ items(first: 3) { nodes { id } } }") == [3]
    assert await read_by("{ items(first: 3) { nodes { id } pageInfo { hasPreviousPage endCursor } } }") == [3]
    assert await read_by("{ items(first: 3) { nodes { id } pageInfo { hasNextPage } } }") == [4]
    assert await read_by("{ items(last: 3) { nodes { id } pageInfo { hasNextPage } } }") == [3]
    assert await read_by("{ items(last: 3) { nodes { id } pageInfo { hasPreviousPage } } }") == [4]
    _, genres = await read_by("{ items(first: 3) { nodes { genres { name } } } }")
    assert await read_by("{ items(first: 3) { nodes { genres { name } } pageInfo { hasNextPage } } }") == [4, genres]
    credits = "{ items(first: 9) { nodes { credits(first: 1) { nodes { role } %s } } } }"
    _, without = await read_by(credits % "")
    _, more = await read_by(credits % "pageInfo { hasNextPage }")
    assert without <= 9 < more
