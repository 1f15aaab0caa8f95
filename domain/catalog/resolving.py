"""Keeps what each source says of a field, and makes the item's column the best of it.

A person's word comes first, then the NFO beside the media, then what sidecars, people's old tools and providers say (those
in the order that people gave them), last what the file itself and its name tell. A locked field keeps its value whoever
says something else.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import col

from domain.catalog import provider_order, queries
from domain.catalog.locks import locked_fields
from domain.catalog.showing import LISTS, show_names, show_told
from domain.catalog.sorting import sort_key
from domain.catalog.sources import USER, best, is_provider
from domain.catalog.tables import FieldValue, MediaItem
from domain.catalog.told import TOLD
from domain.kit.database import UnitOfWork

COLUMNS: Final = frozenset(
    {
        "title", "sort_title", "original_title", "tagline", "plot", "outline", "year", "release_date", "end_date",
        "runtime_ms", "is_kids_friendly", "production_status", "original_language", "homepage", "popularity", "budget",
        "revenue",
    }
)  # fmt: skip
"""Fields that are columns of `media_items`."""
GUARDS: Final[Mapping[str, str]] = {"cast": "cast_order", "networks": "studios", "keywords": "tags"}
"""Field -> another one whose lock keeps it too."""
SHOWN: Final = COLUMNS | LISTS | TOLD
"""Fields that are resolved: shown is the best of what sources say."""
_DATES: Final = frozenset({"release_date", "end_date"})

Values = Mapping[int, Mapping[str, Any]]
"""Item -> field -> value as JSON holds it (dates as ISO text, lists as `told` has them); None = the source says nothing of it."""
_Sources = dict[int, dict[str, dict[str, Any]]]


def store_values(uow: UnitOfWork, source: str, wanted: Values, *, by_user_id: int | None = None) -> dict[int, set[str]]:
    """Keep what `source` says of these fields and resolve them; returns the fields whose shown value changed, by item."""
    return store_said(uow, {source: wanted}, by_user_id=by_user_id)


def store_said(uow: UnitOfWork, said: Mapping[str, Values], *, by_user_id: int | None = None) -> dict[int, set[str]]:
    """The same of several sources (source -> what it says), shown once."""
    if not any(said.values()):
        return {}
    before, after = keep_values(uow, said, by_user_id=by_user_id)
    return _show(uow, before, after, is_person=USER in said)


def keep_values(uow: UnitOfWork, said: Mapping[str, Values], *, by_user_id: int | None = None) -> tuple[_Sources, _Sources]:
    """Keep what sources say of fields of any entities; all that is said of these fields before and now, nothing shown."""
    before: _Sources = {}
    for wanted in said.values():
        for entity, fields in wanted.items():
            before.setdefault(entity, {}).update({name: {} for name in fields})
    rows: dict[tuple[str, int, str], Any] = {}
    for row in queries.rows_of(uow.session, FieldValue.entity_id, before):
        if row.field in before[row.entity_id]:
            before[row.entity_id][row.field][row.source] = row.value
            rows[row.source, row.entity_id, row.field] = row
    after: _Sources = {entity: {name: dict(told) for name, told in fields.items()} for entity, fields in before.items()}
    new: list[dict[str, Any]] = []
    gone: list[int] = []
    for source, wanted in said.items():
        for entity, fields in wanted.items():
            for name, value in fields.items():
                row = rows.get((source, entity, name))
                if row is not None and (value is None or row.value != value):
                    gone.append(row.id)
                if value is None:
                    after[entity][name].pop(source, None)
                    continue
                if row is None or row.value != value:
                    new.append(
                        {"entity_id": entity, "field": name, "source": source, "value": value, "set_by_user_id": by_user_id}
                    )
                after[entity][name][source] = value
    for piece in queries.chunks(gone):
        uow.session.connection().execute(sa.delete(FieldValue).where(col(FieldValue.id).in_(piece)))
    if new:
        uow.session.connection().execute(sa.insert(FieldValue), [{**row, "fetched_at": uow.now()} for row in new])
    return before, after


def forget_source(uow: UnitOfWork, source: str, items: Iterable[int]) -> dict[int, set[str]]:
    """The source says nothing of these items any more: the next best is shown; returns the changed fields by item."""
    rows = queries.rows_of(uow.session, FieldValue.entity_id, items, col(FieldValue.source) == source)
    wanted: dict[int, dict[str, None]] = {}
    for row in rows:
        wanted.setdefault(row.entity_id, {})[row.field] = None
    return store_values(uow, source, wanted)


def _show(uow: UnitOfWork, before: _Sources, after: _Sources, *, is_person: bool) -> dict[int, set[str]]:
    """Show what is best now. A person's own word also passes a lock: the lock is the person's."""
    before, after = _with_providers_in_order(uow, before, after)
    locked = {} if is_person else locked_fields(uow.session, after)
    open_fields = {
        item: {name: said for name, said in fields.items() if not _is_locked(name, locked.get(item))}
        for item, fields in after.items()
    }
    changed = _show_columns(uow, open_fields)
    show_names(
        uow, {item: {name: best(said) for name, said in fields.items() if name in LISTS} for item, fields in open_fields.items()}
    )
    # What nobody ever told of is not shown as empty: it may be there by other ways.
    told = {
        item: {name: said for name, said in fields.items() if name in TOLD and (said or before[item][name])}
        for item, fields in open_fields.items()
    }
    show_told(uow, before, {item: fields for item, fields in told.items() if fields})
    for item, fields in open_fields.items():
        lists = {name for name in fields.keys() & (LISTS | TOLD) if best(before[item][name]) != best(after[item][name])}
        if lists:
            changed.setdefault(item, set()).update(lists)
    return changed


def _with_providers_in_order(uow: UnitOfWork, before: _Sources, after: _Sources) -> tuple[_Sources, _Sources]:
    """The same with all providers as one source; nothing is read where none says anything."""
    every = (said for side in (before, after) for fields in side.values() for said in fields.values())
    if not any(is_provider(one) for said in every for one in said):
        return before, after
    orders = provider_order.load(uow.session)
    types: dict[int, int] = {}
    if orders.differ_by_type:
        types = {row.id: row.media_type_id for row in queries.rows_of(uow.session, MediaItem.id, after)}

    def combined(side: _Sources) -> _Sources:
        return {
            item: {name: provider_order.resolved(orders, types.get(item), name, said) for name, said in fields.items()}
            for item, fields in side.items()
        }

    return combined(before), combined(after)


def _is_locked(field: str, locked: frozenset[str] | None) -> bool:
    return locked is not None and (field in locked or GUARDS.get(field) in locked)


def _show_columns(uow: UnitOfWork, said: _Sources) -> dict[int, set[str]]:
    """Write resolved columns where they differ; returns their names by item."""
    changed: dict[int, set[str]] = {}
    updates: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for row in queries.rows_of(uow.session, MediaItem.id, said):
        values: dict[str, Any] = {}
        for name, sources in said[row.id].items():
            value = best(sources)
            if name not in COLUMNS or (name == "title" and not value):
                continue
            shown = date.fromisoformat(value) if name in _DATES and value is not None else value
            if name == "is_kids_friendly":
                shown = bool(shown)
            if getattr(row, name) != shown:
                values[name] = shown
        if not values:
            continue
        changed[row.id] = set(values)
        if values.keys() & {"title", "sort_title"}:
            values["sort_key"] = sort_key(values.get("sort_title", row.sort_title) or values.get("title", row.title))
        values["metadata_changed_at"] = uow.now()
        updates.setdefault(tuple(sorted(values)), []).append({"key": row.id, **values})
    table: Any = MediaItem.__table__  # type: ignore[attr-defined]
    for rows in updates.values():
        uow.session.connection().execute(sa.update(table).where(table.c.id == sa.bindparam("key")), rows)
    return changed
