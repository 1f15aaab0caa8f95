"""The 61 checks of graphql-http 1.23.1 (lib/audits/server.js, MIT), by their ids, said in Python."""

import json
from typing import Any, Final

import pytest

from api.kit.reading import GRAPHQL_JSON, JSON
from tests.api.conftest import Client

POST: Final = {"content-type": JSON}
GOOD: Final = {"query": "{ __typename }"}
NAMED: Final = {"operationName": "Query", "query": "query Query { __typename }"}
UNKNOWN: Final = {"query": "{ 8f31403dfe404bccbb0e835f2629c6a7 }"}
WRONG: Final = {"query": "query CoerceFailure($id: ID!){ __typename }", "variables": {"id": None}}
TYPE: Final = {"query": "query Type($name: String!) { __type(name: $name) { name } }", "variables": {"name": "sometype"}}
INVALID: Final = ({"obj": "ect"}, 0, False, ["array"])
INVALID_MAPS: Final = ("string", 0, False, ["array"])
BROKEN: Final = '{ "not a JSON'


def posted(body: Any, accept: str = "", content_type: str = JSON) -> tuple[str, dict[str, Any]]:
    headers = {name: value for name, value in (("content-type", content_type), ("accept", accept)) if value}
    return "POST", {"content": body if isinstance(body, str) else json.dumps(body), "headers": headers}


def got(parameters: dict[str, Any], accept: str = "") -> tuple[str, dict[str, Any]]:
    values = {name: value if isinstance(value, str) else json.dumps(value) for name, value in parameters.items()}
    return "GET", {"params": values, "headers": {"accept": accept} if accept else {}}


Check = tuple[str, tuple[str, dict[str, Any]], range, str]
OK, CLIENT, FAILED, ANY = range(200, 201), range(400, 500), range(400, 600), range(200, 600)
BAD: Final = range(400, 401)

CHECKS: Final[list[Check]] = [
    ("22EB", posted(GOOD, GRAPHQL_JSON), OK, GRAPHQL_JSON),
    ("4655", posted(GOOD, JSON), OK, JSON),
    ("47DE", posted(GOOD, "*/*"), OK, JSON),
    ("80D8", posted(GOOD), OK, JSON),
    ("82A3", posted(GOOD), OK, "utf-8"),
    ("BF61", posted({"query": '{ __type(name: "Run🏃Swim🏊") { name } }'}, content_type=f"{JSON}; charset=utf-8"), OK, ""),
    ("78D5", posted(GOOD), OK, ""),
    ("2C94", posted(GOOD), OK, ""),
    ("5A70", got(GOOD), OK, ""),
    ("9C48", got({"query": "mutation { __typename }"}, GRAPHQL_JSON), CLIENT, ""),
    ("9ABE", posted(GOOD, content_type="text/plain;charset=UTF-8"), CLIENT, ""),
    ("03D4", posted(GOOD), OK, ""),
    ("A5BF", posted(""), BAD, ""),
    ("423L", posted({"notquery": "{ __typename }"}, GRAPHQL_JSON), BAD, ""),
    *[(f"LKJ{n}", posted({"query": each}), BAD, "") for n, each in enumerate(INVALID)],
    ("34A2", posted(GOOD, GRAPHQL_JSON), OK, ""),
    ("13EE", posted(GOOD, JSON), OK, "data"),
    *[(f"6C0{n}", posted({**GOOD, "operationName": each}), BAD, "") for n, each in enumerate(INVALID)],
    ("8161", posted(NAMED, GRAPHQL_JSON), OK, ""),
    ("B8B3", posted(NAMED, JSON), OK, "data"),
    *[(f"94B{n}", posted({**GOOD, each: None}, GRAPHQL_JSON), OK, "data")
      for n, each in enumerate(("variables", "operationName", "extensions"))],
    *[(f"022{n}", posted({**GOOD, each: None}, JSON), OK, "data")
      for n, each in enumerate(("variables", "operationName", "extensions"))],
    *[(f"476{n}", posted({**GOOD, "variables": each}), BAD, "") for n, each in enumerate(INVALID_MAPS)],
    ("2EA1", posted(TYPE, GRAPHQL_JSON), OK, ""),
    ("28B9", posted(TYPE, JSON), OK, "data"),
    ("D6D5", got(TYPE, GRAPHQL_JSON), OK, "data"),
    ("6A70", got(TYPE, JSON), OK, "data"),
    *[(f"58B{n}", posted({**GOOD, "extensions": each}), BAD, "") for n, each in enumerate(INVALID_MAPS)],
    ("428F", posted({**GOOD, "extensions": {"some": "value"}}, GRAPHQL_JSON), OK, ""),
    ("1B7A", posted({**GOOD, "extensions": {"some": "value"}}, JSON), OK, "data"),
    ("B6DC", posted(BROKEN, JSON), ANY, ""),
    ("BCF8", posted(BROKEN, JSON), BAD, ""),
    ("B7N8", posted(BROKEN, GRAPHQL_JSON), BAD, ""),
    ("8764", posted({"qeury": "{ __typename }"}), FAILED, ""),
    ("3E3A", posted({"qeury": "{ __typename }"}), BAD, ""),
    ("572B", posted({"query": "{"}, JSON), OK, ""),
    ("FDE2", posted(UNKNOWN, JSON), OK, ""),
    ("7B9B", posted(WRONG, JSON), OK, ""),
    ("865D", posted({"query": "{"}, GRAPHQL_JSON), FAILED, ""),
    ("556A", posted({"query": "{"}, GRAPHQL_JSON), BAD, ""),
    ("D586", posted({"query": "{"}, GRAPHQL_JSON), FAILED, "no data"),
    ("51FE", posted(UNKNOWN, GRAPHQL_JSON), FAILED, ""),
    ("74FF", posted(UNKNOWN, GRAPHQL_JSON), BAD, ""),
    ("5E5B", posted(UNKNOWN, GRAPHQL_JSON), FAILED, "no data"),
    ("86EE", posted(WRONG, GRAPHQL_JSON), BAD, ""),
]  # fmt: skip
"""(id, request, statuses, what else: a word of the content type, `data` without errors, or `no data`)."""


def test_there_are_sixty_one() -> None:
    assert len({name for name, *_ in CHECKS}) == len(CHECKS) == 61


async def test_every_check_passes(client: Client) -> None:
    """As a signed-in user: some checks ask for a type, and strangers are not told of the schema."""
    del client.http.headers["accept"]
    failed = []
    for name, (method, request), statuses, more in CHECKS:
        headers = {**client.house.headers("member"), **request["headers"]}
        response = await client.http.request(method, "/graphql", **{**request, "headers": headers})
        is_good = response.status_code in statuses
        if more == "data":
            is_good = is_good and "errors" not in response.json()
        elif more == "no data":
            is_good = is_good and "data" not in response.json()
        else:
            is_good = is_good and more in response.headers["content-type"]
        if not is_good:
            failed.append((name, response.status_code, response.text[:200]))
    assert failed == []


@pytest.mark.parametrize("accept", [JSON, GRAPHQL_JSON])
async def test_strangers_pass_all_that_do_not_ask_for_the_schema(client: Client, accept: str) -> None:
    response = await client.http.post("/graphql", json=GOOD, headers={"accept": accept})
    assert (response.status_code, response.json()["data"]) == (200, {"__typename": "Query"})
