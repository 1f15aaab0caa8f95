"""More rules of the schema's shape: ids, PageInfo, names, list arguments with a maximum, a cost for every connection."""

import re
from collections.abc import Callable

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLSchema,
    build_schema,
    get_named_type,
    get_nullable_type,
    get_operation_ast,
    is_list_type,
    parse,
)

from api.kit.measuring import measure
from tests.rules.schema import objects, parts, schema

OWN_WORDS = {"Album.albumType": "`type` alone would read as the sort of item; the input has the same name"}
"""Fields that begin with their type's name, each with its reason."""


def prefixed(of: GraphQLSchema) -> list[str]:
    """A field does not repeat its type's name: `Library.name`, not `Library.libraryName`."""
    return [
        name
        for type_ in objects(of)
        for field in type_.fields
        if re.match(rf"{type_.name[0].lower()}{type_.name[1:]}([A-Z]|$)", field)
        and (name := f"{type_.name}.{field}") not in OWN_WORDS
    ]


def lax_ids(of: GraphQLSchema) -> list[str]:
    """`id` is `ID!`, and whoever has one is a Node, so that caches may trust it."""
    found = []
    for type_ in objects(of):
        if (field := type_.fields.get("id")) is not None:
            is_node = type_.name == "Node" or "Node" in [each.name for each in type_.interfaces]
            found += [f"{type_.name}.id"] if str(field.type) != "ID!" or field.args or not is_node else []
    return found


PAGE_INFO = {"hasNextPage": "Boolean!", "hasPreviousPage": "Boolean!", "startCursor": "String", "endCursor": "String"}


def odd_page_info(of: GraphQLSchema) -> list[str]:
    """Relay's PageInfo, as its specification has it."""
    fields = getattr(of.type_map.get("PageInfo"), "fields", {})
    return [] if {name: str(field.type) for name, field in fields.items()} == PAGE_INFO else ["PageInfo"]


def endless_arguments(of: GraphQLSchema) -> list[str]:
    """A list that is handed in has a maximum, and says so; a list of enum values has as many as the enum."""
    found = []
    for name, part in parts(of):
        owner = of.type_map[name.partition(".")[0]]
        is_input = name.endswith(")") or isinstance(owner, GraphQLInputObjectType)
        if not is_input or "." not in name or not is_list_type(get_nullable_type(part.type)):
            continue
        inner, said = get_named_type(part.type), f"{part.description}"
        is_condition = re.search(r"counts as a condition", said) or (
            name.endswith(("Where.and", "Where.or")) and "at most 50 conditions" in f"{owner.description}"
        )
        if not (isinstance(inner, GraphQLEnumType) or is_condition or re.search(r"[Aa]t most (\d|three)|1 to \d", said)):
            found.append(name)
    return found


def uncosted(of: GraphQLSchema) -> list[str]:
    """Every connection costs 2 and one for each entry asked for, whoever offers it."""
    found = []
    for type_ in objects(of):
        for name, field in type_.fields.items():
            if get_named_type(field.type).name.endswith("Connection") and type_ is not of.mutation_type:
                selection = f"{{ {name}(first: 7) {{ nodes {{ __typename }} }} }}"
                is_root = type_ is of.query_type
                document = parse(f"query {selection if is_root else f'{{ node {{ ... on {type_.name} {selection} }} }}'}")
                operation = get_operation_ast(document)
                assert operation is not None
                size, _ = measure(of, document, operation, {})
                found += [] if size.cost == 2 + 7 else [f"{type_.name}.{name}"]
    return found


RULES: list[Callable[[GraphQLSchema], list[str]]] = [prefixed, lax_ids, odd_page_info, endless_arguments, uncosted]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_schema_keeps_the_rule(rule: Callable[[GraphQLSchema], list[str]]) -> None:
    assert rule(schema()) == []


def test_reasons_are_given_only_where_one_is_needed() -> None:
    assert [name for name in OWN_WORDS if name not in dict(parts(schema()))] == []


PLANTED = """
    type Query { node: A  many(ids: [ID!]!, kinds: [Kind!]): Int  as(first: Int): AConnection }
    type A { aName: String  id: String }
    type B { id: ID! }
    type AConnection { nodes: [A!]! }
    enum Kind { X }
    type PageInfo { hasNextPage: Boolean }
    input AWhere { and: [AWhere!]  names: [String!] }
    input BInput { "At most 5." few: [Int!]  "Many." many: [Int!] }
"""


@pytest.mark.parametrize(
    ("rule", "found"),
    [
        (prefixed, ["A.aName"]),
        (lax_ids, ["A.id", "B.id"]),
        (odd_page_info, ["PageInfo"]),
        (endless_arguments, ["AWhere.and", "AWhere.names", "BInput.many", "Query.many(ids)"]),
        (uncosted, ["Query.as"]),
    ],
)
def test_a_broken_rule_is_found(rule: Callable[[GraphQLSchema], list[str]], found: list[str]) -> None:
    assert sorted(rule(build_schema(PLANTED))) == found
