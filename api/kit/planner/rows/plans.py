"""From the plan's tree to a plan of rows: the root's statement, and one for each level of children below it."""

from collections import defaultdict
from functools import partial
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.sql.selectable import FromClause

from api.kit.planner.along import is_along, narrowed_order
from api.kit.planner.dialects import Dialect
from api.kit.planner.filters import Filter
from api.kit.planner.handles import Page
from api.kit.planner.keyset import LIMIT, beyond, cut, order_clauses, parts_of
from api.kit.planner.orders import Ordering
from api.kit.planner.registry import Entity
from api.kit.planner.rows.connecting import Entries, wanted, wrapper
from api.kit.planner.rows.expressions import entry_source
from api.kit.planner.rows.members import Members, members, outer_scope
from api.kit.planner.rows.reading import Build, Embed, Place, Reading
from api.kit.planner.rows.running import KeysPlan, Kid, Level, PageKid, PagePlan, Run, batch
from api.kit.planner.rows.scalars import tried
from api.kit.planner.sources import Scope, of_kind, rows_of
from api.kit.planner.statements import compiled
from api.kit.planner.tree import Connected, Listed, Paged, Selected
from api.kit.planner.walking import Walk, walk
from domain.kit.policy import Shape


def _build(dialect: Dialect, shape: Shape, is_typed: bool, embed: Embed) -> Build:
    build = Build(dialect, shape, is_typed, embed)
    build.names.known.update(batch=batch, tried=tried, null=_null, loads=orjson.loads, lists=partial(defaultdict, list))
    return build


def _null(run: Run) -> None:
    run.is_faulty = True


def keys_plan(selected: Selected, *, dialect: Dialect, shape: Shape, is_typed: bool, embed: Embed) -> KeysPlan:
    """Rows of an entity by key."""
    build = _build(dialect, shape, is_typed, embed)
    ours = selected.entity
    alias, conditions = rows_of(ours.table, build.alias(), shape)
    reading = Reading(build, alias)
    place = Place(alias, ours)
    key = reading.key(place)
    entry = entry_source(reading, place, selected)
    keys = sa.bindparam("keys", type_=dialect.list_type(alias.c[ours.key].type))
    found = [dialect.is_one_of(alias.c[ours.key], keys), *of_kind(alias, ours), *conditions]
    level = reading.level(reading.statement(found, []), entry, key)
    statements = 1 + _grow(level, reading)
    return KeysPlan(level, statements, build.way)


def page_plan(page: Paged, handle: Page, *, dialect: Dialect, shape: Shape, is_typed: bool, embed: Embed) -> PagePlan:
    """A page of an entity's rows."""
    build = _build(dialect, shape, is_typed, embed)
    ours, wants = page.target, wanted(page)
    is_backward, has_cursor = handle.window.is_backward, handle.cursor is not None
    alias, conditions, few = _asked(build, page, handle)
    scope: dict[str, FromClause] = {ours.table.name: alias}
    reading = Reading(build, alias)
    entries = Entries(reading, Place(alias, ours), page, scope)
    level, statements = None, 0
    if wants.rows:
        ordering = page.order if handle.place == "nulls" else narrowed_order(page.order, handle.where)
        order = order_clauses(ordering, scope, dialect, is_backward=is_backward)
        first_arm = walk(handle, ordering, few, dialect=dialect, shape=shape, names=iter(build.alias, None))
        # Before it sorts and cuts, SQLite joins and writes every row of a list that does not come in its order.
        is_costly = bool(reading.joins) or (build.embedded and not is_along(ordering, handle.where))
        if is_costly or parts_of(ordering) or first_arm is not None:
            chosen = _chosen(build, page, handle, ordering, first_arm)
            statement = reading.statement([alias.c[ours.key].in_(chosen)], order)
        else:
            query = reading.query().where(*conditions)
            if has_cursor:
                query = query.where(beyond(ordering, scope, dialect, is_backward=is_backward))
            statement = compiled(dialect.first(query.order_by(*order), LIMIT), dialect)
        level = reading.level(statement, entries.source, None)
        statements = 1 + _grow(level, reading)
    count = None
    if wants.total:
        query = sa.select(sa.func.count()).select_from(alias).where(*conditions)
        count = Level(compiled(query, dialect), assemble=_only)
    wrap = wrapper(build, page, entries, is_backward=is_backward, has_cursor=has_cursor)
    extra = wants.extra(is_backward=is_backward)
    return PagePlan(level, count, wrap, extra, statements + (count is not None), build.way)


