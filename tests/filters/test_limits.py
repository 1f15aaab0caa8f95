"""A filter that asks for too much is refused, and told which limit it exceeds."""

from typing import Any

import pytest

from tests.api.conftest import Client

_QUERY = """query($w: MediaItemWhere, $o: [MediaItemOrder!]) { movies(where: $w, orderBy: $o) { nodes { id } } }"""


def _deep(levels: int) -> dict[str, Any]:
    return {"year": {"eq": 1}} if levels == 1 else {"not": _deep(levels - 1)}


@pytest.mark.parametrize(
    ("variables", "limit", "allowed"),
    [
        ({"w": _deep(6)}, "filterDepth", 5),
        ({"w": {"genres": {"allOf": [f"gen_{n}" for n in range(51)]}}}, "filterConditions", 50),
        ({"w": {"or": [{"file": {"container": {"eq": "a"}, "videoCodec": {"eq": "b"}}}] * 26}}, "filterConditions", 50),
        ({"w": {"year": {"in": list(range(101))}}}, "filterValues", 100),
        ({"o": [{"field": "YEAR"}] * 4}, "orderBy", 3),
    ],
    ids=["deep", "many by allOf", "many by parts", "values", "keys"],
)
async def test_the_error_names_the_limit(client: Client, variables: dict[str, Any], limit: str, allowed: int) -> None:
    (error,) = (await client.send(_QUERY, variables, who="member")).json()["errors"]
    found = error["extensions"]
    assert (found["code"], found["limit"], found["allowed"]) == ("BAD_USER_INPUT", limit, allowed)


async def test_what_lies_at_the_limits_is_taken(client: Client) -> None:
    where = {"genres": {"allOf": [f"gen_{n}" for n in range(50)]}}
    for variables in ({"w": _deep(5)}, {"w": where}, {"w": {"year": {"in": list(range(100))}}}, {"o": [{"field": "YEAR"}] * 3}):
        assert await client.data(_QUERY, variables, who="member") == {"movies": {"nodes": []}}


@pytest.mark.parametrize(
    ("where", "words"),
    [
        ({"genres": {"anyOf": ["itm_1"]}}, "not the id of one of genres"),
        ({"rating": {"source": "imdb", "value": {"gte": 11}}}, "between 0 and 10"),
        ({"edition": {"eq": "a\x00"}}, "cannot be stored"),
    ],
)
async def test_nonsense_is_the_clients_fault(client: Client, where: dict[str, Any], words: str) -> None:
    (error,) = (await client.send(_QUERY, {"w": where}, who="member")).json()["errors"]
    assert words in error["message"], error


async def test_extreme_values_find_nothing_and_break_nothing(client: Client) -> None:
    for where in ({"runtime": {"gte": "PT9999999H"}}, {"popularity": {"gte": 1e308}}, {"kind": []}, {"missing": []}):
        assert await client.data(_QUERY, {"w": where}, who="member") == {"movies": {"nodes": []}}


@pytest.mark.both
@pytest.mark.parametrize("filter_", [{"eq": 2**31 - 1}, {"in": [-(2**31), 1990]}, {"gte": 40_000}, {"lte": -40_000}])
async def test_a_number_that_no_column_holds_matches_nothing(client: Client, filter_: dict[str, Any]) -> None:
    query = "query($w: JobWhere!) { jobs(where: $w) { nodes { id } } }"
    assert await client.data(query, {"w": {"priority": filter_}}, who="admin") == {"jobs": {"nodes": []}}
