"""Reads of jobs for services and the API."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlmodel import Session

from domain.jobs.enums import ENDED, LIVE, JobStatus
from domain.jobs.tables import JOBS
from domain.kit.ids import global_id, key_of
from domain.kit.policy import Viewer, visible

MOST = 100


def live_jobs(session: Session, viewer: Viewer, *, kinds: Sequence[str] | None = None, subject: str | None = None) -> list[int]:
    """Keys of the viewer's jobs that have not ended, oldest first; of one job by its global id, whether ended or not."""
    alias = JOBS.alias()
    statement = sa.select(alias.c.id).order_by(alias.c.id).limit(MOST)
    if subject is not None:
        statement = statement.where(alias.c.id == key_of("jobs", subject))
    else:
        statement = statement.where(alias.c.status.in_((*LIVE, JobStatus.CANCELLING)))
    if kinds is not None:
        statement = statement.where(alias.c.kind.in_(kinds))
    condition = visible(alias, viewer.shape)
    if condition is not None:
        statement = statement.where(condition)
    needed = {} if viewer.is_admin else {"viewer_user_id": viewer.user_id}
    return list(session.connection().execute(statement, needed).scalars())


def has_ended(session: Session, viewer: Viewer, job_id: int) -> bool:
    """Whether a job that the viewer may see has ended."""
    return is_visible(session, viewer, job_id) and standing(session, job_id)[0] in ENDED


def is_visible(session: Session, viewer: Viewer, job_id: int) -> bool:
    """Whether the viewer may see (and so stop) a job."""
    return bool(live_jobs(session, viewer, subject=global_id("jobs", job_id)))


def standing(session: Session, job_id: int) -> tuple[JobStatus, float, str]:
    """(status, progress from 0 to 1, what it is doing) of a job, for whoever may see it."""
    statement = sa.select(JOBS.c.status, JOBS.c.progress, JOBS.c.progress_text).where(JOBS.c.id == job_id)
    row = session.connection().execute(statement).one()  # unguarded: the console sees every job, others are asked before
    return row.status, row.progress or 0.0, row.progress_text or ""
