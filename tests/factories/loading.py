"""Rows by the hundred thousand: past the ORM, without foreign keys, in seconds on either engine."""

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import psycopg
import sqlalchemy as sa

from domain.kit.database import Database

MOMENT = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)
"""When rows came that do not say it."""

STRIDE = 1_000_000
MOVED = {"item_id", "entity_id", "parent_id", "root_id", "file_id", "cached_file_id", "id"}
"""Columns that hold ids of what is copied."""
UNIQUE = {"uri", "sha256", "path", "token", "external_id"}
SHARED = {"genres", "studios", "people", "collections", "libraries"}
"""Tables that every copy refers to."""

Rows = Mapping[Any, Sequence[Mapping[str, Any]]]
"""Model -> rows by column name; what a row leaves out gets the model's default."""


def load(database: Database, rows: Rows, *, copies: int = 1) -> None:
    """Write the rows, and let the engine copy them: copy n has `n * STRIDE` added to the ids in `MOVED`.

    PostgreSQL counts them (ANALYZE), as its autovacuum does within a minute.
    """
    every = {model.__table__: some for model, some in rows.items()}
    statements = [_copying(table, copies) for table in every if copies > 1 and table.name not in SHARED]
    if database.dialect == "sqlite":
        with sqlite3.connect(str(database.engine.url.database)) as connection:
            connection.execute("PRAGMA synchronous=OFF")
            connection.execute("PRAGMA cache_size=-200000")
            outdating = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'outdate%'")
            triggers = outdating.fetchall()  # the rows say themselves how their publication stands
            for name, _ in triggers:
                connection.execute(f"DROP TRIGGER {name}")
            for table, some in every.items():
                names, values = _tuples(table, some, database.engine.dialect)
                places = ", ".join("?" * len(names))
                connection.executemany(f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({places})", values)
            for statement in statements:
                connection.execute(statement)
            for _, sql in triggers:
                connection.execute(sql)
        connection.close()
        return
    url = database.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url) as connection:
        connection.execute("SET session_replication_role = replica")
        for table, some in every.items():
            names, values = _tuples(table, some, database.engine.dialect)
            columns = ", ".join(f'"{name}"' for name in names)
            with connection.cursor().copy(f"COPY {table.name} ({columns}) FROM STDIN") as copy:
                for each in values:
                    copy.write_row(each)
        for statement in statements:
            connection.execute(statement.encode())
        connection.execute("ANALYZE")


def _copying(table: sa.Table, copies: int) -> str:
    """An INSERT of all further copies of the rows that hang on items."""
    names = [column.name for column in table.columns if column.computed is None]
    values = [
        f"t.{name} + n.n * {STRIDE}" if name in MOVED else f"t.{name} || '-' || n.n" if name in UNIQUE else f't."{name}"'
        for name in names
    ]
    columns = ", ".join(f'"{name}"' for name in names)
    numbers = f"WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < {copies - 1})"
    items = " WHERE kind NOT IN ('person', 'studio', 'collection')" if table.name == "entities" else ""
    return f"INSERT INTO {table.name} ({columns}) {numbers} SELECT {', '.join(values)} FROM {table.name} t CROSS JOIN n{items}"


def _tuples(
    table: sa.Table, rows: Sequence[Mapping[str, Any]], dialect: sa.engine.Dialect
) -> tuple[list[str], Iterable[Sequence[Any]]]:
    columns = [column for column in table.columns if column.computed is None]
    readers = [(column.name, _default(column), _processor(column, dialect)) for column in columns]
    return [column.name for column in columns], [
        [process(row.get(name, default)) for name, default, process in readers] for row in rows
    ]


def _default(column: sa.Column[Any]) -> Any:
    if column.default is None:
        return None
    if not column.default.is_callable:
        return column.default.arg
    return MOMENT if column.name.endswith("_at") else column.default.arg(None)


def _processor(column: sa.Column[Any], dialect: sa.engine.Dialect) -> Callable[[Any], Any]:
    process = column.type.dialect_impl(dialect).bind_processor(dialect)
    if process is None:
        return lambda value: value
    return lambda value: None if value is None else process(value)
