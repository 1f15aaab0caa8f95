"""Writes what providers say of people and film series: their words are kept by source, the best is shown."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

import sqlalchemy as sa

from domain.catalog import provider_order
from domain.catalog.enums import EntityKind
from domain.catalog.facts import CatalogueId, add_external_ids
from domain.catalog.locks import locked_fields
from domain.catalog.provider_order import Orders
from domain.catalog.queries import rows_of
from domain.catalog.resolving import Values, keep_values
from domain.catalog.sources import best
from domain.catalog.tables import Collection, ExternalId, Person
from domain.catalog.told import TRANSLATIONS
from domain.catalog.translating import set_translations
from domain.kit.database import UnitOfWork

_MODELS: Final[Mapping[EntityKind, Any]] = {EntityKind.PERSON: Person, EntityKind.COLLECTION: Collection}
_DATES: Final = frozenset({"birth_date", "death_date"})
_Told = Mapping[int, Mapping[str, Mapping[str, Any]]]
_UNNAMED: Final = "sidecar"
"""Whose word a shown value is that no source is on record for: that of a file."""


def store_entity_values(uow: UnitOfWork, kind: EntityKind, said: Mapping[str, Values]) -> dict[int, set[str]]:
    """Keep what these sources say of people or film series, and show the best; the changed fields by entity."""
    model, entities = _MODELS[kind], {entity for wanted in said.values() for entity in wanted}
    rows = {row.id: row for row in rows_of(uow.session, model.id, entities)}
    before, after = keep_values(uow, {source: _of(wanted, rows) for source, wanted in said.items()})
    orders, locked = provider_order.load(uow.session), locked_fields(uow.session, rows)
    changed = _show_translations(uow, orders, before, after)
    updates: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for entity, fields in after.items():
        values: dict[str, Any] = {}
        for name, sources in fields.items():
            if name == TRANSLATIONS:
                continue
            shown = getattr(rows[entity], name)
            present = shown.isoformat() if isinstance(shown, date) else shown
            was = best(provider_order.resolved(orders, None, name, before[entity][name]))
            own = {_UNNAMED: present} if present is not None and present != was else {}
            value = best(provider_order.resolved(orders, None, name, {**own, **sources}))
            if value != present and name not in locked.get(entity, ()):
                values[name] = date.fromisoformat(value) if name in _DATES and value is not None else value
        if values:
            changed.setdefault(entity, set()).update(values)
            updates.setdefault(tuple(sorted(values)), []).append({"key": entity, **values})
    table = model.__table__
    for found in updates.values():
        uow.session.connection().execute(sa.update(table).where(table.c.id == sa.bindparam("key")), found)
    return changed


def _show_translations(uow: UnitOfWork, orders: Orders, before: _Told, after: _Told) -> dict[int, set[str]]:
    """What is told in several languages; the entities of which that changed."""

    def shown(said: Mapping[str, Mapping[str, Any]]) -> Any:
        return best(provider_order.resolved(orders, None, TRANSLATIONS, said[TRANSLATIONS])) or []

    told = {entity: (shown(before[entity]), shown(fields)) for entity, fields in after.items() if TRANSLATIONS in fields}
    if told:
        set_translations(uow, {entity: now for entity, (_, now) in told.items()})
    return {entity: {TRANSLATIONS} for entity, (was, now) in told.items() if was != now}


def add_owned_ids(uow: UnitOfWork, kind: EntityKind, wanted: Mapping[int, list[CatalogueId]]) -> None:
    """Add ids to people or film series, in spaces where they have none, and never those that another one has."""
    values = [one.external_id for ids in wanted.values() for one in ids]
    taken = {
        (row.provider, row.namespace, row.external_id)
        for row in rows_of(uow.session, ExternalId.external_id, values, ExternalId.entity_kind == kind)
    }
    held = {(row.entity_id, row.provider, row.namespace) for row in rows_of(uow.session, ExternalId.entity_id, wanted)}
    fresh: dict[int, tuple[EntityKind, list[CatalogueId]]] = {}
    for entity, ids in wanted.items():
        for one in ids:
            key = (one.provider, one.namespace, one.external_id)
            if key not in taken and (entity, *key[:2]) not in held:
                taken.add(key)
                held.add((entity, *key[:2]))
                fresh.setdefault(entity, (kind, []))[1].append(one)
    if fresh:
        add_external_ids(uow, fresh)


def _of(wanted: Values, rows: Mapping[int, Any]) -> Values:
    return {entity: fields for entity, fields in wanted.items() if entity in rows}
