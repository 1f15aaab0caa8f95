"""Reads of jobs for services and the API."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from domain.jobs.enums import ENDED, LIVE, JobStatus
from domain.jobs.tables import JOBS
from domain.kit.errors import Invalid
from domain.kit.ids import global_id, key_of, parse_id
from domain.kit.policy import Viewer, visible
from domain.system.tables import InboundEvent

MOST = 100
MOST_OF_CHAIN = 500
INBOUND: Any = InboundEvent.__table__  # type: ignore[attr-defined]


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


def chain_named(session: Session, viewer: Viewer, named: str) -> tuple[int, str] | None:
    """(job, chain) behind the id of a job of a chain, or of a webhook that began or joined one; None if the viewer sees none.

    The chain may become another one: a webhook's job joins the chain that does the same work already.
    """
    try:
        table, key = parse_id(named)
    except Invalid:
        return None
    if table == "inbound_events":
        alias = INBOUND.alias()
        condition = visible(alias, viewer.shape)
        query = sa.select(alias.c.job_id).where(alias.c.id == key, *([] if condition is None else [condition]))
        key = session.connection().execute(query).scalar() or 0
    elif table != "jobs":
        return None
    if not is_visible(session, viewer, key):
        return None
    query = sa.select(JOBS.c.chain).where(JOBS.c.id == key)  # unguarded: it was asked just before
    return key, session.connection().execute(query).scalar() or global_id("jobs", key)


def chain_jobs(session: Session, viewer: Viewer, chain: str, job_id: int, *, kinds: Sequence[str] | None = None) -> list[int]:
    """Keys of the viewer's jobs of a chain and of one job that named it, whether ended or not, as they were asked for."""
    alias = JOBS.alias()
    statement = (
        sa.select(alias.c.id)
        .where(sa.or_(alias.c.chain == chain, alias.c.id == job_id))
        .order_by(alias.c.id)
        .limit(MOST_OF_CHAIN)
    )
    if kinds is not None:
        statement = statement.where(alias.c.kind.in_(kinds))
    condition = visible(alias, viewer.shape)
    if condition is not None:
        statement = statement.where(condition)
    needed = {} if viewer.is_admin else {"viewer_user_id": viewer.user_id}
    return list(session.connection().execute(statement, needed).scalars())


def chain_has_ended(session: Session, job_id: int) -> bool:
    """Whether all jobs of the chain that a job belongs to have ended."""
    chain = sa.select(sa.func.coalesce(JOBS.c.chain, sa.literal(global_id("jobs", job_id)))).where(JOBS.c.id == job_id)
    others = JOBS.alias()
    is_open = sa.or_(others.c.chain == chain.scalar_subquery(), others.c.id == job_id)
    query = sa.select(sa.exists().where(is_open, others.c.status.not_in(ENDED)))  # unguarded: only whether there are any
    return not session.connection().execute(query).scalar_one()


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
