"""What clients learn of failures, and how long anything may take."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog
from sqlmodel import Session

import api.accounts.mutations
import api.system.queries
from api.kit.reading import JSON
from domain.accounts.tables import User
from domain.kit.errors import Conflict
from domain.settings import Settings
from tests.api.conftest import Client

INFO = "{ serverInfo { isSetUp } }"
SECRET = "secret db password"
MASKED = "Something went wrong inside the server. Its log tells more under the request id."


def failing(error: Exception) -> Any:
    def fail(_: Session) -> bool:
        raise error

    return fail


@pytest.mark.parametrize("error", [RuntimeError(SECRET), KeyError(SECRET), RecursionError(SECRET), OSError(5, SECRET)])
async def test_a_bug_is_masked_and_logged_under_the_request_id(
    client: Client, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    monkeypatch.setattr(api.system.queries, "has_admin", failing(error))
    with structlog.testing.capture_logs() as logs:
        response = await client.send(INFO)
    request_id = response.headers["x-request-id"]
    assert (response.status_code, response.json()["data"]) == (200, {"serverInfo": None})
    (shown,) = response.json()["errors"]
    assert shown["message"] == MASKED
    assert shown["extensions"] == {"code": "INTERNAL", "requestId": request_id}
    assert shown["path"] == ["serverInfo"]
    assert SECRET not in response.text
    (line,) = logs
    assert (line["event"], line["request_id"], line["path"]) == ("resolver_failed", request_id, ["serverInfo"])
    assert line["exc_info"][1] is error


async def test_an_expected_failure_of_a_read_is_told_in_full(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api.system.queries, "has_admin", failing(Conflict("The present state forbids it.")))
    with structlog.testing.capture_logs() as logs:
        response = await client.send(INFO)
    (shown,) = response.json()["errors"]
    assert (shown["message"], shown["extensions"]["code"]) == ("The present state forbids it.", "CONFLICT")
    assert logs == []


@pytest.mark.parametrize(("accept", "status"), [("*/*", 500), (JSON, 500)])
async def test_a_fault_of_the_server_itself_is_500(
    client: Client, monkeypatch: pytest.MonkeyPatch, accept: str, status: int
) -> None:
    async def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError(SECRET)

    monkeypatch.setattr("api.kit.auth.identify", fail)
    with structlog.testing.capture_logs() as logs:
        response = await client.send(INFO, accept=accept)
    assert response.status_code == status
    assert SECRET not in response.text
    assert response.json()["errors"][0]["extensions"] == {"code": "INTERNAL", "requestId": response.headers["x-request-id"]}
    assert [line["event"] for line in logs] == ["request_failed"]


async def test_many_errors_are_cut_short_and_not_logged(client: Client) -> None:
    with structlog.testing.capture_logs() as logs:
        response = await client.send("{ serverInfo { " + " ".join(f"f{n}" for n in range(90)) + " } }")
    assert len(response.json()["errors"]) == 6  # five, and that there are more
    assert all(error["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED" for error in response.json()["errors"])
    assert logs == []


@pytest.mark.parametrize(
    ("query", "variables", "code"),
    [
        ("query A($n: Int) { movies(first: $n) { totalCount } }", {"n": "x"}, "GRAPHQL_VALIDATION_FAILED"),
        ("{ movies(first: -1) { totalCount } }", None, "INVALID_ARGUMENT"),
        ("{ movies(first: 1000000) { totalCount } }", None, "INVALID_ARGUMENT"),
        ("{ movies(first: 1, last: 1) { totalCount } }", None, "INVALID_ARGUMENT"),
        ('{ movies(after: "x") { totalCount } }', None, "INVALID_CURSOR"),
        ('{ mediaFiles(library: "itm_1") { totalCount } }', None, "BAD_USER_INPUT"),
        ("{ users { totalCount } }", None, "FORBIDDEN"),
    ],
)
async def test_every_error_has_a_code(client: Client, query: str, variables: dict[str, Any] | None, code: str) -> None:
    response = await client.send(query, variables, who="member")
    (error,) = response.json()["errors"]
    assert error["extensions"] == {"code": code, "requestId": response.headers["x-request-id"]}


async def test_variables_nested_too_deeply_are_the_clients_fault(client: Client) -> None:
    where: dict[str, Any] = {}
    for _ in range(900):
        where = {"not": where}
    response = await client.send("query A($w: MediaItemWhere) { movies(where: $w) { totalCount } }", {"w": where}, who="member")
    assert response.status_code == 400
    assert response.json()["errors"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"


@pytest.fixture
def stuck() -> Iterator[threading.Event]:
    """Whatever waits for it stands still until the test ends."""
    event = threading.Event()
    yield event
    event.set()


class TestDeadlines:
    """Operations that stand still end."""

    @pytest.fixture
    def settings(self, database_url: str, tmp_path: Path) -> Settings:
        return Settings(data_dir=tmp_path, DATABASE_URL=database_url, query_deadline_s=0.2, mutation_deadline_s=0.4)

    async def test_of_a_query(self, client: Client, monkeypatch: pytest.MonkeyPatch, stuck: threading.Event) -> None:
        monkeypatch.setattr(api.system.queries, "has_admin", lambda _: stuck.wait(10))
        response = await client.send(INFO)
        assert response.status_code == 503
        (error,) = response.json()["errors"]
        assert error["message"] == "The operation took longer than 0.2 s. Ask for less, or page."
        assert error["extensions"]["code"] == "DEADLINE"

    async def test_of_a_mutation_is_longer(self, client: Client, monkeypatch: pytest.MonkeyPatch, stuck: threading.Event) -> None:
        def slowly(uow: Any, **_: Any) -> User:
            stuck.wait(10)
            raise AssertionError

        monkeypatch.setattr(api.accounts.mutations.service, "update_user", slowly)
        query = 'mutation { updateProfile(input: {displayName: "A"}) { errors { __typename } } }'
        response = await client.send(query, who="member")
        assert response.status_code == 503
        (error,) = response.json()["errors"]
        assert error["message"].startswith("The operation took longer than 0.4 s. It may yet have happened")


async def test_a_timeout_inside_a_resolver_is_a_bug_not_the_deadline(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api.system.queries, "has_admin", failing(TimeoutError(SECRET)))
    response = await client.send(INFO)
    assert (response.status_code, response.json()["errors"][0]["extensions"]["code"]) == (200, "INTERNAL")
