"""What people change about an item's metadata: their word wins over every source, and locks the field."""

from collections.abc import Collection, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from domain.catalog.changing import ITEMS, close_item, open_item
from domain.catalog.edit_values import MOST_FIELDS, OWN_COLUMNS, stored_value
from domain.catalog.enums import EntityKind, LockState, TagOrigin
from domain.catalog.linking import set_tags
from domain.catalog.locking import set_locks
from domain.catalog.queries import rows_of
from domain.catalog.resolving import LISTS, NAME, USER, rank, store_values
from domain.catalog.tables import FieldValue
from domain.kit.database import UnitOfWork
from domain.kit.errors import Conflict, Invalid


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
    item = open_item(uow, item_id, expected_version=expected_version)
    if len(changes) > MOST_FIELDS or not (changes or is_monitored is not None):
        raise Invalid(f"Change 1 to {MOST_FIELDS} fields.")
    kind = EntityKind(item.kind)
    values = {field: stored_value(kind, field, value) for field, value in changes.items()}
    changed = _say(uow, item, values, user_id)
    if lock:
        states = {field: None if value is None else LockState.LOCKED for field, value in values.items()}
        set_locks(uow, item_id, states, user_id=user_id)
    row: dict[str, Any] = {}
    if is_monitored is not None and is_monitored != item.is_monitored:
        row["is_monitored"] = is_monitored
    details = {"fields": sorted({*values, *row}), "lock": lock}
    close_item(uow, item, "item.updated", changed=sorted({*changed, *row}), values=row, details=details)


def set_monitored(
    uow: UnitOfWork, *, item_id: int, is_monitored: bool, expected_version: int | None = None, user_id: int | None = None
) -> None:
    """Whether automation looks after an item's artwork. Raises NotFound, VersionConflict."""
    update_item(uow, item_id=item_id, changes={}, is_monitored=is_monitored, expected_version=expected_version, user_id=user_id)


def _say(uow: UnitOfWork, item: Any, values: Mapping[str, Any], user_id: int | None) -> set[str]:
    """Keep a person's values and show what follows; returns the fields whose shown value changed."""
    if not values:
        return set()
    before = {row.field: row.value for row in _said(uow, item.id, values) if row.source == USER}
    own = values.keys() & OWN_COLUMNS.keys()
    _remember(uow, item, own)
    if "tags" in values:
        _make_room_for_tags(uow, item.id, values["tags"])
    changed = store_values(uow, USER, {item.id: values}, by_user_id=user_id).get(item.id, set())
    lists = {field for field in values.keys() & LISTS if before.get(field) != values[field]}
    return changed | lists | _show_own(uow, item, own)


def _said(uow: UnitOfWork, item_id: int, fields: Collection[str]) -> list[Any]:
    return rows_of(uow.session, FieldValue.entity_id, [item_id], col(FieldValue.field).in_(fields))


def _make_room_for_tags(uow: UnitOfWork, item_id: int, names: list[str] | None) -> None:
    """A person's tags are the person's own, not those of the files that they stand in for."""
    if names is not None:
        set_tags(uow, {item_id: []}, origin=TagOrigin.SIDECAR)
    set_tags(uow, {item_id: names or []}, origin=TagOrigin.USER)


def _remember(uow: UnitOfWork, item: Any, fields: Collection[str]) -> None:
    """Keep what the name of the file said of a field, before a person's word takes its place."""
    said = {row.field for row in _said(uow, item.id, fields)}
    for field in fields:
        present = getattr(item, field)
        if field not in said and present != OWN_COLUMNS[field]:
            uow.session.add(FieldValue(entity_id=item.id, field=field, source=NAME, value=present))
    uow.session.flush()


def _show_own(uow: UnitOfWork, item: Any, fields: Collection[str]) -> set[str]:
    said: dict[str, dict[str, Any]] = {field: {} for field in fields}
    for row in _said(uow, item.id, fields):
        said[row.field][row.source] = row.value
    values: dict[str, Any] = {}
    for field, sources in said.items():
        best = min(sources, key=lambda source: (rank(source), source), default=None)
        shown = OWN_COLUMNS[field] if best is None else sources[best]
        if getattr(item, field) != shown:
            values[field] = shown
    if values:
        try:
            with uow.session.begin_nested():
                uow.session.connection().execute(sa.update(ITEMS).where(ITEMS.c.id == item.id).values(values))
        except IntegrityError:
            raise Conflict("There is already one of this number and edition.", path=("edition",)) from None
    return set(values)
