"""Conditions as SQL. Values become parameters (a user's) or are written out (a declaration's, so that partial indexes serve)."""

from collections.abc import Hashable, Mapping, Sequence
from functools import lru_cache
from itertools import count
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.engine import Dialect as Engine
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.selectable import FromClause

from api.kit.planner.conditions import (
    And,
    Compare,
    Condition,
    Contains,
    Exists,
    IsIn,
    IsNull,
    Matches,
    Not,
    Or,
    Refers,
    StartsWith,
    Written,
)
from api.kit.planner.dialects import Dialect
from api.kit.planner.kinds import asked_as
from api.kit.planner.sources import Scope, follows_over, named, rows_of
from api.kit.planner.specs import Attribute, column_of, primary_key, table_of, targets_of
from domain.kit.policy import Shape


class Filter:
    """Turns the conditions of one statement into SQL; parameters are `<prefix>0`, `<prefix>1` … in the order of `.binds`."""

    def __init__(self, dialect: Dialect, shape: Shape, prefix: str | None) -> None:
        self._dialect = dialect
        self._shape = shape
        self._prefix = prefix
        self._number = count()
        self._aliases = count()
        self.few: list[sa.Select[Any]] = []
        """The rows from which those found from the inside are reached, for each such condition that every row must meet."""

    def _value(self, type_: sa.types.TypeEngine[Any], value: Any) -> ColumnElement[Any]:
        """A parameter, or (without prefix) the value itself as SQL text."""
        if self._prefix is not None:
            return sa.bindparam(f"{self._prefix}{next(self._number)}", type_=asked_as(type_))
        return _written(self._dialect.ENGINE, type_, value)

    def sql(self, condition: Condition, scope: Scope) -> ColumnElement[bool]:
        """The condition over the tables in `scope`."""
        match condition:
            case Compare():
                return self._compare(condition, scope)
            case IsIn():
                column = named(cast(Attribute, condition.attribute), scope)
                if self._prefix is None:
                    return column.in_([self._value(column.type, value) for value in condition.values])
                type_ = self._dialect.list_type(asked_as(column.type))
                values = sa.bindparam(f"{self._prefix}{next(self._number)}", type_=type_)
                return self._dialect.is_one_of(column, values)
            case IsNull():
                column = named(cast(Attribute, condition.attribute), scope)
                return column.is_(None) if condition.is_null else column.is_not(None)
            case StartsWith():
                column = self._dialect.binary(named(cast(Attribute, condition.attribute), scope))
                low, high = condition.binds
                return sa.and_(column >= self._value(sa.String(), low), column < self._value(sa.String(), high))
            case Contains():
                column = named(cast(Attribute, condition.attribute), scope)
                return self._dialect.contains(column, self._value(sa.String(), condition.text))
            case And():
                return sa.and_(sa.true(), *[self.sql(each, scope) for each in condition.conditions])
            case Or():
                known = len(self.few)
                found = sa.or_(sa.false(), *[self.sql(each, scope) for each in condition.conditions])
                del self.few[known:]
                return found
            case Not(Or() as either):
                # each by itself, since PostgreSQL makes anti-joins of these, and of an OR only hashes of whole tables
                return sa.and_(sa.true(), *[self.sql(Not(each), scope) for each in either.conditions])
            case Not():
                known = len(self.few)
                inner = self.sql(condition.condition, scope)
                del self.few[known:]
                if isinstance(condition.condition, Exists | Refers) and not condition.condition.is_few:
                    return sa.not_(inner)  # never NULL; PostgreSQL makes an anti-join of it
                return inner.is_not(sa.true())
            case Exists():
                return self._exists(condition, scope)
            case Refers():
                return self._refers(condition, scope)
            case Written():
                return Filter(self._dialect, self._shape, None).sql(condition.condition, scope)
            case Matches():
                (source,) = scope.values()
                return condition.build(source, *[self._value(sa.types.NULLTYPE, value) for value in condition.values])

    def _compare(self, condition: Compare, scope: Scope) -> ColumnElement[bool]:
        column = named(cast(Attribute, condition.attribute), scope)
        value = self._value(column.type, condition.value)
        match condition.operator:
            case "=":
                return column == value
            case "!=":
                return column != value
            case "<":
                return self._dialect.binary(column) < value
            case "<=":
                return self._dialect.binary(column) <= value
            case ">":
                return self._dialect.binary(column) > value
            case ">=":
                return self._dialect.binary(column) >= value

    def _exists(self, condition: Exists, scope: Scope) -> ColumnElement[bool]:
        key = cast(Attribute, condition.foreign_key)
        table = table_of(key)
        owner_table, owner = _owner(key, scope)
        is_reached = condition.visible_with_owner or follows_over(table, key, owner_table)
        alias, conditions = rows_of(table, self._alias(), self._shape, is_reached=is_reached)
        theirs = alias.c[column_of(key).key]
        inner = self._inner(condition, table, alias, conditions)
        return _among(owner, theirs, alias, inner) if condition.is_few else _one(owner == theirs, alias, inner)

    def _refers(self, condition: Refers, scope: Scope) -> ColumnElement[bool]:
        key = cast(Attribute, condition.foreign_key)
        (table,) = {each.column.table for each in column_of(key).foreign_keys if each.column.name == "id"}
        alias, conditions = rows_of(table, self._alias(), self._shape)
        ours, theirs = named(key, scope), alias.c[primary_key(table).key]
        inner = self._inner(condition, table, alias, conditions)
        return _among(ours, theirs, alias, inner) if condition.is_few else _one(ours == theirs, alias, inner)

    def _inner(
        self, condition: Exists | Refers, table: sa.Table, alias: sa.Alias, conditions: Sequence[ColumnElement[bool]]
    ) -> list[ColumnElement[bool]]:
        known = len(self.few)
        inner = [*conditions, *[self.sql(each, {table.name: alias}) for each in condition.where]]
        if not condition.is_few:
            del self.few[known:]
        elif len(self.few) == known:
            self.few.append(sa.select(sa.literal_column("1")).select_from(alias).where(*inner))
        return inner

    def _alias(self) -> str:
        return f"{self._prefix or 's'}_{next(self._aliases)}"


