"""Operations that are too large: refused before validation, by limit and number, in linear time."""

from typing import Any

import pytest
from graphql import GraphQLError, OperationDefinitionNode, get_introspection_query, parse

from api.kit.limits import Sizes, check
from api.kit.measuring import CAP, Size, measure
from api.playground.examples import Example, examples
from api.schema import build_schema
from domain.settings import Settings
from tests.api.conftest import Client
from tests.factories.work import counted

SCHEMA = build_schema()._schema
LOGIN = 'login(input: {username: "anna", password: "wrong"}) { errors { __typename } }'


def size(text: str, **variables: Any) -> Size:
    document = parse(text)
    (operation,) = [each for each in document.definitions if isinstance(each, OperationDefinitionNode)]
    return measure(SCHEMA, document, operation, variables)[0]


def refusal(text: str, **variables: Any) -> str | None:
    document = parse(text)
    (operation,) = [each for each in document.definitions if isinstance(each, OperationDefinitionNode)]
    found = check(measure(SCHEMA, document, operation, variables)[0], operation.operation, Settings())
    return None if found is None else found.message


@pytest.mark.parametrize(
    ("query", "cost"),
    [
        ("{ serverInfo { isSetUp } }", 0),
        ("{ movies { totalCount pageInfo { hasNextPage } } }", 2),
        ("{ movies { nodes { id } } }", 2 + 25),
        ("{ movies(first: 10) { nodes { id } } }", 2 + 10),
        ("{ movies(last: 10) { edges { cursor node { id } } } }", 2 + 10),
        ("{ movies(first: 10) { nodes { library { name } mediaType { id } } } }", 2 + 10),
        ("{ movies(first: 10) { nodes { credits(first: 5) { nodes { id } } } } }", 2 + 10 * (1 + 2 + 5)),
        ("{ movies(first: 10) { nodes { genres { name } } } }", 2 + 10 * (1 + 2 + 10)),
        ("{ movies(first: 1000000) { nodes { id } } }", 2 + 500),
        ("{ movies(first: -5) { nodes { id } } }", 2),
        ('{ nodes(ids: ["itm_1", "itm_2"]) { id } }', 2 + 2),
        ("{ movies(where: {year: {gte: 1990}}) { nodes { id } } }", 2 + 25),
        ("{ movies(first: 10) { nodes { credits(first: 5, where: {}) { nodes { id } } } } }", 2 + 10 * (1 + 2 + 5 + 10)),
        ("{ series(first: 10) { nodes { seasons(orderBy: []) { id } } } }", 2 + 10 * (1 + 2 + 10 + 10)),
        ("{ nothing { at { all } } }", 0),
        ("{ a: movies(first: 3) { nodes { ...F } } } fragment F on Movie { id credits(first: 2) { nodes { id } } }", 2 + 3 * 5),
        ("{ movies(first: 3) { nodes { ... on MediaItem { children(first: 2) { nodes { id } } } } } }", 2 + 3 * 5),
    ],
)
def test_cost(query: str, cost: int) -> None:
    assert size(query).cost == cost


def test_cost_follows_the_variables() -> None:
    query = "query A($n: Int = 40, $ids: [ID!]!) { movies(first: $n) { nodes { id } } nodes(ids: $ids) { id } }"
    assert size(query, ids=["a"]).cost == 42 + 3
    assert size(query, ids=["a", "b"], n=100).cost == 102 + 4
    assert size(query, ids="a", n=None).cost == 27 + 3


async def test_a_remembered_document_is_weighed_with_its_own_variables(client: Client) -> None:
    query = "query A($n: Int) { movies(first: $n) { nodes { id } } }"
    for number in (3, 7, 3):
        response = await client.send(query, {"n": number}, who="member")
        assert response.json()["extensions"] == {"cost": {"requested": 2 + number, "limit": 20_000}}


def test_what_depends_on_no_variable_is_measured_once(monkeypatch: pytest.MonkeyPatch) -> None:
    text, sizes = "{ serverInfo { isSetUp } }", Sizes()
    first = sizes.of(SCHEMA, parse(text), text, None, {})
    monkeypatch.setattr("api.kit.limits.measure", lambda *_: pytest.fail("measured again"))
    assert sizes.of(SCHEMA, parse(text), text, None, {"other": 1}) is first


def test_remembered_sizes_are_bounded() -> None:
    sizes = Sizes(kept=2, kept_bytes=100)
    for number in range(5):
        text = f"{{ a{number}: __typename }}"
        sizes.of(SCHEMA, parse(text), text, None, {})
    assert len(sizes) == 2
    long = "{ __typename } #" + "x" * 200
    sizes.of(SCHEMA, parse(long), long, None, {})
    assert len(sizes) == 0


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("{ " + "a" + " a".join(f"{n}: __typename" for n in range(21)) + " }", "21 root fields; at most 20 are"),
        ("mutation { " + " ".join(f"a{n}: logout" for n in range(6)) + " }", "6 mutations; at most 5 are"),
        (f"mutation {{ a: {LOGIN} b: {LOGIN} }}", "2 mutations that try a secret; at most 1 are"),
        (f"mutation {{ ...F b: {LOGIN} }} fragment F on Mutation {{ {LOGIN} }}", "2 mutations that try a secret; at most 1 are"),
        ("{ " + "a{" * 12 + "a" + "}" * 12 + " }", "13 levels of depth; at most 12 are"),
        ("{ a { " + " ".join(f"a{n}: b" for n in range(61)) + " } }", "61 aliases; at most 60 are"),
        ("{ __schema { description } a: __schema { description } }", "2 introspections; at most 1 are"),
        (
            "{ mediaItems(first: 500) { nodes { children(first: 500) { nodes { id } } } } }",
            f"{2 + 500 * (1 + 2 + 500):,} points of cost; at most 20,000 are",
        ),
        (
            "{ a { ...A b { ...A } } } fragment A on X { " + " ".join(f"f{n}" for n in range(2501)) + " }",
            "5,004 fields with its fragments written out; at most 5,000 are",
        ),
    ],
)
def test_a_refusal_says_which_limit_and_by_how_much(query: str, message: str) -> None:
    assert (refusal(query) or "").startswith(f"This operation has {message} allowed.")


