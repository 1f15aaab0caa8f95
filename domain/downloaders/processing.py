"""Deals with one webhook that was kept: what it means, where that is, and the chain of jobs or the fact that follows."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

import orjson
import sqlalchemy as sa
from sqlmodel import Session, col

from domain.downloaders import chaining
from domain.downloaders.enums import Effect
from domain.downloaders.placing import Place, Unplaced, places
from domain.downloaders.queries import KINDS, publishes
from domain.downloaders.reading import Reading, other_sender, read
from domain.downloaders.receiving import sender
from domain.downloaders.service import TOPIC
from domain.jobs.kinds import Hint
from domain.jobs.tables import JOBS, Job
from domain.kit.database import UnitOfWork
from domain.kit.ids import global_id
from domain.libraries import paths
from domain.libraries.enums import SourceKind
from domain.libraries.mappings import rules_of_source
from domain.libraries.tables import Source
from domain.players import captured, capturing
from domain.system import events
from domain.system.enums import InboundFailure, InboundStatus
from domain.system.tables import InboundEvent

_EVENTS: Final[Any] = InboundEvent.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done about a webhook. `error` says why nothing can be."""

    event_id: int
    source_id: int | None
    sender: str
    received_at: datetime
    reading: Reading
    places: tuple[Place, ...] = ()
    publishes: bool = True
    error: Unplaced | None = None

    @property
    def lacks_folder(self) -> bool:
        """Something came, and its folder is not there (yet: a network disk may show it later)."""
        if not self.reading.expects_folder or not self.places:
            return False
        place = self.places[0]
        return not os.path.exists(paths.real(place.folder)) and os.path.isdir(paths.real(place.root))  # noqa: PTH110, PTH112


def plan(session: Session, event_id: int) -> Plan | None:
    """What a kept webhook asks for; None when there is nothing left to do about it: it is gone, or was dealt with."""
    row = session.execute(
        sa.select(InboundEvent).where(col(InboundEvent.id) == event_id)  # unguarded: a job does it for everybody
    ).scalar_one_or_none()
    if row is None or row.status is not InboundStatus.RECEIVED:
        return None
    kind = SourceKind(row.source)
    if kind not in KINDS:
        nothing = Reading(Effect.NOTHING, row.type, "No downloader sent it.")
        return Plan(row.id, row.source_id, row.source, row.created_at, nothing)
    body = orjson.loads(row.body)
    reading = read(kind, body)
    if (other := other_sender(kind, body)) is not None:
        where = f"{global_id('sources', row.source_id)} is" if row.source_id is not None else "its source was"
        message = f"This is {other.value.title()}'s; {where} a {kind.value.title()}. Each has an address of its own."
        error = Unplaced(InboundFailure.UNREADABLE, message)
        reading = replace(reading, said="It came to another's address.")
        return Plan(row.id, row.source_id, row.source, row.created_at, reading, error=error)
    source = session.get(Source, row.source_id or 0)  # unguarded: a job does it for everybody
    if reading.effect is not Effect.SCAN or source is None:
        if source is None and reading.effect is Effect.SCAN:
            reading = Reading(Effect.NOTHING, reading.type, "Its source was deleted meanwhile.")
        return Plan(row.id, row.source_id, row.source, row.created_at, reading)
    wishes = publishes(source.config)
    try:
        found = tuple(places(session, reading, rules_of_source(session, source.id)))
    except Unplaced as unplaced:
        return Plan(row.id, row.source_id, row.source, row.created_at, reading, publishes=wishes, error=unplaced)
    return Plan(row.id, row.source_id, row.source, row.created_at, reading, found, wishes)


def carry_out(uow: UnitOfWork, made: Plan, job_id: int, captures: Sequence[int] = ()) -> dict[str, Any]:
    """Begin what follows, and note it at the webhook: one transaction. The job's result."""
    if made.error is not None:
        return fail(uow, made, made.error.failure, made.error.message)
    match made.reading.effect:
        case Effect.NOTHING:
            return _end(uow, made, InboundStatus.IGNORED, made.reading.said)
        case Effect.TELL:
            subject = global_id("sources" if made.source_id is not None else "inbound_events", made.source_id or made.event_id)
            assert made.reading.fact is not None
            details = {**(made.reading.details or {}), "inboundEvent": global_id("inbound_events", made.event_id)}
            events.emit(uow, made.reading.fact, subject, topic=TOPIC, payload={"source": made.sender, **details})
            return _end(uow, made, InboundStatus.PROCESSED, made.reading.said)
        case Effect.SCAN:
            return _scan(uow, made, job_id, captures)


def _scan(uow: UnitOfWork, made: Plan, job_id: int, captures: Sequence[int]) -> dict[str, Any]:
    job: Job = uow.session.execute(sa.select(Job).where(col(Job.id) == job_id)).scalar_one()  # unguarded: it is this job
    hint = None if not made.reading.ids else made.reading.ids
    wishes = [
        chaining.Wish(place, None if hint is None else Hint(place.folder, hint), made.publishes, made.reading.is_series)
        for place in made.places
    ]
    begun = chaining.begin(uow, job, wishes)
    for group, mine in captured.by_group(uow.session, captures).items():  # once its players know the new files
        capturing.after(uow, mine, parent=job, depends_on=begun.told_by(group))
    if begun.chain != job.chain:  # whoever follows this job goes on with the chain that it joined
        uow.session.connection().execute(sa.update(JOBS).where(JOBS.c.id == job_id).values(chain=begun.chain))
    folders = ", ".join(place.folder for place in made.places[:3]) + (" …" if len(made.places) > 3 else "")
    joined = "" if begun.is_new else " together with what came before it"
    outcome = f"{made.reading.said} Read: {folders}{joined}."
    return _end(uow, made, InboundStatus.PROCESSED, outcome, chain=begun.chain)


def fail(uow: UnitOfWork, made: Plan, failure: InboundFailure, message: str) -> dict[str, Any]:
    """Note why nothing can be done. The job's result."""
    outcome = f"{made.reading.said} Nothing was done about it."
    return _end(uow, made, InboundStatus.FAILED, outcome, failure=failure, error=message)


def wait(uow: UnitOfWork, made: Plan, message: str) -> None:
    """Note what is waited for at a webhook that is dealt with later."""
    values = {"outcome": f"{made.reading.said} {message}"[:2_000], "updated_at": uow.now()}
    still = sa.and_(_EVENTS.c.id == made.event_id, _EVENTS.c.status == InboundStatus.RECEIVED)
    uow.session.connection().execute(sa.update(_EVENTS).where(still).values(values))


def _end(
    uow: UnitOfWork, made: Plan, status: InboundStatus, outcome: str, *, chain: str | None = None,
    failure: InboundFailure | None = None, error: str | None = None,
) -> dict[str, Any]:  # fmt: skip
    values: dict[str, Any] = {
        "status": status, "outcome": outcome[:2_000], "failure": failure, "error": error, "processed_at": uow.now(),
        "updated_at": uow.now(),
    }  # fmt: skip
    if chain is not None:
        values["chain"] = chain
    uow.session.connection().execute(sa.update(_EVENTS).where(_EVENTS.c.id == made.event_id).values(values))
    subject = global_id("inbound_events", made.event_id)
    payload = {"type": made.reading.type[:100], **sender(made.sender, made.source_id), "status": status.value}
    events.emit(uow, f"inbound_event.{status.value}", subject, topic=TOPIC, payload=payload, changed_fields=("status", "outcome"))
    return {"inbound_event": subject, "status": status.value, "outcome": outcome[:500], **({"error": error} if error else {})}
