"""Starts a change of many items, goes on with it stretch by stretch as a job does, and undoes it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Session, col

from domain.accounts.queries import editor
from domain.catalog.edits import recording
from domain.catalog.edits.model import Edit, RowResult
from domain.catalog.edits.planning import check
from domain.catalog.enums import ChangeAction, ErrorPolicy, RowOutcome
from domain.catalog.queries import rows_of
from domain.catalog.tables import Change, ChangeRow, MediaItem
from domain.jobs import kinds
from domain.jobs import service as jobs
from domain.jobs.declaring import Kind
from domain.jobs.enums import LIVE, JobStatus
from domain.jobs.kinds import BulkChange
from domain.jobs.tables import JOBS
from domain.kit.database import UnitOfWork
from domain.kit.errors import Conflict, Forbidden, Invalid, NotFound
from domain.kit.ids import global_id
from domain.kit.policy import Viewer, visible
from domain.libraries.bulk import rows as stretches
from domain.libraries.bulk.rows import Stretch, Wanted
from domain.libraries.bulk.undoing import undo_rows

AT_ONCE: Final = 100
"""So many items are changed within the request; more are a job's work."""
MOST: Final = 50_000
STRETCH: Final = 100
"""Items in one transaction of a job."""
_KINDS: Final[Mapping[ChangeAction, Kind[BulkChange]]] = {
    ChangeAction.UPDATE: kinds.BULK_UPDATE,
    ChangeAction.DELETE: kinds.BULK_DELETE,
    ChangeAction.RESTORE: kinds.BULK_RESTORE,
    ChangeAction.UNDO: kinds.UNDO,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is asked of many items."""

    action: ChangeAction
    wanted: Sequence[Wanted]
    edits: Sequence[Edit] = ()
    """For an update: one for all, or one for each of `wanted`."""
    versions: Mapping[int, int | None] = field(default_factory=dict)
    """What is expected of items, by key."""
    policy: ErrorPolicy = ErrorPolicy.REJECT_ALL
    is_dry_run: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """What was done, or which job does it; `results` are None when it is the job's."""

    change_id: int | None
    job_id: int | None = None
    total: int
    results: Sequence[RowResult] | None = None


def start(uow: UnitOfWork, viewer: Viewer, request: Request) -> Started:
    """Change up to 100 items now, more by a job. Raises Invalid, and Conflict when somebody took a place meanwhile."""
    for edit in request.edits:
        check(edit)
    total = len(request.wanted)
    if total > MOST:
        raise Invalid(f"That means more than {MOST:,} items: narrow it down.", path=("where",))
    if total > AT_ONCE:
        return _enqueue(uow, viewer, request)
    results = _do(uow, viewer, request)
    if request.is_dry_run or not any(result.outcome is RowOutcome.CHANGED for result in results):
        return Started(change_id=None, total=total, results=results)
    change_id = recording.record(uow, request.action, results, user_id=viewer.user_id)
    return Started(change_id=change_id, total=total, results=results)


def undo(uow: UnitOfWork, viewer: Viewer, change_id: int, *, is_dry_run: bool = False) -> Started:
    """Take a change back where nobody has changed the items since; the undoing is a change that can be undone, too.

    Raises NotFound; Conflict when it was undone already, was a rehearsal, or its job is still at work.
    """
    change = _undoable(uow, viewer, change_id)
    keys = _changed_rows(uow.session, change_id)

    def begin(plan: Mapping[str, Any] | None) -> Change:
        same = {"user_id": viewer.user_id, "total": len(keys), "undoes_id": change_id}
        if not is_dry_run:
            marked = {"undone_at": uow.now(), "plan": None, "finished_at": change.finished_at or uow.now()}
            uow.session.execute(sa.update(Change).where(col(Change.id) == change_id).values(marked))
        return recording.begin(uow, ChangeAction.UNDO, is_dry_run=is_dry_run, plan=plan, **same)  # type: ignore[arg-type]

    if len(keys) > AT_ONCE:
        return _with_job(uow, viewer, begin({"undo": keys}), len(keys))
    results = undo_rows(uow, viewer, _rows(uow.session, keys), is_dry_run=is_dry_run)
    if is_dry_run or not any(result.outcome is RowOutcome.CHANGED for result in results):
        return Started(change_id=None, total=len(keys), results=results)
    made = begin(None)
    recording.add_rows(uow, made.id, results)
    return Started(change_id=made.id, total=len(keys), results=results)


def _changed_rows(session: Session, change_id: int) -> list[int]:
    table: Any = ChangeRow.__table__  # type: ignore[attr-defined]
    query = sa.select(table.c.id).where(table.c.change_id == change_id, table.c.outcome == RowOutcome.CHANGED)
    return list(session.connection().execute(query.order_by(table.c.position)).scalars())


@dataclass(frozen=True, slots=True)
class Step:
    """Where a job stands after a stretch."""

    done: int
    total: int
    counts: Mapping[str, int]

    @property
    def is_last(self) -> bool:
        return self.done >= self.total


def advance(uow: UnitOfWork, change_id: int, *, done: int) -> Step:
    """Do the next stretch of a change, of which `done` items are done; effects and rows are of one transaction.

    Raises Forbidden when whoever asked for it may not edit any more.
    """
    change = _change(uow, change_id)
    if change is None or change.plan is None:
        return Step(0, 0, {}) if change is None else Step(change.total, change.total, _counts(change))
    viewer = None if change.user_id is None else editor(uow.session, change.user_id)
    if viewer is None:
        raise Forbidden("Whoever asked for this may not edit any more.")
    if (keys := change.plan.get("undo")) is not None:
        rows = _rows(uow.session, keys[done : done + STRETCH])
        results = undo_rows(uow, viewer, rows, is_dry_run=change.is_dry_run)
    else:
        results = _do(uow, viewer, _stretch_of(change, done))
        _went_before(uow.session, change, results, change.plan["keys"][done : done + STRETCH])
    recording.add_rows(uow, change_id, results, start=done)
    after = min(done + STRETCH, change.total)
    if after >= change.total:
        recording.finish(uow, change_id)
    return Step(after, change.total, _counts(_change(uow, change_id)))


def _do(uow: UnitOfWork, viewer: Viewer, request: Request) -> list[RowResult]:
    path = ("id",) if request.action is ChangeAction.RESTORE else ("item",)
    stretch = Stretch(request.wanted, request.policy, is_dry_run=request.is_dry_run, path=path)
    match request.action:
        case ChangeAction.DELETE:
            return stretches.delete(uow, viewer, stretch, request.versions)
        case ChangeAction.RESTORE:
            return stretches.restore(uow, viewer, stretch)
    return stretches.update(uow, viewer, stretch, _edits(request))


def _edits(request: Request) -> dict[int, Edit]:
    found: dict[int, Edit] = {}
    for place, key in enumerate(request.wanted):
        if isinstance(key, int) and key not in found:
            edit = request.edits[0 if len(request.edits) == 1 else place]
            found[key] = replace(edit, expected_version=request.versions.get(key))
    return found


def _enqueue(uow: UnitOfWork, viewer: Viewer, request: Request) -> Started:
    if request.policy is ErrorPolicy.REJECT_ALL:
        message = f"More than {AT_ONCE} items are changed in stretches: choose REJECT_FAILED or IGNORE_FAILED."
        raise Invalid(message, path=("errorPolicy",))
    if len(request.edits) > 1:
        raise Invalid(f"At most {AT_ONCE} rows with changes of their own.", path=("edit", "rows"))
    path = ("ids",) if request.action is ChangeAction.RESTORE else ("items",)
    keys = [wanted for wanted in request.wanted if isinstance(wanted, int)]
    if len(keys) < len(request.wanted):
        raise NotFound(f"{len(request.wanted) - len(keys)} of the items are not there: leave them out.", path=path)
    if len(set(keys)) < len(keys):
        raise Invalid(f"{len(keys) - len(set(keys))} of the items are named twice: name each once.", path=path)
    plan = {
        "keys": keys,
        "policy": request.policy,
        "edit": request.edits[0].as_json() if request.edits else None,
        "versions": {str(key): version for key, version in request.versions.items() if version is not None},
    }
    total, is_dry_run = len(keys), request.is_dry_run
    made = recording.begin(uow, request.action, user_id=viewer.user_id, total=total, is_dry_run=is_dry_run, plan=plan)
    return _with_job(uow, viewer, made, total)


def _with_job(uow: UnitOfWork, viewer: Viewer, change: Change, total: int) -> Started:
    subject = global_id("changes", change.id)
    payload = BulkChange(change.id)
    job = jobs.enqueue(uow, _KINDS[change.action], payload, subject=subject, requested_by_user_id=viewer.user_id).job
    uow.session.execute(sa.update(Change).where(col(Change.id) == change.id).values(job_id=job.id))
    return Started(change_id=change.id, job_id=job.id, total=total)


def _stretch_of(change: Change, done: int) -> Request:
    plan: Mapping[str, Any] = change.plan or {}
    keys = plan["keys"][done : done + STRETCH]
    return Request(
        action=change.action,
        wanted=keys,
        edits=[] if plan["edit"] is None else [Edit.from_json(plan["edit"])],
        versions={key: plan["versions"].get(str(key)) for key in keys},
        policy=ErrorPolicy(plan["policy"]),
        is_dry_run=change.is_dry_run,
    )


def _went_before(session: Session, change: Change, results: Sequence[RowResult], keys: Sequence[int]) -> None:
    """Parts that went with an item of an earlier stretch are not missing."""
    if change.action is not ChangeAction.DELETE:
        return
    gone = {row.id for row in rows_of(session, MediaItem.id, keys) if row.deleted_at is not None}
    for key, result in zip(keys, results, strict=True):
        if key in gone and result.outcome is RowOutcome.REJECTED and isinstance(result.errors[0], NotFound):
            result.outcome, result.errors, result.item_id = RowOutcome.SKIPPED, [], key


def _undoable(uow: UnitOfWork, viewer: Viewer, change_id: int) -> Change:
    table: Any = Change.__table__  # type: ignore[attr-defined]
    alias = table.alias()
    condition = visible(alias, viewer.shape)
    query = sa.select(alias.c.id).where(alias.c.id == change_id)
    binds = {} if condition is None else {"viewer_user_id": viewer.user_id}
    is_there = uow.session.connection().execute(query if condition is None else query.where(condition), binds).first()
    change = _change(uow, change_id) if is_there else None
    if change is None:
        raise NotFound("There is no such change. `changes` lists yours.", path=("change",))
    if change.is_dry_run:
        raise Conflict("That was a rehearsal: nothing was changed.", path=("change",))
    if change.undone_at is not None:
        raise Conflict("It was undone already; to do it again, undo the undoing.", path=("change",))
    if change.finished_at is None and _is_at_work(uow.session, change):
        raise Conflict("Its job is still at work: wait for it, or cancel it.", path=("change",))
    return change


def _is_at_work(session: Session, change: Change) -> bool:
    query = sa.select(JOBS.c.status).where(JOBS.c.id == change.job_id)  # unguarded: the change's own job
    return session.connection().execute(query).scalar() in (*LIVE, JobStatus.CANCELLING)


def _change(uow: UnitOfWork, change_id: int) -> Change | None:
    query = sa.select(Change).where(col(Change.id) == change_id)  # unguarded: the caller has asked, or is its job
    locked = query.with_for_update().execution_options(populate_existing=True)
    change: Change | None = uow.session.execute(locked).scalars().first()
    return change


def _rows(session: Session, keys: Sequence[int]) -> list[Any]:
    found: dict[int, Any] = {row.id: row for row in rows_of(session, ChangeRow.id, keys)}
    return [found[key] for key in keys if key in found]


def _counts(change: Change | None) -> Mapping[str, int]:
    return {} if change is None else {outcome.value: getattr(change, outcome.value) for outcome in RowOutcome}
