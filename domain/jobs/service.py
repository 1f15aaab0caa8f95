"""What people and features do with jobs: ask for one, cancel it, ask again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from domain.jobs.declaring import Kind, P
from domain.jobs.enums import LIVE, JobStatus, OnFailure
from domain.jobs.tables import DEPENDENCIES, JOBS, Job
from domain.jobs.telling import FACTS, cancel_before_start, fresh, is_ended, settle, tell, tell_ready
from domain.kit.database import UnitOfWork
from domain.kit.errors import Conflict, Invalid, NotFound
from domain.kit.ids import global_id


@dataclass(frozen=True, slots=True)
class Enqueued:
    """The job that will do it; `is_new` is False when one with the same dedupe key was already there."""

    job: Job
    is_new: bool


def enqueue(
    uow: UnitOfWork,
    kind: Kind[P],
    payload: P,
    *,
    priority: int | None = None,
    dedupe_key: str | None = None,
    subject: str | None = None,
    requested_by_user_id: int | None = None,
    run_at: datetime | None = None,
    depends_on: Sequence[int] = (),
    after: Sequence[int] = (),
    on_failure: OnFailure = OnFailure.CANCEL,
    parent: Job | None = None,
    chain: str | None = None,
    schedule_id: int | None = None,
) -> Enqueued:
    """Ask for work: the row is written with the caller's transaction, workers hear of it after the commit.

    `depends_on` are keys of jobs that must end first; `on_failure` says what becomes of this one if any of them does
    not complete. Those in `after` must have ended, well or not. `chain` groups follow-ups (a child inherits its
    parent's). A job that is just being cancelled does not count as the same: the new one waits for it. Raises NotFound
    for a dependency that is not there.
    """
    if priority is not None and not 1 <= priority <= 10:
        raise Invalid("A priority lies between 1 and 10.", path=("priority",))
    edges = dict.fromkeys(after, OnFailure.CONTINUE) | dict.fromkeys(depends_on, on_failure)
    if dedupe_key is not None:
        if (live := _same(uow, dedupe_key)) is not None:
            return Enqueued(live, is_new=False)
        stopping = sa.select(JOBS.c.id).where(JOBS.c.dedupe_key == dedupe_key, JOBS.c.status == JobStatus.CANCELLING)
        edges |= {key: OnFailure.CONTINUE for key in uow.session.execute(stopping).scalars() if key not in edges}
    values = {
        "kind": kind.name,
        "queue": kind.queue,
        "priority": priority if priority is not None else kind.priority,
        "status": JobStatus.WAITING if edges else JobStatus.PENDING,
        "pending_deps": len(edges),
        "subject": subject,
        "requested_by_user_id": requested_by_user_id,
        "payload": kind.encode(payload),
        "dedupe_key": dedupe_key,
        "run_at": run_at or uow.now(),
        "max_attempts": kind.max_attempts,
        "attempts": 0,
        "deaths": 0,
        "lease_token": 0,
        "parent_id": None if parent is None else parent.id,
        "chain": chain if chain is not None or parent is None else parent.chain or global_id("jobs", parent.id),
        "schedule_id": schedule_id,
        "request_id": uow.request_id,
        "created_at": uow.now(),
        "updated_at": uow.now(),
    }
    try:
        with uow.session.begin_nested():
            job = uow.session.execute(sa.insert(JOBS).values(values).returning(*FACTS)).one()
    except IntegrityError:
        # Somebody else's transaction with the same key was committed between our look and our insert.
        if dedupe_key is None or (live := _same(uow, dedupe_key)) is None:
            raise
        return Enqueued(live, is_new=False)
    tell(uow, job, "created")
    _wait_for(uow, job.id, edges)
    tell_ready(uow, job)
    return Enqueued(fresh(uow, job.id), is_new=True)


def cancel(uow: UnitOfWork, job_id: int) -> Job:
    """Stop a job and its live children: at once if no worker holds it, else as soon as its worker looks (≤ 2 s).

    Raises NotFound, and Conflict for a job that has ended.
    """
    job = _locked(uow, job_id)
    if is_ended(job):
        raise Conflict(f"The job has ended already: {job.status.value}.")
    _cancel(uow, job_id)
    return fresh(uow, job_id)


def retry(uow: UnitOfWork, job_id: int) -> Job:
    """Run a failed or cancelled job again, from its checkpoint, with all its attempts.

    Dependencies that ended, well or not, are no longer waited for. Raises NotFound; Conflict if the job did not fail,
    or if another with the same dedupe key is live.
    """
    job = _locked(uow, job_id)
    if job.status not in (JobStatus.FAILED, JobStatus.CANCELLED):
        raise Conflict("Only a failed or cancelled job can be tried again.")
    if job.dedupe_key is not None and _same(uow, job.dedupe_key) is not None:
        raise Conflict("The same work is already under way.")
    open_edges = sa.and_(DEPENDENCIES.c.job_id == job_id, DEPENDENCIES.c.is_resolved.is_(False))
    live = sa.select(JOBS.c.id).where(JOBS.c.status.in_((*LIVE, JobStatus.CANCELLING)))
    uow.session.execute(
        sa.update(DEPENDENCIES).where(open_edges, DEPENDENCIES.c.depends_on_job_id.not_in(live)).values(is_resolved=True)
    )
    waits = uow.session.execute(sa.select(sa.func.count()).select_from(DEPENDENCIES).where(open_edges)).scalar_one()
    values = {"attempts": 0, "deaths": 0, "failure": None, "error": None, "finished_at": None, "result": None}
    row = uow.session.execute(
        sa.update(JOBS)
        .where(JOBS.c.id == job_id)
        .values(status=JobStatus.WAITING if waits else JobStatus.PENDING, pending_deps=waits, run_at=uow.now(), **values)
        .returning(*FACTS)
    ).one()
    tell(uow, row, "retried", "status", "attempts", reason="asked")
    tell_ready(uow, row)
    return fresh(uow, job_id)


def _cancel(uow: UnitOfWork, job_id: int) -> None:
    if not cancel_before_start(uow, job_id, because=f"cancelled by {uow.actor}"):
        job = uow.session.execute(
            sa.update(JOBS)
            .where(JOBS.c.id == job_id, JOBS.c.status == JobStatus.RUNNING)
            .values(status=JobStatus.CANCELLING)
            .returning(*FACTS)
        ).first()
        if job is not None:
            tell(uow, job, "cancelling")
    children = sa.select(JOBS.c.id).where(JOBS.c.parent_id == job_id, JOBS.c.status.in_(LIVE)).order_by(JOBS.c.id)
    for child in uow.session.execute(children).scalars().all():
        _cancel(uow, child)


def _wait_for(uow: UnitOfWork, job_id: int, edges: dict[int, OnFailure]) -> None:
    """Write the edges, and settle those whose other end is already there."""
    if not edges:
        return
    # The share lock holds off an end that would not see these edges yet.
    others = uow.session.execute(
        sa.select(JOBS.c.id, JOBS.c.status).where(JOBS.c.id.in_(edges)).order_by(JOBS.c.id).with_for_update(read=True)
    ).all()
    if missing := edges.keys() - {other.id for other in others}:
        raise NotFound(f"There is no job {global_id('jobs', min(missing))}.", path=("dependsOn",))
    stamps = {"created_at": uow.now(), "updated_at": uow.now(), "is_resolved": False}
    rows = [{"job_id": job_id, "depends_on_job_id": key, "on_failure": policy, **stamps} for key, policy in edges.items()]
    uow.session.execute(sa.insert(DEPENDENCIES), rows)
    for other in others:
        if other.status in (JobStatus.COMPLETED, JobStatus.FAILED, JobStatus.CANCELLED):
            settle(uow, other.id, other.status)


def _same(uow: UnitOfWork, dedupe_key: str) -> Job | None:
    same = (col(Job.dedupe_key) == dedupe_key, col(Job.status).in_(LIVE))
    query = sa.select(Job).where(*same)  # unguarded: the same work is the same whoever asked for it
    job: Job | None = uow.session.execute(query.execution_options(populate_existing=True)).scalars().first()
    return job


def _locked(uow: UnitOfWork, job_id: int) -> Job:
    query = sa.select(Job).where(col(Job.id) == job_id)  # unguarded: the mutation has asked whether this user may
    locked = query.with_for_update().execution_options(populate_existing=True)
    job: Job | None = uow.session.execute(locked).scalars().first()
    if job is None:
        raise NotFound(f"There is no job {global_id('jobs', job_id)}.")
    return job
