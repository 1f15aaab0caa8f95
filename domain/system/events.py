"""The event log: facts written in the transaction they tell of, read in an order that never lets one slip in behind.

On SQLite the sequence is commit order. On PostgreSQL it is not (numbers are given before commit), so readers order by
(transaction id, sequence) and stop before the oldest transaction that is still open.
"""

import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from domain.kit.database import UnitOfWork
from domain.system import wakeups
from domain.system.cursors import Cursor, Resync, ResyncReason
from domain.system.snapshots import is_settled, transaction_id
from domain.system.tables import Event, EventEpoch

EVERYONE: Final = "everyone"
"""Audience: whoever is signed in."""
ADMINS: Final = "admins"


def for_user(user_id: int | None) -> str:
    """Audience: one user (and admins, who hear everything); without one, admins alone."""
    return ADMINS if user_id is None else f"user:{user_id}"


def for_library(library_id: int) -> str:
    """Audience: those who may see a library."""
    return f"library:{library_id}"


def emit(
    uow: UnitOfWork,
    type: str,
    subject: str,
    *,
    topic: str,
    audience: str = ADMINS,
    payload: Mapping[str, Any] | None = None,
    changed_fields: Iterable[str] | None = None,
) -> None:
    """Write one event. `type` is dotted and in the past tense, `subject` a global id; keep the payload small:
    readers load the subject with their own rights."""
    uow.session.execute(
        sa.insert(Event).values(
            xid=transaction_id(),
            at=uow.now(),
            topic=topic,
            type=type,
            subject=subject,
            actor=uow.actor,
            audience=audience,
            payload=dict(payload or {}),
            changed_fields=None if changed_fields is None else sorted(changed_fields),
        )
    )
    wakeups.after_commit(uow)


@dataclass(frozen=True, slots=True)
class Fact:
    """One of many events of a topic and audience; see `emit`."""

    type: str
    subject: str
    payload: Mapping[str, Any] | None = None
    changed_fields: Iterable[str] | None = None


def emit_many(uow: UnitOfWork, facts: Sequence[Fact], *, topic: str, audience: str = ADMINS) -> None:
    """Write events in their order, in one statement: for work that tells of hundreds of things in a transaction."""
    if not facts:
        return
    same = {"at": uow.now(), "topic": topic, "actor": uow.actor, "audience": audience}
    rows = [
        {
            **same,
            "type": fact.type,
            "subject": fact.subject,
            "payload": dict(fact.payload or {}),
            "changed_fields": None if fact.changed_fields is None else sorted(fact.changed_fields),
        }
        for fact in facts
    ]
    statement = sa.insert(Event.__table__).values(xid=transaction_id())  # type: ignore[attr-defined]
    uow.session.connection().execute(statement, rows)
    wakeups.after_commit(uow)


def read_after(session: Session, cursor: Cursor, *, limit: int = 500) -> Sequence[Event]:
    """The next events in order, at most `limit`. Raises Resync when none can be given without a gap."""
    events = (
        session.execute(
            sa.select(Event)
            .where(_after(cursor), is_settled(col(Event.xid)))
            .order_by(col(Event.xid), col(Event.sequence))
            .limit(limit)
        )
        .scalars()
        .all()
    )
    # Read after the events: pruning moves both in one transaction, so a gap shows here at the latest.
    epoch, pruned = _life(session)
    if cursor.epoch != epoch:
        raise Resync(ResyncReason.EPOCH)
    if cursor < pruned:
        raise Resync(ResyncReason.EXPIRED)
    if not events and cursor > latest(session):
        raise Resync(ResyncReason.EPOCH)  # a backup was put in place by hand: the log ends before the cursor
    return events


def subjects_after(session: Session, cursor: Cursor, *, topic: str, types: Collection[str]) -> set[str]:
    """What events of these types are about that come behind a cursor."""
    such = (_after(cursor), is_settled(col(Event.xid)), col(Event.topic) == topic, col(Event.type).in_(types))
    return set(session.execute(sa.select(col(Event.subject)).where(*such).distinct()).scalars())


def cursor_of(event: Event, epoch: int) -> Cursor:
    """The place of `event`: reading after it goes on with the next one."""
    return Cursor(epoch, event.xid, event.sequence)


def latest(session: Session) -> Cursor:
    """The end of what can be read now."""
    row = session.execute(
        sa.select(col(Event.xid), col(Event.sequence))
        .where(is_settled(col(Event.xid)))
        .order_by(col(Event.xid).desc(), col(Event.sequence).desc())
        .limit(1)
    ).first()
    epoch, pruned = _life(session)
    return max(pruned, Cursor(epoch, row.xid, row.sequence)) if row else pruned


def ensure_epoch(uow: UnitOfWork) -> int:
    """The log's epoch, begun if there is none; renewed if PostgreSQL's transaction ids went back (a dump was restored)."""
    epoch, _ = _life(uow.session)
    if epoch == 0:
        try:
            with uow.session.begin_nested():
                uow.session.execute(sa.insert(EventEpoch).values(**_new_life(uow.now(), "begun")))
        except IntegrityError:  # another process was faster
            pass
        return _life(uow.session)[0]
    if uow.session.execute(sa.select(sa.func.max(Event.xid) > transaction_id())).scalar():
        return renew_epoch(uow, reason="transaction ids went back")
    return epoch


def renew_epoch(uow: UnitOfWork, *, reason: str) -> int:
    """Begin another life of the log: every older cursor answers Resync. To be called after a restore."""
    values = _new_life(uow.now(), reason)
    uow.session.execute(sa.delete(EventEpoch))
    uow.session.execute(sa.insert(EventEpoch).values(**values))
    uow.session.execute(sa.update(Event).values(xid=0).where(col(Event.xid) != 0))  # ids of another server: they come first
    epoch: int = values["epoch"]
    return epoch


def prune(uow: UnitOfWork, *, before: datetime, limit: int = 500) -> int:
    """Delete at most `limit` of the oldest events that happened before an instant; the number of them.

    Always a beginning of the log, so that one mark says which cursors have expired.
    """
    order = (col(Event.xid), col(Event.sequence))
    rows = uow.session.execute(
        sa.select(*order, col(Event.at)).where(is_settled(col(Event.xid))).order_by(*order).limit(limit)
    ).all()
    old = []
    for row in rows:
        if row.at >= before:
            break
        old.append(row)
    if old:
        uow.session.execute(sa.delete(Event).where(col(Event.sequence).in_([row.sequence for row in old])))
        mark = {"pruned_xid": old[-1].xid, "pruned_sequence": old[-1].sequence}
        ensure_epoch(uow)
        uow.session.execute(sa.update(EventEpoch).values(**mark))
    return len(old)


def _after(cursor: Cursor) -> sa.ColumnElement[bool]:
    return sa.tuple_(col(Event.xid), col(Event.sequence)) > sa.tuple_(sa.literal(cursor.xid), sa.literal(cursor.sequence))


def _life(session: Session) -> tuple[int, Cursor]:
    """(epoch, everything up to here is gone); epoch 0 as long as none was begun."""
    columns = (col(EventEpoch.epoch), col(EventEpoch.pruned_xid), col(EventEpoch.pruned_sequence))
    row = session.execute(sa.select(*columns)).first()
    return (row[0], Cursor(*row)) if row else (0, Cursor(0, 0, 0))


def _new_life(now: datetime, reason: str) -> dict[str, Any]:
    return {"id": 1, "epoch": secrets.randbelow(2**62) + 1, "reason": reason, "since": now, "pruned_xid": 0, "pruned_sequence": 0}
