"""What may be common is looked for along the list's order first: within bounds, and without changing an answer."""

import random
from collections.abc import Iterable
from typing import Any

import pytest

from api.kit.planner.dialects import sqlite
from api.kit.planner.rows import running
from tests.api.conftest import Client, House
from tests.filters import test_filters
from tests.filters.conftest import Explaining, Recorder, fill
from tests.filters.names import names

pytestmark = pytest.mark.both

COMMON: tuple[dict[str, Any], ...] = (
    {"tags": {"anyOf": ["4k", "kids"]}},
    {"rating": {"source": "imdb", "value": {"gte": 5.5}}},
    {"externalId": {"provider": "tmdb", "namespace": "movie"}},
    {"file": {"resolution": ["HD_1080", "UHD_2160"]}},
    {"subtitles": {"eq": "deu"}},
    {"tags": {"anyOf": ["4k", "kids"]}, "year": {"gte": 1970}},
)


@pytest.fixture
def recorder(house: House) -> Recorder:
    recorder = Recorder(house.database.reader)
    house.database._reader = recorder
    return recorder


@pytest.fixture
def any_length(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(test_filters.SEED)

    def bounds(limit: int, binds: Iterable[Any]) -> dict[str, int]:
        return {"enough": chance.choice((0, 1, 3, 30)), "steps": chance.choice((0, 1, 2, 10, 30, 100, 1000))}

    monkeypatch.setattr(running, "bounds", bounds)


async def test_a_walk_of_any_length_finds_what_plain_python_finds(client: Client, house: House, any_length: None) -> None:
    await test_filters.test_every_filter_finds_what_plain_python_finds(client, house)


async def test_pages_by_walks_of_any_length_make_the_whole_list_both_ways(
    client: Client, house: House, any_length: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def one_key(chance: random.Random) -> list[tuple[str, str]]:
        return [(chance.choice(test_filters.ITEM_ORDERS), chance.choice(("ASC", "DESC")))]

    monkeypatch.setattr(test_filters, "random_order", one_key)  # only those have an index
    await test_filters.test_pages_of_random_filters_make_the_whole_list_both_ways(client, house)


async def _page(client: Client, recorder: Recorder, name: str, where: dict[str, Any], **place: Any) -> tuple[Any, str, Any]:
    query = f"""query {name}($w: MediaItemWhere, $f: Int, $l: Int, $a: String, $b: String) {{
        movies(where: $w, first: $f, last: $l, after: $a, before: $b) {{ nodes {{ id }} pageInfo {{ endCursor }} }} }}"""
    recorder.seen.clear()
    found = (await client.data(query, {"w": where, **place}))["movies"]
    return (found, *recorder.seen[-1])


async def test_a_page_of_what_is_common_costs_a_walk_and_what_fails_little_more(
    client: Client, house: House, recorder: Recorder, explaining: Explaining, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite's instructions, in thousands. PostgreSQL's planner walks by itself: its statements stay as they are."""
    ids = names(fill(house.database, 300, copies=60).rows)
    explainer = explaining(prefers_indexes=False)
    is_sqlite = house.database.dialect == "sqlite"

    async def work(where: dict[str, Any], **place: Any) -> tuple[Any, int, int]:
        found, sql, parameters = await _page(client, recorder, "Walked", where, **place)
        assert ("walked" in sql) is is_sqlite
        with monkeypatch.context() as without:
            without.setattr(sqlite, "WALKS_BY_ITSELF", True)
            same, plain, given = await _page(client, recorder, "LookedUp", where, **place)
        assert "walked" not in plain
        assert found == same
        return found, explainer.work(sql, parameters), explainer.work(plain, given)

    for where in COMMON:
        found, *first = await work(where, f=10)
        place = {"a": found["pageInfo"]["endCursor"]}
        following, *second = await work(where, f=10, **place)
        _, *back = await work(where, l=10, b=following["pageInfo"]["endCursor"])
        for walked, looked_up in (first, second, back):
            assert not is_sqlite or (walked <= 40 and 1.5 * walked < looked_up), (where, first, second, back)
    common = COMMON[0]
    for where in (
        {**common, "title": {"contains": "nothing of this kind"}},
        {**common, "originalLanguage": {"eq": "xx"}},
        {**common, "year": {"eq": 1900}},
        {"genres": {"allOf": [ids["genre"], ids["rare_genre"]]}},
        {"genres": {"anyOf": [ids["rare_genre"]]}},
        {"tags": {"anyOf": ["seen"]}},
    ):
        _, walked, looked_up = await work(where, f=10)
        assert walked <= 2 * looked_up + 2, (where, walked, looked_up)
