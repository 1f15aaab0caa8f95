"""Order, claims, fences, deaths and retries: the same facts on both engines."""

import contextlib
import threading
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from domain.jobs import leases, service
from domain.jobs.backoff import full_jitter
from domain.jobs.enums import JobFailure, JobStatus
from domain.jobs.leases import LeaseLost, Progress
from domain.kit.errors import Conflict, Invalid, NotFound, Upstream
from tests.conftest import ManualClock
from tests.jobs.conftest import Bell, Jobs
from tests.jobs.kinds import LOW, ONCE_ONLY, OTHER_QUEUE, PLAIN, THRICE, Note

pytestmark = pytest.mark.both


def half() -> float:
    return 0.5


def test_order_is_priority_then_waiting_time(jobs: Jobs, manual_clock: ManualClock) -> None:
    low = jobs.add(LOW)
    first = jobs.add()
    manual_clock.advance(1)
    second = jobs.add()
    webhook = jobs.add(priority=1)
    assert [jobs.claim().job_id for _ in range(4)] == [webhook, first, second, low]
    assert jobs.try_claim() is None


def test_only_own_queues_and_kinds_are_claimed(jobs: Jobs) -> None:
    other = jobs.add(OTHER_QUEUE)
    assert jobs.try_claim(queues=("default",)) is None
    claim = lambda uow, kinds: leases.claim(uow, queues=["other"], kinds=kinds, worker="w", lease_s=1)  # noqa: E731
    assert jobs.do(claim, ["tests.plain"]) is None
    assert jobs.do(claim, ["tests.other_queue"]).job_id == other


def test_not_before_run_at(jobs: Jobs, manual_clock: ManualClock) -> None:
    later = jobs.add(run_at=manual_clock.moment + timedelta(seconds=60))
    assert jobs.try_claim() is None
    manual_clock.advance(60)
    assert jobs.claim().job_id == later