@pytest.mark.parametrize(
    "query",
    [
        "{ " + "a" + " a".join(f"{n}: __typename" for n in range(20)) + " }",
        "{ " + "a{" * 11 + "a" + "}" * 11 + " }",
        "{ a { " + " ".join(f"a{n}: b" for n in range(60)) + " } }",
        "mutation { " + " ".join(f"a{n}: logout" for n in range(5)) + " }",
        get_introspection_query(),
    ],
)
def test_what_just_fits_is_let_through(query: str) -> None:
    assert refusal(query) is None


@pytest.mark.parametrize("example", examples(), ids=lambda each: each.name)
def test_every_example_of_the_playground_fits(example: Example) -> None:
    document = parse(example.document)
    operations = [each for each in document.definitions if isinstance(each, OperationDefinitionNode)]
    sizes = [(measure(SCHEMA, document, each, example.variables)[0], each.operation) for each in operations]
    assert [check(found, kind, Settings()) for found, kind in sizes] == [None] * len(operations)


def doubling(levels: int, body: str = "...F# ...F#", on: str = "Query") -> str:
    inner = "".join(f"fragment F{n} on {on} {{ {body.replace('#', str(n + 1))} }} " for n in range(levels))
    return f"{inner} fragment F{levels} on {on} {{ __typename }}"


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("{ ...F0 } " + doubling(200), f"more than {CAP:,} root fields"),
        ("{ mediaItems { nodes { ...F0 } } } " + doubling(200, "parent { ...F# } root { ...F# }", "MediaItem"), "203 levels"),
        (
            "{ mediaItems { nodes { ...F0 } } } "
            + doubling(8, "parent { ...F# } root { ...F# } a: parent { ...F# }", "MediaItem"),
            "al",
        ),
        ("{ ...F0 } " + doubling(200).replace("F200 on Query { __typename", "F200 on Query { ...F0"), ""),
    ],
)
def test_nested_fragments_cost_no_time(query: str, words: str) -> None:
    document = parse(query)
    operation = document.definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    with counted() as work:
        found = measure(SCHEMA, document, operation, {})[0]
    error = check(found, operation.operation, Settings())
    assert words in (error.message if error else "")
    assert work.calls < 60_000  # expanding 200 levels would outlast the sun


async def test_a_thousand_aliased_logins_are_not_one_guess(client: Client) -> None:
    query = "mutation { " + " ".join(f"a{n}: {LOGIN}" for n in range(1000)) + " }"
    refused = await client.send(query)
    assert (refused.status_code, refused.json()["errors"][0]["extensions"]["code"]) == (400, "LIMIT_EXCEEDED")
    query = "mutation { " + " ".join(f"a{n}: {LOGIN}" for n in range(2)) + " }"
    refused = await client.send(query)
    assert refused.json()["errors"][0]["extensions"] == {
        "code": "LIMIT_EXCEEDED", "limit": "authMutations", "requested": 2, "allowed": 1,
        "requestId": refused.headers["x-request-id"],
    }  # fmt: skip
    with client.house.database.read() as session:
        assert session.connection().exec_driver_sql("SELECT count(*) FROM login_attempts").scalar() == 0


def test_a_name_that_means_nothing_is_refused() -> None:
    text = "query A { __typename }"
    with pytest.raises(GraphQLError, match="no such operation"):
        Sizes().of(SCHEMA, parse(text), text, "B", {})


async def test_a_document_of_many_operations_is_refused_and_one_of_twenty_is_not(client: Client) -> None:
    def operations(count: int) -> dict[str, str]:
        return {"query": " ".join(f"query Q{n} {{ __typename }}" for n in range(count)), "operationName": "Q7"}

    refused = (await client.http.post("/graphql", json=operations(21), headers=client.house.headers("member"))).json()
    assert refused["errors"][0]["message"] == "The document has 21 operations; at most 20 are allowed."
    assert refused["errors"][0]["extensions"]["limit"] == "operations"
    answered = await client.http.post("/graphql", json=operations(20), headers=client.house.headers("member"))
    assert answered.json()["data"] == {"__typename": "Query"}


async def test_fields_that_overlap_too_often_are_refused_and_twenty_five_fragments_are_not(client: Client) -> None:
    many = "{ movies { nodes { " + "parent { id } " * 120 + "} } }"
    refused = (await client.send(many, who="member")).json()["errors"]
    assert [each["extensions"]["limit"] for each in refused] == ["overlaps"]
    spreads = " ".join(f"...F{n}" for n in range(25))
    fragments = " ".join(f"fragment F{n} on Movie {{ id title year library {{ id name }} }}" for n in range(25))
    assert (await client.send(f"{{ movies {{ nodes {{ {spreads} }} }} }} {fragments}", who="member")).status_code == 200


@pytest.mark.parametrize(("padding", "is_guessed"), [(0, True), (5000, False)])
async def test_what_was_meant_is_guessed_in_short_documents(client: Client, padding: int, is_guessed: bool) -> None:
    response = await client.send("{ serverInf { version } } #" + "x" * padding, who="member")
    assert ("Did you mean" in response.json()["errors"][0]["message"]) is is_guessed
