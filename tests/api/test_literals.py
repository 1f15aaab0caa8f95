"""Prepared literals become what graphql-core makes of them."""

from typing import Any

import pytest
from graphql import GraphQLSchema, Undefined, build_schema, parse, parse_value
from graphql.execution.values import get_variable_values
from graphql.utilities import coerce_input_literal

from api.kit.literals import Incoercible, prepared

SCHEMA = build_schema("""
    enum Color { RED GREEN }
    scalar Anything
    input Range { from: Int to: Int }
    input Strict { must: Int! color: Color = RED }
    input Where { year: Range years: [Range!] in: [Int] must: [Int!] color: Color any: Anything and: [Where!] strict: Strict }
    input OnlyOne @oneOf { a: Int b: Int }
    type Query { f(where: Where, one: OnlyOne): Int }
""")
HEAD = "query Q($n: Int, $m: Int!, $list: [Int], $range: Range, $color: Color, $absent: Int, $any: Anything)"
GIVEN = {"n": None, "m": 5, "list": [1, None], "range": {"to": 3}, "color": "GREEN", "any": {"x": 1}}


def values(schema: GraphQLSchema) -> Any:
    document: Any = parse(HEAD + " { f }")
    return get_variable_values(schema, document.definitions[0].variable_definitions, GIVEN)


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        "{year: {from: $m}}",
        "{year: {from: $n, to: 3}}",
        "{year: $range, years: $range}",
        "{years: [{from: $m}, $range]}",
        "{years: {from: 1, to: $m}}",
        "{in: $list}",
        "{in: [1, $m, $n, null]}",
        "{in: $m}",
        "{must: [$m]}",
        "{color: $color}",
        "{color: GREEN, year: null}",
        "{and: [{and: [{year: {from: $m}}]}, {}]}",
        "{any: $any}",
        '{any: {deep: ["x", 1.5]}}',
        "{strict: {must: $m, color: RED}}",
    ],
)
def test_both_ways_agree(text: str) -> None:
    type_, node, variables = SCHEMA.type_map["Where"], parse_value(text), values(SCHEMA)
    theirs = coerce_input_literal(node, type_, variables)  # type: ignore[arg-type]
    assert theirs is not Undefined
    assert prepared(node, type_)(variables.coerced) == theirs


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Where", "{year: {from: $absent}}"),  # the field is left out
        ("Where", "{in: [$absent]}"),
        ("Where", "{must: [$n]}"),
        ("Where", "{strict: {must: $n, color: RED}}"),
        ("Where", "{strict: {must: $m}}"),  # brings a default
        ("Where", "{any: {x: $m}}"),
        ("Where", "{nowhere: $m}"),
        ("Where", "{year: 7}"),
        ("OnlyOne", "{a: $m}"),
    ],
)
def test_what_is_not_plain_is_left_to_graphql_core(name: str, text: str) -> None:
    with pytest.raises(Incoercible):
        prepared(parse_value(text), SCHEMA.type_map[name])(values(SCHEMA).coerced)
