"""What a signed-in person is told about an operation that is written wrongly: the type's names, and where things go."""

from typing import Any

import pytest

from tests.api.conftest import Client

INT = "Write { eq: … }; it takes eq, in, gte, lte."
SCOPES = "It has READ, WRITE, SCROBBLE, JOBS, ADMIN, WEBHOOK."
REF = "Give one of id, external, path, mappedPath."
WHERE = "query($where: MediaItemWhere) { movies(where: $where) { totalCount } }"
TOKEN = 'mutation($scopes: [Scope!]!) { createApiToken(input: {name: "x", scopes: $scopes}) { token } }'


@pytest.mark.parametrize(
    ("query", "variables", "advice"),
    [
        ("{ movies(where: {year: 1994}) { totalCount } }", None, INT),
        (WHERE, {"where": {"year": 1994}}, INT),
        (WHERE, {"where": {"year": {"lt": 1994}}}, "It takes eq, in, gte, lte."),
        (TOKEN, {"scopes": ["read"]}, SCOPES),
        ('mutation { createApiToken(input: {name: "x", scopes: [LOOK]}) { token } }', None, SCOPES),
        ('mutation { createApiToken(input: {name: "x", scopes: ["READ"]}) { token } }', None, SCOPES),
        (
            "mutation { bulkUpdateMediaItems(input: {dryRun: true}) { errors { __typename } } }",
            None,
            "It takes edit, errorPolicy",
        ),
        ('{ mediaItem(ref: {id: "itm_1", path: "/x"}) { id } }', None, REF),
        ("query($ref: MediaRef!) { mediaItem(ref: $ref) { id } }", {"ref": {}}, REF),
        ("{ movies { title } }", None, "Its entries are in `nodes { … }`."),
        ('mutation { scanLibrary(library: "lib_1") { job { id } } }', None, "A mutation takes everything in one `input: { … }`."),
    ],
)
async def test_a_refusal_says_how_to_write_it(client: Client, query: str, variables: dict[str, Any] | None, advice: str) -> None:
    [first, *_] = (await client.send(query, variables, who="admin")).json()["errors"]
    assert first["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
    assert advice in first["message"]


@pytest.mark.parametrize(
    ("query", "variables", "message"),
    [
        (
            '{ movies(where: {runtime: {lte: "2 hours"}}) { totalCount } }',
            None,
            "'2 hours' is no ISO 8601 duration of days, hours, minutes and seconds, such as PT1H23M45S.",
        ),
        (
            WHERE,
            {"where": {"createdAt": {"gte": "yesterday"}}},
            "Variable '$where' has invalid value at .createdAt.gte: 'yesterday' is no RFC 3339 moment with time zone,",
        ),
    ],
)
async def test_a_scalar_refuses_in_its_own_words(
    client: Client, query: str, variables: dict[str, Any] | None, message: str
) -> None:
    [error] = (await client.send(query, variables, who="admin")).json()["errors"]
    assert error["message"].startswith(message)
    assert "encountered" not in error["message"]


@pytest.mark.parametrize(
    ("who", "query", "message"),
    [
        ("member", 'mutation { scanLibrary(input: {library: "lib_1"}) { job { id } } }', "This needs a user who may edit"),
        (
            "scrobbler",
            'mutation { deleteMediaItem(input: {item: {id: "itm_1"}}) { deletedId } }',
            "This needs a user who may edit",
        ),
        ("scrobbler", "{ movies { totalCount } }", "This needs the scope read: use a token that has it."),
        ("editor", "{ users { totalCount } }", "Only administrators may do this; a token needs the scope admin."),
    ],
)
async def test_nobody_is_sent_for_a_token_that_they_cannot_have(client: Client, who: str, query: str, message: str) -> None:
    [error] = (await client.send(query, who=who)).json()["errors"]
    assert error["message"].startswith(message)


@pytest.mark.parametrize("query", ["{ movies { title } }", "{ movies(where: {year: 1994}) { totalCount } }"])
async def test_strangers_are_told_nothing_of_the_schema(client: Client, query: str) -> None:
    messages = [error["message"] for error in (await client.send(query)).json()["errors"]]
    assert messages
    assert not any("nodes" in message or "eq" in message for message in messages)


async def test_an_advice_is_bounded(client: Client) -> None:
    answer = (await client.send('{ movies(where: {titel: {eq: "x"}}) { totalCount } }', who="admin")).json()
    assert answer["errors"][0]["message"].endswith("genres, studios, countries, collections …")


@pytest.mark.parametrize(
    ("query", "message"),
    [
        (
            'mutation { scanLibrary(input: {library: "Films"}) { errors { ... on UserError { message } } } }',
            "'Films' is not an id: those of libraries look like lib_1 and stand in answers as `id`.",
        ),
        (
            'mutation { revokeApiToken(input: {id: "itm_1"}) { errors { ... on UserError { message } } } }',
            "'itm_1' is not the id of one of api tokens: those begin with tok_.",
        ),
        (
            'mutation { revokeApiToken(input: {id: "tok_999999"}) { errors { ... on UserError { message } } } }',
            "There is no such token. `viewer { tokens }` lists yours.",
        ),
    ],
)
async def test_a_wrong_id_is_told_from_a_thing_that_is_not_there(client: Client, query: str, message: str) -> None:
    [payload] = (await client.data(query)).values()
    assert payload == {"errors": [{"message": message}]}
