"""Locks fields of items against automation, and unlocks them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from domain.catalog.changing import close_item, open_item
from domain.catalog.edit_values import MOST_FIELDS, field_named
from domain.catalog.enums import EntityKind, LockState
from domain.catalog.locks import locked_fields
from domain.catalog.queries import rows_of
from domain.catalog.resolving import COLUMNS, LISTS, USER, store_values
from domain.catalog.tables import FieldLock, FieldValue
from domain.kit.database import UnitOfWork
from domain.kit.errors import Invalid


def lock_fields(
    uow: UnitOfWork, *, item_id: int, fields: Sequence[str], user_id: int | None = None, expected_version: int | None = None
) -> None:
    """Keep automation away from these fields, here and below. Raises NotFound, VersionConflict, Invalid for an unknown name."""
    item = open_item(uow, item_id, expected_version=expected_version)
    names = _names(EntityKind(item.kind), fields)
    set_locks(uow, item_id, dict.fromkeys(names, LockState.LOCKED), user_id=user_id)
    close_item(uow, item, "item.fields_locked", details={"fields": names})


def unlock_fields(
    uow: UnitOfWork, *, item_id: int, fields: Sequence[str], user_id: int | None = None, expected_version: int | None = None
) -> None:
    """Let automation write these fields again, also below a locked ancestor, and show what the sources said meanwhile.

    A person's own words stay. Raises NotFound, VersionConflict, Invalid for an unknown name.
    """
    item = open_item(uow, item_id, expected_version=expected_version)
    names = _names(EntityKind(item.kind), fields)
    set_locks(uow, item_id, dict.fromkeys(names, None), user_id=user_id)
    inherited = locked_fields(uow.session, [item_id]).get(item_id, frozenset())
    set_locks(uow, item_id, {name: LockState.UNLOCKED for name in names if name in inherited}, user_id=user_id)
    changed = _show_sources(uow, item_id, names)
    close_item(uow, item, "item.fields_unlocked", changed=changed, details={"fields": names})


def set_locks(uow: UnitOfWork, item_id: int, states: Mapping[str, LockState | None], *, user_id: int | None) -> None:
    """The item's own decisions about fields; None takes one back."""
    if not states:
        return
    connection = uow.session.connection()
    mine = (col(FieldLock.entity_id) == item_id, col(FieldLock.field).in_(states))
    connection.execute(sa.delete(FieldLock).where(*mine))
    rows = [
        {"entity_id": item_id, "field": name, "state": state, "locked_by_user_id": user_id, "locked_at": uow.now()}
        for name, state in states.items()
        if state is not None
    ]
    if rows:
        connection.execute(sa.insert(FieldLock), rows)


def _names(kind: EntityKind, fields: Sequence[str]) -> list[str]:
    if not 1 <= len(fields) <= MOST_FIELDS:
        raise Invalid(f"Name 1 to {MOST_FIELDS} fields.", path=("fields",))
    return sorted({field_named(kind, name) for name in fields})


def _show_sources(uow: UnitOfWork, item_id: int, names: Iterable[str]) -> set[str]:
    """Resolve the fields of which sources, but no person, have said something."""
    said: dict[str, set[str]] = {}
    rows: list[Any] = rows_of(uow.session, FieldValue.entity_id, [item_id])
    for row in rows:
        said.setdefault(row.field, set()).add(row.source)
    waiting = [name for name in names if name in said and USER not in said[name] and name in COLUMNS | LISTS]
    if not waiting:
        return set()
    return store_values(uow, USER, {item_id: dict.fromkeys(waiting)}).get(item_id, set())
