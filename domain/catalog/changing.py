"""Closes items that a person changed: version, event, audit."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import sqlalchemy as sa

from domain.catalog.queries import chunks
from domain.catalog.tables import MediaItem
from domain.kit.database import UnitOfWork
from domain.kit.ids import global_id
from domain.kit.spelling import camel
from domain.system import audit, events

ITEMS: Final[Any] = MediaItem.__table__  # type: ignore[attr-defined]


def close_items(
    uow: UnitOfWork,
    rows: Sequence[Any],
    act: str,
    *,
    event: str = "item.changed",
    changed: Mapping[int, Iterable[str]] | None = None,
    details: Mapping[int, dict[str, Any]] | None = None,
) -> None:
    """Give the rows a new version, and tell of them: `act` for the audit log (`item.updated`), `changed` as columns.

    `changed` and `details` are by the key of the item.
    """
    now, shown = uow.now(), changed or {}
    table, raised = ITEMS, {"version": ITEMS.c.version + 1, "updated_at": now}
    for piece in chunks(row.id for row in rows):
        uow.session.connection().execute(sa.update(table).where(table.c.id.in_(piece)).values(raised))
    for piece in chunks(key for key, fields in shown.items() if fields):
        uow.session.connection().execute(sa.update(table).where(table.c.id.in_(piece)).values(metadata_changed_at=now))
    facts: dict[str, list[events.Fact]] = {}
    for row in rows:
        fields = [camel(name) for name in shown.get(row.id, ())] if changed is not None else None
        fact = events.Fact(event, global_id("media_items", row.id), changed_fields=fields)
        facts.setdefault(_audience(row), []).append(fact)
    audit.record_many(uow, act, {global_id("media_items", row.id): (details or {}).get(row.id, {}) for row in rows})
    for audience, told in facts.items():
        events.emit_many(uow, told, topic="catalog", audience=audience)


def _audience(item: Any) -> str:
    return events.EVERYONE if item.library_id is None else events.for_library(item.library_id)
