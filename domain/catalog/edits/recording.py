"""Writes down what a person changed, so that it can be shown and undone for thirty days."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import col

from domain.catalog.edits.model import RowResult
from domain.catalog.enums import ChangeAction, RowOutcome
from domain.catalog.tables import Change, ChangeRow
from domain.kit import errors
from domain.kit.database import UnitOfWork
from domain.kit.errors import DomainError
from domain.system.retention import older_than

KEPT: Final = timedelta(days=30)
RULES: Final = (
    older_than("change_rows", ChangeRow, "created_at", kept=KEPT),
    older_than("changes", Change, "created_at", kept=KEPT),
)
_KNOWN: Final = {
    each.code: each
    for each in (errors.NotFound, errors.Invalid, errors.Conflict, errors.VersionConflict, errors.AmbiguousReference)
}


def begin(
    uow: UnitOfWork,
    action: ChangeAction,
    *,
    user_id: int | None,
    total: int,
    is_dry_run: bool = False,
    plan: Mapping[str, Any] | None = None,
    undoes_id: int | None = None,
) -> Change:
    """A new change without rows; with a plan, a job goes on with it."""
    change = Change(
        action=action,
        user_id=user_id,
        total=total,
        is_dry_run=is_dry_run,
        plan=None if plan is None else dict(plan),
        undoes_id=undoes_id,
        finished_at=uow.now() if plan is None else None,
    )
    uow.session.add(change)
    uow.session.flush()
    return change


def add_rows(uow: UnitOfWork, change_id: int, results: Sequence[RowResult], *, start: int = 0) -> None:
    """Count results, and keep those that are not just as they were. `start` is the place of the first among all."""
    now = uow.now()
    rows = [
        {
            "change_id": change_id, "position": start + place, "item_id": result.item_id, "outcome": result.outcome,
            "before": result.before, "after": result.after, "errors": [error_json(each) for each in result.errors],
            "created_at": now, "updated_at": now,
        }
        for place, result in enumerate(results)
        if result.outcome is not RowOutcome.UNCHANGED or result.errors
    ]  # fmt: skip
    if rows:
        uow.session.connection().execute(sa.insert(ChangeRow), rows)
    counts = Counter(result.outcome.value for result in results)
    table: Any = Change.__table__  # type: ignore[attr-defined]
    raised = {name: table.c[name] + counts[name] for name in counts}
    if raised:
        uow.session.connection().execute(sa.update(table).where(table.c.id == change_id).values(raised))


def record(uow: UnitOfWork, action: ChangeAction, results: Sequence[RowResult], *, user_id: int | None, **more: Any) -> int:
    """A change that is done already, with its rows; its key."""
    change = begin(uow, action, user_id=user_id, total=len(results), **more)
    add_rows(uow, change.id, results)
    return change.id


def finish(uow: UnitOfWork, change_id: int) -> None:
    """The change is over: nothing is left to do."""
    done = {"plan": None, "finished_at": uow.now()}
    uow.session.execute(sa.update(Change).where(col(Change.id) == change_id).values(done))


def error_json(error: DomainError) -> dict[str, Any]:
    """An expected failure as JSON; `error_of` reads it."""
    stored: dict[str, Any] = {"code": error.code, "message": error.message, "path": list(error.path)}
    match error:
        case errors.VersionConflict():
            stored |= {"current": error.current, "entity_id": error.entity_id}
        case errors.AmbiguousReference():
            stored |= {"candidates": list(error.candidates)}
    return stored


def error_of(stored: Mapping[str, Any]) -> DomainError:
    """The failure that `error_json` wrote."""
    more = {name: value for name, value in stored.items() if name not in ("code", "message")}
    return _KNOWN[stored["code"]](stored["message"], **more)
