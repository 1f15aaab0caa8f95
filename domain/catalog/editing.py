"""What people change about an item's metadata: their word wins over every source, and locks the field."""

from collections.abc import Mapping
from typing import Any

from domain.catalog.edits.applying import edit_items
from domain.catalog.edits.model import Edit, RowResult
from domain.catalog.edits.planning import check
from domain.catalog.edits.recording import record
from domain.catalog.enums import ChangeAction, ErrorPolicy, RowOutcome
from domain.kit.database import UnitOfWork


def update_item(
    uow: UnitOfWork,
    *,
    item_id: int,
    changes: Mapping[str, Any],
    is_monitored: bool | None = None,
    lock: bool = True,
    expected_version: int | None = None,
    user_id: int | None = None,
) -> None:
    """Set fields by their registry names, as a person's word that no source overrides.

    Texts, whole numbers, booleans, dates, lists of names; None takes the person's word back, so that the best of the
    sources is shown again. With `lock` the fields that are set are locked, those taken back unlocked.
    Raises NotFound, VersionConflict, Invalid (its path is the field), Conflict for an edition that is there already.
    """
    edit = Edit(values=changes, is_monitored=is_monitored, lock=lock, expected_version=expected_version)
    edit_item(uow, item_id, edit, user_id=user_id)


def edit_item(uow: UnitOfWork, item_id: int, edit: Edit, *, user_id: int | None, act: str = "item.updated") -> RowResult:
    """Edit one item and remember it, if it differs at all. Raises the first thing that is wrong, and writes nothing then."""
    check(edit)
    (result,) = edit_items(uow, {item_id: edit}, policy=ErrorPolicy.REJECT_ALL, user_id=user_id, act=act).values()
    if result.errors:
        raise result.errors[0]
    if result.outcome is RowOutcome.CHANGED:
        record(uow, ChangeAction.UPDATE, [result], user_id=user_id)
    return result
