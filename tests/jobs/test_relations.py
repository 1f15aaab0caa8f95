"""Jobs that are the same, wait for each other, or belong together."""

import threading

import pytest

from domain.jobs import leases, service
from domain.jobs.enums import JobStatus, OnFailure
from domain.kit.database import UnitOfWork
from domain.kit.errors import Conflict, Invalid, NotFound
from tests.jobs.conftest import Bell, Jobs
from tests.jobs.kinds import PLAIN, Note

pytestmark = pytest.mark.both


def fail_for_good(jobs: Jobs) -> int:
    lease = jobs.claim()
    jobs.do(leases.fail, lease, Invalid("no"), random=lambda: 0.0)
    return lease.job_id


def complete(jobs: Jobs) -> int:
    lease = jobs.claim()
    jobs.do(leases.complete, lease, None)
    return lease.job_id


def test_the_same_work_is_asked_for_once(jobs: Jobs) -> None:
    def ask(uow: UnitOfWork) -> tuple[int, bool]:
        made = service.enqueue(uow, PLAIN, Note(), dedupe_key="scan:1")
        return made.job.id, made.is_new

    first, is_new = jobs.do(ask)
    assert is_new
    assert jobs.do(ask) == (first, False)
    lease = jobs.claim()
    assert jobs.do(ask) == (first, False)
    jobs.do(leases.complete, lease, None)
    again, is_new = jobs.do(ask)
    assert is_new
    assert again != first


def test_dedupe_race(jobs: Jobs) -> None:
    start = threading.Barrier(8)
    answers: list[tuple[int, bool]] = []

    def ask() -> None:
        start.wait()
        with jobs.database.transaction() as uow:
            made = service.enqueue(uow, PLAIN, Note(), dedupe_key="same")
            answers.append((made.job.id, made.is_new))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len({job_id for job_id, _ in answers}) == 1
    assert sorted(is_new for _, is_new in answers) == [False] * 7 + [True]


def test_what_is_being_cancelled_is_not_the_same_but_waited_for(jobs: Jobs) -> None:
    old = jobs.add(dedupe_key="scan:1")
    lease = jobs.claim()
    jobs.do(service.cancel, old)
    new = jobs.add(dedupe_key="scan:1")
    assert jobs.status(old, new) == ["cancelling", "waiting"]
    jobs.do(leases.cancelled, lease)
    assert jobs.status(old, new) == ["cancelled", "pending"]


def test_a_job_waits_for_all_it_depends_on(jobs: Jobs, bell: Bell) -> None:
    first, second = jobs.add(), jobs.add()
    last = jobs.add(depends_on=[first, second], priority=1)
    assert jobs.status(last) == ["waiting"]
    assert complete(jobs) == first
    assert jobs.get(last).pending_deps == 1
    bell.rings.clear()
    assert complete(jobs) == second
    assert jobs.status(last) == ["pending"]
    assert bell.rings == ["default"]
    assert jobs.events(last) == ["job.created", "job.ready"]
    assert complete(jobs) == last


def test_a_failed_dependency_cancels_down_the_line(jobs: Jobs) -> None:
    first = jobs.add()
    second = jobs.add(depends_on=[first])
    third = jobs.add(depends_on=[second])
    stubborn = jobs.add(depends_on=[first, second], on_failure=OnFailure.CONTINUE)
    fail_for_good(jobs)
    assert jobs.status(first, second, third, stubborn) == ["failed", "cancelled", "cancelled", "pending"]
    assert jobs.get(second).error == f"job_{first} failed"


def test_a_dependency_that_ended_before_counts_at_once(jobs: Jobs) -> None:
    done = jobs.add()
    complete(jobs)
    assert jobs.status(jobs.add(depends_on=[done])) == ["pending"]
    complete(jobs)
    broken = jobs.add()
    fail_for_good(jobs)
    assert jobs.status(jobs.add(depends_on=[broken])) == ["cancelled"]
    with pytest.raises(NotFound):
        jobs.add(depends_on=[999_999])


