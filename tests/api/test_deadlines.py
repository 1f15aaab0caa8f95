"""Operations that take too long: answered in time, and nothing of them goes on behind the answer."""

import asyncio
import threading
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from domain.accounts import service
from domain.accounts.tables import User
from domain.kit.database import Database, Deadline, DeadlineExceeded, deadlines
from domain.settings import Settings
from tests.api.conftest import Client

pytestmark = pytest.mark.both

ENDLESS = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n",
    "postgresql": "SELECT pg_sleep(60)",
}
INFO = "{ serverInfo { isSetUp } }"
RENAME = 'mutation { updateProfile(input: {displayName: "Late"}) { errors { __typename } } }'


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return Settings(
        data_dir=tmp_path, DATABASE_URL=database_url, event_poll_s=30, query_deadline_s=1.0, mutation_deadline_s=1.1
    )  # fmt: skip


@pytest.fixture
def endless(database: Database, monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """`serverInfo` and `updateProfile` run a statement that never ends; set when such a statement has ended."""
    ended = threading.Event()

    def wait(session: Session) -> None:
        try:
            session.connection().execute(sa.text(ENDLESS[database.dialect]))
        finally:
            ended.set()

    def change(uow: Any, **_: Any) -> None:
        uow.session.connection().execute(sa.update(User).values(display_name="Late"))
        wait(uow.session)

    monkeypatch.setattr("api.system.queries.has_admin", wait)
    monkeypatch.setattr(service, "update_user", change)
    return ended


@pytest.mark.parametrize(("query", "seconds", "words"), [(INFO, 1.0, "Ask for less"), (RENAME, 1.1, "look before you repeat")])
async def test_the_statement_ends_with_the_deadline(
    client: Client, endless: threading.Event, query: str, seconds: float, words: str
) -> None:
    response = await client.send(query, who="member")
    (error,) = response.json()["errors"]
    assert (response.status_code, error["extensions"]["code"], "data" in response.json()) == (503, "DEADLINE", False)
    assert error["extensions"]["requestId"] == response.headers["x-request-id"]
    assert f"longer than {seconds:g} s" in error["message"]
    assert words in error["message"]
    assert await asyncio.to_thread(endless.wait, 20), "the statement still runs"
    assert {user.display_name for user in client.house.rows(User)} == {None}


async def test_nothing_is_occupied_afterwards(client: Client, endless: threading.Event, monkeypatch: pytest.MonkeyPatch) -> None:
    """More operations than there are threads and connections; then the next ones find all of them free."""
    responses = await asyncio.gather(*(client.send(each, who="member") for each in [INFO, RENAME] * 4))
    assert [response.status_code for response in responses] == [503] * 8
    monkeypatch.undo()
    async with asyncio.timeout(5):
        assert await client.data(INFO) == {"serverInfo": {"isSetUp": True}}
        assert (await client.data(RENAME))["updateProfile"] == {"errors": []}


async def test_a_session_of_the_slow_resolvers_is_interrupted_on_the_event_loop_itself(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = client.house
    house.services.planner.enabled = False

    def slowly(handle: Any, context: Any) -> Any:
        return context.session().connection().execute(sa.text(ENDLESS[house.database.dialect]))

    monkeypatch.setattr("api.kit.planner.executor.load", slowly)
    response = await client.send("{ movies { totalCount } }", who="member")
    assert (response.status_code, response.json()["errors"][0]["extensions"]["code"]) == (503, "DEADLINE")
    monkeypatch.undo()
    assert (await client.data("{ movies { totalCount } }", who="member"))["movies"]["totalCount"] == 3


@pytest.mark.parametrize("snapshot", [False, True])
def test_the_planners_reader_is_free_at_once(database: Database, snapshot: bool) -> None:
    deadline = Deadline(0.1)
    deadlines.current.set(deadline)
    reads = [database.reader.submit(lambda read: read(ENDLESS[database.dialect], ()), snapshot=snapshot) for _ in range(3)]
    deadlines.current.set(None)
    for reading in reads:
        with pytest.raises(DeadlineExceeded):
            reading.result(3)
    deadline.end()
    assert database.reader.submit(lambda read: read("SELECT 1", ()), snapshot=snapshot).result(3) == [(1,)]


def test_what_ended_in_time_is_never_interrupted(database: Database) -> None:
    with database.read() as session:  # the first connection takes its time
        session.connection()
    deadline = Deadline(1.5)
    deadlines.current.set(deadline)
    with database.read() as session:
        assert session.connection().execute(sa.text("SELECT 1")).scalar() == 1
    deadline.end()
    assert not threading.Event().wait(1.6)
    with database.transaction() as uow:
        uow.session.connection().execute(sa.text("SELECT 1"))
    deadlines.current.set(None)
    assert not deadline.has_struck


def test_work_that_is_late_between_two_statements_commits_nothing(database: Database) -> None:
    deadlines.current.set(Deadline(0.05))

    def change() -> None:
        with database.transaction() as uow:
            uow.session.add(User(username="late", username_key="late", password_hash=""))
            uow.session.flush()
            threading.Event().wait(0.1)

    with pytest.raises(DeadlineExceeded):
        change()
    deadlines.current.set(None)
    with database.read() as session:
        assert session.connection().execute(sa.text("SELECT count(*) FROM users")).scalar() == 0


def test_an_operation_that_nobody_waits_for_ends_early(database: Database) -> None:
    deadline = Deadline(60)
    deadlines.current.set(deadline)
    reading = database.reader.submit(lambda read: read(ENDLESS[database.dialect], ()), snapshot=False)
    deadlines.current.set(None)
    deadline.expire()
    deadline.end()
    with pytest.raises(DeadlineExceeded):
        reading.result(3)
