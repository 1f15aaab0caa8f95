"""Triggers that note changed rows, in the words of either engine: for migrations, and for the tests of them."""

from collections.abc import Sequence

import sqlalchemy as sa

_FUNCTION = """
CREATE OR REPLACE FUNCTION {log}_note() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN INSERT INTO {log} (source, key) VALUES (TG_TABLE_NAME, NEW.id); RETURN NULL; END $$
"""


def names(table: str, log: str) -> tuple[str, str]:
    """The triggers of a watched table."""
    return (f"{log}_{table}_insert", f"{log}_{table}_update")


def watch(connection: sa.Connection, table: str, columns: Sequence[str], *, log: str, is_new_noted: bool = True) -> None:
    """Each row of `table` that is new (unless told otherwise) or whose `columns` change adds (source, key) to the table `log`.

    To be called again by a migration that rebuilds `table`: SQLite drops triggers with it.
    """
    unwatch(connection, table, log=log)
    insert, update = names(table, log)
    changed = " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in columns)
    if connection.dialect.name == "sqlite":
        note = f"BEGIN INSERT INTO {log} (source, key) VALUES ('{table}', NEW.id); END"  # noqa: S608 - names of tables
        changed = changed.replace("IS DISTINCT FROM", "IS NOT")  # the same; SQLite knows the longer words since 3.39
    else:
        connection.exec_driver_sql(_FUNCTION.format(log=log))
        note = f"EXECUTE FUNCTION {log}_note()"
    if is_new_noted:
        connection.exec_driver_sql(f"CREATE TRIGGER {insert} AFTER INSERT ON {table} FOR EACH ROW {note}")
    event = f"AFTER UPDATE OF {', '.join(columns)} ON {table} FOR EACH ROW WHEN ({changed})"
    connection.exec_driver_sql(f"CREATE TRIGGER {update} {event} {note}")


def unwatch(connection: sa.Connection, table: str, *, log: str) -> None:
    """Take the triggers of a table away again."""
    for name in names(table, log):
        target = "" if connection.dialect.name == "sqlite" else f" ON {table}"
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}{target}")


def forget(connection: sa.Connection, *, log: str) -> None:
    """Take away what no trigger needs any more."""
    if connection.dialect.name != "sqlite":
        connection.exec_driver_sql(f"DROP FUNCTION IF EXISTS {log}_note()")


def present(connection: sa.Connection, log: str) -> set[str]:
    """The triggers that write into `log`."""
    catalogue = "sqlite_master WHERE type = 'trigger' AND" if connection.dialect.name == "sqlite" else "pg_trigger WHERE"
    column = "name" if connection.dialect.name == "sqlite" else "tgname"
    query = sa.text(f"SELECT {column} FROM {catalogue} {column} LIKE :pattern")  # noqa: S608 - no text of a user
    return set(connection.execute(query, {"pattern": f"{log}%"}).scalars())