def test_eight_threads_claim_each_job_once(jobs: Jobs) -> None:
    ids = [jobs.add() for _ in range(40)]
    claimed: list[int] = []
    start = threading.Barrier(8)

    def work(worker: str) -> None:
        start.wait()
        while (lease := jobs.try_claim(worker=worker)) is not None:
            claimed.append(lease.job_id)

    threads = [threading.Thread(target=work, args=(f"w{n}",)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert Counter(claimed) == Counter(ids)


def test_job_travels_from_created_to_completed(jobs: Jobs, manual_clock: ManualClock) -> None:
    job_id = jobs.add(text="hello", subject="lib_3")
    lease = jobs.claim()
    assert (dict(lease.payload), lease.attempt, lease.subject) == ({"text": "hello"}, 1, "lib_3")
    manual_clock.advance(2)
    progress = Progress(0.5, "half", {"files": 7})
    assert jobs.do(leases.hold, lease, lease_s=30, progress=progress, checkpoint={"at": 7}) is JobStatus.RUNNING
    held = jobs.get(job_id)
    assert (held.progress, held.progress_text, held.progress_counters, held.checkpoint) == (0.5, "half", {"files": 7}, {"at": 7})
    assert held.lease_until == manual_clock.moment + timedelta(seconds=30)
    jobs.do(leases.complete, lease, {"added": 3})
    done = jobs.get(job_id)
    assert (done.status, done.result, done.progress, done.lease_until) == (JobStatus.COMPLETED, {"added": 3}, 1.0, None)
    assert done.finished_at == manual_clock.moment
    assert jobs.events(job_id) == ["job.created", "job.started", "job.progressed", "job.completed"]


def test_a_zombie_can_do_nothing(jobs: Jobs, manual_clock: ManualClock) -> None:
    """T3: a worker that slept past its lease comes back while another one has the job."""
    job_id = jobs.add()
    zombie = jobs.claim(worker="zombie")
    manual_clock.advance(31)
    assert jobs.do(leases.sweep, max_deaths=3, random=half) == 1
    manual_clock.advance(10)
    new = jobs.claim(worker="new")
    assert new.job_id == job_id
    assert new.token > zombie.token
    assert jobs.do(leases.heartbeat, [zombie, new], lease_s=30) == {job_id: JobStatus.RUNNING}
    assert jobs.do(leases.heartbeat, [zombie], lease_s=30) == {}
    writes: list[tuple[Any, ...]] = [
        (leases.complete, zombie, None), (leases.cancelled, zombie), (leases.release, zombie),
    ]  # fmt: skip
    for work, *args in writes:
        with pytest.raises(LeaseLost):
            jobs.do(work, *args)
    with pytest.raises(LeaseLost):
        jobs.do(leases.hold, zombie, lease_s=30, progress=Progress(0.9, "zombie", {}))
    with pytest.raises(LeaseLost):
        jobs.do(leases.fail, zombie, RuntimeError("late"), random=half)
    jobs.do(leases.complete, new, {"by": "new"})
    assert jobs.get(job_id).result == {"by": "new"}
    assert jobs.events(job_id).count("job.completed") == 1


def test_heartbeats_keep_the_sweeper_away(jobs: Jobs, manual_clock: ManualClock) -> None:
    jobs.add()
    lease = jobs.claim()
    for _ in range(4):
        manual_clock.advance(20)
        assert jobs.do(leases.heartbeat, [lease], lease_s=30) == {lease.job_id: JobStatus.RUNNING}
        assert jobs.do(leases.sweep, max_deaths=3, random=half) == 0


def test_three_deaths_are_poison(jobs: Jobs, manual_clock: ManualClock) -> None:
    """T22: a killed worker's job is queued again, never running for ever; and not for ever queued again."""
    job_id = jobs.add(THRICE)
    for deaths, delay in ((1, 0), (2, 2.5)):
        jobs.claim()
        manual_clock.advance(31)
        jobs.do(leases.sweep, max_deaths=3, random=half)
        job = jobs.get(job_id)
        assert (job.status, job.deaths, job.attempts) == (JobStatus.PENDING, deaths, 0)
        assert job.run_at == manual_clock.moment + timedelta(seconds=delay)
        manual_clock.advance(60)
    jobs.claim()
    manual_clock.advance(31)
    jobs.do(leases.sweep, max_deaths=3, random=half)
    job = jobs.get(job_id)
    assert (job.status, job.failure, job.error) == (JobStatus.FAILED, JobFailure.POISON, "its worker vanished 3 times")
    assert jobs.events(job_id)[-2:] == ["job.started", "job.failed"]


def test_a_job_that_may_not_run_twice_is_lost_with_its_worker(jobs: Jobs, manual_clock: ManualClock) -> None:
    job_id = jobs.add(ONCE_ONLY)
    jobs.claim()
    manual_clock.advance(31)
    jobs.do(leases.sweep, max_deaths=3, random=half)
    assert (jobs.get(job_id).status, jobs.get(job_id).failure) == (JobStatus.FAILED, JobFailure.LOST)


def test_errors_are_retried_with_growing_delay_then_final(jobs: Jobs, manual_clock: ManualClock) -> None:
    job_id = jobs.add(THRICE)
    for expected in (2.5, 5.0):
        assert jobs.do(leases.fail, jobs.claim(), RuntimeError("boom"), random=half) is JobStatus.PENDING
        assert jobs.get(job_id).run_at - manual_clock.moment == timedelta(seconds=expected)
        assert jobs.try_claim() is None
        manual_clock.advance(expected)
    assert jobs.do(leases.fail, jobs.claim(), RuntimeError("boom"), random=half) is JobStatus.FAILED
    job = jobs.get(job_id)
    assert (job.failure, job.error, job.attempts) == (JobFailure.ERROR, "RuntimeError: boom", 3)
    assert jobs.events(job_id) == ["job.created", *["job.started", "job.retried"] * 2, "job.started", "job.failed"]


@pytest.mark.parametrize(("failures", "expected"), [(1, 5), (2, 10), (3, 20), (8, 640), (9, 900), (1000, 900)])
def test_backoff_doubles_up_to_fifteen_minutes(failures: int, expected: float, engine: str) -> None:
    assert full_jitter(failures, lambda: 1.0) == timedelta(seconds=expected)
    assert full_jitter(failures, lambda: 0.0) == timedelta(0)


def test_retry_after_is_honoured_and_expected_failures_are_final(jobs: Jobs, manual_clock: ManualClock) -> None:
    limited = jobs.add()
    retry_at = manual_clock.moment + timedelta(seconds=120)
    assert jobs.do(leases.fail, jobs.claim(), Upstream("429", retry_at=retry_at), random=half) is JobStatus.PENDING
    assert jobs.get(limited).run_at == retry_at
    gone = jobs.add()
    assert jobs.do(leases.fail, jobs.claim(), NotFound("The library is gone."), random=half) is JobStatus.FAILED
    assert jobs.get(gone).error == "The library is gone."


def test_an_orderly_stop_costs_neither_attempt_nor_death(jobs: Jobs, bell: Bell) -> None:
    job_id = jobs.add()
    jobs.do(leases.hold, jobs.claim(), lease_s=30, checkpoint={"n": 1})
    bell.rings.clear()
    jobs.do(leases.release, leases.Lease(job_id, 1, "tests.plain", "default", {}, None, None, None, None, "", 1))
    job = jobs.get(job_id)
    assert (job.status, job.attempts, job.deaths) == (JobStatus.PENDING, 0, 0)
    assert bell.rings == ["default"]
    assert jobs.claim().checkpoint == {"n": 1}


def test_manual_retry_starts_over_from_the_checkpoint(jobs: Jobs, manual_clock: ManualClock) -> None:
    job_id = jobs.add()
    lease = jobs.claim()
    jobs.do(leases.hold, lease, lease_s=30, checkpoint={"n": 9})
    jobs.do(leases.fail, lease, Invalid("no"), random=half)
    jobs.do(service.retry, job_id)
    job = jobs.get(job_id)
    assert (job.status, job.attempts, job.failure, job.error, job.finished_at) == (JobStatus.PENDING, 0, None, None, None)
    assert jobs.claim().checkpoint == {"n": 9}
    with pytest.raises(Conflict):
        jobs.do(service.retry, job_id)
    with pytest.raises(NotFound):
        jobs.do(service.retry, 999_999)


def test_enqueue_is_undone_with_its_transaction_and_rings_once_after_it(jobs: Jobs, bell: Bell) -> None:
    with contextlib.suppress(ZeroDivisionError), jobs.database.transaction() as uow:
        service.enqueue(uow, PLAIN, Note())
        _ = 1 / 0
    assert bell.rings == []
    with jobs.database.transaction() as uow:
        for _ in range(3):
            service.enqueue(uow, PLAIN, Note())
        service.enqueue(uow, OTHER_QUEUE, Note())
        assert bell.rings == []
    assert sorted(bell.rings) == ["default", "other"]
    assert len([jobs.claim() for _ in range(3)]) == 3
    assert jobs.try_claim() is None