def _chosen(build: Build, page: Paged, handle: Page, ordering: Ordering, first_arm: Walk | None) -> "sa.Select[Any]":
    """The primary keys of the page's rows."""

    def rows() -> tuple[Scope, list[Any], Any]:
        alias, asked, _ = _asked(build, page, handle)
        return {page.target.table.name: alias}, asked, alias.c[page.target.key]

    found = cut(
        ordering, build.dialect, rows, is_backward=handle.window.is_backward, has_cursor=handle.cursor is not None,
        place=handle.place, most=LIMIT if first_arm is None else first_arm.room,
    )  # fmt: skip
    if first_arm is None:
        return found
    either = sa.union_all(sa.select(*first_arm.keys.c), sa.select(*found.subquery("looked_up").c)).subquery("either")
    return sa.select(*either.c)


def _asked(build: Build, page: Paged, handle: Page) -> tuple[sa.Alias, list[Any], list[Any]]:
    """(the rows of a page's list, what they must meet, what is found from the inside)."""
    alias, visible = rows_of(page.target.table, build.alias(), build.shape)
    asked = Filter(build.dialect, build.shape, "w")
    where = [asked.sql(each, {page.target.table.name: alias}) for each in handle.where]
    return alias, [*of_kind(alias, page.target), *visible, *where], asked.few


def _only(rows: Any, run: Run) -> Any:
    return rows[0][0]


def _pairs(rows: Any, run: Run) -> Any:
    return dict(rows)


def _grow(level: Level, reading: Reading) -> int:
    """Make the levels below; the number of their statements."""
    for each in reading.pending:
        parent, make = each.places[0].entity, reading.build
        kid = _listed(make, each.node, parent) if isinstance(each.node, Listed) else _connected(make, each.node, parent)
        level.kids.append((reading.keys_function(each), kid))
    return sum(kid.statements for _, kid in level.kids)


def _keys(build: Build, found: Members) -> "sa.BindParameter[Any]":
    return sa.bindparam("keys", type_=build.dialect.list_type(found.near.type))


def _listed(build: Build, node: Listed, parent: Entity) -> Kid:
    found = members(build, node.spec, node.target, parent, node.arguments, node.where)
    keys = _keys(build, found)
    if node.spec.limit is not None:
        limit: Any = sa.literal_column(str(node.spec.limit))
        reading, place, _, order, near = _ranked(build, node, found, [], False, limit)
        conditions = []
    else:
        reading, place, near = Reading(build, found.source), Place(found.table, node.target), found.near
        order = order_clauses(node.order, found.scope, build.dialect)
        conditions = [build.dialect.is_one_of(found.near, keys), *found.conditions]
    reading.bound += found.bound
    parent_key = reading.column("parent", near)
    entry = entry_source(reading, place, node.selected)
    level = reading.level(reading.statement(conditions, order), entry, parent_key)
    _grow(level, reading)
    return Kid(level)


def _ranked(build: Build, node: "Listed | Connected", found: Members, past: list[Any], is_backward: bool, limit: Any) -> Any:
    """(reading, place, scope, order, parent's key) of the first children of each parent."""
    order, target = (node.order, node.target) if isinstance(node, Listed) else (node.page.order, node.page.target)
    dialect = build.dialect
    ranked = dialect.ranked(
        build.alias(),
        table=found.table,
        link=found.link,
        rows=found.query.where(*past),
        near=found.near,
        order=order_clauses(order, found.scope, dialect, is_backward=is_backward),
        keys=_keys(build, found),
        limit=limit,
    )
    scope = outer_scope(found, ranked, target)
    outer = order_clauses(order, scope, dialect, is_backward=is_backward)
    return Reading(build, ranked.joined), Place(ranked.rows, target), scope, outer, ranked.parent


def _connected(build: Build, node: Connected, parent: Entity) -> PageKid:
    page, wants = node.page, wanted(node.page)
    found = members(build, node.spec, page.target, parent, node.arguments, node.where)
    given = node.arguments.example
    is_backward = given.get("last") is not None and given.get("first") is None
    has_cursor = given.get("before" if is_backward else "after") is not None
    past = [beyond(page.order, found.scope, build.dialect, is_backward=is_backward)] if has_cursor else []
    reading, place, scope, order, near = _ranked(build, node, found, past, is_backward, LIMIT)
    reading.bound += found.bound
    parent_key = reading.column("parent", near)
    entries = Entries(reading, place, page, scope)
    level, count = None, None
    if wants.rows:
        level = reading.level(reading.statement([], order), entries.source, parent_key)
        _grow(level, reading)
    if wants.total:
        again = members(build, node.spec, page.target, parent, node.arguments, node.where)
        query = sa.select(again.near, sa.func.count()).select_from(again.source).group_by(again.near)
        query = query.where(build.dialect.is_one_of(again.near, _keys(build, again)), *again.conditions)
        count = Level(compiled(query, build.dialect), again.bound, assemble=_pairs)
    wrap = wrapper(build, page, entries, is_backward=is_backward, has_cursor=has_cursor)
    extra = wants.extra(is_backward=is_backward)
    return PageKid(level, node.arguments, node.spec, page.target.model, page.order, count, wrap, extra)
