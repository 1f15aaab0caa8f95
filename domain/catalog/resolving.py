"""Keeps what each source says of a field, and makes the item's column the best of it.

A person's word comes first, then the NFO beside the media, then what sidecars, people's old tools and providers say, last
what the file itself and its name tell. A locked field keeps its value whoever says something else.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import col

from domain.catalog import queries
from domain.catalog.enums import TagOrigin
from domain.catalog.linking import set_countries, set_genres, set_studios, set_tags
from domain.catalog.locks import locked_fields
from domain.catalog.sorting import sort_key
from domain.catalog.tables import FieldValue, MediaItem
from domain.kit.database import UnitOfWork

USER: Final = "user"
NFO: Final = "nfo"
FILE: Final = "file"
NAME: Final = "name"
_RANKS: Final = {USER: 0, NFO: 1, "sidecar": 2, "manual": 3, FILE: 8, NAME: 9}
_PROVIDER: Final = 5

COLUMNS: Final = frozenset(
    {
        "title", "sort_title", "original_title", "tagline", "plot", "outline", "year", "release_date", "end_date",
        "runtime_ms", "is_kids_friendly", "production_status", "original_language",
    }
)  # fmt: skip
"""Fields that are columns of `media_items`."""
LISTS: Final = frozenset({"genres", "studios", "countries", "tags"})
"""Fields that are lists of names, each in link tables of its own."""
_DATES: Final = frozenset({"release_date", "end_date"})

Values = Mapping[int, Mapping[str, Any]]
"""Item -> field -> value as JSON holds it (dates as ISO text, lists of names); None = the source says nothing of it."""


def rank(source: str) -> int:
    """How much a source's word counts; 0 is the most."""
    return _RANKS.get(source, _PROVIDER)


def store_values(uow: UnitOfWork, source: str, wanted: Values, *, by_user_id: int | None = None) -> dict[int, set[str]]:
    """Keep what `source` says of these fields and resolve them; returns the fields whose shown value changed, by item."""
    if not wanted:
        return {}
    said: dict[int, dict[str, dict[str, Any]]] = {item: {} for item in wanted}
    rows: dict[tuple[int, str], Any] = {}
    for row in queries.rows_of(uow.session, FieldValue.entity_id, wanted):
        said[row.entity_id].setdefault(row.field, {})[row.source] = row.value
        if row.source == source:
            rows[row.entity_id, row.field] = row
    new: list[dict[str, Any]] = []
    gone: list[int] = []
    for item, fields in wanted.items():
        for name, value in fields.items():
            row = rows.get((item, name))
            if row is not None and (value is None or row.value != value):
                gone.append(row.id)
            if value is None:
                said[item].get(name, {}).pop(source, None)
                continue
            if row is None or row.value != value:
                new.append({"entity_id": item, "field": name, "source": source, "value": value, "set_by_user_id": by_user_id})
            said[item].setdefault(name, {})[source] = value
    for piece in queries.chunks(gone):
        uow.session.connection().execute(sa.delete(FieldValue).where(col(FieldValue.id).in_(piece)))
    if new:
        uow.session.connection().execute(sa.insert(FieldValue), [{**row, "fetched_at": uow.now()} for row in new])
    best = {
        item: {name: _best(said[item].get(name, {})) for name in fields if name in COLUMNS or name in LISTS}
        for item, fields in wanted.items()
    }
    return _show(uow, best, is_person=source == USER)


def forget_source(uow: UnitOfWork, source: str, items: Iterable[int]) -> dict[int, set[str]]:
    """The source says nothing of these items any more: the next best is shown; returns the changed fields by item."""
    rows = queries.rows_of(uow.session, FieldValue.entity_id, items, col(FieldValue.source) == source)
    wanted: dict[int, dict[str, None]] = {}
    for row in rows:
        wanted.setdefault(row.entity_id, {})[row.field] = None
    return store_values(uow, source, wanted)


def _best(said: Mapping[str, Any]) -> Any:
    return said[min(said, key=lambda source: (rank(source), source))] if said else None


def _show(uow: UnitOfWork, best: Mapping[int, Mapping[str, Any]], *, is_person: bool) -> dict[int, set[str]]:
    """Write resolved values where they differ. A person's own word also passes a lock: the lock is the person's."""
    locked = {} if is_person else locked_fields(uow.session, best)
    changed: dict[int, set[str]] = {}
    updates: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for row in queries.rows_of(uow.session, MediaItem.id, best):
        kept = locked.get(row.id, frozenset())
        values: dict[str, Any] = {}
        for name, value in best[row.id].items():
            if name not in COLUMNS or name in kept or (name == "title" and not value):
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
    _show_lists(uow, best, locked)
    return changed


def _show_lists(uow: UnitOfWork, best: Mapping[int, Mapping[str, Any]], locked: Mapping[int, frozenset[str]]) -> None:
    wanted: dict[str, dict[int, list[str]]] = {}
    for item, fields in best.items():
        for name in fields.keys() & LISTS - locked.get(item, frozenset()):
            wanted.setdefault(name, {})[item] = list(fields[name] or ())
    if "genres" in wanted:
        set_genres(uow, wanted["genres"])
    if "studios" in wanted:
        set_studios(uow, wanted["studios"])
    if "countries" in wanted:
        set_countries(uow, wanted["countries"])
    if "tags" in wanted:
        set_tags(uow, wanted["tags"], origin=TagOrigin.SIDECAR)
