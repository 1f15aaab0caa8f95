"""A mutation with a key is done once, answered as often as it comes, and never mistaken for another."""

import threading
from collections.abc import Mapping
from typing import Any

import pytest
import sqlalchemy as sa

from domain.kit.database import Database
from domain.kit.errors import Conflict, IdempotencyKeyReused, Invalid
from domain.system.idempotency import once
from domain.system.retention import RULES, prune_all
from tests.conftest import ManualClock
from tests.factories.accounts import make_user

pytestmark = pytest.mark.both


@pytest.fixture
def user_id(database: Database) -> int:
    return make_user(database).id


class Caller:
    """Counts how often the work is really done."""

    def __init__(self, database: Database, user_id: int) -> None:
        self.database = database
        self.user_id = user_id
        self.runs = 0

    def __call__(self, key: str | None = "k", operation: str = "scanLibrary", **input: Any) -> Mapping[str, Any]:
        with self.database.transaction() as uow:
            return once(uow, user_id=self.user_id, key=key, operation=operation, input=input, run=self.run)

    def run(self) -> dict[str, Any]:
        self.runs += 1
        return {"job": f"job_{self.runs}"}


@pytest.fixture
def call(database: Database, user_id: int) -> Caller:
    return Caller(database, user_id)


def test_the_same_call_is_answered_not_done(call: Caller) -> None:
    assert call(a=1, b=[2]) == call(b=[2], a=1) == {"job": "job_1"}
    assert call("other", a=1, b=[2]) == {"job": "job_2"}
    assert [call(None), call(None)] == [{"job": "job_3"}, {"job": "job_4"}]


def test_another_input_or_operation_under_the_key_is_refused(call: Caller) -> None:
    call(a=1)
    with pytest.raises(IdempotencyKeyReused):
        call(a=2)
    with pytest.raises(IdempotencyKeyReused):
        call(operation="deleteLibrary", a=1)
    assert call.runs == 1


def test_a_call_that_failed_leaves_no_trace(call: Caller, database: Database) -> None:
    def refuse() -> dict[str, Any]:
        raise Invalid("no")

    with pytest.raises(Invalid), database.transaction() as uow:
        once(uow, user_id=call.user_id, key="k", operation="scanLibrary", input={}, run=refuse)
    assert call() == {"job": "job_1"}


def test_a_key_is_forgotten_after_a_day(call: Caller, manual_clock: ManualClock, database: Database) -> None:
    call(a=1)
    manual_clock.advance(86_399)
    assert call(a=1) == {"job": "job_1"}
    manual_clock.advance(2)
    assert call(a=2) == {"job": "job_2"}
    manual_clock.advance(86_401)
    assert prune_all(database, RULES, between=lambda: None)["idempotency_keys"] == 1


def test_eight_calls_at_once_are_done_once(call: Caller) -> None:
    start = threading.Barrier(8)
    answers: list[Mapping[str, Any]] = []

    def work() -> None:
        start.wait()
        answers.append(call())

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert answers == [{"job": "job_1"}] * 8
    assert call.runs == 1


@pytest.mark.postgresql  # on SQLite the second call simply waits
def test_a_call_that_finds_the_first_at_work_is_told(call: Caller, database: Database) -> None:

    def impatient() -> None:
        with database.transaction() as second:
            second.session.connection().execute(sa.text("SET LOCAL lock_timeout = 100"))
            once(second, user_id=call.user_id, key="k", operation="scanLibrary", input={}, run=call.run)

    with database.transaction() as first:
        once(first, user_id=call.user_id, key="k", operation="scanLibrary", input={}, run=call.run)
        with pytest.raises(Conflict):
            impatient()
    assert call() == {"job": "job_1"}
