"""Triggers by which files beside an item become outdated as soon as what they say changes, whoever changes it.

Only items whose files are published are touched; what was never published stays so. To be made anew by a migration that
rebuilds one of these tables: SQLite drops triggers with it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

_SHOWN: Final = (
    "title", "original_title", "sort_title", "edition", "year", "release_date", "end_date", "outline", "plot", "tagline",
    "runtime_ms", "production_status", "original_language", "position", "parent_id", "library_id", "directory_path", "deleted_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Watch:
    """A table whose rows say something of items: which items, given a row (`{row}`); on which columns' change."""

    table: str
    items: str
    columns: tuple[str, ...] = ()
    events: tuple[str, ...] = ("insert", "update", "delete")
    """Of them, UPDATE is heard for `columns`, or for all if none are named."""


def _of(table: str, column: str = "item_id", *columns: str) -> Watch:
    return Watch(table, f"id = {{row}}.{column}", columns)


WATCHES: Final = (  # unguarded: triggers follow every row, whoever may read it
    *(_of(table) for table in (
        "item_genres", "item_studios", "item_countries", "tags", "item_ratings", "item_certifications", "item_files",
        "episode_orders",
    )),
    # Another film may speak for the set.
    Watch("collection_members", "id IN (SELECT {row}.item_id UNION SELECT item_id FROM collection_members"
          " WHERE collection_id = {row}.collection_id)"),
    _of("credits", "item_id", "person_id", "department", "job", "role", "position", "is_removed"),
    _of("external_ids", "entity_id"),
    # An actor's picture lies beside what they play in, that of a set is one film's to publish.
    Watch(
        "assets",
        "id = {row}.entity_id OR id IN (SELECT item_id FROM credits WHERE person_id = {row}.entity_id AND department = 'cast'"
        " UNION SELECT item_id FROM collection_members WHERE collection_id = {row}.entity_id)",
        ("rank", "asset_type", "cached_file_id", "media_file_id"),
    ),
    # A season's title stands in its series' NFO, a series' title in those of its episodes.
    Watch(
        "media_items",
        "id = {row}.id OR ({row}.kind = 'season' AND id = {row}.parent_id)"
        " OR ({row}.kind = 'series' AND root_id = {row}.id AND kind = 'episode')",
        _SHOWN,
        ("update",),
    ),
    Watch("media_items", "{row}.kind = 'season' AND id = {row}.parent_id", (), ("insert",)),
    Watch("people", "id IN (SELECT item_id FROM credits WHERE person_id = {row}.id)", ("name",), ("update",)),
    Watch(
        "collections",
        "id IN (SELECT item_id FROM collection_members WHERE collection_id = {row}.id)",
        ("name", "plot"),
        ("update",),
    ),
    Watch(
        "media_files",
        "id IN (SELECT item_id FROM item_files WHERE file_id = {row}.id AND role = 'main'"
        " UNION SELECT entity_id FROM assets WHERE media_file_id = {row}.id"
        " UNION SELECT item_id FROM published_files WHERE media_file_id = {row}.id)",
        ("uri", "quick_hash", "missing_since"),
        ("update",),
    ),
)  # fmt: skip

_STATEMENT: Final = "UPDATE media_items SET publication = 'outdated' WHERE publication = 'published' AND ({items})"
_FUNCTION: Final = """CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN {statement}; RETURN NULL; END $$"""


def watch(connection: sa.Connection) -> None:
    """Make the triggers."""
    is_sqlite = connection.dialect.name == "sqlite"
    for one, event, name in _triggers():
        row = "OLD" if event == "delete" else "NEW"
        statement = _STATEMENT.format(items=one.items.format(row=row))
        of = f" OF {', '.join(one.columns)}" if event == "update" and one.columns else ""
        when = ""
        if event == "update" and one.columns:
            word = "IS NOT" if is_sqlite else "IS DISTINCT FROM"
            when = f" WHEN ({' OR '.join(f'OLD.{column} {word} NEW.{column}' for column in one.columns)})"
        head = f"CREATE TRIGGER {name} AFTER {event.upper()}{of} ON {one.table} FOR EACH ROW{when}"
        if is_sqlite:
            connection.exec_driver_sql(f"{head} BEGIN {statement}; END")
        else:
            connection.exec_driver_sql(_FUNCTION.format(name=name, statement=statement))
            connection.exec_driver_sql(f"{head} EXECUTE FUNCTION {name}()")


def unwatch(connection: sa.Connection) -> None:
    """Take the triggers away."""
    for one, _, name in _triggers():
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}")
        else:
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name} ON {one.table}")
            connection.exec_driver_sql(f"DROP FUNCTION IF EXISTS {name}()")


def _triggers() -> Iterator[tuple[Watch, str, str]]:
    for one in WATCHES:
        for event in one.events:
            yield one, event, f"outdate_{one.table}_{event}"
