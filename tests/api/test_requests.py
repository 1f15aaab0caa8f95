"""GraphQL over HTTP: methods, media types, statuses and bodies."""

from typing import Any

import pytest

from api.kit.reading import GRAPHQL_JSON, JSON
from tests.api.conftest import Client

INFO = "{ serverInfo { isSetUp } }"
GOOD = {"data": {"serverInfo": {"isSetUp": True}}, "extensions": {"cost": {"requested": 0, "limit": 20000}}}


async def test_a_query_is_answered_with_its_cost_and_a_request_id(client: Client) -> None:
    response = await client.send(INFO)
    assert (response.status_code, response.json()) == (200, GOOD)
    assert response.headers["content-type"] == f"{GRAPHQL_JSON}; charset=utf-8"
    assert response.headers["cache-control"] == "no-store"
    assert len(response.headers["x-request-id"]) == 16
    assert {"Accept", "Origin"} <= {part.strip() for part in response.headers["vary"].split(",")}


async def test_get_takes_a_query(client: Client) -> None:
    response = await client.http.get("/graphql", params={"query": INFO, "variables": "", "operationName": ""})
    assert (response.status_code, response.json()) == (200, GOOD)


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("*/*", JSON),
        ("", JSON),
        ("application/*", JSON),
        ("application/graphql-response+json", GRAPHQL_JSON),
        ("application/json", JSON),
        ("application/json; charset=utf-8", JSON),
        ("application/json;q=0.9, application/graphql-response+json;q=0.8", JSON),
        ("application/json, application/graphql-response+json", GRAPHQL_JSON),
        ("application/graphql-response+json;q=0, */*", JSON),
        ("APPLICATION/JSON", JSON),
        ("text/event-stream;q=0.1, application/json;q=0.2", JSON),
        ("text/html, */*;q=0.1", JSON),
        ("application/json;q=0.5, application/graphql-response+json;q=0.5, */*", GRAPHQL_JSON),
    ],
)
async def test_the_answer_comes_in_the_type_that_is_liked_best(client: Client, accept: str, media_type: str) -> None:
    response = await client.send(INFO, accept=accept)
    assert (response.status_code, response.headers["content-type"]) == (200, f"{media_type}; charset=utf-8")


@pytest.mark.parametrize(
    "accept", ["text/html", "application/json;q=0", "application/json;q=x", "text/*", "image/png, text/plain"]
)
async def test_nothing_acceptable_is_406(client: Client, accept: str) -> None:
    response = await client.send(INFO, accept=accept)
    assert (response.status_code, response.json()["errors"][0]["extensions"]["code"]) == (406, "NOT_ACCEPTABLE")


