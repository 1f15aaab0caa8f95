"""Every filter and every order has its index: no engine reads a big table from end to end for a page.

The rule. A page is found in one of two ways: by an index on what is rare, then sorted; or along an index in the list's
order, row by row, until the page is full. A link table may be read along an index, too. What no plan may hold is a walk
through a big table without an index. On 100,000 items, what is rare and found by index costs SQLite less than a hundredth
of reading them all. PostgreSQL is asked for generic plans, which is what the reader's connections run.
"""

from typing import Any

import pytest

from tests.api.conftest import Client, House
from tests.filters.cases import Case, items, people
from tests.filters.conftest import Explaining, Recorder, fill
from tests.filters.names import names
from tests.filters.plans import Explainer

pytestmark = pytest.mark.both

ITEM_ORDERS = ("TITLE", "YEAR", "RELEASE_DATE", "CREATED_AT", "UPDATED_AT", "RUNTIME", "POPULARITY")
LISTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "movies": ("MediaItem", ITEM_ORDERS),
    "series": ("MediaItem", ITEM_ORDERS),
    "mediaItems": ("MediaItem", ITEM_ORDERS),
    "people": ("Person", ("NAME", "BIRTH_DATE", "CREATED_AT")),
    "collections": ("Collection", ("NAME", "CREATED_AT")),
    "mediaFiles": ("MediaFile", ("PATH", "SIZE", "DISCOVERED_AT", "DURATION")),
    "jobs": ("Job", ("CREATED_AT", "FINISHED_AT")),
}
FEW = 60
"""Thousands of SQLite's instructions for a page of what is rare; to look at each of 100,000 items takes 1,000 to 2,000."""

PASS = 5_000
"""Of what is common, or rare in a way that no engine knows beforehand: one pass over an index and what hangs on it."""


@pytest.fixture
def recorder(house: House) -> Recorder:
    recorder = Recorder(house.database.reader)
    house.database._reader = recorder
    return recorder


async def _page(client: Client, recorder: Recorder, field: str, variables: dict[str, Any]) -> tuple[str, Any]:
    type_ = LISTS[field][0]
    query = f"""query($w: {type_}Where, $o: [{type_}Order!], $a: String, $b: String, $n: Int, $l: Int) {{
        page: {field}(where: $w, orderBy: $o, first: $n, last: $l, after: $a, before: $b) {{
            nodes {{ id }} pageInfo {{ startCursor endCursor hasNextPage }} }} }}"""
    recorder.seen.clear()
    found = (await client.data(query, variables))["page"]
    assert len(recorder.seen) >= 1
    return found, recorder.seen[-1]


async def _check(client: Client, recorder: Recorder, explainer: Explainer, ids: dict[str, str], *, is_full: bool) -> list[Any]:
    """What breaks the rule."""
    wrong: list[Any] = []
    everything: list[tuple[str, Case]] = [(field, case) for field in ("movies", "mediaItems") for case in items(ids)]
    everything += people(ids)
    for field, case in everything:
        _, (sql, parameters) = await _page(client, recorder, field, {"w": case.where, "n": 25})
        if scanned := explainer.scanned(sql, parameters):
            wrong.append((field, case.where, scanned))
        if is_full and (work := explainer.work(sql, parameters)) > (FEW if case.is_rare else PASS):
            wrong.append((field, case.where, work))
    for field, (_, orders) in LISTS.items():
        for order in orders:
            for direction in ("ASC", "DESC"):
                wrong += await _walk(
                    client, recorder, explainer, field, {"field": order, "direction": direction}, is_full=is_full
                )
    return wrong


async def _walk(
    client: Client, recorder: Recorder, explainer: Explainer, field: str, order: dict[str, str], *, is_full: bool
) -> list[Any]:
    wrong: list[Any] = []
    place: dict[str, Any] = {"n": 25}
    for _ in range(2):
        found, (sql, parameters) = await _page(client, recorder, field, {"o": [order], **place})
        if scanned := explainer.scanned(sql, parameters):
            wrong.append((field, order, scanned))
        if is_full and (work := explainer.work(sql, parameters)) > FEW:
            wrong.append((field, order, place, work))
        place = {"n": 25, "a": found["pageInfo"]["endCursor"]}
    _, (sql, parameters) = await _page(client, recorder, field, {"o": [order], "l": 25, "b": place["a"]})
    return [*wrong, *[(field, order, "backward", each) for each in explainer.scanned(sql, parameters)]]


async def test_every_filter_and_order_can_use_an_index(
    client: Client, house: House, recorder: Recorder, explaining: Explaining
) -> None:
    ids = names(fill(house.database, 300, copies=10).rows)
    explainer = explaining(prefers_indexes=True)
    assert await _check(client, recorder, explainer, ids, is_full=False) == []


@pytest.mark.slow
async def test_every_filter_and_order_uses_one_among_100_000_items(
    client: Client, house: House, recorder: Recorder, explaining: Explaining
) -> None:
    ids = names(fill(house.database, 2_000, copies=50).rows)
    explainer = explaining(prefers_indexes=False)
    wrong = await _check(client, recorder, explainer, ids, is_full=True)
    assert not wrong, "\n".join(map(repr, wrong))


@pytest.mark.slow
async def test_page_1000_costs_as_page_1(client: Client, house: House, recorder: Recorder, explaining: Explaining) -> None:
    fill(house.database, 2_000, copies=50)
    explainer = explaining(prefers_indexes=False)
    for order in ITEM_ORDERS:
        for end in ("ASC", "DESC"):
            place: dict[str, Any] = {"n": 500}
            work = []
            for number in range(51):  # the cursor behind 25,000 rows, a thousand pages of 25
                found, (sql, parameters) = await _page(
                    client, recorder, "mediaItems", {"o": [{"field": order, "direction": end}], **place}
                )
                if number in (1, 50):
                    work.append(explainer.effort(sql, parameters))
                place = {"n": 500, "a": found["pageInfo"]["endCursor"]}
            assert work[1] <= 2 * work[0] + 20, (order, end, work)
