"""Opens an item for a person's change and closes it again: version, event, audit."""

from collections.abc import Iterable
from typing import Any, Final

import sqlalchemy as sa

from domain.catalog.tables import MediaItem
from domain.kit.database import UnitOfWork
from domain.kit.errors import NotFound, VersionConflict
from domain.kit.ids import global_id
from domain.kit.spelling import camel
from domain.system import audit, events

ITEMS: Final[Any] = MediaItem.__table__  # type: ignore[attr-defined]


def open_item(uow: UnitOfWork, item_id: int, *, expected_version: int | None = None) -> Any:
    """The row of a live item, locked for this transaction. Raises NotFound, VersionConflict."""
    item = find_item(uow, item_id)
    if item is None or item.deleted_at is not None:
        raise NotFound("There is no such item.", path=("item",))
    if expected_version is not None and expected_version != item.version:
        message = "Somebody changed this item since you read it."
        raise VersionConflict(message, current=item.version, entity_id=global_id("media_items", item_id))
    return item


def find_item(uow: UnitOfWork, item_id: int) -> Any | None:
    """The row of an item, deleted or not, locked for this transaction."""
    query = sa.select(ITEMS).where(ITEMS.c.id == item_id).with_for_update()
    return uow.session.connection().execute(query).first()


def close_item(
    uow: UnitOfWork,
    item: Any,
    act: str,
    *,
    event: str = "item.changed",
    changed: Iterable[str] = (),
    values: dict[str, Any] | None = None,
    details: dict[str, Any] | None = None,
) -> None:
    """Write `values` with a new version, and tell of it: `act` for the audit log (`item.updated`), `changed` as columns."""
    now = uow.now()
    written = {**(values or {}), "version": ITEMS.c.version + 1, "updated_at": now}
    if changed:
        written["metadata_changed_at"] = now
    uow.session.connection().execute(sa.update(ITEMS).where(ITEMS.c.id == item.id).values(written))
    tell_of_item(uow, item, event, changed=changed)
    audit.record(uow, act, subject=global_id("media_items", item.id), details=details)


def tell_of_item(uow: UnitOfWork, item: Any, event: str, *, changed: Iterable[str] | None = None) -> None:
    """Write an event about an item for those who may see its library. `changed` are columns and lists by their names."""
    audience = events.EVERYONE if item.library_id is None else events.for_library(item.library_id)
    fields = None if changed is None else [camel(name) for name in changed]
    events.emit(uow, event, global_id("media_items", item.id), topic="catalog", audience=audience, changed_fields=fields)
