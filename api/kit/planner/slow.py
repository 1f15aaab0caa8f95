"""The plain resolvers behind every declaration: ORM rows, one SELECT per relation, sorted and cut in Python.

They are the planner's oracle (and its fallback), so they share with it the row policy and the conditions, and nothing
else: order, pages and cursors are computed here a second time, in another way.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cmp_to_key
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlalchemy.sql.selectable import FromClause

from api.kit.planner.conditions import Compare, Condition, IsIn
from api.kit.planner.context import PlannerContext
from api.kit.planner.dialects import dialect_of
from api.kit.planner.filters import Filter
from api.kit.planner.handles import Handle, Page, Ref, Refs, entity_behind
from api.kit.planner.kinds import plain
from api.kit.planner.nested import conditions_of, order_of
from api.kit.planner.orders import Key, Ordering
from api.kit.planner.paging import Window, check_texts, decode_cursor, encode_cursor, window
from api.kit.planner.registry import Entity, behind_connection, entity_at
from api.kit.planner.sources import of_kind, rows_of
from api.kit.planner.specs import (
    Argument,
    Attribute,
    Call,
    Children,
    Column,
    Computed,
    Embedded,
    Identity,
    Spec,
    ToOne,
    column_of,
    table_of,
)
from domain.kit.ids import global_id


@dataclass(frozen=True, slots=True)
class SlowEdge:
    """An edge over an ORM row."""

    cursor: str
    node: Any


@dataclass(frozen=True, slots=True)
class SlowPage:
    """Connection and page info in one; graphql-core reads its attributes."""

    nodes: list[Any]
    edges: list[SlowEdge]
    has_next_page: bool
    has_previous_page: bool
    total_count: int

    @property
    def page_info(self) -> "SlowPage":
        return self

    @property
    def start_cursor(self) -> str | None:
        return self.edges[0].cursor if self.edges else None

    @property
    def end_cursor(self) -> str | None:
        return self.edges[-1].cursor if self.edges else None


def resolve(spec: Spec, source: Any, info: Any, arguments: dict[str, Any]) -> Any:
    """The value of a declared field of an ORM row, for graphql-core to complete."""
    context: PlannerContext = info.context
    if spec.needs is not None and spec.needs not in context.viewer.scopes:
        return None
    match spec:
        case Column():
            value = getattr(source, spec.attribute.key)
            return value if spec.as_ is None or value is None else spec.as_(value)
        case Identity():
            ours = entity_at(info._raw_info.parent_type)
            assert ours is not None
            return global_id(ours.table.name, getattr(source, ours.key))
        case Embedded():
            return source
        case Computed():
            return _computed(spec, source, context, arguments)
        case ToOne():
            return _to_one(spec, source, info)
        case Children():
            return _children(spec, source, info, arguments)


def load(handle: Handle, context: PlannerContext) -> Any:
    """The ORM rows that a handle means, as they are now: an earlier field of a mutation may have read them before."""
    context.session().close()  # ends the transaction and forgets its rows; the next statement begins another
    ours = entity_behind(handle)
    match handle:
        case Ref():
            row = _by_keys(ours, [handle.key], context).get(handle.key)
            if row is None and (moved := context.planner.moved(context.session(), handle)) is not None:
                row = _by_keys(ours, [moved.key], context).get(moved.key)
            return row
        case Refs():
            found = _by_keys(ours, handle.keys, context)
            return [found.get(key) for key in handle.keys]
        case Page():
            rows = [row for row, *_ in _rows(ours, context, handle.where)]
            places = [(row, [getattr(row, key.attribute.key) for key in handle.order.keys]) for row in rows]
            return _cut(places, handle.order, handle.window, handle.cursor)


def _computed(spec: Computed, source: Any, context: PlannerContext, arguments: dict[str, Any]) -> Any:
    rows = [tuple(getattr(source, each.key) for each in spec.requires)]
    (value,) = spec.function(rows, Call(context.viewer, arguments)) if spec.takes_call else spec.function(rows)
    if isinstance(value, Exception):
        raise value
    return value


def _to_one(spec: ToOne, source: Any, info: Any) -> Any:
    key = getattr(source, spec.foreign_key.key)
    target = entity_at(info._raw_info.return_type)
    assert target is not None
    return None if key is None else _by_keys(target, [key], info.context).get(key)


def _children(spec: Children, source: Any, info: Any, arguments: dict[str, Any]) -> Any:
    context: PlannerContext = info.context
    if spec.shape == "connection":
        assert spec.limit is not None
        given = {name: arguments.pop(name) for name in ("first", "after", "last", "before")}
        stretch = window(**given, most=spec.limit)
        target = entity_at(behind_connection(info._raw_info.return_type))
    else:
        target = entity_at(info._raw_info.return_type)
    assert target is not None
    order = order_of(spec, arguments, target.model)
    cursor = None if spec.shape != "connection" or stretch.cursor is None else decode_cursor(stretch.cursor, order)
    ours = entity_at(info._raw_info.parent_type)
    assert ours is not None
    key = getattr(source, spec.key.key if spec.key is not None else ours.key)
    narrowing, asked = argument_conditions(spec.arguments, arguments), conditions_of(spec, arguments)
    check_texts(value for each in (*narrowing, *asked) for value in each.binds)
    where = [*spec.where, *narrowing, Compare(spec.near, "=", key)]
    found = [] if key is None else _rows(target, context, where, far=spec.far, asked=asked)
    places = [(row[0], [_value(row, each, target) for each in order.keys]) for row in found]
    if spec.shape == "connection":
        return _cut(places, order, stretch, cursor)
    rows = [row for row, _ in _sorted(places, order)][: spec.limit]
    if spec.shape == "first":
        return rows[0] if rows else None
    return rows


def argument_conditions(declared: Sequence[Argument], given: Mapping[str, Any]) -> list[Condition]:
    """The conditions that the arguments at hand add."""
    conditions: list[Condition] = []
    for each in declared:
        value = given.get(each.name)
        if value is not None and each.attribute is not None:
            many = isinstance(value, list)
            conditions.append(IsIn(each.attribute, value) if many else Compare(each.attribute, each.operator, value))
    return conditions


def _by_keys(entity: Entity, keys: Sequence[int], context: PlannerContext) -> dict[int, Any]:
    found = _rows(entity, context, [IsIn(getattr(entity.model, entity.key), list(keys))])
    return {getattr(row, entity.key): row for row, *_ in found}


def _rows(
    entity: Entity, context: PlannerContext, where: Sequence[Condition], *, far: Attribute | None = None,
    asked: Sequence[Condition] = (),
) -> Sequence[sa.Row[Any]]:  # fmt: skip
    """(row, columns of the link table) of an entity's visible rows that meet `where`; `far` is the link's column to it.

    `asked` are conditions on the entity's own columns.
    """
    shape = context.viewer.shape
    alias, conditions = rows_of(entity.table, "a", shape)
    scope: dict[str, FromClause] = {entity.table.name: alias}
    query = sa.select(aliased(entity.model, alias))
    if far is not None:
        link, visible = rows_of(table_of(far), "l", shape)
        scope[table_of(far).name] = link
        query = query.add_columns(*link.c).join_from(alias, link, link.c[column_of(far).key] == alias.c[entity.key])
        conditions = [*conditions, *visible]
    filters = Filter(dialect_of(context.database.dialect), shape, "w")
    query = query.where(*conditions, *of_kind(alias, entity), *[filters.sql(each, scope) for each in where])
    query = query.where(*[filters.sql(each, {entity.table.name: alias}) for each in asked])
    values = [value for each in (*where, *asked) for value in each.binds]
    return context.session().execute(query, {**context.viewer.binds, **{f"w{n}": v for n, v in enumerate(values)}}).all()


def _value(row: Any, key: Key, target: Entity) -> Any:
    if table_of(key.attribute) is target.table:
        return getattr(row[0], key.attribute.key)
    name = column_of(key.attribute).key
    values: tuple[Any, ...] = tuple(row)
    return values[1 + list(table_of(key.attribute).c.keys()).index(name)]


Place = tuple[Any, list[Any]]
"""A row and the values of its sort keys."""


def _sorted(places: Sequence[Place], order: Ordering) -> list[Place]:
    def compare(one: Place, other: Place) -> int:
        return _compare(one[1], other[1], order)

    return sorted(places, key=cmp_to_key(compare))


def _compare(a: Sequence[Any], b: Sequence[Any], order: Ordering) -> int:
    for key, ours, theirs in zip(order.keys, a, b, strict=True):
        if ours == theirs:
            continue
        if ours is None or theirs is None:
            return 1 if ours is None else -1
        return -1 if (ours < theirs) != key.is_descending else 1
    return 0


def _cut(places: Sequence[Place], order: Ordering, stretch: Window, cursor: Sequence[Any] | None) -> SlowPage:
    found = _sorted(places, order)
    if cursor is not None:
        side = -1 if stretch.is_backward else 1
        found = [place for place in found if _compare(place[1], cursor, order) == side]
    has_more = len(found) > stretch.size
    if stretch.is_backward:
        found = found[len(found) - stretch.size :] if has_more else found
    else:
        found = found[: stretch.size]
    edges = [SlowEdge(encode_cursor(order.fingerprint, [plain(value) for value in values]), row) for row, values in found]
    return SlowPage(
        nodes=[row for row, _ in found],
        edges=edges,
        has_next_page=cursor is not None if stretch.is_backward else has_more,
        has_previous_page=has_more if stretch.is_backward else cursor is not None,
        total_count=len(places),
    )
