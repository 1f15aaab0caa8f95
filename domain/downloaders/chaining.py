"""The chain that a webhook begins: read a folder, find out what is in it, fetch, publish, tell the players.

All jobs are there from the start, each waiting for the ones before it, so that whoever follows the chain sees where it leads.
What comes while the folder has not been read yet joins the chain that is there.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from domain.downloaders.placing import Place
from domain.identify.asking import usable
from domain.jobs.declaring import Kind
from domain.jobs.enums import JobStatus, OnFailure
from domain.jobs.kinds import (
    ENRICH,
    FETCH_ARTWORK,
    IDENTIFY,
    PUBLISH,
    SCAN,
    SYNC_PLAYERS,
    WEBHOOK,
    Enrich,
    FetchArtwork,
    Hint,
    Identify,
    Publish,
    Scan,
    SyncPlayers,
)
from domain.jobs.service import enqueue
from domain.jobs.tables import JOBS, Job
from domain.kit.database import UnitOfWork, serialize
from domain.kit.ids import global_id
from domain.libraries.tables import Library
from domain.players.requesting import groups_of

MORE_TO_COME: Final = timedelta(seconds=2)
"""A season's episodes come one by one: so long nothing is read after the last of them …"""
LONGEST: Final = timedelta(seconds=15)
"""… and so long at most after the first."""
_QUIET: Final = ":quiet"
"""Ends the names of the scans whose chain does not publish."""
_End = tuple[int, int | None]
"""A job at the end of a chain, and the group that it tells."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be done about a place: publish it; `hint` is what the sender takes it for; `is_series`: more is to come."""

    place: Place
    hint: Hint | None
    publishes: bool
    is_series: bool


@dataclass(frozen=True, slots=True)
class Begun:
    """The chain, whether it was there before, and its last jobs: what is to happen afterwards waits for these."""

    chain: str
    is_new: bool
    last: Mapping[int | None, Sequence[int]]
    """By the group that they tell; None: they tell nobody, as no group shows the library."""

    def told_by(self, group_id: int) -> Sequence[int]:
        """The jobs after which a group knows all; every one for a group that is not told."""
        return self.last.get(group_id) or [key for keys in self.last.values() for key in keys]


def begin(uow: UnitOfWork, parent: Job, wishes: Sequence[Wish]) -> Begun:
    """Ask for all that follows, as children of `parent`; or join the chain that will read the same folder anyway."""
    chain, made = parent.chain or global_id("jobs", parent.id), 0
    last: dict[int | None, dict[int, None]] = {}
    joined: str | None = None
    for wish in wishes:
        key = _key(wish.place)
        serialize(uow.session, key)
        waiting = _waiting(uow, key, publishes=wish.publishes)
        if waiting is not None and waiting.chain is not None:
            joined = waiting.chain
            _join(uow, waiting, wish)
            ends = _ends(uow, waiting.chain)
        else:
            ends = _jobs(uow, parent, wish, key if wish.publishes else f"{key}{_QUIET}")
            made += 1
        for job, group in ends:
            last.setdefault(group, {})[job] = None
    told = {group: tuple(keys) for group, keys in last.items()}
    return Begun(joined if joined is not None and not made else chain, bool(made), told)


def _jobs(uow: UnitOfWork, parent: Job, wish: Wish, key: str) -> list[_End]:
    """The jobs of one folder; of the last of them those that tell the players."""
    library_id, folder = wish.place.library_id, wish.place.folder
    running = _running(uow, key)
    name = key if running is None else f"{key}:next"
    run_at = uow.now() + MORE_TO_COME if wish.is_series else None
    scan = enqueue(
        uow, SCAN, Scan(library_id, folder, is_followed=True), priority=WEBHOOK, dedupe_key=name, parent=parent, run_at=run_at,
        subject=global_id("libraries", library_id), after=[] if running is None else [running],
    ).job  # fmt: skip
    before = scan.id
    library: Any = Library.__table__  # type: ignore[attr-defined]
    automatic = sa.select(library.c.auto_enrich, library.c.auto_publish).where(library.c.id == library_id)
    enriches, publishes = uow.session.connection().execute(automatic).one()  # unguarded: a job does it for everybody
    if enriches and usable(uow.session):
        hints = () if wish.hint is None else (wish.hint,)
        before = _next(uow, parent, IDENTIFY, Identify(library_id=library_id, folder=folder, hints=hints), scan.id, before)
        before = _next(uow, parent, ENRICH, Enrich(library_id=library_id, folder=folder), scan.id, before)
        before = _next(uow, parent, FETCH_ARTWORK, FetchArtwork(library_id=library_id, folder=folder), scan.id, before)
    if wish.publishes:
        # Who did not ask for automatic publication did not ask for files of their own to be replaced.
        payload = Publish(library_id=library_id, folder=folder, spares_others=not publishes)
        before = _next(uow, parent, PUBLISH, payload, scan.id, before)
    groups: list[int | None] = [*groups_of(uow.session, library_id)]
    return [
        (_next(uow, parent, SYNC_PLAYERS, SyncPlayers(library_id, (), wish.place.directory, group), scan.id, before), group)
        for group in groups or [None]
    ]  # a job each: a group that is put off, because somebody watches there, holds up no other


