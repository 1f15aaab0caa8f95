"""A player that comes back hears what happened while it was away: what failed because of it is tried again at once."""

from datetime import timedelta
from typing import Final

import sqlalchemy as sa
from sqlmodel import col

from domain.jobs import doorbell
from domain.jobs import service as jobs
from domain.jobs.enums import JobStatus
from domain.jobs.kinds import SYNC_PLAYERS
from domain.jobs.tables import JOBS
from domain.kit.database import UnitOfWork
from domain.kit.errors import Conflict
from domain.players.tables import PlayerGroupLibrary

LONGEST: Final = timedelta(days=30)
"""What failed before is old: the player's own scan finds it."""
MOST: Final = 100
"""Jobs that are begun again at once, the latest."""


def catch_up(uow: UnitOfWork, group_id: int) -> int:
    """Begin again, now, the synchronizations that this group's absence held up or let fail; how many those are.

    What waits for somebody to stop watching (no failed attempt) waits on.
    """
    shown = set(
        uow.session.execute(
            sa.select(col(PlayerGroupLibrary.library_id)).where(col(PlayerGroupLibrary.group_id) == group_id)
        ).scalars()
    )  # unguarded: automation acts for the house
    held_up = sa.and_(JOBS.c.status == JobStatus.PENDING, JOBS.c.attempts > 0, JOBS.c.run_at > uow.now())
    failed = sa.and_(JOBS.c.status == JobStatus.FAILED, JOBS.c.finished_at > uow.now() - LONGEST)
    query = (
        sa.select(JOBS.c.id, JOBS.c.status, JOBS.c.payload)
        .where(JOBS.c.kind == SYNC_PLAYERS.name, sa.or_(held_up, failed))
        .order_by(JOBS.c.id.desc())
        .limit(MOST)
    )  # unguarded: automation's own jobs
    count = 0
    for row in uow.session.connection().execute(query).all():
        wanted = SYNC_PLAYERS.decode(row.payload)
        if wanted.group_id == group_id or (wanted.group_id is None and wanted.library_id in shown):
            count += _again(uow, row.id, row.status)
    return count


def _again(uow: UnitOfWork, job_id: int, status: JobStatus) -> bool:
    if status is JobStatus.FAILED:
        try:
            jobs.retry(uow, job_id)
        except Conflict:  # the same is asked for already
            return False
        return True
    still = sa.and_(JOBS.c.id == job_id, JOBS.c.status == JobStatus.PENDING)
    changed = uow.session.connection().execute(sa.update(JOBS).where(still).values(run_at=uow.now())).rowcount
    doorbell.ring_after_commit(uow, SYNC_PLAYERS.queue)
    return bool(changed)
