"""Filters and orders of lists below something: what the flat list finds, page by page, and found by the parent's key."""

import os
from typing import Any

import pytest

from domain.catalog import tables as t
from tests.api.conftest import Client, House
from tests.filters.cases import items
from tests.filters.conftest import Explaining, Recorder, fill
from tests.filters.names import names
from tests.filters.plans import Explainer

pytestmark = pytest.mark.both

ORDERS: tuple[list[dict[str, str]] | None, ...] = (
    [{"field": "TITLE"}], [{"field": "YEAR", "direction": "DESC"}], [{"field": "RELEASE_DATE"}],
    [{"field": "POPULARITY", "direction": "DESC"}, {"field": "RUNTIME"}], [{"field": "UPDATED_AT"}],
)  # fmt: skip
NESTED = """query($ids: [ID!]!, $w: MediaItemWhere, $o: [MediaItemOrder!], $a: String) { nodes(ids: $ids) {
    ... on Series { list: episodes(where: $w, orderBy: $o, first: 7, after: $a) { ...P } }
    ... on Collection { list: items(where: $w, orderBy: $o, first: 7, after: $a) { ...Q } } } }
    fragment P on EpisodeConnection { totalCount nodes { id } pageInfo { hasNextPage endCursor } }
    fragment Q on MediaItemConnection { totalCount nodes { id } pageInfo { hasNextPage endCursor } }"""
FLAT = """query($w: MediaItemWhere, $o: [MediaItemOrder!]) { mediaItems(where: $w, orderBy: $o, first: 500) {
    totalCount nodes { id } } }"""
WORK = 1000
"""Thousands of SQLite's instructions for 25 series with 50 episodes each, or 20 collections with 330 members; walks along the
list's order, which SQLite would like to begin with a filter on the members, took up to 6,000."""


async def pages(client: Client, parent: str, variables: dict[str, Any], who: str) -> tuple[int, list[str]]:
    """(total, ids of all pages) of a parent's list."""
    found: list[str] = []
    after = None
    while True:
        (node,) = (await client.data(NESTED, {**variables, "ids": [parent], "a": after}, who=who))["nodes"]
        found += [each["id"] for each in node["list"]["nodes"]]
        if not node["list"]["pageInfo"]["hasNextPage"]:
            return node["list"]["totalCount"], found
        after = node["list"]["pageInfo"]["endCursor"]


async def test_a_nested_list_finds_what_the_flat_list_finds(client: Client, house: House) -> None:
    rows = fill(house.database, 300).rows
    series = f"itm_{next(row['root_id'] for row in rows[t.MediaItem] if row['kind'] == 'episode')}"
    collection = f"col_{rows[t.CollectionMember][0]['collection_id']}"
    every = items(names(rows))
    for number, case in enumerate(every if "CORPUS_FULL" in os.environ else every[::2]):
        who, order = ("member", "child")[number % 2], ORDERS[number % len(ORDERS)]
        for parent, where in (
            (series, {"root": {"eq": series}, "kind": ["EPISODE"]}),
            (collection, {"collections": {"anyOf": [collection]}}),
        ):
            flat = (await client.data(FLAT, {"w": {"and": [where, case.where]}, "o": order}, who=who))["mediaItems"]
            expected = (flat["totalCount"], [each["id"] for each in flat["nodes"]])
            assert await pages(client, parent, {"w": case.where, "o": order}, who) == expected, (parent, case.where, who)


async def test_a_persons_parts_are_narrowed_by_what_they_are_in(client: Client, house: House) -> None:
    rows = fill(house.database, 300).rows
    items_by_key = {row["id"]: row for row in rows[t.MediaItem]}
    person = rows[t.Credit][0]["person_id"]
    theirs = [row for row in rows[t.Credit] if row["person_id"] == person and not row["is_removed"]]
    query = """query($id: ID!, $w: CreditWhere) { node(id: $id) { ... on Person { credits(where: $w, first: 100) {
        totalCount nodes { id } } } } }"""
    wheres: tuple[tuple[dict[str, Any], Any], ...] = (
        ({"item": {"kind": ["MOVIE"]}}, lambda row: items_by_key[row["item_id"]]["kind"] == "movie"),
        ({"item": {"not": {"kind": ["MOVIE"]}}}, lambda row: items_by_key[row["item_id"]]["kind"] != "movie"),
        ({"department": ["CAST"]}, lambda row: row["department"] == "cast"),
        ({"department": ["DIRECTING"], "item": {"year": {"gte": 1990}}},
         lambda row: row["department"] == "directing" and (items_by_key[row["item_id"]]["year"] or 0) >= 1990),
        ({"person": {"eq": f"per_{person + 1}"}}, lambda row: False),
    )  # fmt: skip
    for where, holds in wheres:
        found = (await client.data(query, {"id": f"per_{person}", "w": where}))["node"]["credits"]
        expected = {f"cre_{row['id']}" for row in theirs if holds(row)}
        assert ({each["id"] for each in found["nodes"]}, found["totalCount"]) == (expected, len(expected)), where


