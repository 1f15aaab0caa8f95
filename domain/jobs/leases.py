"""What a worker does with jobs: claim one under a lease, hold it, end it. Every write is fenced by the lease's token."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Session

from domain.jobs.backoff import Random, full_jitter
from domain.jobs.declaring import find
from domain.jobs.enums import HELD, JobFailure, JobStatus
from domain.jobs.tables import JOBS
from domain.jobs.telling import FACTS, Facts, ended, tell, tell_ready
from domain.kit.database import UnitOfWork
from domain.kit.errors import DomainError, Paused, RateLimited, Upstream

IS_PENDING: Final = sa.text("jobs.status = 'pending'")
"""As text, because a bound value would hide the partial index from the planner."""

NO_LEASE: Final[dict[str, Any]] = {"lease_until": None}
LONGEST_TEXT: Final = 500
LONGEST_ERROR: Final = 4000


class LeaseLost(Exception):
    """Somebody else holds the job by now (or nobody): whatever this worker still does with it must not count."""


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to work on a job, and what was claimed."""

    job_id: int
    token: int
    kind: str
    queue: str
    payload: Mapping[str, Any]
    checkpoint: Mapping[str, Any] | None
    subject: str | None
    chain: str | None
    requested_by_user_id: int | None
    request_id: str
    attempt: int
    """1 = the first."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job is: a fraction 0–1 (None = unknown), a few words, named numbers."""

    fraction: float | None
    text: str
    counters: Mapping[str, int | float]


def has_work(session: Session, *, queues: Collection[str], kinds: Collection[str], now: datetime) -> bool:
    """Whether a claim would find a job: a read, so that idle polls do not queue for the write lock."""
    query = sa.select(sa.exists(sa.select(JOBS.c.id).where(*_claimable(queues, kinds, now))))
    return bool(session.execute(query).scalar_one())