def test_an_end_that_comes_twice_releases_once(jobs: Jobs) -> None:
    first, second = jobs.add(priority=1), jobs.add()
    last = jobs.add(depends_on=[first, second], on_failure=OnFailure.CONTINUE)
    assert fail_for_good(jobs) == first
    jobs.do(service.retry, first)
    assert complete(jobs) == first
    assert jobs.status(last) == ["waiting"]
    assert complete(jobs) == second
    assert jobs.status(last) == ["pending"]


def test_retry_of_a_cancelled_waiter_waits_only_for_what_still_runs(jobs: Jobs) -> None:
    first, second = jobs.add(), jobs.add()
    last = jobs.add(depends_on=[first, second])
    fail_for_good(jobs)
    assert jobs.status(last) == ["cancelled"]
    jobs.do(service.retry, last)
    assert (jobs.get(last).status, jobs.get(last).pending_deps) == (JobStatus.WAITING, 1)
    complete(jobs)
    assert jobs.status(last) == ["pending"]


def test_ends_of_two_dependencies_at_once_release_once(jobs: Jobs) -> None:
    rounds = 10
    for _ in range(rounds):
        first, second = jobs.add(), jobs.add()
        last = jobs.add(depends_on=[first, second])
        held = [jobs.claim(), jobs.claim()]
        start = threading.Barrier(2)

        def end(lease: leases.Lease, start: threading.Barrier = start) -> None:
            start.wait()
            jobs.do(leases.complete, lease, None)

        threads = [threading.Thread(target=end, args=(lease,)) for lease in held]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert jobs.status(last) == ["pending"]
        assert complete(jobs) == last


def test_a_job_asked_for_while_its_dependency_ends_is_never_left_waiting(jobs: Jobs) -> None:
    for _ in range(10):
        jobs.add()
        lease = jobs.claim()
        start = threading.Barrier(2)

        def end(lease: leases.Lease = lease, start: threading.Barrier = start) -> None:
            start.wait()
            jobs.do(leases.complete, lease, None)

        thread = threading.Thread(target=end)
        thread.start()
        start.wait()
        follower = jobs.add(depends_on=[lease.job_id])
        thread.join(30)
        assert jobs.status(follower) == ["pending"]
        assert complete(jobs) == follower


def test_cancel_reaches_children_and_spares_the_ended(jobs: Jobs) -> None:
    parent_id = jobs.add()
    parent = jobs.get(parent_id)
    jobs.claim()
    child = jobs.add(parent=parent)
    assert jobs.get(child).chain == f"job_{parent_id}"
    assert jobs.do(service.cancel, parent_id).status is JobStatus.CANCELLING
    assert jobs.status(child) == ["cancelled"]
    assert jobs.events(parent_id)[-1] == "job.cancelling"
    assert jobs.events(child) == ["job.created", "job.cancelled"]
    with pytest.raises(Conflict):
        jobs.do(service.cancel, child)


def test_a_cancelling_job_that_fails_or_dies_is_cancelled(jobs: Jobs) -> None:
    job_id = jobs.add()
    lease = jobs.claim()
    jobs.do(service.cancel, job_id)
    jobs.do(leases.fail, lease, RuntimeError("x"), random=lambda: 0.0)
    assert jobs.status(job_id) == ["cancelled"]
    dying = jobs.add()
    jobs.claim(lease_s=-1)
    jobs.do(service.cancel, dying)
    jobs.do(leases.sweep, max_deaths=3, random=lambda: 0.0)
    assert jobs.status(dying) == ["cancelled"]


def test_retry_is_refused_while_the_same_work_is_live(jobs: Jobs) -> None:
    old = jobs.add(dedupe_key="k")
    fail_for_good(jobs)
    jobs.add(dedupe_key="k")
    with pytest.raises(Conflict):
        jobs.do(service.retry, old)
