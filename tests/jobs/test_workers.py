"""Workers through their front door: a job that is asked for gets done, on both brokers, and without any."""

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import redis
from sqlmodel import col, select

from domain.jobs import service
from domain.jobs.enums import JobFailure, JobStatus
from domain.jobs.kinds import RETENTION, NoPayload
from domain.jobs.tables import Job
from domain.kit.database import Database
from domain.kit.errors import NotFound
from domain.settings import Settings
from domain.system.tables import Event
from tests.jobs import handlers
from tests.jobs.conftest import Jobs
from tests.jobs.kinds import BRIEF, LONG, LOW, OTHER_QUEUE, PLAIN, THRICE, Note
from tests.peers.servers import free_port
from workers.broker import Bells
from workers.context import Cancelled, JobContext
from workers.main import EmbeddedWorkers

pytestmark = pytest.mark.both

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


def test_last_effects_and_completion_are_one_transaction(start: Callable[..., EmbeddedWorkers], jobs: Jobs) -> None:
    def work(context: Context) -> None:
        with context.transaction() as uow:
            service.enqueue(uow, PLAIN, Note("child"), priority=9)
            if context.lease.attempt == 1:
                raise RuntimeError("first attempt: nothing of this counts")
            context.complete(uow, {"attempt": context.lease.attempt})

    handlers.behaviours |= {"parent": work, "child": lambda context: None}
    start(job_threads=1)
    with jobs.database.transaction() as uow:
        parent = service.enqueue(uow, PLAIN, Note("parent")).job.id
    until(lambda: jobs.status(parent) == ["pending"] and jobs.get(parent).attempts == 1)
    with jobs.database.transaction() as uow:  # instead of waiting up to five seconds of backoff
        uow.session.get_one(Job, parent).run_at = uow.now()
    ends(jobs, parent)
    assert jobs.get(parent).result == {"attempt": 2}
    with jobs.database.read() as session:
        notes = [job.payload["text"] for job in session.exec(select(Job).order_by(col(Job.id))).all() if job.kind == PLAIN.name]
    assert notes == ["parent", "child"]


def test_progress_is_told_twice_a_second_and_the_last_value_always(start: Callable[..., EmbeddedWorkers], jobs: Jobs) -> None:
    rest = threading.Event()

    def work(context: Context) -> None:
        for n in range(300):
            context.report(n / 300, f"file {n}", files=n)
        rest.wait(10)

    handlers.behaviours["tests.plain"] = work
    start()
    job_id = jobs.add()
    until(lambda: jobs.get(job_id).progress_counters == {"files": 299})  # though nothing was reported since
    rest.set()
    ends(jobs, job_id)
    job = jobs.get(job_id)
    assert (job.progress, job.progress_text, job.progress_counters) == (1.0, "file 299", {"files": 299})
    with jobs.database.read() as session:
        found = session.exec(select(Event).where(Event.type == "job.progressed").order_by(col(Event.sequence))).all()
    told = [event.payload["counters"]["files"] for event in found]
    assert told[0] == 0
    assert told[-1] == 299
    assert len(told) <= 4


def test_cancel_is_heard_within_two_seconds(start: Callable[..., EmbeddedWorkers], jobs: Jobs) -> None:
    begun, heard = threading.Event(), threading.Event()

    def work(context: Context) -> None:
        begun.set()
        try:
            while True:
                context.check_cancelled()
                context.interrupted.wait(5)
        except Cancelled:
            heard.set()
            raise

    handlers.behaviours["tests.plain"] = work
    start()
    job_id = jobs.add()
    assert begun.wait(10)
    jobs.do(service.cancel, job_id)
    assert heard.wait(4)  # of the five that the work would wait
    assert ends(jobs, job_id) == ["cancelled"]


def test_errors_retry_expected_failures_do_not_and_time_has_a_limit(start: Callable[..., EmbeddedWorkers], jobs: Jobs) -> None:
    def refuse(context: Context) -> None:
        raise NotFound("The library is gone.")

    def crash(context: Context) -> None:
        raise RuntimeError("boom")

    def dawdle(context: Context) -> None:
        while True:
            context.check_cancelled()
            context.interrupted.wait(5)

    handlers.behaviours |= {"refuse": refuse, "crash": crash, "tests.brief": dawdle}
    start()
    refused, crashed, brief = jobs.add(text="refuse"), jobs.add(THRICE, "crash"), jobs.add(BRIEF)
    assert ends(jobs, refused, brief) == ["failed", "failed"]
    assert jobs.get(refused).error == "The library is gone."
    assert jobs.get(brief).error == "TimeoutError: The job took longer than its kind allows."
    until(lambda: "job.retried" in jobs.events(crashed))
    assert jobs.get(crashed).error == "RuntimeError: boom"


def test_a_payload_that_no_longer_fits_fails_for_good(start: Callable[..., EmbeddedWorkers], jobs: Jobs) -> None:
    job_id = jobs.add()
    with jobs.database.transaction() as uow:
        uow.session.get_one(Job, job_id).payload = {"text": [1]}
    start()
    assert ends(jobs, job_id) == ["failed"]
    assert jobs.get(job_id).failure is JobFailure.ERROR


def test_a_stop_saves_a_checkpoint_and_the_next_worker_goes_on_from_it(start: Callable[..., EmbeddedWorkers], jobs: Jobs) -> None:
    begun = threading.Event()

    def work(context: Context) -> dict[str, list[int]]:
        first = (context.saved or {"next": 0})["next"]
        for n in range(first, 10):
            context.check_cancelled()
            with context.transaction():
                context.checkpoint({"next": n + 1})
            if n == 4:
                begun.set()
                context.interrupted.wait(10)
        return {"did": list(range(first, 10))}

    handlers.behaviours["tests.plain"] = work
    job_id = jobs.add()
    first = start()
    assert begun.wait(10)
    first.stop(timeout_s=5)
    job = jobs.get(job_id)
    assert (job.status, job.attempts, job.deaths, job.checkpoint) == (JobStatus.PENDING, 0, 0, {"next": 5})
    start()
    assert ends(jobs, job_id) == ["completed"]
    assert jobs.get(job_id).result == {"did": [5, 6, 7, 8, 9]}


def test_a_handler_that_does_not_stop_loses_its_job(start: Callable[..., EmbeddedWorkers], jobs: Jobs) -> None:
    begun, rest, written = threading.Event(), threading.Event(), threading.Event()

    def deaf(context: Context) -> None:
        begun.set()
        rest.wait(10)
        try:
            context.checkpoint({"late": True})
        finally:
            written.set()

    handlers.behaviours["tests.plain"] = deaf
    job_id = jobs.add()
    first = start()
    assert begun.wait(10)
    first.stop(timeout_s=0.1)
    assert jobs.get(job_id).status is JobStatus.PENDING
    rest.set()
    assert written.wait(10)
    job = jobs.get(job_id)
    assert (job.status, job.checkpoint, job.deaths) == (JobStatus.PENDING, None, 0)


def test_long_work_keeps_its_lease(start: Callable[..., EmbeddedWorkers], jobs: Jobs) -> None:
    def work(context: Context) -> None:
        time.sleep(2.0)

    handlers.behaviours["tests.plain"] = work
    start(lease_s=1.5, heartbeat_s=0.2)
    job_id = jobs.add()
    assert ends(jobs, job_id) == ["completed"]
    assert (jobs.get(job_id).deaths, jobs.events(job_id).count("job.started")) == (0, 1)


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
