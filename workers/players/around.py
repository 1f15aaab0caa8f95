"""What is done around the reading of a library on a player that somebody watches on."""

import contextlib
from collections.abc import Iterator, Sequence
from typing import Any

from domain.jobs.tables import Job
from domain.players import captured, capturing
from domain.players.enums import CaptureReason
from domain.players.syncing import Hooks
from workers.outbound import lan
from workers.runtime import JobContext


def hooks(context: JobContext[Any], *, key: bytes) -> Hooks:
    """Remember what plays before, and have it taken up again after, in the chain of this job."""

    def before(player: int) -> Sequence[int]:
        return capturing.before(
            context.database, lan(), key=key, reason=CaptureReason.SYNC, players=[player], job_id=context.lease.job_id
        )

    return Hooks(before, lambda captures: _after(context, captures))


@contextlib.contextmanager
def taken_over(context: JobContext[Any]) -> Iterator[None]:
    """What an attempt remembered whose worker was killed is taken up again once this one is over, however it ends."""
    with context.database.read() as session:
        left = captured.left_by(session, context.lease.job_id)
    try:
        yield
    finally:
        if left:
            _after(context, left)


def _after(context: JobContext[Any], captures: Sequence[int]) -> None:
    with context.transaction() as uow:
        job = uow.session.get(Job, context.lease.job_id)  # unguarded: it is this job itself
        capturing.after(uow, captures, parent=job)