async def test_a_cursor_belongs_to_its_order_and_holds_under_another_filter(client: Client, house: House) -> None:
    rows = fill(house.database, 300).rows
    series = f"itm_{next(row['root_id'] for row in rows[t.MediaItem] if row['kind'] == 'episode')}"
    order = [{"field": "TITLE"}]
    first = (await client.data(NESTED, {"ids": [series], "o": order}))["nodes"][0]["list"]
    cursor = first["pageInfo"]["endCursor"]
    flat = await client.data(FLAT, {"w": {"root": {"eq": series}, "kind": ["EPISODE"], "year": {"gte": 1980}}, "o": order})
    later = [each["id"] for each in flat["mediaItems"]["nodes"] if each["id"] not in [one["id"] for one in first["nodes"]]]
    narrowed = await client.data(NESTED, {"ids": [series], "o": order, "w": {"year": {"gte": 1980}}, "a": cursor})
    assert [each["id"] for each in narrowed["nodes"][0]["list"]["nodes"]] == later[:7]
    answer = (await client.send(NESTED, {"ids": [series], "o": [{"field": "YEAR"}], "a": cursor}, who="admin")).json()
    assert [each["extensions"]["code"] for each in answer["errors"]] == ["INVALID_CURSOR"]


@pytest.mark.parametrize(
    ("where", "order", "limit"),
    [
        ({"not": {"not": {"not": {"not": {"not": {}}}}}}, None, "filterDepth"),
        ({"or": [{"year": {"eq": 1}}] * 51}, None, "filterConditions"),
        ({"year": {"in": list(range(101))}}, None, "filterValues"),
        (None, [{"field": "YEAR"}] * 4, "orderBy"),
    ],
)
async def test_the_limits_hold_below_something(client: Client, house: House, where: Any, order: Any, limit: str) -> None:
    rows = fill(house.database, 100).rows
    series = f"itm_{next(row['id'] for row in rows[t.MediaItem] if row['kind'] == 'series')}"
    answer = (await client.send(NESTED, {"ids": [series], "w": where, "o": order}, who="admin")).json()
    assert [each["extensions"]["limit"] for each in answer["errors"]] == [limit]


async def _walks(client: Client, recorder: Recorder, explainer: Explainer, rows: Any, *, most: int | None) -> list[Any]:
    """The filters and orders for which a list below 25 series or collections is not found by the parent's key."""
    series = [f"itm_{row['id']}" for row in rows[t.MediaItem] if row["kind"] == "series"][:25]
    collections = [f"col_{row['id']}" for row in rows[t.Collection]][:25]
    wrong: list[Any] = []
    asked = [(case.where, ORDERS[number % len(ORDERS)]) for number, case in enumerate(items(names(rows)))]
    for where, order in [*asked, *[({}, order) for order in ORDERS]]:
        for parents in (series, collections):
            recorder.seen.clear()
            await client.data(NESTED, {"ids": parents, "w": where, "o": order})
            for sql, parameters in recorder.seen:
                # 3,300 of 100,000 items are in ten collections: PostgreSQL may count them by a pass, which is as quick
                is_counting = most is not None and parents is collections and "count(*)" in sql
                if not is_counting and (scanned := explainer.scanned(sql, parameters)):
                    wrong.append((parents[0], where, order, scanned))
                if most is not None and (work := explainer.work(sql, parameters)) > most:
                    wrong.append((parents[0], where, order, work))
    return wrong


async def test_every_nested_filter_and_order_can_use_an_index(client: Client, house: House, explaining: Explaining) -> None:
    recorder = Recorder(house.database.reader)
    house.database._reader = recorder  # type: ignore[assignment]
    rows = fill(house.database, 300, copies=10).rows
    explainer = explaining(prefers_indexes=True)
    assert await _walks(client, recorder, explainer, rows, most=None) == []


@pytest.mark.slow
async def test_every_nested_filter_is_found_by_its_parent_among_100_000_items(
    client: Client, house: House, explaining: Explaining
) -> None:
    recorder = Recorder(house.database.reader)
    house.database._reader = recorder  # type: ignore[assignment]
    rows = fill(house.database, 2_000, copies=50).rows
    explainer = explaining(prefers_indexes=False)
    wrong = await _walks(client, recorder, explainer, rows, most=WORK)
    assert not wrong, "\n".join(map(repr, wrong))
