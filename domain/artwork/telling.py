"""Tells of entities whose pictures changed: version, event and audit of a person's act; an event of automation's."""

from collections.abc import Iterable
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Session, col

from domain.catalog.changing import close_items
from domain.catalog.enums import EntityKind
from domain.catalog.queries import rows_of
from domain.catalog.tables import Collection, Entity, MediaItem, Person, Studio
from domain.kit.database import UnitOfWork
from domain.kit.errors import NotFound
from domain.kit.ids import global_id
from domain.system import audit, events

FIELD: Final = "images"
"""What changed, as events name it."""
_OTHERS: Final[dict[EntityKind, tuple[Any, str]]] = {
    EntityKind.PERSON: (Person, "people"),
    EntityKind.COLLECTION: (Collection, "collections"),
    EntityKind.STUDIO: (Studio, "studios"),
}


def kind_of(session: Session, entity_id: int) -> EntityKind:
    """What an entity is. Raises NotFound."""
    query = sa.select(col(Entity.kind)).where(col(Entity.id) == entity_id)  # unguarded: the caller asked whether this user may
    found: EntityKind | None = session.execute(query).scalar()
    if found is None:
        raise NotFound("There is no such thing, or none that you may see.", path=("of",))
    return found


def id_of(kind: EntityKind, entity_id: int) -> str:
    """The global id of an entity."""
    return global_id(_OTHERS[kind][1] if kind in _OTHERS else "media_items", entity_id)


def tell_act(uow: UnitOfWork, entity_id: int, act: str, details: dict[str, Any]) -> None:
    """A person changed an entity's pictures: `act` is `artwork_chosen` and the like, behind `item.` in the audit log."""
    kind = kind_of(uow.session, entity_id)
    if kind not in _OTHERS:
        rows = rows_of(uow.session, MediaItem.id, [entity_id])
        close_items(uow, rows, f"item.{act}", changed={entity_id: [FIELD]}, details={entity_id: details})
        return
    table: Any = _OTHERS[kind][0].__table__
    raised = {"version": table.c.version + 1, "updated_at": uow.now()}
    uow.session.execute(sa.update(table).where(table.c.id == entity_id).values(raised))
    subject = id_of(kind, entity_id)
    audit.record(uow, f"{kind.value}.{act}", subject=subject, details=details)
    events.emit(uow, f"{kind.value}.changed", subject, topic="catalog", audience=events.EVERYONE, changed_fields=[FIELD])


def tell_changed(uow: UnitOfWork, entities: Iterable[int]) -> None:
    """Automation shows other pictures of these now."""
    keys = set(entities)
    by_audience: dict[str, list[events.Fact]] = {}
    items = {row.id: row for row in rows_of(uow.session, MediaItem.id, keys)}
    for row in items.values():
        audience = events.EVERYONE if row.library_id is None else events.for_library(row.library_id)
        fact = events.Fact("item.changed", global_id("media_items", row.id), changed_fields=[FIELD])
        by_audience.setdefault(audience, []).append(fact)
    for row in rows_of(uow.session, Entity.id, keys - items.keys()):
        if row.kind in _OTHERS:
            fact = events.Fact(f"{row.kind.value}.changed", id_of(row.kind, row.id), changed_fields=[FIELD])
            by_audience.setdefault(events.EVERYONE, []).append(fact)
    for audience, facts in by_audience.items():
        events.emit_many(uow, facts, topic="catalog", audience=audience)
