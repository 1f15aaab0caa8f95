"""Short ways to make jobs, to look at them, and to have them done by workers."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import redis
from sqlmodel import col, select

from domain.jobs import doorbell, leases, service
from domain.jobs.declaring import Kind
from domain.jobs.leases import Lease
from domain.jobs.tables import Job
from domain.kit.database import Database
from domain.settings import Settings
from domain.system.tables import Event
from tests.jobs import handlers
from tests.jobs.kinds import KINDS, PLAIN, Note
from workers.context import JobContext
from workers.main import EmbeddedWorkers

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


Context = JobContext[Note]


@pytest.fixture
def settings(engine: str, database_url: str, request: pytest.FixtureRequest) -> Settings:
    url = ""
    if engine == "postgresql":
        url = request.getfixturevalue("redis_url")
        with redis.Redis.from_url(url) as client:
            client.flushall()
    fast: dict[str, Any] = {"job_poll_s": 0.2, "lease_s": 1.0, "heartbeat_s": 0.2, "sweep_s": 0.2}
    return Settings(DATABASE_URL=database_url, REDIS_URL=url, **fast)


@pytest.fixture
def start(settings: Settings, database: Database) -> Iterator[Callable[..., EmbeddedWorkers]]:
    running: list[EmbeddedWorkers] = []
    handlers.behaviours.clear()

    def begin(**changes: object) -> EmbeddedWorkers:
        made = EmbeddedWorkers(settings.model_copy(update=changes), database)
        running.append(made)
        made.start()
        return made

    yield begin
    for each in running:
        each.stop(timeout_s=1)


def until(condition: Callable[[], bool], *, seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(0.01)


def ends(jobs: Jobs, *job_ids: int, seconds: float = 10) -> list[str]:
    until(lambda: not {"pending", "waiting", "running", "cancelling"} & set(jobs.status(*job_ids)), seconds=seconds)
    return jobs.status(*job_ids)
