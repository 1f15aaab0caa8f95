"""Libraries that are published by themselves: which of their items wait for it, and the job once nobody changes them any more.

The job's row is the memory: it waits until `quiet` after the last change that was seen, at most `LONGEST` after the first.
"""

from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Session, col

from domain.catalog.changing import ITEMS
from domain.catalog.enums import Availability, Identification, Publication
from domain.jobs import service as jobs
from domain.jobs.enums import LIVE, JobStatus
from domain.jobs.kinds import NORMAL, PUBLISH, Publish
from domain.jobs.tables import JOBS
from domain.kit.database import Database, UnitOfWork, database_time
from domain.kit.ids import global_id
from domain.libraries.below import tops_below
from domain.libraries.tables import Library
from domain.publish import journal
from domain.publish.gathering import KINDS

LONGEST: Final = timedelta(minutes=10)
"""However busy a library is, what waits is published so often."""
AGAIN: Final = timedelta(hours=1)
"""So long after a failure it is tried again."""
_NOBODY: Final = 0
"""The key of no job."""
_ABANDONED: Final = "publish:abandoned"
_UNPUBLISHED: Final = sa.text("media_items.publication <> 'published' AND media_items.deleted_at IS NULL")
"""In the words of the index."""


def waiting(library_id: int, *, now: datetime) -> list[sa.ColumnElement[bool]]:
    """The conditions on `media_items` under which automation publishes an item of a library.

    It has a file and is monitored, and its files are outdated, failed a while ago, or were never written: those of
    a title wait until it is known what it is, where providers are asked.
    """
    top = ITEMS.alias("top")
    known = sa.exists().where(top.c.id == ITEMS.c.root_id, top.c.identification == Identification.IDENTIFIED)
    asks = sa.exists().where(col(Library.id) == ITEMS.c.library_id, col(Library.auto_enrich))
    return [
        ITEMS.c.library_id == library_id,
        _UNPUBLISHED,
        ITEMS.c.kind.in_(sorted(KINDS)),
        ITEMS.c.is_monitored,
        ITEMS.c.availability == Availability.PRESENT,
        sa.or_(
            ITEMS.c.publication == Publication.OUTDATED,
            sa.and_(ITEMS.c.publication == Publication.FAILED, ITEMS.c.updated_at <= now - AGAIN),
            sa.and_(ITEMS.c.publication == Publication.NEVER, sa.or_(known, ~asks)),
        ),
    ]


def below(session: Session, library_id: int, folder: str) -> list[sa.ColumnElement[bool]]:
    """The conditions on `media_items` under which what a downloader brought is published: films and series with files in a
    folder, and what is below them, as far as their files are not up to date.

    Nothing waits for an identification here: that was tried just before.
    """
    return [
        ITEMS.c.root_id.in_(tops_below(session, library_id, folder)),
        _UNPUBLISHED,
        ITEMS.c.kind.in_(sorted(KINDS)),
        ITEMS.c.is_monitored,
        ITEMS.c.availability == Availability.PRESENT,
    ]


def mark(session: Session, library_id: int, *, now: datetime) -> str | None:
    """What waits in a library, as a text that is another after every change; None if nothing does."""
    counted = sa.select(sa.func.count(), sa.func.sum(ITEMS.c.version), sa.func.max(ITEMS.c.updated_at))
    count, versions, changed_at = session.connection().execute(counted.where(*waiting(library_id, now=now))).one()
    return f"{count} {versions} {changed_at}" if count else None


def look(database: Database, *, quiet: timedelta) -> int:
    """Ask for publication of what waits in libraries with `auto_publish`; how many jobs were made or put off.

    Any number of processes may look at once, as often as they like.
    """
    with database.read() as session:
        marks = _marks(session)
    if not marks:
        return 0
    with database.transaction() as uow:
        return sum(_ask(uow, library_id, now_waits, quiet=quiet) for library_id, now_waits in marks.items())


def look_for_abandoned(database: Database) -> bool:
    """Ask for a job to close runs that nobody works on any more; whether one was made.

    Runs that the last one could not close (their disk does not answer) are tried again after an hour.
    """
    with database.read() as session:
        runs = journal.abandoned(session, job_id=_NOBODY)
    if not runs:
        return False
    open_runs = " ".join(str(run.id) for run in runs)
    with database.transaction() as uow:
        same = sa.select(JOBS).where(JOBS.c.dedupe_key == _ABANDONED).order_by(JOBS.c.id.desc()).limit(1)
        last = uow.session.connection().execute(same).first()  # unguarded: automation asks for its own jobs
        if last is not None and last.payload.get("mark") == open_runs and last.created_at > uow.now() - AGAIN:
            return False
        return jobs.enqueue(uow, PUBLISH, Publish(mark=open_runs), priority=NORMAL, dedupe_key=_ABANDONED).is_new


def key_of(library_id: int) -> str:
    """The dedupe key of a library's automatic publication."""
    return f"publish:automatic:{library_id}"


def _marks(session: Session) -> dict[int, str]:
    wanted = sa.select(col(Library.id)).where(  # unguarded: automation looks at every library
        col(Library.auto_publish), col(Library.is_enabled)
    )
    libraries = session.execute(wanted).scalars().all()
    if not libraries:
        return {}
    now = database_time(session)
    found = {key: mark(session, key, now=now) for key in libraries}
    return {key: one for key, one in found.items() if one is not None}


def _ask(uow: UnitOfWork, library_id: int, now_waits: str, *, quiet: timedelta) -> bool:
    """Make the job, or put off the one that waits if something changed since."""
    job = _latest(uow, library_id)
    if job is not None and job.status in LIVE:
        return job.status is JobStatus.PENDING and not job.attempts and _put_off(uow, job, now_waits, quiet=quiet)
    if job is not None and (job.result or {}).get("left") == now_waits:
        return False  # the last one saw just these, and there was nothing to write
    payload = Publish(library_id=library_id, is_automatic=True, mark=now_waits)
    made = jobs.enqueue(
        uow, PUBLISH, payload, priority=NORMAL, dedupe_key=key_of(library_id),
        subject=global_id("libraries", library_id), run_at=uow.now() + quiet,
    )  # fmt: skip
    return made.is_new


def _put_off(uow: UnitOfWork, job: Any, now_waits: str, *, quiet: timedelta) -> bool:
    if job.payload.get("mark") == now_waits:
        return False
    run_at = min(uow.now() + quiet, job.created_at + LONGEST)
    is_it = sa.and_(JOBS.c.id == job.id, JOBS.c.status == JobStatus.PENDING, JOBS.c.attempts == 0)
    values = {"run_at": run_at, "payload": {**job.payload, "mark": now_waits}}
    return uow.session.connection().execute(sa.update(JOBS).where(is_it).values(values)).rowcount > 0


def _latest(uow: UnitOfWork, library_id: int) -> Any:
    mine = sa.and_(JOBS.c.subject == global_id("libraries", library_id), JOBS.c.dedupe_key == key_of(library_id))
    newest = sa.select(JOBS).where(mine).order_by(JOBS.c.id.desc()).limit(1)
    return uow.session.connection().execute(newest).first()  # unguarded: automation asks for its own jobs