def _next(uow: UnitOfWork, parent: Job, kind: Kind[Any], payload: Any, scan: int, before: int) -> int:
    """A job that needs the scan, and begins once the one before it has ended, well or not."""
    after = [] if before == scan else [before]
    return enqueue(
        uow, kind, payload, priority=WEBHOOK, depends_on=[scan], after=after, on_failure=OnFailure.CANCEL, parent=parent,
        subject=global_id("libraries", payload.library_id),
    ).job.id  # fmt: skip


def _join(uow: UnitOfWork, scan: Any, wish: Wish) -> None:
    """Let the chain of a scan that has not begun do this as well."""
    if wish.is_series and scan.status is JobStatus.PENDING:
        run_at: datetime = min(uow.now() + MORE_TO_COME, scan.created_at + LONGEST)
        still = sa.and_(JOBS.c.id == scan.id, JOBS.c.status == JobStatus.PENDING)
        uow.session.connection().execute(sa.update(JOBS).where(still).values(run_at=run_at))
    if wish.hint is None:
        return
    of = sa.and_(JOBS.c.chain == scan.chain, JOBS.c.kind == IDENTIFY.name, JOBS.c.status == JobStatus.WAITING)
    rows = uow.session.connection().execute(sa.select(JOBS.c.id, JOBS.c.payload).where(of)).all()  # unguarded: jobs of ours
    for row in rows:
        payload = IDENTIFY.decode(row.payload)
        if payload.folder == wish.place.folder and wish.hint not in payload.hints:
            more = Identify(payload.items, payload.library_id, payload.folder, (*payload.hints, wish.hint)[:20])
            same = sa.and_(JOBS.c.id == row.id, JOBS.c.status == JobStatus.WAITING)
            uow.session.connection().execute(sa.update(JOBS).where(same).values(payload=IDENTIFY.encode(more)))


def _key(place: Place) -> str:
    digest = hashlib.sha256(place.folder.encode()).hexdigest()  # short: a path may be too long to index
    return f"downloaders.scan:{place.library_id}:{digest}"


def _waiting(uow: UnitOfWork, key: str, *, publishes: bool) -> Any:
    """The scan of a folder that has not begun, locked. Who publishes joins only a chain that does; anybody joins that."""
    keys = [key] if publishes else [key, f"{key}{_QUIET}"]
    keys += [f"{each}:next" for each in keys]
    waits = JOBS.c.status.in_((JobStatus.PENDING, JobStatus.WAITING))
    is_it = sa.and_(JOBS.c.dedupe_key.in_(keys), waits, JOBS.c.attempts == 0)
    query = sa.select(JOBS).where(is_it).order_by(JOBS.c.id).limit(1).with_for_update()  # unguarded: jobs of ours
    return uow.session.connection().execute(query).first()


def _running(uow: UnitOfWork, key: str) -> int | None:
    live = (JobStatus.RUNNING, JobStatus.CANCELLING, JobStatus.PENDING, JobStatus.WAITING)
    is_it = sa.and_(JOBS.c.dedupe_key == key, JOBS.c.status.in_(live))
    query = sa.select(JOBS.c.id).where(is_it).order_by(JOBS.c.id).limit(1)  # unguarded: jobs of ours
    found: int | None = uow.session.connection().execute(query).scalar()
    return found


def _ends(uow: UnitOfWork, chain: str) -> list[_End]:
    """The jobs at the end of a chain."""
    of = sa.and_(JOBS.c.chain == chain, JOBS.c.kind == SYNC_PLAYERS.name)
    query = sa.select(JOBS.c.id, JOBS.c.payload).where(of).order_by(JOBS.c.id)  # unguarded: jobs of ours
    return [(row.id, SYNC_PLAYERS.decode(row.payload).group_id) for row in uow.session.connection().execute(query)]
