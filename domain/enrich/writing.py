"""The one way by which providers' answers reach the catalog: batches in a transaction; what is equal is not written."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from domain.catalog.enums import EntityKind
from domain.catalog.facts import CatalogueId
from domain.catalog.queries import rows_of
from domain.catalog.resolving import store_said
from domain.catalog.tables import Collection as FilmSeries
from domain.catalog.tables import ExternalId, FieldValue, MediaItem, Person
from domain.enrich import keys, languages, related, series_orders, telling
from domain.enrich.asking import Answers
from domain.enrich.entities import add_owned_ids, store_entity_values
from domain.enrich.ordering import order_changed_at
from domain.enrich.results import By, note_results, state_after
from domain.enrich.values import values_of
from domain.kit.database import UnitOfWork
from domain.kit.types import instant_text

_MODELS: Mapping[EntityKind, Any] = {EntityKind.PERSON: Person, EntityKind.COLLECTION: FilmSeries}


@dataclass(slots=True)
class Written:
    """What a batch did: changed fields by entity, the answers that counted, and things of which something new was said."""

    changed: dict[int, set[str]] = field(default_factory=dict)
    said: By = field(default_factory=dict)
    told: set[int] = field(default_factory=set)


def write(uow: UnitOfWork, batch: Sequence[Answers]) -> Written:
    """Write the answers for units of one kind of thing: all items, all people or all film series.

    Locked fields, people's own words and NFO files stand. What was deleted, or is known to be another thing since it was
    asked, is passed over.
    """
    kind = _kind_of(batch)
    model = _MODELS.get(kind, MediaItem)
    said = {entity: dict(by) for answers in batch for entity, by in answers.said.items()}
    rows = {row.id: row for row in rows_of(uow.session, model.id, said) if getattr(row, "deleted_at", None) is None}
    said = {entity: by for entity, by in said.items() if entity in rows}
    _drop_strangers(uow, batch, said)
    kinds = {entity: EntityKind(rows[entity].kind) for entity in said}
    done = Written(said=said)
    wanted = languages.load(uow.session)
    spoken = {entity: wanted.of(rows[entity]) for entity in said}
    fresh = _fresh(uow, said, spoken, _to_show_anew(uow, rows) if model is not FilmSeries else frozenset())
    done.told = {entity for wanted in fresh.values() for entity in wanted}
    if model is MediaItem:
        done.changed = store_said(uow, fresh)
    elif fresh:
        done.changed = store_entity_values(uow, kind, fresh)
    if model is not MediaItem:
        add_owned_ids(uow, kind, _ids(said, done.told))
    if kind is EntityKind.COLLECTION:
        related.write_series(uow, {entity: by for entity, by in said.items() if entity in rows})
    if kind is EntityKind.SERIES:
        series_orders.write(uow, batch, said)
    note_results(uow, said, kinds)
    if model is not FilmSeries:
        _write_states(uow, model, rows, done)
    telling.tell(uow, kinds, rows, done.changed)
    return done


def _kind_of(batch: Sequence[Answers]) -> EntityKind:
    return batch[0].unit.top.kind if batch else EntityKind.MOVIE


def _drop_strangers(uow: UnitOfWork, batch: Sequence[Answers], said: dict[int, Any]) -> None:
    """Leave out answers for an id that the thing no longer goes by."""
    tops = {answers.unit.top.id: answers.unit for answers in batch}
    ids: dict[int, dict[keys.Space, str]] = {key: {} for key in tops}
    for row in rows_of(uow.session, ExternalId.entity_id, tops, col(ExternalId.is_primary)):
        ids[row.entity_id][row.provider, row.namespace] = row.external_id
    for key, unit in tops.items():
        for entity in unit.wanted & said.keys():
            for provider, one in list(said[entity].items()):
                now = keys.key_for(provider, unit.top.kind, ids[key])
                asked = (one.external_id or "").partition("/")[0]
                if now is not None and asked and asked != now:
                    del said[entity][provider]


def _to_show_anew(uow: UnitOfWork, rows: Mapping[int, Any]) -> Collection[int]:
    """Things that were enriched before the order of providers changed: what is stored of them may be shown otherwise."""
    moment = order_changed_at(uow.session)
    return {key for key, row in rows.items() if row.last_enriched_at is not None and instant_text(row.last_enriched_at) < moment}


def _fresh(
    uow: UnitOfWork, said: By, spoken: Mapping[int, Sequence[str]], anew: Collection[int]
) -> dict[str, dict[int, dict[str, Any]]]:
    """Provider -> entity -> fields of which it says something else than before."""
    providers = {name for by in said.values() for name in by}
    stored: dict[tuple[int, str], dict[str, Any]] = {}
    for row in rows_of(uow.session, FieldValue.entity_id, said, col(FieldValue.source).in_(sorted(providers))):
        stored.setdefault((row.entity_id, row.source), {})[row.field] = row.value
    found: dict[str, dict[int, dict[str, Any]]] = {}
    for entity, by_provider in said.items():
        for provider, one in by_provider.items():
            if one.details is None:
                continue  # what it told before stays: providers withdraw things
            before = stored.get((entity, provider), {})
            values = values_of(one.details, spoken[entity])
            fields = {
                name: value
                for name, value in values.items()
                if (value is not None or name in before) and (entity in anew or before.get(name) != value)
            }
            if fields:
                found.setdefault(provider, {})[entity] = fields
    return found


def _ids(said: By, told: Collection[int]) -> dict[int, list[CatalogueId]]:
    return {
        entity: [CatalogueId(id.provider, id.namespace, id.value) for one in by.values() if one.details for id in one.details.ids]
        for entity, by in said.items()
        if entity in told
    }


def _write_states(uow: UnitOfWork, model: Any, rows: Mapping[int, Any], done: Written) -> None:
    """How complete each is, and when something new was said; things of which nothing is new keep their rows as they are."""
    updates: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for entity, by_provider in done.said.items():
        row = rows[entity]
        state = state_after(row.enrichment, by_provider)
        values: dict[str, Any] = {}
        if state != row.enrichment:
            values["enrichment"] = state
            done.changed.setdefault(entity, set()).add("enrichment")
        if entity in done.told or (values and any(one.details is not None for one in by_provider.values())):
            values["last_enriched_at"] = uow.now()
        if model is MediaItem and done.changed.get(entity, set()) - {"enrichment"}:
            values["metadata_changed_at"] = uow.now()
        if values:
            updates.setdefault(tuple(sorted(values)), []).append({"key": entity, **values})
    table = model.__table__
    for found in updates.values():
        uow.session.connection().execute(sa.update(table).where(table.c.id == sa.bindparam("key")), found)
