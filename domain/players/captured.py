"""Which captures there are: of a group, of a job."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlmodel import Session

from domain.players.capturing import CAPTURES
from domain.players.enums import CaptureStatus
from domain.players.leases import PLAYERS


def by_group(session: Session, captures: Sequence[int]) -> dict[int, list[int]]:
    """Captures by the group of the player they were made on."""
    query = (
        sa.select(CAPTURES.c.id, PLAYERS.c.group_id)
        .join(PLAYERS, PLAYERS.c.id == CAPTURES.c.player_id)
        .where(CAPTURES.c.id.in_(captures))
        .order_by(CAPTURES.c.id)
    )
    found: dict[int, list[int]] = {}
    for capture, group in session.connection().execute(query):
        found.setdefault(group, []).append(capture)
    return found


def left_by(session: Session, job_id: int) -> list[int]:
    """The captures that a job made and nobody takes up yet: its worker was killed between `before` and `after`."""
    waiting = (CAPTURES.c.job_id == job_id, CAPTURES.c.status == CaptureStatus.WAITING)
    return list(session.connection().execute(sa.select(CAPTURES.c.id).where(*waiting).order_by(CAPTURES.c.id)).scalars())
