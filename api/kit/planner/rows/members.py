"""The rows that belong to parents, as FROM and WHERE: directly by foreign key or behind a link table."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.selectable import FromClause

from api.kit.planner.conditions import Condition
from api.kit.planner.dialects import Ranked
from api.kit.planner.filters import Filter
from api.kit.planner.registry import Entity
from api.kit.planner.rows.reading import Build
from api.kit.planner.rows.running import Bound
from api.kit.planner.slow import argument_conditions
from api.kit.planner.sources import Scope, follows_over, of_kind, rows_of
from api.kit.planner.specs import Children, column_of, table_of
from api.kit.planner.tree import Arguments


@dataclass(frozen=True, slots=True)
class Members:
    """Children before they are restricted to some parents."""

    table: sa.Alias
    link: tuple[sa.Alias, str] | None
    """The link table and its column that names the children."""
    source: FromClause
    near: ColumnElement[Any]
    """The column that holds the parent's key."""
    conditions: list[ColumnElement[bool]]
    scope: Scope
    bound: list[Bound]

    @property
    def query(self) -> "sa.Select[Any]":
        """All columns of the children."""
        return sa.select(*self.table.c).select_from(self.source).where(*self.conditions)


@dataclass(frozen=True, slots=True, eq=False)
class Renamed:
    """The link's columns, wherever the engine has them by now."""

    c: dict[str, ColumnElement[Any]]


def members(
    build: Build, spec: Children, target: Entity, parent: Entity, arguments: Arguments | None, where: Sequence[Condition] = ()
) -> Members:
    """The visible children that a declaration means, with what the arguments at hand add (a filter among them is `where`)."""
    table, conditions = rows_of(
        target.table, build.alias(), build.shape, is_reached=spec.far is None and _is_reached(spec, parent)
    )
    scope: dict[str, FromClause] = {target.table.name: table}
    conditions = [*conditions, *of_kind(table, target)]
    source: FromClause = table
    link: tuple[sa.Alias, str] | None = None
    near: ColumnElement[Any]
    if spec.far is None:
        near = table.c[column_of(spec.near).key]
    else:
        through, visible = rows_of(table_of(spec.far), build.alias(), build.shape, is_reached=_is_reached(spec, parent))
        scope[table_of(spec.far).name] = through
        conditions += visible
        link = (through, column_of(spec.far).key)
        same = through.c[link[1]] == table.c[target.key]
        source = build.dialect.behind(through, table, same) if _is_narrowed(arguments) else through.join(table, same)
        near = through.c[column_of(spec.near).key]
    written = Filter(build.dialect, build.shape, None)
    conditions += [written.sql(each, scope) for each in spec.where]
    bound: list[Bound] = []
    given = argument_conditions(spec.arguments, arguments.example) if arguments is not None else []
    if arguments is not None and (given or spec.narrowing is not None):
        prefix = f"{table.name}_"
        asked = Filter(build.dialect, build.shape, prefix)
        conditions += [asked.sql(each, scope) for each in given]
        conditions += [asked.sql(each, {target.table.name: table}) for each in where]
        bound = [Bound(arguments, spec, target.model, prefix)]
    return Members(table, link, source, near, conditions, scope, bound)


def _is_narrowed(arguments: Arguments | None) -> bool:
    """Whether the client filters or sorts: the declared order has its index, any other is sorted after reading all."""
    return arguments is not None and any(arguments.example.get(each) is not None for each in ("where", "order_by"))


def _is_reached(spec: Children, parent: Entity) -> bool:
    """Whether the rows that hold `near` are visible because the parent is."""
    return spec.is_visible_with_parent or (spec.key is None and follows_over(table_of(spec.near), spec.near, parent.table))


def outer_scope(found: Members, ranked: Ranked, target: Entity) -> Scope:
    """Where the columns of children and link stand once they are ranked."""
    scope: dict[str, Any] = {target.table.name: ranked.rows}
    if found.link is not None:
        scope[str(found.link[0].element.description)] = Renamed(dict(ranked.link))
    return scope