def claim(uow: UnitOfWork, *, queues: Collection[str], kinds: Collection[str], worker: str, lease_s: float) -> Lease | None:
    """Take the best job that is ready: by priority, then by waiting time. None if there is none.

    Only kinds this process can do: during an upgrade an old worker leaves the new kinds alone.
    """
    best = (
        sa.select(JOBS.c.id)
        .where(*_claimable(queues, kinds, uow.now()))
        .order_by(JOBS.c.priority, JOBS.c.run_at, JOBS.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    row = uow.session.execute(
        sa.update(JOBS)
        .where(JOBS.c.id == best.scalar_subquery())
        .values(
            status=JobStatus.RUNNING,
            worker=worker,
            attempts=JOBS.c.attempts + 1,
            lease_token=JOBS.c.lease_token + 1,
            lease_until=uow.now() + timedelta(seconds=lease_s),
            started_at=uow.now(),
        )
        .returning(*FACTS, JOBS.c.lease_token, JOBS.c.payload, JOBS.c.checkpoint, JOBS.c.request_id)
    ).first()
    if row is None:
        return None
    tell(uow, row, "started", "status", "startedAt", attempt=row.attempts)
    return Lease(
        job_id=row.id,
        token=row.lease_token,
        kind=row.kind,
        queue=row.queue,
        payload=row.payload,
        checkpoint=row.checkpoint,
        subject=row.subject,
        chain=row.chain,
        requested_by_user_id=row.requested_by_user_id,
        request_id=row.request_id,
        attempt=row.attempts,
    )


def heartbeat(uow: UnitOfWork, leases: Sequence[Lease], *, lease_s: float) -> dict[int, JobStatus]:
    """Extend leases; the status of each job that is still held. A lease that is not in the answer is lost."""
    rows = uow.session.execute(
        sa.update(JOBS)
        .where(_among(leases))
        .values(lease_until=uow.now() + timedelta(seconds=lease_s))
        .returning(JOBS.c.id, JOBS.c.status)
    ).all()
    return {row.id: row.status for row in rows}


def statuses(session: Session, leases: Sequence[Lease]) -> dict[int, JobStatus]:
    """The status of each job that is still held, without touching its lease."""
    return {row.id: row.status for row in session.execute(sa.select(JOBS.c.id, JOBS.c.status).where(_among(leases))).all()}


def hold(
    uow: UnitOfWork,
    lease: Lease,
    *,
    lease_s: float,
    progress: Progress | None = None,
    checkpoint: Mapping[str, Any] | None = None,
) -> JobStatus:
    """The fence: proves that the lease still stands and keeps the row locked until the commit; extends it.

    Writes progress (with its event) and checkpoint when given. Raises LeaseLost.
    """
    values: dict[str, Any] = {"lease_until": uow.now() + timedelta(seconds=lease_s)}
    if checkpoint is not None:
        values["checkpoint"] = dict(checkpoint)
    if progress is not None:
        values |= _columns(progress)
    job = _fenced(uow, lease, values)
    if progress is not None:
        told = {"fraction": progress.fraction, "text": progress.text, "counters": dict(progress.counters)}
        tell(uow, job, "progressed", "progress", **told)
    status: JobStatus = job.status
    return status


def complete(uow: UnitOfWork, lease: Lease, result: Mapping[str, Any] | None, *, progress: Progress | None = None) -> None:
    """The job is done; to be called in the transaction of its last effects. Raises LeaseLost."""
    values: dict[str, Any] = {} if progress is None else _columns(progress)
    values |= {"status": JobStatus.COMPLETED, "result": None if result is None else dict(result), "progress": 1.0, "error": None}
    job = _fenced(uow, lease, {**values, **NO_LEASE, "finished_at": uow.now()})
    ended(uow, job, "completed", result=values["result"])


def fail(uow: UnitOfWork, lease: Lease, error: Exception, *, random: Random) -> JobStatus:
    """The attempt raised: try again later, or give up. What became of the job. Raises LeaseLost.

    Tried again: `Upstream` (not before its `retry_at`) and whatever nobody expected, while attempts are left.
    Given up at once: every other expected failure, because trying again would not help. Being told to come later is no
    attempt that failed: such a job goes on at the moment named, however often.
    """
    text = _text(error)
    job = _fenced(uow, lease, {"error": text})
    if job.status is JobStatus.CANCELLING:
        return _end(uow, job, JobStatus.CANCELLED, because=text)
    if isinstance(error, RateLimited | Paused) and error.retry_at is not None:
        return _again(uow, job, run_at=error.retry_at, reason="told to wait", error=text, attempts=job.attempts - 1)
    is_final = isinstance(error, DomainError) and not isinstance(error, Upstream)
    if is_final or job.attempts >= job.max_attempts:
        return _end(uow, job, JobStatus.FAILED, failure=JobFailure.ERROR, because=text)
    run_at = uow.now() + full_jitter(job.attempts, random)
    if isinstance(error, Upstream) and error.retry_at is not None:
        run_at = max(run_at, error.retry_at)
    return _again(uow, job, run_at=run_at, reason="error", error=text)


def cancelled(uow: UnitOfWork, lease: Lease) -> None:
    """The handler stopped because it was asked to. Raises LeaseLost."""
    _end(uow, _fenced(uow, lease, {}), JobStatus.CANCELLED, because="cancelled")


def release(uow: UnitOfWork, lease: Lease) -> None:
    """Give the job back unfinished (the process stops): neither an attempt nor a death. Raises LeaseLost."""
    job = _fenced(uow, lease, {})
    if job.status is JobStatus.CANCELLING:
        _end(uow, job, JobStatus.CANCELLED, because="cancelled")
    else:
        _again(uow, job, run_at=uow.now(), reason="released", attempts=job.attempts - 1)


def sweep(uow: UnitOfWork, *, max_deaths: int, random: Random, limit: int = 100) -> int:
    """Take jobs from workers that vanished; any process may, several at once. The number of jobs dealt with.

    The job is ready again at once, from the second time on after a growing delay; one that took its worker down
    `max_deaths` times is quarantined (failed as poison).
    """
    expired = (
        sa.select(*FACTS).where(JOBS.c.lease_until < uow.now()).order_by(JOBS.c.id).limit(limit).with_for_update(skip_locked=True)
    )
    jobs = uow.session.execute(expired).all()
    for job in jobs:
        kind = find(job.kind)
        deaths = job.deaths + 1
        died = {"deaths": deaths, "attempts": job.attempts - 1}
        if job.status is JobStatus.CANCELLING:
            _end(uow, job, JobStatus.CANCELLED, because="its worker vanished while it was being cancelled", **died)
        elif kind is not None and not kind.is_restartable:
            _end(uow, job, JobStatus.FAILED, failure=JobFailure.LOST, because="its worker vanished", **died)
        elif deaths >= max_deaths:
            because = f"its worker vanished {deaths} times"
            _end(uow, job, JobStatus.FAILED, failure=JobFailure.POISON, because=because, **died)
        else:
            # At once the first time: most often it was not the job's fault.
            delay = timedelta(0) if deaths == 1 else full_jitter(deaths - 1, random)
            _again(uow, job, run_at=uow.now() + delay, reason="worker vanished", **died)
    return len(jobs)


def _claimable(queues: Collection[str], kinds: Collection[str], now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    is_pending: Any = IS_PENDING
    return (is_pending, JOBS.c.queue.in_(queues), JOBS.c.kind.in_(kinds), JOBS.c.run_at <= now)


def _among(leases: Sequence[Lease]) -> sa.ColumnElement[bool]:
    pairs = [(lease.job_id, lease.token) for lease in leases]
    return sa.and_(sa.tuple_(JOBS.c.id, JOBS.c.lease_token).in_(pairs), JOBS.c.status.in_(HELD))


def _fenced(uow: UnitOfWork, lease: Lease, values: Mapping[str, Any]) -> Facts:
    job = uow.session.execute(
        sa.update(JOBS)
        .where(JOBS.c.id == lease.job_id, JOBS.c.lease_token == lease.token, JOBS.c.status.in_(HELD))
        .values(updated_at=uow.now(), **values)
        .returning(*FACTS)
    ).first()
    if job is None:
        raise LeaseLost(f"job {lease.job_id} is no longer held under token {lease.token}")
    return job


def _end(uow: UnitOfWork, job: Facts, status: JobStatus, *, because: str, **values: Any) -> JobStatus:
    """End a job that is held or whose row is locked."""
    values |= {**NO_LEASE, "status": status, "error": because, "finished_at": uow.now()}
    row = uow.session.execute(sa.update(JOBS).where(JOBS.c.id == job.id).values(**values).returning(*FACTS)).one()
    failure: JobFailure | None = values.get("failure")
    ended(uow, row, status.value, error=because, failure=failure.value if failure else None)
    return status


def _again(uow: UnitOfWork, job: Facts, *, run_at: datetime, reason: str, error: str | None = None, **values: Any) -> JobStatus:
    """Back to pending."""
    values |= {**NO_LEASE, "status": JobStatus.PENDING, "run_at": run_at}
    row = uow.session.execute(sa.update(JOBS).where(JOBS.c.id == job.id).values(**values).returning(*FACTS)).one()
    tell(uow, row, "retried", "status", "runAt", reason=reason, error=error, run_at=run_at.isoformat())
    tell_ready(uow, row)
    return JobStatus.PENDING


def _columns(progress: Progress) -> dict[str, Any]:
    fraction = None if progress.fraction is None else min(1.0, max(0.0, progress.fraction))
    return {"progress": fraction, "progress_text": progress.text[:LONGEST_TEXT], "progress_counters": dict(progress.counters)}


def _text(error: Exception) -> str:
    text = error.message if isinstance(error, DomainError) else f"{type(error).__name__}: {error}"
    return text[:LONGEST_ERROR]
