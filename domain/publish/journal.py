"""The journal of runs: the intent before the first byte, what came of it after the last, and what a crash left open."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Session

from domain.catalog.enums import Publication
from domain.catalog.queries import chunks, rows_of
from domain.catalog.tables import MediaItem
from domain.jobs.enums import HELD
from domain.jobs.tables import JOBS
from domain.kit.database import UnitOfWork, database_time, serialize
from domain.kit.ids import global_id
from domain.libraries.applying.rows import insert_for_ids, update_rows
from domain.publish.applying import Result
from domain.publish.enums import CLEARING, WRITING, PublishStatus
from domain.publish.model import Step, step_of
from domain.publish.recording import record_steps
from domain.publish.tables import PublishRun
from domain.system import events

KEPT: Final = timedelta(days=30)
"""How long runs are remembered."""
AT_WORK: Final = timedelta(seconds=30)
"""So long whoever asked for a restoration may be about it."""
RUNS: Final[Any] = PublishRun.__table__  # type: ignore[attr-defined]
ITEMS: Final[Any] = MediaItem.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Intent:
    """What is to be done beside an item; `root_id` is the top of its tree."""

    item_id: int | None
    root_id: int | None
    steps: Sequence[Step]


@dataclass(frozen=True, slots=True)
class Open:
    """A run that began and did not end."""

    id: int
    item_id: int | None
    root_id: int | None
    steps: Sequence[Step]


def begin(uow: UnitOfWork, steps: Sequence[Step], *, item_id: int | None, root_id: int | None, job_id: int | None) -> int | None:
    """Note what is about to be done; None while another run of the same tree is open."""
    return begin_many(uow, [Intent(item_id, root_id, steps)], job_id=job_id)[0]


def begin_many(uow: UnitOfWork, intents: Sequence[Intent], *, job_id: int | None) -> list[int | None]:
    """Note what is about to be done: a run for each, in their order; None while another run of the same tree is open.

    From here on the items count as published: a change of what they show makes them outdated, also while files are written.
    """
    roots = sorted({intent.root_id for intent in intents if intent.root_id is not None})
    for root in roots:
        serialize(uow.session, f"publish of {root}")
    running = {row.root_id for row in rows_of(uow.session, PublishRun.root_id, roots, is_running())}
    begun: list[Intent] = []
    for intent in intents:
        if intent.root_id is None or intent.root_id not in running:
            begun.append(intent)
            running.add(intent.root_id)
    rows = [
        {
            "item_id": intent.item_id, "root_id": intent.root_id, "job_id": job_id, "status": PublishStatus.RUNNING,
            "steps": [step.stored() for step in intent.steps], "written_count": 0, "removed_count": 0, "displaced_count": 0,
        }
        for intent in begun
    ]  # fmt: skip
    keys = {id(intent): key for intent, key in zip(begun, insert_for_ids(uow, PublishRun, rows), strict=True)}
    published = [intent.item_id for intent in begun if not any(step.recycled_id is not None for step in intent.steps)]
    for piece in chunks(key for key in published if key is not None):
        values = {"publication": Publication.PUBLISHED}
        uow.session.connection().execute(sa.update(ITEMS).where(ITEMS.c.id.in_(piece)).values(values))
    return [keys.get(id(intent)) for intent in intents]


def finish(uow: UnitOfWork, run: Open, result: Result, *, status: PublishStatus | None = None) -> Sequence[int]:
    """Write what came of a run; the keys of what went into the recycle bin."""
    return finish_many(uow, [(run, result)], status=status)[run.id]


def finish_many(
    uow: UnitOfWork, runs: Sequence[tuple[Open, Result]], *, status: PublishStatus | None = None
) -> dict[int, list[int]]:
    """Write what came of runs: files, displaced files, the items' states; by run the keys of what went into the recycle bin."""
    # What became of the items since the runs began: recording itself touches them, too.
    before = {row.id: row.publication for row in rows_of(uow.session, MediaItem.id, {run.item_id for run, _ in runs} - {None})}
    owned = [(run.item_id, outcome) for run, result in runs for outcome in result.outcomes]
    binned = record_steps(uow, owned)
    recycled: dict[int, list[int]] = {}
    rows: list[dict[str, Any]] = []
    states: dict[int, Publication] = {}
    for run, result in runs:
        recycled[run.id] = [binned[one.bin_path] for one in result.outcomes if one.bin_path in binned]
        rows.append(_ended(uow, run, result, displaced=len(recycled[run.id]), status=status))
        if run.item_id is not None and run.item_id in before and not _is_restoring(run):
            is_current = result.is_whole and status is None and before[run.item_id] is Publication.PUBLISHED
            whole = Publication.PUBLISHED if is_current else Publication.OUTDATED
            states[run.item_id] = Publication.FAILED if result.trouble else whole
    update_rows(uow, PublishRun, rows)
    settle(uow, states)
    return recycled


