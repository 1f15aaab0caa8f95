"""The journal of runs: the intent before the first byte, what came of it after the last, and what a crash left open."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Session

from domain.catalog.enums import Publication
from domain.catalog.queries import rows_of
from domain.catalog.tables import MediaItem
from domain.jobs.enums import HELD
from domain.jobs.tables import JOBS
from domain.kit.database import UnitOfWork, serialize
from domain.kit.ids import global_id
from domain.publish.applying import Result
from domain.publish.enums import CLEARING, WRITING, PublishStatus
from domain.publish.model import Step, step_of
from domain.publish.recording import record_steps
from domain.publish.tables import PublishRun
from domain.system import events

KEPT: Final = timedelta(days=30)
"""How long runs are remembered."""
RUNS: Final[Any] = PublishRun.__table__  # type: ignore[attr-defined]
ITEMS: Final[Any] = MediaItem.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Open:
    """A run that began and did not end."""

    id: int
    item_id: int | None
    root_id: int | None
    steps: Sequence[Step]


def begin(uow: UnitOfWork, steps: Sequence[Step], *, item_id: int | None, root_id: int | None, job_id: int | None) -> int | None:
    """Note what is about to be done; None while another run of the same tree is open.

    From here on the item counts as published: a change of what it shows makes it outdated, also while files are written.
    """
    serialize(uow.session, f"publish of {root_id}")
    if root_id is not None:
        same = sa.select(RUNS.c.id).where(RUNS.c.root_id == root_id, RUNS.c.status == PublishStatus.RUNNING)
        if uow.session.connection().execute(same).first() is not None:  # unguarded: whoever asks, two must not write at once
            return None
    values = {
        "item_id": item_id, "root_id": root_id, "job_id": job_id, "status": PublishStatus.RUNNING,
        "steps": [step.stored() for step in steps], "written_count": 0, "removed_count": 0, "displaced_count": 0,
    }  # fmt: skip
    key: int = uow.session.connection().execute(sa.insert(PublishRun).values(values).returning(sa.column("id"))).scalar_one()
    if not any(step.recycled_id is not None for step in steps):
        published = {"publication": Publication.PUBLISHED}
        uow.session.connection().execute(sa.update(ITEMS).where(ITEMS.c.id == item_id).values(published))
    return key


def finish(uow: UnitOfWork, run: Open, result: Result, *, status: PublishStatus | None = None) -> Sequence[int]:
    """Write what came of a run: files, displaced files, the item's state; the keys of what went into the recycle bin."""
    done = [one for one in result.outcomes if one.is_done]
    before = _publication(uow, run.item_id)
    recycled = record_steps(uow, run.id, result.outcomes, item_id=run.item_id)
    state = status or (PublishStatus.FAILED if result.trouble else PublishStatus.COMPLETED)
    failure = result.trouble.failure if result.trouble else None
    values = {
        "status": state,
        "failure": failure if state is PublishStatus.FAILED else None,
        "error": result.trouble.message if result.trouble else None,
        "written_count": sum(one.step.action in WRITING for one in done),
        "removed_count": sum(one.step.action in CLEARING for one in done),
        "displaced_count": len(recycled),
        "finished_at": uow.now(),
    }
    uow.session.connection().execute(sa.update(RUNS).where(RUNS.c.id == run.id).values(values))
    if run.item_id is not None and not _is_restoring(run):
        is_current = result.is_whole and status is None and before is Publication.PUBLISHED
        whole = Publication.PUBLISHED if is_current else Publication.OUTDATED
        settle(uow, run.item_id, Publication.FAILED if result.trouble else whole)
    return recycled


def settle(uow: UnitOfWork, item_id: int, publication: Publication) -> None:
    """Say how the files of an item stand, and tell it if that is news."""
    (row,) = rows_of(uow.session, MediaItem.id, [item_id]) or [None]
    if row is None:
        return
    values: dict[str, Any] = {"publication": publication}
    if publication is Publication.PUBLISHED:
        values["last_published_at"] = uow.now()
    uow.session.connection().execute(sa.update(ITEMS).where(ITEMS.c.id == item_id).values(values))
    audience = events.EVERYONE if row.library_id is None else events.for_library(row.library_id)
    type_ = "item.published" if publication is Publication.PUBLISHED else "item.changed"
    fields = ["publication", "lastPublishedAt"] if publication is Publication.PUBLISHED else ["publication"]
    events.emit(uow, type_, global_id("media_items", item_id), topic="libraries", audience=audience, changed_fields=fields)


def abandoned(session: Session, *, job_id: int | None) -> list[Open]:
    """Open runs that nobody works on any more: those of an earlier attempt of this job, and those whose job is not running."""
    rows = rows_of(session, PublishRun.status, [PublishStatus.RUNNING])
    held = _held(session, {row.job_id for row in rows if row.job_id is not None})
    return [
        Open(row.id, row.item_id, row.root_id, [step_of(step) for step in row.steps])
        for row in sorted(rows, key=lambda row: row.id)
        if row.job_id is None or row.job_id == job_id or row.job_id not in held
    ]


def _publication(uow: UnitOfWork, item_id: int | None) -> Publication | None:
    """What became of the item since the run began."""
    row = next(iter(rows_of(uow.session, MediaItem.id, [] if item_id is None else [item_id])), None)
    return None if row is None else Publication(row.publication)


def _held(session: Session, jobs: Iterable[int]) -> set[int]:
    query = sa.select(JOBS.c.id).where(JOBS.c.id.in_(sorted(jobs)), JOBS.c.status.in_(HELD))
    return set(session.connection().execute(query).scalars())  # unguarded: runs ask whether their job lives


def _is_restoring(run: Open) -> bool:
    return any(step.recycled_id is not None for step in run.steps)
