"""The one place that emits FROM for the tables of entities, and always adds the row policy."""

from collections.abc import Mapping
from functools import lru_cache
from typing import TypeAlias

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.selectable import FromClause

from api.kit.planner.kept import kept
from api.kit.planner.registry import Entity
from api.kit.planner.specs import Attribute, column_of, table_of
from domain.kit.policy import Shape, owner_of, visible

Scope: TypeAlias = Mapping[str, FromClause]
"""Table name -> what stands for it in the statement at hand."""


Conditions: TypeAlias = list[ColumnElement[bool]]


def rows_of(table: sa.Table, name: str, shape: Shape, *, is_reached: bool = False) -> tuple[sa.Alias, Conditions]:
    """An alias of `table` and what its rows must meet.

    `is_reached` leaves the policy out: the rows come over a path on which nothing is left to check (`follows_over`), or
    by key out of a subquery that checked them.
    """
    alias = alias_of(table, name)
    condition = None if is_reached else _visible(alias, shape)
    return alias, [] if condition is None else [condition]


@lru_cache(256)
def alias_of(table: sa.Table, name: str) -> sa.Alias:
    """The alias itself, for rows that `rows_of` has checked. Kept: SQLAlchemy copies every column for each new one."""
    alias: sa.Alias = sa.alias(table, name)  # type: ignore[assignment]
    return alias


@lru_cache(512)
def _visible(alias: sa.Alias, shape: Shape) -> ColumnElement[bool] | None:
    condition = visible(alias, shape)
    return None if condition is None else kept(condition)


def follows_over(table: sa.Table, foreign_key: Attribute, owner: sa.Table) -> bool:
    """Whether rows of `table` are exactly as visible as the row of `owner` that `foreign_key` (theirs) names."""
    return table_of(foreign_key) is table and owner_of(table.name) == (column_of(foreign_key).key, owner.name)


def of_kind(alias: FromClause, entity: Entity) -> Conditions:
    """The condition that a row is of the entity's kinds, written out so that partial indexes can serve it."""
    if entity.discriminator is None or not entity.kinds:
        return []
    column = alias.c[column_of(entity.discriminator).key]
    quoted: list[ColumnElement[str]] = [sa.literal_column("'" + kind.replace("'", "''") + "'") for kind in entity.kinds]
    return [column == quoted[0] if len(quoted) == 1 else column.in_(quoted)]


def named(attribute: Attribute, scope: Scope) -> ColumnElement[object]:
    """The column of an attribute where `scope` has its table."""
    table = table_of(attribute)
    if table.name not in scope:
        raise TypeError(f"{table.name}.{attribute.key} is out of reach here: only {', '.join(scope)}.")
    column: ColumnElement[object] = scope[table.name].c[column_of(attribute).key]
    return column
