"""Nonsense in the values of an operation is the client's fault: told with a code, at once, never as a fault of the server."""

import time
from typing import Any

import pytest

from tests.api.conftest import Client

pytestmark = pytest.mark.both

_ZONE = "mutation($zone: TimeZone!) { updateProfile(input: {timezone: $zone}) { errors { __typename } } }"
_WHERE = "query($where: MediaItemWhere) { mediaItems(where: $where) { totalCount } }"


@pytest.mark.parametrize(
    ("query", "variables", "words"),
    [
        (_ZONE, {"zone": "Mars/Olympus"}, "'Mars/Olympus' is no time zone"),
        (_ZONE, {"zone": []}, "TimeZone"),
        ('mutation { updateProfile(input: {timezone: "Mars"}) { errors { __typename } } }', None, "TimeZone"),
        ('mutation { createApiToken(input: {name: "a", scopes: [READ], expiresAt: "soon"}) { token } }', None, "RFC 3339"),
        (f"{{ mediaItems(first: {'9' * 5000}) {{ totalCount }} }}", None, "Int"),
    ],
    ids=["variable", "variable of another shape", "literal", "moment", "number of 5,000 digits"],
)
async def test_a_value_that_its_scalar_refuses_is_no_internal_error(
    client: Client, query: str, variables: dict[str, Any] | None, words: str
) -> None:
    answer = await client.send(query, variables, who="member")
    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["extensions"]["code"]) == (400, "GRAPHQL_VALIDATION_FAILED"), error
    assert words in error["message"]


@pytest.mark.parametrize("where", [{"or": [{}] * 1500}, {"and": [{}] * 51}, {"not": {"or": [{"and": []}] * 51}}])
async def test_empty_branches_of_a_filter_count(client: Client, where: dict[str, Any]) -> None:
    (error,) = (await client.send(_WHERE, {"where": where}, who="member")).json()["errors"]
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert error["message"] == "A filter has at most 50 conditions."


async def test_a_filter_of_fifty_conditions_in_groups_is_taken(client: Client) -> None:
    where = {"or": [{"and": [{"year": {"gte": 1900}}, {"year": {"lte": 2100}}]}] * 25}
    assert await client.data(_WHERE, {"where": where}, who="member") == {"mediaItems": {"totalCount": 0}}


@pytest.mark.parametrize(
    "where",
    [{"or": [{}] * 100_000}, {"year": {"in": list(range(5_000))}}, {"and": [{"and": [{}] * 50}] * 1_000}],
    ids=["wide", "list", "nested"],
)
async def test_variables_are_bounded_before_they_are_read(client: Client, where: dict[str, Any]) -> None:
    """100,000 empty objects, 300 kB, held the event loop for 45 s; no deadline ends that."""
    began = time.process_time()
    answer = await client.send(_WHERE, {"where": where}, who="member")
    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["extensions"]["code"]) == (400, "LIMIT_EXCEEDED")
    assert error["extensions"]["limit"] == "variables"
    assert time.process_time() - began < 2
