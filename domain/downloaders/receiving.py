"""Takes webhooks in: checks the token, keeps the body as it came, and asks for the work, all before anybody is answered.

Many at a time go into one transaction, because each costs the disk a wait of its own otherwise.
"""

import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

import orjson
import sqlalchemy as sa

from domain.downloaders.service import TOKEN, TOPIC
from domain.jobs.beginning import begin_chains
from domain.jobs.kinds import PROCESS_DOWNLOADER_EVENT, ProcessDownloaderEvent
from domain.kit.database import Database, UnitOfWork, serialize
from domain.kit.errors import DomainError, Forbidden, Invalid, Unauthenticated
from domain.kit.ids import global_id
from domain.kit.secrets import NO_TOKEN, keyed_hash
from domain.libraries.tables import Source
from domain.system import events
from domain.system.enums import InboundStatus
from domain.system.tables import InboundEvent

AGAIN: Final = timedelta(minutes=2)
"""The same words of the same sender within this time are one event."""
STORM: Final = 5
"""So many events in one transaction are a storm: whoever comes in next needs the database more than the workers do, …"""
LULL: Final = timedelta(seconds=2)
"""… who therefore begin a little later."""
MOST_DEPTH: Final = 64
"""Objects and lists within each other; theirs have five."""
_SOURCES: Final[Any] = Source.__table__  # type: ignore[attr-defined]
_EVENTS: Final[Any] = InboundEvent.__table__  # type: ignore[attr-defined]
_UNSHOWN: Final = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Knock:
    """A request at the door: for which source, with which secret (None = none), and what it brings."""

    source_id: int
    secret: str | None = field(repr=False)
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Received:
    """What was kept. `job_id` deals with it; None when that job is not known any more."""

    event_id: int
    job_id: int | None
    is_new: bool


@dataclass(frozen=True, slots=True)
class _Read:
    source_id: int
    kind: str
    type: str
    instance: str | None
    body: str
    digest: str


def receive(database: Database, knocks: Sequence[Knock], *, key: bytes, request_id: str = "") -> list[Received | DomainError]:
    """What became of each, in order: kept and committed, or why not: Unauthenticated (no such source, no or another token),
    Forbidden (the source is switched off), Invalid (no JSON)."""
    with database.read() as session:
        query = sa.select(_SOURCES.c.id, _SOURCES.c.kind, _SOURCES.c.is_enabled, _SOURCES.c.webhook_hash)
        wanted = {knock.source_id for knock in knocks}
        found = session.connection().execute(query.where(_SOURCES.c.id.in_(wanted)))  # unguarded: the token decides
        sources = {row.id: row for row in found}
    answers: list[Received | DomainError | None] = []
    reads: list[_Read] = []
    for knock in knocks:
        try:
            reads.append(_read(knock, sources.get(knock.source_id), key))
            answers.append(None)
        except DomainError as error:
            answers.append(error)
    kept = iter(database.perform(lambda uow: _keep(uow, reads), request_id=request_id) if reads else ())
    return [next(kept) if answer is None else answer for answer in answers]


def _read(knock: Knock, source: Any, key: bytes) -> _Read:
    expected = None if source is None else source.webhook_hash
    if not knock.secret:
        raise Unauthenticated(NO_TOKEN)
    given = keyed_hash(key, TOKEN, knock.secret)
    if not hmac.compare_digest(given, expected or "") or source is None:
        raise Unauthenticated("This is not the token of this source's webhooks.")
    if not source.is_enabled:
        raise Forbidden("This source is switched off.")
    try:
        text = knock.body.decode()
        said = orjson.loads(knock.body)
    except (UnicodeDecodeError, orjson.JSONDecodeError):
        raise Invalid("The body is no JSON.") from None
    if is_deeper(said, MOST_DEPTH):
        raise Invalid(f"The body is nested more than {MOST_DEPTH} deep.")
    heads = said if isinstance(said, Mapping) else {}
    digest = hashlib.sha256(knock.body).hexdigest()
    kind = source.kind.value
    return _Read(source.id, kind, _word(heads, "eventType") or "", _word(heads, "instanceName"), text, digest)


def is_deeper(value: Any, most: int) -> bool:
    """Whether objects and lists lie deeper within each other than that."""
    level = [value]
    for _ in range(most):
        level = [
            inner
            for outer in level
            if isinstance(outer, dict | list)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, dict | list)
        ]
        if not level:
            return False
    return True


