"""A list's order and the rows beyond a cursor, as SQL of either engine."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement

from api.kit.planner.dialects import Dialect
from api.kit.planner.orders import Key, Ordering
from api.kit.planner.sources import Scope, named
from api.kit.planner.specs import column_of


def order_clauses(order: Ordering, scope: Scope, dialect: Dialect, *, is_backward: bool = False) -> list[ColumnElement[Any]]:
    """ORDER BY: NULL last, said only of columns that may hold it; backwards everything the other way round."""
    clauses: list[ColumnElement[Any]] = []
    for key in order.keys:
        column: ColumnElement[Any] = dialect.binary(named(key.attribute, scope))
        clause = column.desc() if key.is_descending != is_backward else column.asc()
        if key.is_nullable:
            clause = clause.nulls_first() if is_backward else clause.nulls_last()
        clauses.append(clause)
    return clauses


def beyond(order: Ordering, scope: Scope, dialect: Dialect, *, is_backward: bool) -> ColumnElement[bool]:
    """The rows after the cursor (before it, backwards), whose values are the parameters c0, c1 …, any of them NULL."""
    columns = [dialect.binary(named(key.attribute, scope)) for key in order.keys]
    values = [sa.bindparam(f"c{n}", type_=column_of(key.attribute).type) for n, key in enumerate(order.keys)]
    rising = {key.is_descending == is_backward for key in order.keys}
    first = order.keys[0]
    if len(rising) == 1 and not any(key.is_nullable for key in order.keys):
        ours, theirs = sa.tuple_(*columns), sa.tuple_(*values)
        return ours > theirs if rising.pop() else ours < theirs
    condition: ColumnElement[bool] = sa.false()
    for key, column, value in reversed(list(zip(order.keys, columns, values, strict=True))):
        same = column == value
        if key.is_nullable:
            same = sa.or_(same, sa.and_(column.is_(None), _is_null(value)))
        condition = sa.or_(_past(key, column, value, is_backward), sa.and_(same, condition))
    if not first.is_nullable:  # implied, but a range that an index can begin at
        reached = columns[0] >= values[0] if first.is_descending == is_backward else columns[0] <= values[0]
        condition = sa.and_(reached, condition)
    return condition


def _past(key: Key, column: ColumnElement[Any], value: ColumnElement[Any], is_backward: bool) -> ColumnElement[bool]:
    past = column > value if key.is_descending == is_backward else column < value
    if not key.is_nullable:
        return past
    if is_backward:
        return sa.or_(past, sa.and_(_is_null(value), column.is_not(None)))
    return sa.or_(past, sa.and_(~_is_null(value), column.is_(None)))


def _is_null(value: ColumnElement[Any]) -> ColumnElement[bool]:
    return sa.cast(value, value.type).is_(None)  # PostgreSQL must be told the type of a parameter that nothing is compared with
