"""Tells what enrichment changed, as events."""

from collections.abc import Mapping, Set
from typing import Any, Final

from domain.catalog.enums import EntityKind
from domain.kit.database import UnitOfWork
from domain.kit.ids import global_id
from domain.kit.spelling import camel
from domain.system import events

_TABLES: Final = {EntityKind.PERSON: "people", EntityKind.COLLECTION: "collections"}
_EVENTS: Final = {EntityKind.PERSON: "person.changed", EntityKind.COLLECTION: "collection.changed"}


def tell(uow: UnitOfWork, kinds: Mapping[int, EntityKind], rows: Mapping[int, Any], changed: Mapping[int, Set[str]]) -> None:
    """One event for each thing that changed, for those who may see it."""
    facts: dict[str, list[events.Fact]] = {}
    for entity in sorted(changed):
        if not changed[entity]:
            continue
        kind, library = kinds[entity], getattr(rows[entity], "library_id", None)
        audience = events.EVERYONE if library is None else events.for_library(library)
        subject = global_id(_TABLES.get(kind, "media_items"), entity)
        fact = events.Fact(_EVENTS.get(kind, "item.changed"), subject, changed_fields=[camel(name) for name in changed[entity]])
        facts.setdefault(audience, []).append(fact)
    for audience, told in facts.items():
        events.emit_many(uow, told, topic="catalog", audience=audience)
