"""Deals with a kept webhook once more, as if it had just come."""

import sqlalchemy as sa
from sqlmodel import col

from domain.downloaders.queries import KINDS
from domain.downloaders.receiving import begin, sender
from domain.downloaders.service import TOPIC
from domain.jobs.enums import LIVE
from domain.jobs.tables import JOBS
from domain.kit.database import UnitOfWork
from domain.kit.errors import Conflict, NotFound
from domain.kit.ids import global_id
from domain.system import audit, events
from domain.system.enums import InboundStatus
from domain.system.tables import InboundEvent


def replay(uow: UnitOfWork, event_id: int) -> int:
    """The key of the job that deals with it; the one that is about to, if there is one. Raises NotFound, Conflict."""
    query = sa.select(InboundEvent).where(col(InboundEvent.id) == event_id)  # unguarded: the API asks who it is
    row: InboundEvent | None = uow.session.execute(query.with_for_update()).scalars().first()
    if row is None:
        raise NotFound("There is no such webhook. `inboundEvents` lists them; they are kept for 30 days.", path=("id",))
    if row.source not in {kind.value for kind in KINDS}:
        raise Conflict("Only webhooks of downloaders can be replayed.", path=("id",))
    if row.source_id is None:
        raise Conflict("Its source was deleted: nobody knows any more how its paths map.", path=("id",))
    if row.job_id is not None and row.status is InboundStatus.RECEIVED:
        live = sa.select(JOBS.c.id).where(JOBS.c.id == row.job_id, JOBS.c.status.in_(LIVE))
        if uow.session.connection().execute(live).first() is not None:
            return row.job_id
    row.status, row.processed_at = InboundStatus.RECEIVED, None
    row.outcome = row.error = row.failure = None
    uow.session.flush()
    (job_id,) = begin(uow, [event_id])
    subject = global_id("inbound_events", event_id)
    audit.record(uow, "inbound_event.replayed", subject=subject)
    payload = {"type": row.type, **sender(row.source, row.source_id)}
    events.emit(uow, "inbound_event.replayed", subject, topic=TOPIC, payload=payload)
    return job_id