def _ended(uow: UnitOfWork, run: Open, result: Result, *, displaced: int, status: PublishStatus | None) -> dict[str, Any]:
    done = [one for one in result.outcomes if one.is_done]
    state = status or (PublishStatus.FAILED if result.trouble else PublishStatus.COMPLETED)
    failure = result.trouble.failure if result.trouble else None
    return {
        "key": run.id,
        "status": state,
        "failure": failure if state is PublishStatus.FAILED else None,
        "error": result.trouble.message if result.trouble else None,
        "written_count": sum(one.step.action in WRITING for one in done),
        "removed_count": sum(one.step.action in CLEARING for one in done),
        "displaced_count": displaced,
        "finished_at": uow.now(),
    }


def settle(uow: UnitOfWork, states: Mapping[int, Publication]) -> None:
    """Say how the files of items stand, and tell of it."""
    rows: list[dict[str, Any]] = []
    told: dict[str, list[events.Fact]] = {}
    for row in rows_of(uow.session, MediaItem.id, states):
        is_published = states[row.id] is Publication.PUBLISHED
        rows.append({"key": row.id, "publication": states[row.id], **({"last_published_at": uow.now()} if is_published else {})})
        audience = events.EVERYONE if row.library_id is None else events.for_library(row.library_id)
        fields = ["publication", "lastPublishedAt"] if is_published else ["publication"]
        type_ = "item.published" if is_published else "item.changed"
        told.setdefault(audience, []).append(events.Fact(type_, global_id("media_items", row.id), changed_fields=fields))
    update_rows(uow, MediaItem, rows)
    for audience, facts in told.items():
        events.emit_many(uow, facts, topic="libraries", audience=audience)


def is_running() -> Any:
    """Runs that began and did not end."""
    return RUNS.c.status == PublishStatus.RUNNING


def abandoned(session: Session, *, job_id: int | None) -> list[Open]:
    """Open runs that nobody works on any more: those of an earlier attempt of this job, and those whose job is not running.

    Those without a job are a person's restorations, within a request: old ones are taken for dead.
    """
    rows = rows_of(session, PublishRun.status, [PublishStatus.RUNNING])
    held = _held(session, {row.job_id for row in rows if row.job_id is not None})
    long_ago = database_time(session) - AT_WORK
    return [
        Open(row.id, row.item_id, row.root_id, [step_of(step) for step in row.steps])
        for row in sorted(rows, key=lambda row: row.id)
        if row.job_id == job_id or (row.created_at < long_ago if row.job_id is None else row.job_id not in held)
    ]


def _held(session: Session, jobs: Iterable[int]) -> set[int]:
    query = sa.select(JOBS.c.id).where(JOBS.c.id.in_(sorted(jobs)), JOBS.c.status.in_(HELD))
    return set(session.connection().execute(query).scalars())  # unguarded: runs ask whether their job lives


def _is_restoring(run: Open) -> bool:
    return any(step.recycled_id is not None for step in run.steps)