@pytest.mark.parametrize(
    ("body", "content_type", "status", "code"),
    [
        (b"null", JSON, 400, "BAD_REQUEST"),
        (b"1", JSON, 400, "BAD_REQUEST"),
        (b'"x"', JSON, 400, "BAD_REQUEST"),
        (b"[]", JSON, 400, "BAD_REQUEST"),
        (b'[{"query":"{__typename}"}]', JSON, 400, "BAD_REQUEST"),
        (b"{}", JSON, 400, "BAD_REQUEST"),
        (b'{"query":""}', JSON, 400, "BAD_REQUEST"),
        (b'{"query":1}', JSON, 400, "BAD_REQUEST"),
        (b'{"query":"{__typename}","variables":[]}', JSON, 400, "BAD_REQUEST"),
        (b'{"query":"{__typename}","variables":"{}"}', JSON, 400, "BAD_REQUEST"),
        (b'{"query":"{__typename}","operationName":1}', JSON, 400, "BAD_REQUEST"),
        (b'{"query":"{__typename}","extensions":1}', JSON, 400, "BAD_REQUEST"),
        (b"[" * 100_000 + b"]" * 100_000, JSON, 400, "BAD_REQUEST"),
        (b'{"variables":' + b'{"a":' * 100_000, JSON, 400, "BAD_REQUEST"),
        (b'{"query":"{__type', JSON, 400, "BAD_REQUEST"),
        (b"", JSON, 400, "BAD_REQUEST"),
        (b"\xff\xfe{}", JSON, 400, "BAD_REQUEST"),
        (b'{"query":"\\ud800"}', JSON, 400, "BAD_REQUEST"),
        ('{"query":"{__typename}"}'.encode("utf-16"), JSON, 400, "BAD_REQUEST"),
        (b'{"query":"{__typename}"}', "application/json; charset=utf-16", 415, "UNSUPPORTED_MEDIA_TYPE"),
        (b'{"query":"{__typename}"}', "text/plain", 415, "UNSUPPORTED_MEDIA_TYPE"),
        (b"query=%7B__typename%7D", "application/x-www-form-urlencoded", 415, "UNSUPPORTED_MEDIA_TYPE"),
        (b"--x", "multipart/form-data; boundary=x", 415, "UNSUPPORTED_MEDIA_TYPE"),
        (b'{"query":"{__typename}"}', "", 415, "UNSUPPORTED_MEDIA_TYPE"),
        (b'{"query":"' + b" " * 2 * 1024 * 1024 + b'{__typename}"}', JSON, 413, "REQUEST_TOO_LARGE"),
    ],
)
async def test_a_body_that_is_no_request_is_refused(
    client: Client, body: bytes, content_type: str, status: int, code: str
) -> None:
    headers = {"content-type": content_type} if content_type else {}
    response = await client.http.post("/graphql", content=body, headers=headers)
    assert (response.status_code, response.json()["errors"][0]["extensions"]["code"]) == (status, code)
    assert response.json()["errors"][0]["extensions"]["requestId"] == response.headers["x-request-id"]


@pytest.mark.parametrize(
    "content_type", ['application/json; charset="UTF-8"', "application/json;charset=utf-8;x=1", "Application/JSON"]
)
async def test_utf_8_may_be_said_in_many_ways(client: Client, content_type: str) -> None:
    body = b'{"query":"{ serverInfo { isSetUp } }"}'
    assert (await client.http.post("/graphql", content=body, headers={"content-type": content_type})).json() == GOOD


async def test_a_body_without_a_length_is_cut_off_too(client: Client) -> None:
    sent = 0

    async def endless() -> Any:
        nonlocal sent
        while sent < 50 * 1024 * 1024:
            sent += 65536
            yield b" " * 65536

    response = await client.http.post("/graphql", content=endless(), headers={"content-type": JSON})
    assert response.status_code == 413
    assert sent <= 2 * 1024 * 1024


@pytest.mark.parametrize("name", ["query", "variables", "operationName", "extensions"])
async def test_a_parameter_given_twice_is_refused(client: Client, name: str) -> None:
    parameters = [("query", INFO), (name, "{}"), (name, "{}")]
    response = await client.http.get("/graphql", params=parameters)
    assert (response.status_code, response.json()["errors"][0]["message"]) == (400, f"{name} is given twice.")


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"])
async def test_other_methods_are_405(client: Client, method: str) -> None:
    response = await client.http.request(method, "/graphql")
    assert response.status_code == 405
    assert {"GET", "POST"} <= {each.strip() for each in response.headers["allow"].split(",")}