@lru_cache(512, typed=True)  # declarations are few, and compiling takes 0.1 ms
def _written(engine: Engine, type_: sa.types.TypeEngine[Any], value: Hashable) -> ColumnElement[Any]:
    literal = sa.literal(value, type_).compile(dialect=engine, compile_kwargs={"literal_binds": True})
    return sa.literal_column(str(literal), type_)


def _one(joined: ColumnElement[bool], alias: sa.Alias, inner: Sequence[ColumnElement[bool]]) -> ColumnElement[bool]:
    return sa.exists(sa.select(sa.literal_column("1")).select_from(alias).where(joined, *inner))


def _among(
    ours: ColumnElement[Any], theirs: ColumnElement[Any], alias: sa.Alias, inner: Sequence[ColumnElement[bool]]
) -> ColumnElement[bool]:
    return ours.in_(sa.select(theirs).select_from(alias).where(*inner))


def _owner(key: Attribute, scope: Mapping[str, FromClause]) -> tuple[sa.Table, ColumnElement[Any]]:
    """(table, its key column in scope) that a foreign key of another table means (directly, or by the shared id space)."""
    targets = {table for table, _ in targets_of(key)}
    for name, source in scope.items():
        table = cast(sa.Table, getattr(source, "element", source))
        column = next(iter(getattr(table, "primary_key", ())), None)
        if column is None:
            continue
        shared = {each.column.table.name for each in column.foreign_keys}
        if name in targets or targets & shared:
            return table, cast(ColumnElement[Any], source.c[column.key])
    raise TypeError(f"{table_of(key).name}.{key.key} refers to none of {', '.join(scope)}.")
