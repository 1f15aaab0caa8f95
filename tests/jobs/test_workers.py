"""Workers through their front door: a job that is asked for gets done, on both brokers, and without any."""

import threading
import time
from collections.abc import Callable

import pytest
from sqlmodel import col, select

from domain.jobs import service
from domain.jobs.kinds import RETENTION, NoPayload
from domain.jobs.tables import Job
from domain.kit.database import Database
from domain.settings import Settings
from tests.jobs import handlers
from tests.jobs.conftest import Context, Jobs, ends, until
from tests.jobs.kinds import LONG, LOW, OTHER_QUEUE, PLAIN, Note
from tests.peers.servers import free_port
from workers.broker import Bells
from workers.main import EmbeddedWorkers

pytestmark = pytest.mark.both


def test_a_ring_starts_the_job_long_before_the_poll(start: Callable[..., EmbeddedWorkers], jobs: Jobs) -> None:
    start(job_poll_s=60.0)
    handlers.behaviours["tests.plain"] = lambda context: {"said": context.payload.text}
    plain, other = jobs.add(text="hello"), jobs.add(OTHER_QUEUE)
    assert ends(jobs, plain, other, seconds=30) == ["completed", "completed"]  # half a poll
    assert jobs.get(plain).result == {"said": "hello"}


def test_a_lost_ring_costs_one_poll(start: Callable[..., EmbeddedWorkers], jobs: Jobs) -> None:
    workers = start()
    workers.bells.doorbell.ring = lambda queue: None  # type: ignore[method-assign]
    assert ends(jobs, jobs.add()) == ["completed"]


def test_jobs_are_done_while_redis_is_away(settings: Settings, database: Database, jobs: Jobs) -> None:
    handlers.behaviours.clear()
    away = settings.model_copy(update={"redis_url": f"redis://127.0.0.1:{free_port()}/0"})
    workers = EmbeddedWorkers(away, database)
    workers.start()
    try:
        first = jobs.add()  # and a commit does not wait for a doorbell that is out of order
        assert ends(jobs, first, jobs.add(OTHER_QUEUE)) == ["completed", "completed"]
    finally:
        workers.stop(timeout_s=1)


def test_best_first_and_no_more_at_once_than_there_are_threads(start: Callable[..., EmbeddedWorkers], jobs: Jobs) -> None:
    order: list[str] = []
    at_once, most = [0], [0]
    guard = threading.Lock()

    def note(context: Context) -> None:
        with guard:
            order.append(context.payload.text)
            at_once[0] += 1
            most[0] = max(most[0], at_once[0])
        time.sleep(0.02)
        with guard:
            at_once[0] -= 1

    handlers.behaviours |= {"tests.plain": note, "tests.low": note}
    low = [jobs.add(LOW, f"low{n}") for n in range(3)]
    high = [jobs.add(PLAIN, f"high{n}", priority=1) for n in range(3)]
    start(job_threads=1)
    ends(jobs, *low, *high)
    assert order == ["high0", "high1", "high2", "low0", "low1", "low2"]
    assert most == [1]


def test_four_threads_work_at_once(start: Callable[..., EmbeddedWorkers], jobs: Jobs) -> None:
    together = threading.Barrier(4, timeout=10)
    handlers.behaviours["tests.plain"] = lambda context: {"place": together.wait()}
    start(job_threads=4)
    assert ends(jobs, *[jobs.add() for _ in range(4)]) == ["completed"] * 4


def test_long_work_leaves_a_thread_to_the_rest(start: Callable[..., EmbeddedWorkers], jobs: Jobs) -> None:
    rest = threading.Event()
    handlers.behaviours["tests.long"] = lambda context: {"rested": rest.wait(20)}
    start(job_threads=2)
    long = [jobs.add(LONG, priority=1) for _ in range(2)]
    until(lambda: "running" in jobs.status(*long))
    assert ends(jobs, jobs.add(), jobs.add()) == ["completed", "completed"]
    assert sorted(jobs.status(*long)) == ["pending", "running"]
    rest.set()
    assert ends(jobs, *long) == ["completed", "completed"]


@pytest.mark.postgresql  # an embedded process serves every queue
def test_a_worker_for_one_queue_leaves_the_others_alone(
    settings: Settings, start: Callable[..., EmbeddedWorkers], database: Database, jobs: Jobs
) -> None:
    handlers.behaviours.clear()
    special = EmbeddedWorkers(settings, database, queues=["other"])
    special.start()
    try:
        plain = jobs.add()
        assert ends(jobs, jobs.add(OTHER_QUEUE)) == ["completed"]
        assert jobs.status(plain) == ["pending"]
    finally:
        special.stop(timeout_s=1)
    start()
    assert ends(jobs, plain) == ["completed"]


def test_commits_wake_those_who_listen(settings: Settings, jobs: Jobs) -> None:
    bells = Bells(settings)
    bells.install()
    woken = threading.Event()
    end = bells.wakeups.listen(woken.set)
    try:
        if not settings.is_embedded:
            assert woken.wait(10)  # the subscription itself
            woken.clear()
        jobs.add()
        assert woken.wait(5)
    finally:
        end()
        bells.close()


def test_retention_is_a_job_like_others(start: Callable[..., EmbeddedWorkers], jobs: Jobs) -> None:
    with jobs.database.transaction() as uow:
        old = service.enqueue(uow, PLAIN, Note()).job.id
    jobs.do(service.cancel, old)
    with jobs.database.transaction() as uow:
        job = uow.session.get_one(Job, old)
        job.finished_at = uow.now().replace(year=2000)
        keeper = service.enqueue(uow, RETENTION, NoPayload()).job.id
    start()
    assert ends(jobs, keeper) == ["completed"]
    result = jobs.get(keeper).result
    assert result is not None
    assert (result["jobs"], result["failed_jobs"], result["events"]) == (1, 0, 0)
    with jobs.database.read() as session:
        assert session.exec(select(Job).where(col(Job.id) == old)).first() is None
