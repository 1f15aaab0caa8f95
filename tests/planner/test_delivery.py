"""Handles wherever an ordinary resolver may put them: payloads, errors of payloads, events; and references in batches."""

import asyncio

import orjson
import pytest

from api.kit.planner import Planner
from domain.kit.policy import Viewer
from tests.planner.conftest import ADMIN, VIEWERS, Lab
from tests.planner.schema import Context
from tests.planner.world import Item

pytestmark = pytest.mark.both


async def test_a_payload_shows_what_its_own_mutation_wrote(lab: Lab) -> None:
    with lab.database.read() as session:
        old = session.get(Item, 40)
        assert old is not None
    query = """mutation { a: rename(id: 40, title: "one") { item { title loud genres { name } } errors { __typename } }
        b: rename(id: 40, title: "two") { item { title } errors { existing { id } } } }"""
    try:
        data = (await lab.same(query))["data"]
        assert (data["a"]["item"]["title"], data["a"]["item"]["loud"], data["b"]["item"]["title"]) == ("one", "ONE!", "two")
        taken = await lab.same(
            'mutation { rename(id: 40, title: "taken") { item { id } errors { existing { __typename id } } } }'
        )
        assert taken["data"]["rename"] == {"item": None, "errors": [{"existing": {"__typename": "Movie", "id": "xit_3"}}]}
    finally:
        await lab.ask("mutation($t: String!) { rename(id: 40, title: $t) { item { id } } }", {"t": old.title})


async def test_events_carry_planned_nodes(lab: Lab) -> None:
    answers = []
    for planner in (lab.planner, lab.oracle):
        context = Context(ADMIN, lab.database, planner)
        query = "subscription { progressed(count: 3) { cursor node { kind item { __typename title } } } }"
        stream = await lab.schema.subscribe(query, context_value=context)
        answers.append([orjson.loads(orjson.dumps(result.data)) async for result in stream])
        context.close()
    assert answers[0] == answers[1]
    assert [answer["progressed"]["cursor"] for answer in answers[0]] == ["1", "2", "3"]
    assert all(answer["progressed"]["node"]["kind"] == "scan" for answer in answers[0])


async def test_references_of_one_tick_are_one_statement_each_with_its_own_row(lab: Lab) -> None:
    ids = [5, 3, 3, 999, 11, 7, 1]
    query = "query($i: [Int!]!) { picks(ids: $i) { id __typename } }"
    before = lab.database.reader.statements
    answer = await lab.ask(query, {"i": ids}, VIEWERS["two places"])
    assert lab.database.reader.statements - before == 1
    shown = [item and item["id"] for item in answer["data"]["picks"]]
    assert shown == [item and item["id"] for item in (await lab.same(query, {"i": ids}, VIEWERS["two places"]))["data"]["picks"]]
    assert shown[3] is None
    assert shown[4] is None


async def test_concurrent_requests_of_different_viewers_never_share_rows(lab: Lab) -> None:
    query = "query($i: [Int!]!) { picks(ids: $i) { id } }"
    ids = list(range(1, 91))
    viewers = [Viewer(user_id=user) for user in (1, 2, 3, 4)] * 5
    alone = {viewer: await lab.run(lab.oracle, query, {"i": ids}, viewer) for viewer in set(viewers)}
    together = await asyncio.gather(*[lab.ask(query, {"i": ids}, viewer) for viewer in viewers])
    assert together == [alone[viewer] for viewer in viewers]
    assert len({str(answer) for answer in together}) == 4


async def test_a_failing_statement_is_one_error_of_its_position(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    planner = Planner(lab.database)
    reader = lab.database.reader

    def failing(work: object, *, snapshot: bool) -> object:
        raise RuntimeError("no reader")

    monkeypatch.setattr(reader, "can_fetch", False)
    monkeypatch.setattr(reader, "at_once", failing)
    monkeypatch.setattr(reader, "submit", failing)
    answer = await lab.run(planner, "{ item(id: 1) { id } items { nodes { id } } server { version } }", {}, ADMIN)
    assert answer["data"] == {"item": None, "items": None, "server": {"version": "1"}}
    assert sorted((error["message"], error["path"]) for error in answer["errors"]) == [
        ("no reader", ["item"]),
        ("no reader", ["items"]),
    ]
    monkeypatch.undo()
    assert (await lab.run(planner, "{ item(id: 1) { id } }", {}, ADMIN))["data"] == {"item": {"id": "xit_1"}}
