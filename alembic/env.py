"""Runs migrations: on the connection it is given, else (from the command line) on the configured database."""

from typing import Any

import sqlalchemy as sa
from alembic import context
from alembic.operations import ops
from sqlmodel.sql.sqltypes import AutoString

from domain.kit.database import Database
from domain.kit.database.migrations import HISTORY, connection_for_migrations, record
from domain.kit.types import Instant, Json, Key, SortText, Thousandths
from domain.registry import metadata
from domain.settings import Settings

EXPRESSIONS = {
    index.name
    for table in metadata.tables.values()
    for index in table.indexes
    if not all(isinstance(part, sa.Column) for part in index.expressions)
}


def _is(type_: Any, ours: Any) -> bool:
    """Whether a column's type is one of our shared instances (SQLAlchemy copies them at times)."""
    return type_ is ours or (type(type_) is type(ours) and repr(type_._variant_mapping) == repr(ours._variant_mapping))


def render_item(kind: str, item: Any, autogenerate: Any) -> str | bool:
    """Types of ours by name, so that a migration imports sqlalchemy and domain.kit.types only."""
    if kind != "type":
        return False
    for ours, name in ((Key, "types.Key"), (SortText, "types.SortText"), (Json, "types.Json")):
        if item._variant_mapping and _is(item, ours):
            return name
    if isinstance(item, Instant | Thousandths):
        return f"types.{item!r}"
    if isinstance(item, sa.Enum):
        values = ", ".join(repr(value) for value in item.enums)
        return f"sa.Enum({values}, name={item.name!r}, native_enum=False, create_constraint=True, length={item.length})"
    if isinstance(item, AutoString):
        return f"sa.String({item.length or ''})"
    return False


def compare_type(ctx: Any, inspected: Any, column: sa.Column[Any], stored: Any, wanted: Any) -> bool | None:
    """Our decorated types are compared by what they are on this engine; None leaves it to Alembic."""
    if isinstance(wanted, Instant | Thousandths):
        dialect = ctx.dialect
        return bool(stored.compile(dialect) != wanted.load_dialect_impl(dialect).compile(dialect))
    return None


def include_object(item: Any, name: str | None, kind: str, reflected: bool, _: Any) -> bool:
    """All but our own history, and on SQLite, which cannot show them, indexes over expressions (PostgreSQL compares those)."""
    if kind == "table":
        return name != HISTORY.name
    if kind == "index" and context.get_context().dialect.name == "sqlite":
        return name not in EXPRESSIONS
    return True


def tidy(_: Any, __: Any, directives: list[Any]) -> None:
    """Indexes by plain statements (they need no rebuilt table), and none dropped one by one with their table."""
    for script in directives:
        gone = {step.table_name for step in script.downgrade_ops.ops if isinstance(step, ops.DropTableOp)}
        script.upgrade_ops.ops = [step for part in script.upgrade_ops.ops for step in _plain(part, set())]
        script.downgrade_ops.ops = [step for part in script.downgrade_ops.ops for step in _plain(part, gone)]


def _plain(part: Any, gone: set[str]) -> list[Any]:
    if not isinstance(part, ops.ModifyTableOps):
        return [part]
    if part.table_name in gone:
        return []
    return part.ops if all(isinstance(step, ops.CreateIndexOp) for step in part.ops) else [part]


def run(connection: sa.Connection) -> None:
    """Apply what the command asks for, inside the caller's transaction."""
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_item=render_item,
        compare_type=compare_type,
        render_as_batch=True,
        include_object=include_object,
        process_revision_directives=tidy,
        on_version_apply=record,
    )
    context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    database = Database(Settings().database)
    with connection_for_migrations(database) as own:
        run(own)
    database.close()
