"""Every change of a job's state as an event, and what else hangs on a job's end."""

from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import col

from domain.jobs import doorbell
from domain.jobs.enums import ENDED, JobStatus, OnFailure
from domain.jobs.tables import DEPENDENCIES, JOBS, SCHEDULES, Job
from domain.kit.database import UnitOfWork
from domain.kit.ids import global_id
from domain.system import events

Facts = Any
"""A row with the columns of FACTS, as after the change."""

FACTS: Final = (
    JOBS.c.id, JOBS.c.kind, JOBS.c.queue, JOBS.c.status, JOBS.c.subject, JOBS.c.requested_by_user_id,
    JOBS.c.schedule_id, JOBS.c.run_at, JOBS.c.attempts, JOBS.c.deaths, JOBS.c.max_attempts, JOBS.c.chain,
)  # fmt: skip


def tell(uow: UnitOfWork, job: Facts, what: str, *changed: str, **payload: Any) -> None:
    """Emit `job.<what>` to whoever asked for the job, and to admins."""
    chain = {} if job.chain is None else {"chain": job.chain}
    events.emit(
        uow,
        f"job.{what}",
        global_id("jobs", job.id),
        topic="jobs",
        audience=events.for_user(job.requested_by_user_id),
        payload={"kind": job.kind, "status": job.status.value, "about": job.subject, **chain, **payload},
        changed_fields=changed or ("status",),
    )


def tell_ready(uow: UnitOfWork, job: Facts) -> None:
    """Ring for a pending job whose time has come."""
    if job.status is JobStatus.PENDING and job.run_at <= uow.now():
        doorbell.ring_after_commit(uow, job.queue)


def ended(uow: UnitOfWork, job: Facts, what: str, **payload: Any) -> None:
    """A job reached its end: tell it, note it at its schedule, and settle those who waited for it."""
    tell(uow, job, what, "status", "finishedAt", **payload)
    if job.schedule_id is not None:
        uow.session.execute(sa.update(SCHEDULES).where(SCHEDULES.c.id == job.schedule_id).values(last_status=job.status))
    settle(uow, job.id, job.status)


def settle(uow: UnitOfWork, job_id: int, status: JobStatus) -> None:
    """Release or cancel the jobs that waited for one that ended. Each edge counts once."""
    edges = uow.session.execute(
        sa.select(DEPENDENCIES.c.job_id, DEPENDENCIES.c.on_failure)
        .where(DEPENDENCIES.c.depends_on_job_id == job_id, DEPENDENCIES.c.is_resolved.is_(False))
        .order_by(DEPENDENCIES.c.job_id)
    ).all()
    for edge in edges:
        if status is JobStatus.COMPLETED or edge.on_failure is OnFailure.CONTINUE:
            _resolve(uow, edge.job_id, depends_on=job_id)
        else:
            cancel_before_start(uow, edge.job_id, because=f"{global_id('jobs', job_id)} {status.value}")


def cancel_before_start(uow: UnitOfWork, job_id: int, *, because: str) -> bool:
    """Cancel a job that no worker holds; whether there was such a one."""
    job = uow.session.execute(
        sa.update(JOBS)
        .where(JOBS.c.id == job_id, JOBS.c.status.in_((JobStatus.PENDING, JobStatus.WAITING)))
        .values(status=JobStatus.CANCELLED, pending_deps=0, error=because, finished_at=uow.now())
        .returning(*FACTS)
    ).first()
    if job is None:
        return False
    ended(uow, job, "cancelled", because=because)
    return True


def _resolve(uow: UnitOfWork, job_id: int, *, depends_on: int) -> None:
    edge = (DEPENDENCIES.c.job_id == job_id, DEPENDENCIES.c.depends_on_job_id == depends_on)
    uow.session.execute(sa.update(DEPENDENCIES).where(*edge).values(is_resolved=True))
    job = uow.session.execute(
        sa.update(JOBS)
        .where(JOBS.c.id == job_id, JOBS.c.status == JobStatus.WAITING)
        .values(
            pending_deps=JOBS.c.pending_deps - 1,
            status=sa.case((JOBS.c.pending_deps == 1, JobStatus.PENDING), else_=JobStatus.WAITING),
        )
        .returning(*FACTS)
    ).first()
    if job is not None and job.status is JobStatus.PENDING:
        tell(uow, job, "ready")
        tell_ready(uow, job)


def is_ended(job: Job) -> bool:
    """Whether nothing more will happen to the job by itself."""
    return job.status in ENDED


def fresh(uow: UnitOfWork, job_id: int) -> Job:
    """The job as it stands after set-wise statements."""
    query = sa.select(Job).where(col(Job.id) == job_id)  # unguarded: the caller has just written it
    job: Job = uow.session.execute(query.execution_options(populate_existing=True)).scalar_one()
    return job
