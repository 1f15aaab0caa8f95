"""From the plan's tree to SQL that writes JSON: every relation is a subquery that refers to the row it belongs to."""

from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from graphql import GraphQLError
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.selectable import FromClause

from api.kit.planner.dialects.json import TEXT, JsonDialect, json_dialect_of, quoted
from api.kit.planner.forms import form_of
from api.kit.planner.json.leaves import identity_text, leaf_text, of_row
from api.kit.planner.keyset import beyond, order_clauses
from api.kit.planner.orders import Ordering
from api.kit.planner.paging import decode_cursor, window
from api.kit.planner.registry import Entity
from api.kit.planner.rows.members import Members, members
from api.kit.planner.rows.reading import Build
from api.kit.planner.rows.running import Bound, Parameters, Run, Unreadable
from api.kit.planner.sources import follows_over, of_kind, rows_of
from api.kit.planner.specs import Children, column_of
from api.kit.planner.tree import (
    Arguments,
    Connected,
    Edges,
    Hidden,
    Id,
    Inline,
    Joined,
    Listed,
    Object,
    PageFacts,
    Scalar,
    Selected,
    Total,
    Typename,
    Value,
    groups,
)
from domain.kit.ids import CODE_OF

_WHOLE: Final = sa.BigInteger()


@dataclass(frozen=True, slots=True)
class Quiet:
    """Arguments of a relation within JSON: where they are wrong, rows must tell so."""

    bound: Bound

    def add_to(self, values: dict[str, Any], run: Run) -> None:
        """Put them among the parameters. Raises Unreadable."""
        try:
            self.bound.add_to(values, run)
        except GraphQLError:
            raise Unreadable from None


@dataclass(frozen=True, slots=True)
class Stretch:
    """The page arguments of a connection within JSON."""

    arguments: Arguments
    most: int
    order: Ordering
    prefix: str

    def add_to(self, values: dict[str, Any], run: Run) -> None:
        """Put size and cursor among the parameters. Raises Unreadable."""
        try:
            given = self.arguments.values(run.variables)
            found = window(**{name: given.get(name) for name in ("first", "after", "last", "before")}, most=self.most)
            cursor = () if found.cursor is None else decode_cursor(found.cursor, self.order)
        except GraphQLError:
            raise Unreadable from None
        values[f"{self.prefix}limit"] = found.size
        values[f"{self.prefix}more"] = found.size + 1
        values.update({f"{self.prefix}{number}": value for number, value in enumerate(cursor)})


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """The SELECT at hand: the entity's row in it, and what its objects want to be joined."""

    rows: FromClause
    entity: Entity
    joined: list[FromClause]


