"""The rows that belong to parents, as FROM and WHERE: directly by foreign key or behind a link table."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.selectable import FromClause

from api.kit.planner.filters import Filter
from api.kit.planner.orders import Ordering
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
    link: sa.Alias | None
    source: FromClause
    near: ColumnElement[Any]
    """The column that holds the parent's key."""
    conditions: list[ColumnElement[bool]]
    scope: Scope
    bound: list[Bound]

    def query(self, order: Ordering) -> "sa.Select[Any]":
        """All columns of the children, and those of the link that `order` needs, as `link_<column>`."""
        more = []
        if self.link is not None:
            names = [column_of(key.attribute).key for key in order.keys if table_of(key.attribute) is self.link.element]
            more = [self.link.c[name].label(f"link_{name}") for name in names]
        return sa.select(*self.table.c, *more).select_from(self.source).where(*self.conditions)


@dataclass(frozen=True, slots=True, eq=False)
class Renamed:
    """The link's columns in a subquery that labelled them."""

    c: dict[str, ColumnElement[Any]]


def members(build: Build, spec: Children, target: Entity, parent: Entity, arguments: Arguments | None) -> Members:
    """The visible children that a declaration means, with what the arguments at hand add."""
    table, conditions = rows_of(
        target.table, build.alias(), build.shape, is_reached=spec.far is None and _is_reached(spec, parent)
    )
    scope: dict[str, FromClause] = {target.table.name: table}
    conditions = [*conditions, *of_kind(table, target)]
    source: FromClause = table
    link: sa.Alias | None = None
    near: ColumnElement[Any]
    if spec.far is None:
        near = table.c[column_of(spec.near).key]
    else:
        link, visible = rows_of(table_of(spec.far), build.alias(), build.shape, is_reached=_is_reached(spec, parent))
        scope[table_of(spec.far).name] = link
        conditions += visible
        source = link.join(table, link.c[column_of(spec.far).key] == table.c[target.key])
        near = link.c[column_of(spec.near).key]
    written = Filter(build.dialect, build.shape, None)
    conditions += [written.sql(each, scope) for each in spec.where]
    bound: list[Bound] = []
    given = argument_conditions(spec.arguments, arguments.example) if arguments is not None else []
    if given and arguments is not None:
        prefix = f"{table.name}_"
        asked = Filter(build.dialect, build.shape, prefix)
        conditions += [asked.sql(each, scope) for each in given]
        bound = [Bound(arguments, spec.arguments, prefix)]
    return Members(table, link, source, near, conditions, scope, bound)


def _is_reached(spec: Children, parent: Entity) -> bool:
    """Whether the rows that hold `near` are visible because the parent is."""
    return spec.is_visible_with_parent or (spec.key is None and follows_over(table_of(spec.near), spec.near, parent.table))


def outer_scope(found: Members, rows: FromClause, target: Entity, order: Ordering) -> Scope:
    """Where the columns of `Members.query` stand once it has become a subquery."""
    scope: dict[str, Any] = {target.table.name: rows}
    if found.link is not None and isinstance(found.link.element, sa.Table):
        names: Sequence[str] = [
            column_of(key.attribute).key for key in order.keys if table_of(key.attribute) is found.link.element
        ]
        scope[found.link.element.name] = Renamed({name: rows.c[f"link_{name}"] for name in names})
    return scope
