"""The rules asked together find what graphql-core finds when it asks each of them everywhere."""

import pytest
from graphql import build_schema, parse, specified_rules, validate

from api.kit.together import together

SCHEMA = build_schema("""
    directive @once on FIELD
    input Where { year: Int! and: [Where!] }
    input OnlyOne @oneOf { a: Int b: Int }
    interface Item { id: ID! title: String sisters(first: Int, where: Where): [Item!] }
    type Film implements Item { id: ID! title: String sisters(first: Int, where: Where): [Item!] runtime: Int! }
    type Song implements Item { id: ID! title: String sisters(first: Int, where: Where): [Item!] runtime: String }
    type Query { item(id: ID!, one: OnlyOne): Item items(where: Where): [Item!] film: Film }
    type Mutation { rename(id: ID!): Item }
    type Subscription { told: Item also: Item }
""")
DOCUMENTS = (
    "query Q($y: Int!) { items(where: {year: $y}) { ...F sisters { id ... on Film { runtime } } } } fragment F on Item { id }",
    "{ film { titel } }",
    "{ film { title { x } } item(id: 1) }",
    "query Q($a: Int, $a: Int, $b: String, $c: Film) { items(where: {year: $b}) { id } film { sisters(first: $d) { id } } }",
    "query A { film { id } } query A { film { id } } { film { id } }",
    "{ film { id @once @once @skip @nowhere } } query B @once { film { id } }",
    "{ item(id: 1, id: 2, no: 3) { ...A ...Nope ... on Query { id } } } fragment A on Film { ...B } fragment B on Film { ...A }",
    "fragment A on Nothing { id } fragment A on Int { id } fragment U on Film { id }",
    "{ items(where: {and: [{}], year: 1, year: 2, none: {none: 1}}) { id } item { id } }",
    "{ item(id: 1, one: {a: 1, b: 2}) { id } two: item(id: [1], one: {}) { id } }",
    "{ items { ... on Film { runtime } ... on Song { runtime } } film { id: title id } }",
    "subscription { told { id } also { id } __typename }",
    "mutation { rename(id: {a: {b: 1}}) { id ...on Song { id } } }",
    'query Q($w: Where = {year: "x"}) { items(where: $w) { id } film { id } __schema { types { name } } }',
    "type Film { id: ID } { film { id } }",
)


@pytest.mark.parametrize("text", DOCUMENTS)
@pytest.mark.parametrize("most", [1, 100])
def test_both_ways_find_the_same(text: str, most: int) -> None:
    document = parse(text)
    apart = validate(SCHEMA, document, specified_rules, max_errors=most)
    assert [str(each) for each in validate(SCHEMA, document, [together(tuple(specified_rules))], max_errors=most)] == [
        str(each) for each in apart
    ]


def test_nearly_every_rule_finds_something_here() -> None:
    silent = [rule.__name__ for rule in specified_rules if not any(validate(SCHEMA, parse(text), [rule]) for text in DOCUMENTS)]
    assert {name for name in silent if "Stream" not in name} == {"KnownOperationTypesRule", "MaxIntrospectionDepthRule"}