class Writer:
    """Writes one part of a plan; `bound` are the parameters it brings."""

    def __init__(self, build: Build) -> None:
        self._build = build
        self._json: JsonDialect = json_dialect_of(build.dialect.NAME)
        self.bound: list[Parameters] = []
        self._stretches: list[Stretch] = []

    def column(self, rows: FromClause, entity: Entity, node: Value | Selected) -> tuple[ColumnElement[Any], list[FromClause]]:
        """(the text of a node for the row at hand, what must be cross-joined for it)."""
        frame = Frame(rows, entity, [])
        value = self._selected(frame, node) if isinstance(node, Selected) else self._value(frame, node)
        return self._json.text(value), frame.joined

    def _selected(self, frame: Frame, selected: Selected) -> ColumnElement[Any]:
        found = groups(selected)
        frame = Frame(frame.rows, selected.entity, frame.joined)
        if len(found) == 1:
            return self._object(frame, *found[0])
        *others, (last, last_all) = found
        kind = self._kind(frame)
        whens = [(self._is_one(kind, all_), self._object(frame, one, all_)) for one, all_ in others]
        return sa.case(*whens, else_=self._object(frame, last, last_all))

    def _kind(self, frame: Frame) -> ColumnElement[Any]:
        discriminator = frame.entity.discriminator
        assert discriminator is not None
        column: ColumnElement[Any] = frame.rows.c[column_of(discriminator).key]
        return sa.type_coerce(column, TEXT)

    def _is_one(self, kind: ColumnElement[Any], objects: list[Object]) -> ColumnElement[bool]:
        kinds = [quoted(each) for one in objects for each in one.kinds]
        return kind == kinds[0] if len(kinds) == 1 else kind.in_(kinds)

    def _object(self, frame: Frame, one: Object, same: list[Object]) -> ColumnElement[Any]:
        return self._made(frame, [(key, self._field(frame, value, key, same)) for key, value in one.fields])

    def _made(self, frame: Frame, fields: list[tuple[str, ColumnElement[Any]]]) -> ColumnElement[Any]:
        value, joined = self._json.object_(self._build.alias(), fields, frame.rows)
        if joined is not None:
            frame.joined.append(joined)
        return value

    def _field(self, frame: Frame, value: Value, key: str, same: list[Object]) -> ColumnElement[Any]:
        if not isinstance(value, Typename) or len(same) == 1:
            return self._value(frame, value)
        kind = self._kind(frame)
        *others, last = same
        whens = [(self._is_one(kind, [each]), self._json.constant(each.type_name)) for each in others]
        return sa.case(*whens, else_=self._json.constant(last.type_name))

    def _value(self, frame: Frame, value: Value) -> ColumnElement[Any]:
        match value:
            case Typename():
                return self._json.constant(value.name)
            case Hidden():
                return self._json.null(is_required=value.is_required)
            case Id():
                table = frame.entity.table
                key = table.c[frame.entity.key]
                return of_row(identity_text(self._build.dialect.ENGINE, CODE_OF[table.name], key), frame.rows)
            case Scalar():
                return self._scalar(frame, value)
            case Inline():
                return self._selected(frame, value.selected)
            case Joined():
                return self._json.optional(self._joined(frame, value), is_required=value.is_required)
            case Listed():
                return self._listed(frame, value)
            case Connected():
                return self._connected(frame, value)
        raise AssertionError(value)  # what `Exactness` refuses does not come here

    def _scalar(self, frame: Frame, value: Scalar) -> ColumnElement[Any]:
        column, form = column_of(value.attribute), form_of(value)
        assert form is not None
        found = leaf_text(self._build.dialect.ENGINE, column, form, value.is_required)
        assert found is not None
        return of_row(found, frame.rows)

    def _joined(self, frame: Frame, value: Joined) -> ColumnElement[Any]:
        reached = follows_over(frame.entity.table, value.foreign_key, value.target.table)
        there, conditions = rows_of(value.target.table, self._build.alias(), self._build.shape, is_reached=reached)
        same = there.c[value.target.key] == frame.rows.c[column_of(value.foreign_key).key]
        inner = Frame(there, value.target, [])
        return (
            self._items(inner, self._selected(inner, value.selected), there, frame)
            .where(same, *of_kind(there, value.target), *conditions)
            .scalar_subquery()
        )

    def _items(self, inner: Frame, value: ColumnElement[Any], source: FromClause, outer: Frame) -> "sa.Select[Any]":
        for each in inner.joined:
            source = source.join(each, sa.true())
        return sa.select(value).select_from(source).correlate(outer.rows)

    def _members(self, frame: Frame, node: Listed | Connected) -> Members:
        target = node.target if isinstance(node, Listed) else node.page.target
        found = members(self._build, node.spec, target, frame.entity, node.arguments, node.where)
        self.bound += [Quiet(each) for each in found.bound]
        return found

    def _near(self, frame: Frame, spec: Children, found: Members) -> ColumnElement[bool]:
        return found.near == frame.rows.c[frame.entity.key if spec.key is None else column_of(spec.key).key]

    def _listed(self, frame: Frame, value: Listed) -> ColumnElement[Any]:
        spec = value.spec
        found = self._members(frame, value)
        inner = Frame(found.table, value.target, [])
        items = self._items(inner, self._selected(inner, value.selected), found.source, frame)
        items = items.where(self._near(frame, spec, found), *found.conditions)
        items = items.order_by(*order_clauses(value.order, found.scope, self._build.dialect))
        if spec.limit is not None:
            items = items.limit(sa.literal_column(str(spec.limit)))
        if spec.shape == "first":
            return self._json.optional(items.scalar_subquery(), is_required=value.is_required)
        return self._json.array(items)

    def _connected(self, frame: Frame, value: Connected) -> ColumnElement[Any]:
        prefix = self._stretch(value).prefix
        fields: list[tuple[str, ColumnElement[Any]]] = []
        for key, each in value.page.fields:
            match each:
                case Typename():
                    fields.append((key, self._json.constant(each.name)))
                case Total():
                    found = self._members(frame, value)
                    count = sa.select(sa.func.count()).select_from(found.source).correlate(frame.rows)
                    count = count.where(self._near(frame, value.spec, found), *found.conditions)
                    fields.append((key, self._json.number(count.scalar_subquery())))
                case PageFacts():
                    facts = [(inner, self._fact(frame, value, fact, prefix)) for inner, fact in each.fields]
                    fields.append((key, self._made(frame, facts)))
                case Selected():
                    fields.append((key, self._entries(frame, value, prefix, each)))
                case Edges():
                    fields.append((key, self._entries(frame, value, prefix, each)))
        return self._made(frame, fields)

    def _stretch(self, value: Connected) -> Stretch:
        """The page arguments of a connection; kinds of items that ask in the same words share them."""
        assert value.spec.limit is not None
        for each in self._stretches:
            if each.arguments is value.arguments and each.most == value.spec.limit and each.order == value.page.order:
                return each
        made = Stretch(value.arguments, value.spec.limit, value.page.order, f"{self._build.alias()}_")
        self._stretches.append(made)
        self.bound.append(made)
        return made

    def _entries(self, frame: Frame, value: Connected, prefix: str, each: Selected | Edges) -> ColumnElement[Any]:
        found, items = self._page(frame, value, prefix)
        inner = Frame(found.table, value.page.target, [])
        if isinstance(each, Selected):
            item = self._selected(inner, each)
        else:
            item = self._made(inner, [(key, self._edge(inner, part)) for key, part in each.fields])
        joined = self._items(inner, item, found.source, frame)
        return self._json.array(items(joined).limit(_parameter(f"{prefix}limit")))

    def _edge(self, inner: Frame, part: Typename | Selected | None) -> ColumnElement[Any]:
        assert part is not None
        return self._selected(inner, part) if isinstance(part, Selected) else self._json.constant(part.name)

    def _page(self, frame: Frame, value: Connected, prefix: str) -> tuple[Members, Any]:
        """(the children, what restricts a SELECT of them to this parent's, beyond the cursor, in order)."""
        found = self._members(frame, value)
        conditions = [self._near(frame, value.spec, found), *found.conditions]
        if value.arguments.example.get("after") is not None:
            conditions.append(beyond(value.page.order, found.scope, self._build.dialect, is_backward=False, prefix=prefix))
        order = order_clauses(value.page.order, found.scope, self._build.dialect)
        return found, lambda query: query.where(*conditions).order_by(*order)

    def _fact(self, frame: Frame, value: Connected, fact: Typename | str, prefix: str) -> ColumnElement[Any]:
        if isinstance(fact, Typename):
            return self._json.constant(fact.name)
        if fact == "has_previous":
            return self._json.truth(sa.true() if value.arguments.example.get("after") is not None else sa.false())
        found, items = self._page(frame, value, prefix)
        some: sa.Select[Any] = sa.select(sa.literal_column("1")).select_from(found.source).correlate(frame.rows)
        more = items(some).limit(_parameter(f"{prefix}more")).subquery()
        count = sa.select(sa.func.count()).select_from(more).scalar_subquery()
        return self._json.truth(count > _parameter(f"{prefix}limit"))


def _parameter(name: str) -> "sa.BindParameter[int]":
    return sa.bindparam(name, type_=_WHOLE)
