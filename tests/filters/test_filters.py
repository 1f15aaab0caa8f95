"""Random filters, orders and page sizes over random rows: the same rows in the same order as plain Python finds, both ways."""

import os
import random
from typing import Any

import pytest

from domain.catalog import tables as t
from domain.kit.ids import parse_id
from tests.api.conftest import Client, House
from tests.factories.loading import load
from tests.filters.cases import items
from tests.filters.conftest import fill
from tests.filters.names import names
from tests.filters.oracle import Oracle
from tests.filters.test_filter_plans import ITEM_ORDERS

pytestmark = pytest.mark.both

ROUNDS = int(os.environ.get("FILTER_ROUNDS", "25"))
SEED = int(os.environ.get("FILTER_SEED", "1"))
EVERY_KIND = {"movie", "series", "season", "episode", "artist", "album", "track"}
KINDS = {"movies": {"movie"}, "series": {"series"}, "mediaItems": EVERY_KIND}


def random_filter(chance: random.Random, leaves: list[dict[str, Any]], depth: int = 1) -> dict[str, Any]:
    """One leaf, or a few in a group."""
    found = dict(chance.choice(leaves))
    if depth < 4 and chance.random() < 0.5:
        group = chance.choice(("and", "or", "not"))
        some = [random_filter(chance, leaves, depth + 1) for _ in range(chance.randint(1, 3))]
        found |= {group: some[0] if group == "not" else some}
        if chance.random() < 0.5:
            return {group: found[group]}
    return found


def random_order(chance: random.Random) -> list[tuple[str, str]]:
    return [(name, chance.choice(("ASC", "DESC"))) for name in chance.sample(ITEM_ORDERS, chance.randint(1, 3))]


async def page(client: Client, field: str, who: str, **variables: Any) -> dict[str, Any]:
    query = f"""query($w: MediaItemWhere, $o: [MediaItemOrder!], $first: Int, $after: String, $last: Int, $before: String) {{
        page: {field}(where: $w, orderBy: $o, first: $first, after: $after, last: $last, before: $before) {{
            nodes {{ id }} pageInfo {{ startCursor endCursor hasNextPage hasPreviousPage }} totalCount }} }}"""
    found: dict[str, Any] = (await client.data(query, variables, who=who))["page"]
    return found


def keys(found: dict[str, Any]) -> list[int]:
    return [parse_id(node["id"])[1] for node in found["nodes"]]


async def test_every_filter_finds_what_plain_python_finds(client: Client, house: House) -> None:
    world = fill(house.database, 300)
    oracle = Oracle(world)
    for case in items(names(world.rows)):
        for who in ("member", "child"):
            whole = oracle.listed(case.where, [("TITLE", "ASC")], kinds=EVERY_KIND, is_child=who == "child")
            found = await page(client, "mediaItems", who, w=case.where, o=[{"field": "TITLE"}], first=500)
            assert (keys(found), found["totalCount"]) == (whole, len(whole)), (case.where, who)


async def test_pages_of_random_filters_make_the_whole_list_both_ways(client: Client, house: House) -> None:
    world = fill(house.database, 200, seed=SEED)
    oracle, chance = Oracle(world), random.Random(SEED)
    leaves = [case.where for case in items(names(world.rows))]
    for number in range(ROUNDS):
        where, orders = random_filter(chance, leaves), random_order(chance)
        field, who, size = chance.choice(list(KINDS)), chance.choice(("member", "child")), chance.choice((7, 20, 60))
        whole = oracle.listed(where, orders, kinds=KINDS[field], is_child=who == "child")
        asked: dict[str, Any] = {"w": where, "o": [{"field": name, "direction": end} for name, end in orders]}
        case = (SEED, number, field, who, size, asked)
        found: list[int] = []
        more: dict[str, Any] = {"first": size}
        while True:
            answer = await page(client, field, who, **asked, **more)
            found += keys(answer)
            if not answer["pageInfo"]["hasNextPage"]:
                break
            more = {"first": size, "after": answer["pageInfo"]["endCursor"]}
        assert found == whole, case
        found, more = [], {"last": size}
        while True:
            answer = await page(client, field, who, **asked, **more)
            found = keys(answer) + found
            if not answer["pageInfo"]["hasPreviousPage"]:
                break
            more = {"last": size, "before": answer["pageInfo"]["startCursor"]}
        assert found == whole, case


async def test_rows_that_come_between_pages_repeat_and_skip_nothing(client: Client, house: House) -> None:
    world = fill(house.database, 150)
    oracle, chance = Oracle(world), random.Random(SEED)
    new = 1_000_000
    for number, order in enumerate(ITEM_ORDERS):
        for end in ("ASC", "DESC") if "CORPUS_FULL" in os.environ else ("ASC", "DESC")[number % 2 :][:1]:
            before = oracle.listed({}, [(order, end)], kinds={"movie"}, is_child=False)
            found: list[int] = []
            more: dict[str, Any] = {"first": 9}
            while True:
                answer = await page(client, "movies", "member", o=[{"field": order, "direction": end}], **more)
                found += keys(answer)
                if not answer["pageInfo"]["hasNextPage"]:
                    break
                more = {"first": 9, "after": answer["pageInfo"]["endCursor"]}
                new += 1
                row = {**chance.choice([row for row in oracle.items if row["kind"] == "movie"]), "id": new, "root_id": new}
                load(house.database, {t.Entity: [{"id": new, "kind": "movie"}], t.MediaItem: [row]})
                world.rows[t.MediaItem].append(row)
            assert len(found) == len(set(found)), (order, end)
            assert [key for key in found if key in set(before)] == before, (order, end)
            oracle = Oracle(world)
