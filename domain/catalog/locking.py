"""Locks fields of items against automation, and unlocks them."""

from collections.abc import Sequence

from domain.catalog.edit_values import MOST_FIELDS
from domain.catalog.editing import edit_item
from domain.catalog.edits.model import Edit
from domain.kit.database import UnitOfWork
from domain.kit.errors import Invalid


def lock_fields(
    uow: UnitOfWork, *, item_id: int, fields: Sequence[str], user_id: int | None = None, expected_version: int | None = None
) -> None:
    """Keep automation away from these fields, here and below. Raises NotFound, VersionConflict, Invalid for an unknown name."""
    edit = Edit(lock_fields=_some(fields), expected_version=expected_version)
    edit_item(uow, item_id, edit, user_id=user_id, act="item.fields_locked")


def unlock_fields(
    uow: UnitOfWork, *, item_id: int, fields: Sequence[str], user_id: int | None = None, expected_version: int | None = None
) -> None:
    """Let automation write these fields again, also below a locked ancestor, and show what the sources said meanwhile.

    A person's own words stay. Raises NotFound, VersionConflict, Invalid for an unknown name.
    """
    edit = Edit(unlock_fields=_some(fields), expected_version=expected_version)
    edit_item(uow, item_id, edit, user_id=user_id, act="item.fields_unlocked")


def _some(fields: Sequence[str]) -> Sequence[str]:
    if not 1 <= len(fields) <= MOST_FIELDS:
        raise Invalid(f"Name 1 to {MOST_FIELDS} fields.", path=("fields",))
    return fields
