"""Undoes rows of a change: edits are taken back, deletions restored, restorations deleted again."""

from collections.abc import Sequence
from typing import Any, Final

from domain.catalog.edits.model import RowResult
from domain.catalog.edits.undoing import undo_edits
from domain.catalog.enums import ErrorPolicy, RowOutcome
from domain.catalog.queries import rows_of
from domain.catalog.tables import MediaItem
from domain.catalog.telling import NO_ITEM
from domain.kit.database import UnitOfWork
from domain.kit.errors import Conflict, NotFound
from domain.kit.policy import Viewer
from domain.kit.types import instant_text
from domain.libraries.bulk.rows import Stretch, delete, restore
from domain.libraries.visibility import visible_item_ids

DELETED: Final = "deleted_at"
Rows = Sequence[Any]
"""Rows of `change_rows`."""


def undo_rows(uow: UnitOfWork, viewer: Viewer, rows: Rows, *, is_dry_run: bool = False) -> list[RowResult]:
    """A result for each row, in order; one that was changed since is rejected with a Conflict."""
    found: list[RowResult | None] = [_lost() if row.item_id is None else None for row in rows]
    with uow.attempt() as take_back:
        for part in (_restorations(rows), _deletions(rows)):
            _put(found, part, _existence(uow, viewer, [rows[place] for place in part], is_back=part == _restorations(rows)))
        edits = [place for place, row in enumerate(rows) if row.item_id is not None and DELETED not in row.after]
        _put(found, edits, _edits(uow, viewer, [rows[place] for place in edits]))
        if is_dry_run:
            take_back()
    return [result for result in found if result is not None]


def _restorations(rows: Rows) -> list[int]:
    """Places of deletions: what they took comes back."""
    return [place for place, row in enumerate(rows) if row.item_id is not None and row.after.get(DELETED) is not None]


def _deletions(rows: Rows) -> list[int]:
    return [
        place for place, row in enumerate(rows) if row.item_id is not None and DELETED in row.after and row.after[DELETED] is None
    ]


def _existence(uow: UnitOfWork, viewer: Viewer, rows: Rows, *, is_back: bool) -> list[RowResult]:
    now: dict[int, Any] = {row.id: row.deleted_at for row in rows_of(uow.session, MediaItem.id, [row.item_id for row in rows])}
    wanted: list[int | Conflict] = []
    for row in rows:
        stands = None if now[row.item_id] is None else instant_text(now[row.item_id])
        is_same = stands == row.after[DELETED]
        wanted.append(row.item_id if is_same else Conflict("Deleted or restored since.", path=("change",)))
    stretch = Stretch(wanted, ErrorPolicy.REJECT_FAILED)
    results = restore(uow, viewer, stretch) if is_back else delete(uow, viewer, stretch, {})
    for row, result in zip(rows, results, strict=True):
        result.item_id = row.item_id
    return results


def _edits(uow: UnitOfWork, viewer: Viewer, rows: Rows) -> list[RowResult]:
    visible = visible_item_ids(uow.session, viewer, [row.item_id for row in rows])
    policy = ErrorPolicy.REJECT_FAILED
    done = undo_edits(uow, {row.item_id: row for row in rows if row.item_id in visible}, policy=policy, user_id=viewer.user_id)
    return [done.get(row.item_id, _lost()) for row in rows]


def _lost() -> RowResult:
    return RowResult(item_id=None, outcome=RowOutcome.REJECTED, errors=[NotFound(NO_ITEM, path=("item",))])


def _put(found: list[RowResult | None], places: Sequence[int], results: Sequence[RowResult]) -> None:
    for place, result in zip(places, results, strict=True):
        found[place] = result