def _word(heads: Mapping[str, Any], name: str) -> str | None:
    """A short text for people and filters; None for what is none."""
    value = heads.get(name)
    return _UNSHOWN.sub("", value)[:100] or None if isinstance(value, str) else None


def _keep(uow: UnitOfWork, reads: Sequence[_Read]) -> list[Received]:
    for source_id in sorted({read.source_id for read in reads}):
        serialize(uow.session, f"inbound events of {source_id}")  # else two processes would not see each other's
    known = _known(uow, reads)
    fresh: dict[tuple[int, str], _Read] = {}
    again: dict[tuple[int, str], int] = {}
    is_new: list[bool] = []
    for read in reads:
        name = read.source_id, read.digest
        is_new.append(name not in known and name not in fresh)
        if is_new[-1]:
            fresh[name] = read
        else:
            again[name] = again.get(name, 0) + 1
    known |= _insert(uow, fresh)
    _count(uow, {known[name][0]: more for name, more in again.items()})
    return [Received(*known[read.source_id, read.digest], new) for read, new in zip(reads, is_new, strict=True)]


def _known(uow: UnitOfWork, reads: Sequence[_Read]) -> dict[tuple[int, str], tuple[int, int | None]]:
    """(event, its job) of what came a moment ago, by source and digest."""
    query = (
        sa.select(_EVENTS.c.source_id, _EVENTS.c.digest, _EVENTS.c.id, _EVENTS.c.job_id)
        .where(_EVENTS.c.source_id.in_({read.source_id for read in reads}))
        .where(_EVENTS.c.digest.in_({read.digest for read in reads}), _EVENTS.c.created_at > uow.now() - AGAIN)
        .order_by(_EVENTS.c.id)
    )  # unguarded: whoever comes in is compared with what came before
    return {(row[0], row[1]): (row[2], row[3]) for row in uow.session.connection().execute(query)}


def _insert(uow: UnitOfWork, fresh: Mapping[tuple[int, str], _Read]) -> dict[tuple[int, str], tuple[int, int | None]]:
    if not fresh:
        return {}
    now = uow.now()
    rows = [
        {
            "source": read.kind, "source_id": read.source_id, "type": read.type, "instance": read.instance, "body": read.body,
            "digest": read.digest, "deliveries": 1, "last_received_at": now, "status": InboundStatus.RECEIVED,
            "created_at": now, "updated_at": now,
        }
        for read in fresh.values()
    ]  # fmt: skip
    connection = uow.session.connection()
    insert = sa.insert(_EVENTS).returning(_EVENTS.c.id, sort_by_parameter_order=True)
    keys = list(connection.execute(insert, rows).scalars())
    asked = begin(uow, keys)
    told = [
        events.Fact(
            "inbound_event.received",
            global_id("inbound_events", key),
            {"type": read.type, **sender(read.kind, read.source_id)},
        )
        for key, read in zip(keys, fresh.values(), strict=True)
    ]
    events.emit_many(uow, told, topic=TOPIC)
    return {name: (key, job) for name, key, job in zip(fresh, keys, asked, strict=True)}


def sender(kind: str, source_id: int | None) -> dict[str, Any]:
    """Who sent it, as events tell it; the id only while the source is there."""
    return {"source": kind} if source_id is None else {"source": kind, "sourceId": global_id("sources", source_id)}


def begin(uow: UnitOfWork, keys: Sequence[int]) -> list[int]:
    """Ask for each of these events to be dealt with, in a chain of its own; the keys of the jobs."""
    wanted = [(ProcessDownloaderEvent(key), global_id("inbound_events", key)) for key in keys]
    asked = begin_chains(uow, PROCESS_DOWNLOADER_EVENT, wanted, wait=LULL if len(keys) >= STORM else timedelta(0))
    link = sa.update(_EVENTS).where(_EVENTS.c.id == sa.bindparam("event"))
    links = [{"event": key, "job_id": job, "chain": global_id("jobs", job)} for key, job in zip(keys, asked, strict=True)]
    uow.session.connection().execute(link.values(job_id=sa.bindparam("job_id"), chain=sa.bindparam("chain")), links)
    return asked


def _count(uow: UnitOfWork, again: Mapping[int, int]) -> None:
    """Note that these came once more."""
    for key, more in sorted(again.items()):
        values = {"deliveries": _EVENTS.c.deliveries + more, "last_received_at": uow.now()}
        uow.session.connection().execute(sa.update(_EVENTS).where(_EVENTS.c.id == key).values(values))
