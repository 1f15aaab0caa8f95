"""Short ways to make jobs and to look at them."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlmodel import col, select

from domain.jobs import doorbell, leases, service
from domain.jobs.declaring import Kind
from domain.jobs.leases import Lease
from domain.jobs.tables import Job
from domain.kit.database import Database
from domain.system.tables import Event
from tests.jobs.kinds import KINDS, PLAIN, Note

LEASE_S = 30.0


class Bell:
    """Remembers who rang."""

    def __init__(self) -> None:
        self.rings: list[str] = []

    def ring(self, queue: str) -> None:
        self.rings.append(queue)


@pytest.fixture
def bell() -> Iterator[Bell]:
    made = Bell()
    doorbell.install(made)
    yield made
    doorbell.install(None)


class Jobs:
    """One transaction per call."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def add(self, kind: Kind[Note] = PLAIN, text: str = "", **more: Any) -> int:
        with self.database.transaction() as uow:
            return service.enqueue(uow, kind, Note(text), **more).job.id

    def claim(self, *, queues: tuple[str, ...] = ("default",), worker: str = "w1", lease_s: float = LEASE_S) -> Lease:
        lease = self.try_claim(queues=queues, worker=worker, lease_s=lease_s)
        assert lease is not None
        return lease

    def try_claim(self, *, queues: tuple[str, ...] = ("default",), worker: str = "w1", lease_s: float = LEASE_S) -> Lease | None:
        with self.database.transaction() as uow:
            return leases.claim(uow, queues=queues, kinds=KINDS, worker=worker, lease_s=lease_s)

    def do(self, work: Callable[..., Any], *args: Any, **more: Any) -> Any:
        with self.database.transaction() as uow:
            return work(uow, *args, **more)

    def get(self, job_id: int) -> Job:
        with self.database.read() as session:
            return session.exec(select(Job).where(Job.id == job_id)).one()

    def status(self, *job_ids: int) -> list[str]:
        return [self.get(job_id).status.value for job_id in job_ids]

    def events(self, job_id: int) -> list[str]:
        with self.database.read() as session:
            found = session.exec(select(Event.type).where(Event.subject == f"job_{job_id}").order_by(col(Event.sequence))).all()
        return list(found)


@pytest.fixture
def jobs(database: Database) -> Jobs:
    return Jobs(database)
