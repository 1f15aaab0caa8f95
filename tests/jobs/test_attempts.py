"""One attempt at a job by a worker: what it leaves behind however it ends, and that a long one is not taken for a dead one."""

import threading
import time
from collections.abc import Callable

import pytest
from sqlmodel import col, select

from domain.jobs import service
from domain.jobs.enums import JobFailure, JobStatus
from domain.jobs.tables import Job
from domain.kit.errors import NotFound
from domain.system.tables import Event
from tests.jobs import handlers
from tests.jobs.conftest import Context, Jobs, ends, until
from tests.jobs.kinds import BRIEF, PLAIN, THRICE, Note
from workers.context import Cancelled
from workers.main import EmbeddedWorkers

pytestmark = pytest.mark.both


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