async def test_a_browser_that_visits_the_endpoint_is_sent_to_the_page(client: Client) -> None:
    response = await client.http.get("/graphql", headers={"accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert (response.status_code, response.headers["location"]) == (303, "/")


TWO = "query A { serverInfo { isSetUp } } query B { __typename }"


async def test_several_operations_need_a_name(client: Client) -> None:
    response = await client.http.post("/graphql", json={"query": TWO})
    assert response.status_code == 400
    assert response.json()["errors"][0]["message"] == "The document has 2 operations: say in `operationName` which one to run."
    named = await client.http.post("/graphql", json={"query": TWO, "operationName": "B"})
    assert named.json()["data"] == {"__typename": "Query"}


@pytest.mark.parametrize("name", ["C", ""])
async def test_an_operation_that_is_not_there_is_refused(client: Client, name: str) -> None:
    response = await client.http.post("/graphql", json={"query": TWO, "operationName": name})
    assert (response.status_code, response.json()["errors"][0]["extensions"]["code"]) == (400, "BAD_REQUEST")


async def test_a_document_without_operations_is_refused(client: Client) -> None:
    response = await client.send("fragment A on Query { __typename }")
    assert (response.status_code, response.json()["errors"][0]["extensions"]["code"]) == (400, "BAD_REQUEST")


LOGOUT = "mutation { logout(input: {}) { errors { __typename } } }"


@pytest.mark.parametrize("accept", [JSON, GRAPHQL_JSON])
async def test_get_changes_nothing(client: Client, accept: str) -> None:
    headers = {**client.house.headers("member"), "accept": accept}
    response = await client.http.get("/graphql", params={"query": LOGOUT}, headers=headers)
    assert (response.status_code, response.headers["allow"]) == (405, "POST")


async def test_get_changes_nothing_by_an_event_stream_either(client: Client) -> None:
    name = 'mutation { updateProfile(input: {displayName: "Changed"}) { user { displayName } } }'
    headers = {**client.house.headers("member"), "accept": "text/event-stream"}
    response = await client.http.get("/graphql", params={"query": name}, headers=headers)
    assert '"code":"BAD_REQUEST"' in response.text
    data = await client.data("{ viewer { displayName } }", who="member")
    assert data == {"viewer": {"displayName": None}}


async def test_a_subscription_is_not_posted_for_json(client: Client) -> None:
    response = await client.send("subscription { jobProgressed { __typename } }", who="member")
    assert (response.status_code, response.json()["errors"][0]["extensions"]["code"]) == (400, "BAD_REQUEST")


@pytest.mark.parametrize(("accept", "status"), [(GRAPHQL_JSON, 400), (JSON, 200)])
@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("query A($n: Int!) { movies(first: $n) { totalCount } }", "GRAPHQL_VALIDATION_FAILED"),
    ],
)
async def test_statuses_of_wrong_documents(client: Client, query: str, code: str, accept: str, status: int) -> None:
    response = await client.send(query, who="admin", accept=accept)
    assert (response.status_code, response.json()["errors"][0]["extensions"]["code"]) == (status, code)
    assert "data" not in response.json()


async def test_a_field_that_is_refused_leaves_the_others(client: Client) -> None:
    response = await client.send("{ serverInfo { isSetUp } viewer { id } }")
    assert response.status_code == 200
    assert response.json()["data"] == {"serverInfo": {"isSetUp": True}, "viewer": None}
    assert response.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def test_strangers_learn_nothing_of_the_schema(client: Client) -> None:
    response = await client.send("{ __schema { types { name } } }")
    assert (response.status_code, response.json()["errors"][0]["extensions"]["code"]) == (401, "UNAUTHENTICATED")
    wrong = "{ serverInf { version } }"
    assert (await client.send(wrong)).json()["errors"][0]["message"] == "Cannot query field 'serverInf' on type 'Query'."
    assert "Did you mean 'serverInfo'" in (await client.send(wrong, who="member")).json()["errors"][0]["message"]


async def test_paths_that_are_not_there_are_404(client: Client) -> None:
    assert (await client.http.get("/nothing")).status_code == 404
    assert (await client.http.get("/graphql/nothing")).status_code == 404


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"query": INFO, "variables": "{x"}, "`variables` is not valid JSON (line 1, column 2)."),
        ({"query": INFO, "extensions": "null, 1"}, "`extensions` is not valid JSON (line 1, column 5)."),
    ],
)
async def test_a_get_names_the_part_that_is_not_json(client: Client, params: dict[str, str], message: str) -> None:
    response = await client.http.get("/graphql", params=params)
    assert response.status_code == 400
    assert response.json()["errors"][0]["message"] == message


@pytest.mark.parametrize(
    ("body", "place"),
    [(b"", ": it is empty"), (b'{"query":\n }', " (line 2, column 2)"), (b"query=%7B%7D", " (line 1, column 1)")],
)
async def test_a_body_that_is_not_json_is_told_where(client: Client, body: bytes, place: str) -> None:
    response = await client.http.post("/graphql", content=body, headers={"content-type": "application/json"})
    assert response.json()["errors"][0]["message"] == f"The request is not valid JSON{place}."
