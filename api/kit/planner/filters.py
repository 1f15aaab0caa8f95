"""Conditions as SQL. Values become parameters (a user's) or are written out (a declaration's, so that partial indexes serve)."""

from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any, cast

import sqlalchemy as sa
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
)
from api.kit.planner.dialects import Dialect
from api.kit.planner.sources import Scope, named, rows_of
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

    def _value(self, type_: sa.types.TypeEngine[Any], value: Any) -> ColumnElement[Any]:
        """A parameter, or (without prefix) the value itself as SQL text."""
        if self._prefix is not None:
            return sa.bindparam(f"{self._prefix}{next(self._number)}", type_=type_)
        literal = sa.literal(value, type_).compile(dialect=self._dialect.ENGINE, compile_kwargs={"literal_binds": True})
        return sa.literal_column(str(literal), type_)

    def sql(self, condition: Condition, scope: Scope) -> ColumnElement[bool]:
        """The condition over the tables in `scope`."""
        match condition:
            case Compare():
                return self._compare(condition, scope)
            case IsIn():
                column = named(cast(Attribute, condition.attribute), scope)
                if self._prefix is None:
                    return column.in_([self._value(column.type, value) for value in condition.values])
                values = sa.bindparam(f"{self._prefix}{next(self._number)}", type_=self._dialect.list_type(column.type))
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
                return sa.or_(sa.false(), *[self.sql(each, scope) for each in condition.conditions])
            case Not():
                return self.sql(condition.condition, scope).is_not(sa.true())
            case Exists():
                key = cast(Attribute, condition.foreign_key)
                return self._some(table_of(key), condition.where, key, scope, is_ours=False)
            case Refers():
                key = cast(Attribute, condition.foreign_key)
                (target,) = {each.column.table for each in column_of(key).foreign_keys if each.column.name == "id"}
                return self._some(target, condition.where, key, scope, is_ours=True)
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

    def _some(
        self, table: sa.Table, where: Sequence[Condition], key: Attribute, scope: Scope, *, is_ours: bool
    ) -> ColumnElement[bool]:
        alias, conditions = rows_of(table, f"{self._prefix or 's'}_{next(self._aliases)}", self._shape)
        if is_ours:
            joined = named(key, scope) == alias.c[primary_key(table).key]
        else:
            owner = _owner(key, scope)
            joined = alias.c[column_of(key).key] == owner
        inner = [self.sql(each, {table.name: alias}) for each in where]
        return sa.exists(sa.select(sa.literal_column("1")).select_from(alias).where(joined, *conditions, *inner))


def _owner(key: Attribute, scope: Mapping[str, FromClause]) -> ColumnElement[Any]:
    """The key column in scope that a foreign key of another table means (directly, or by the shared id space)."""
    targets = {table for table, _ in targets_of(key)}
    for name, source in scope.items():
        table = getattr(source, "element", source)
        column = next(iter(getattr(table, "primary_key", ())), None)
        if column is None:
            continue
        shared = {each.column.table.name for each in column.foreign_keys}
        if name in targets or targets & shared:
            return cast(ColumnElement[Any], source.c[column.key])
    raise TypeError(f"{table_of(key).name}.{key.key} refers to none of {', '.join(scope)}.")
