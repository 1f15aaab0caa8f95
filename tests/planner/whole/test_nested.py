"""Filters and orders of lists below something: every way answers alike, by text and by variables, page by page."""

import json
import os
from collections.abc import Iterator
from typing import Any

import pytest
from graphql import GraphQLInputObjectType, GraphQLObjectType, get_named_type, parse, validate

from tests.planner.whole.conftest import Made
from tests.planner.whole.generating import Generator
from tests.planner.whole.lab import VIEWERS, Lab

SEED = int(os.environ.get("CORPUS_SEED", 7))
EACH = int(os.environ.get("CORPUS_OPERATIONS", 100 if "CORPUS_FULL" in os.environ else 10)) // 10
"""Filters tried on each list."""
PAGE = "totalCount nodes { id } pageInfo { hasNextPage hasPreviousPage endCursor startCursor }"
JSON = "totalCount nodes { id } pageInfo { hasNextPage }"


def narrowed(lab: Lab) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(type, field, arguments) of every list that takes a filter; what an interface declares, of one of its types."""
    schema = lab.schema._schema
    roots = (schema.query_type, schema.mutation_type, schema.subscription_type)
    seen: set[str] = set()
    for type_ in schema.type_map.values():
        if isinstance(type_, GraphQLObjectType) and type_ not in roots:
            for name, field in type_.fields.items():
                wider = {f"{each.name}.{name}" for each in type_.interfaces if name in each.fields}
                if "where" in field.args and not wider & seen:
                    seen |= wider
                    yield type_.name, name, field.args


def test_the_lists_of_the_catalogue_take_filters(lab: Lab) -> None:
    found = {f"{type_}.{name}" for type_, name, _ in narrowed(lab)}
    assert {
        "Series.episodes", "Series.seasons", "Season.episodes", "Artist.albums", "Album.tracks", "Person.credits",
        "Collection.items", "Genre.items", "Library.items", "Library.files", "Job.children",
    } <= found  # fmt: skip
    assert {"children", "credits"} <= {each.partition(".")[2] for each in found}


async def test_filters_below_something_answer_alike(lab: Lab, made: Made) -> None:
    print(f"CORPUS_SEED={SEED} CORPUS_OPERATIONS={EACH * 10}")
    generator = Generator(lab.schema._schema, SEED, made.rows)
    dice, found_some = generator.dice, 0
    for type_, name, arguments in narrowed(lab):
        known = generator.values.ids_of(lab.schema._schema.type_map[type_])
        for _ in range(EACH):
            variables: dict[str, Any] = {"ids": dice.sample(known, min(8, len(known)))}
            head, given = ["$ids: [ID!]!"], []
            for each in ("where", "orderBy"):
                if each in arguments and dice.random() < 0.8:
                    value = generator.values.make(arguments[each].type, (name, each))
                    if dice.random() < 0.5:
                        head.append(f"${each}: {arguments[each].type}")
                        variables[each] = value
                        given.append(f"{each}: ${each}")
                    else:
                        given.append(f"{each}: {literal(arguments[each].type, value)}")
            is_page = "first" in arguments
            parts = [f"a: {call(name, given)} {{ id }}"]
            if is_page:
                parts = [f"a: {call(name, [*given, 'first: 2'])} {{ {PAGE} }} b: {call(name, given)} {{ {JSON} }}",
                         f"c: {call(name, [*given, 'last: 2'])} {{ {PAGE} }}"]  # fmt: skip
            query = f"query Q({', '.join(head)}) {{ nodes(ids: $ids) {{ __typename ... on {type_} {{ {' '.join(parts)} }} }} }}"
            if validate(lab.schema._schema, parse(query)):
                continue
            who = dice.choice(VIEWERS)
            answer = await lab.same(query, variables, who)
            pages = [each["a"] for each in (answer["data"] or {}).get("nodes") or () if each and each.get("a") and is_page]
            found_some += any(page["nodes"] for page in pages)
            if (cursor := next((page["pageInfo"]["endCursor"] for page in pages), None)) is not None:
                onward = query.replace("first: 2", "first: 2, after: $cursor").replace("last: 2", "last: 1, before: $cursor")
                onward = onward.replace("$ids: [ID!]!", "$ids: [ID!]!, $cursor: String")
                await lab.same(onward, {**variables, "cursor": cursor}, who)
    assert found_some > EACH


def call(name: str, given: list[str]) -> str:
    return f"{name}({', '.join(given)})" if given else name


def literal(type_: Any, value: Any) -> str:
    """A value as it stands in a document."""
    named = get_named_type(type_)
    if isinstance(value, list):
        return f"[{', '.join(literal(type_, each) for each in value)}]"
    if isinstance(value, dict) and isinstance(named, GraphQLInputObjectType):
        return f"{{{', '.join(f'{key}: {literal(named.fields[key].type, each)}' for key, each in value.items())}}}"
    if isinstance(value, dict):  # where none belongs
        return "{}"
    return str(value) if isinstance(value, str) and hasattr(named, "values") else json.dumps(value)


@pytest.mark.parametrize("who", ["admin", "limited"])
async def test_one_document_with_another_filter_each_time(lab: Lab, made: Made, who: str) -> None:
    """The filter is a variable: each of its shapes is a plan of its own."""
    generator = Generator(lab.schema._schema, 1, made.rows)
    ids = generator.values.ids_of(lab.schema._schema.type_map["Series"])[:8]
    query = """query($ids: [ID!]!, $where: MediaItemWhere, $order: [MediaItemOrder!]) { nodes(ids: $ids) { ... on Series {
      episodes(where: $where, orderBy: $order, first: 3) { totalCount nodes { id title } } seasons(where: $where) { id } } } }"""
    wheres: list[Any] = [None, {}, {"year": {"gte": 1}}, {"year": {"lte": 5000}}, {"title": {"startsWith": "a"}},
                         {"not": {"genres": {"anyOf": []}}}, {"library": {"eq": "itm_1"}}, {"hasLocks": True}]  # fmt: skip
    orders: list[Any] = [None, [], [{"field": "YEAR", "direction": "DESC"}], [{"field": "TITLE"}] * 4]
    for where in wheres:
        for order in orders:
            answer = await lab.same(query, {"ids": ids, "where": where, "order": order}, who)
            is_wrong = order == orders[3] or where == wheres[6]
            assert bool(answer["errors"]) is is_wrong, answer["errors"][:1]


@pytest.mark.parametrize("levels", [0, 4])
@pytest.mark.parametrize(
    "leaf",
    [{"year": {"gte": 1}}, {"tags": {"anyOf": ["a"]}}, {"file": {"audioLanguage": {"eq": "de"}}}, {"rating": {"source": "x"}}],
    ids=lambda each: next(iter(each)),
)
async def test_the_deepest_filters_in_the_deepest_lists(lab: Lab, made: Made, leaf: dict[str, Any], levels: int) -> None:
    """SQLite's parser has a stack of a hundred places: filters of five levels, in lists four levels down."""
    where: dict[str, Any] = leaf
    for level in range(levels):
        where = {"not": where} if level % 2 else {"or": [where, {"isTop": True}]}
    inner = "credits(first: 2, where: {item: $where}) { nodes { id item { title } } }"
    for _ in range(3):
        inner = f"children(first: 2, where: $where) {{ totalCount pageInfo {{ hasNextPage }} nodes {{ id {inner} }} }}"
    query = f"""query Q($ids: [ID!]!, $where: MediaItemWhere) {{ nodes(ids: $ids) {{
      ... on Person {{ credits(first: 2, where: {{item: $where}}) {{ nodes {{ id }} totalCount }} }}
      ... on Collection {{ items(first: 2, where: $where) {{ nodes {{ id }} }} }} ... on MediaItem {{ {inner} }} }} }}"""
    values = Generator(lab.schema._schema, 1, made.rows).values
    types = [lab.schema._schema.type_map[name] for name in ("Person", "Collection", "Series", "Artist", "Movie")]
    ids = [each for type_ in types for each in values.ids_of(type_)[:3]]
    answer = await lab.same(query, {"ids": ids, "where": where}, "scoped", is_repeatable=False)
    assert answer["errors"] == []
