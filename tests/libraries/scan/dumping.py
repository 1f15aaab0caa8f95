"""The content of the database without what differs between two equal runs: keys, times, tokens."""

from collections import Counter
from typing import Any, Final

import sqlalchemy as sa

import domain.registry
from domain.kit.database import Database
from domain.kit.types import Instant, canonical_json

# Named by something that does not change, in an order in which each can use the ones before it.
_NAMES: Final = {
    "libraries": ("name",), "library_paths": ("path",), "library_directories": ("library_path_id", "path"),
    "media_types": ("name",), "media_files": ("uri",), "genres": ("name",), "countries": ("name",), "people": ("identity_key",),
    "studios": ("name",), "collections": ("name",), "media_groups": ("name",),
    "media_items": ("kind", "title", "year", "edition", "position", "parent_id", "library_id"),
    "image_candidates": ("entity_id", "asset_type", "url"),
    "search_words": ("word",), "search_documents": ("kind", "entity_id", "genre_id"),
}  # fmt: skip
_ENTITIES: Final = ("people", "studios", "collections", "media_groups", "media_items")
_SECRET: Final = {"token", "score_breakdown", "root_id"}
_LOGS: Final = {"jobs", "audit_log", "event_epoch", "schema_history", "alembic_version"}


def dump(database: Database) -> dict[str, list[Any]]:
    """Table -> its rows as sorted text; of the events those that tell of items."""
    tables = domain.registry.metadata.tables
    with database.read() as session:
        rows = {name: session.connection().execute(sa.select(table)).all() for name, table in tables.items() if name not in _LOGS}
    labels: dict[str, dict[int, str]] = {"entities": {}}
    for name, columns in _NAMES.items():
        labels[name] = {}
        ordered = sorted(rows[name], key=lambda row: getattr(row, "level", 0))
        for row in ordered:
            text = repr([_named(tables[name].c[column], getattr(row, column), labels) for column in columns])
            labels[name][row.id] = text
            if name in _ENTITIES:
                labels["entities"][row.id] = text
    found: dict[str, list[Any]] = {}
    for name, every in rows.items():
        if name == "events":
            subjects = [row.subject.rpartition("_") for row in every if row.type.startswith("item.")]
            types = [row.type for row in every if row.type.startswith("item.")]
            items = labels["media_items"]
            pairs = ((kind, items[int(key)]) for kind, (_, _, key) in zip(types, subjects, strict=True))
            found[name] = sorted(Counter(pairs).items())
            continue
        found[name] = sorted(repr(_row(tables[name], row, labels)) for row in every)
    return found


def _row(table: sa.Table, row: Any, labels: dict[str, dict[int, str]]) -> list[tuple[str, Any]]:
    values = []
    for column in table.columns:
        is_own_key = column.primary_key and not column.foreign_keys
        if is_own_key or column.name in _SECRET or isinstance(column.type, Instant):
            continue
        values.append((column.name, _named(column, getattr(row, column.key, None), labels)))
    return values


def _named(column: sa.Column[Any], value: Any, labels: dict[str, dict[int, str]]) -> Any:
    targets = {key.column.table.name for key in column.foreign_keys if key.column.name == "id"}
    for target in sorted(targets, key=lambda name: name == "entities"):
        if value is not None and target in labels:
            return labels[target].get(value, f"{target}?")
    return canonical_json(value) if isinstance(value, dict | list) else value
