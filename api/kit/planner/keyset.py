"""A list's order and the rows beyond a cursor, as SQL of either engine."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final, Literal, TypeAlias

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement

from api.kit.planner.dialects import Dialect
from api.kit.planner.kinds import asked_as
from api.kit.planner.orders import Key, Ordering
from api.kit.planner.sources import Scope, named
from api.kit.planner.specs import column_of

LIMIT: Final = sa.bindparam("limit", type_=sa.BigInteger())

Part: TypeAlias = Literal["values", "nulls"]
"""A list by a nullable key is two: the rows with a value, then those without. An index over the key serves each of them."""
Rows: TypeAlias = Callable[[], tuple[Scope, Sequence[ColumnElement[bool]], ColumnElement[Any]]]
"""Makes (where the columns stand, conditions, the primary key's column) of a list under new names."""


def parts_of(order: Ordering) -> tuple[Part, ...] | None:
    """The parts that the list is cut into; None where its first key is never NULL."""
    return ("values", "nulls") if order.keys[0].is_nullable else None


def part_of(order: Ordering, cursor: Sequence[Any]) -> Part | None:
    """The part in which a cursor stands."""
    if not order.keys[0].is_nullable:
        return None
    return "nulls" if cursor[0] is None else "values"


def cut(
    order: Ordering,
    dialect: Dialect,
    rows: Rows,
    *,
    is_backward: bool,
    has_cursor: bool,
    place: Part | None,
    most: ColumnElement[int] = LIMIT,
) -> "sa.Select[Any]":
    """The primary keys of the first `most` rows, beyond the cursor (which stands in `place`) if there is one.

    They come in no order where the list has two parts. The second part is read only as far as the first leaves room.
    """

    def some(part: Part | None, is_begun: bool, limit: ColumnElement[int]) -> "sa.Select[Any]":
        scope, conditions, key = rows()
        within = stretch(order, dialect, scope, is_backward=is_backward, is_begun=is_begun, part=part)
        query = sa.select(key).where(*conditions, *within)
        query = query.order_by(*order_clauses(order, scope, dialect, is_backward=is_backward, part=part))
        return dialect.first(query, limit)

    one, other = parts_from(order, is_backward=is_backward, place=place)
    if other is None:
        return some(one, has_cursor, most)
    near = some(one, has_cursor, most).cte("near")
    room = most - sa.select(sa.func.count()).select_from(near).scalar_subquery()
    far = some(other, False, room).cte("far")  # beside, not inside: SQLite's parser takes a hundred symbols in each other
    both = sa.union_all(sa.select(*near.c), sa.select(*far.c)).subquery("both")
    return sa.select(*both.c)


def parts_from(order: Ordering, *, is_backward: bool, place: Part | None) -> tuple[Part | None, Part | None]:
    """(the part in which the page begins, the one that follows if there is one)."""
    parts = parts_of(order)
    if parts is None:
        return None, None
    one, other = reversed(parts) if is_backward else parts
    return (other, None) if place == other else (one, other)


def stretch(
    order: Ordering, dialect: Dialect, scope: Scope, *, is_backward: bool, is_begun: bool, part: Part | None
) -> list[ColumnElement[bool]]:
    """What the rows of a part must meet, beyond the cursor where it stands in this part (`is_begun`)."""
    found: list[ColumnElement[bool]] = []
    if part is not None:
        first = named(order.keys[0].attribute, scope)
        found.append(first.is_not(None) if part == "values" else first.is_(None))
    if is_begun:
        found.append(beyond(order, scope, dialect, is_backward=is_backward, part=part))
    return found


def order_clauses(
    order: Ordering, scope: Scope, dialect: Dialect, *, is_backward: bool = False, part: Part | None = None
) -> list[ColumnElement[Any]]:
    """ORDER BY: NULL last, said only of columns that may hold it; backwards everything the other way round."""
    clauses: list[ColumnElement[Any]] = []
    for _, key in keys_in(order, part):
        column: ColumnElement[Any] = dialect.binary(named(key.attribute, scope))
        clause = column.desc() if key.is_descending != is_backward else column.asc()
        if key.is_nullable:
            clause = clause.nulls_first() if is_backward else clause.nulls_last()
        clauses.append(clause)
    return clauses


def keys_in(order: Ordering, part: Part | None) -> list[tuple[int, Key]]:
    """The keys that still decide within a part, with their places in the cursor."""
    keys = list(enumerate(order.keys))
    if part == "nulls":
        return keys[1:]
    return [(0, replace(order.keys[0], is_nullable=False)), *keys[1:]] if part == "values" else keys


def beyond(
    order: Ordering, scope: Scope, dialect: Dialect, *, is_backward: bool, part: Part | None = None, prefix: str = "c"
) -> ColumnElement[bool]:
    """The rows after the cursor (before it, backwards), whose values are the parameters c0, c1 …, any of them NULL."""
    keys = keys_in(order, part)
    columns = [dialect.binary(named(key.attribute, scope)) for _, key in keys]
    values = [sa.bindparam(f"{prefix}{n}", type_=asked_as(column_of(key.attribute).type)) for n, key in keys]
    rising = {key.is_descending == is_backward for _, key in keys}
    first = keys[0][1]
    if len(rising) == 1 and not any(key.is_nullable for _, key in keys):
        ours, theirs = sa.tuple_(*columns), sa.tuple_(*values)
        return ours > theirs if rising.pop() else ours < theirs
    condition: ColumnElement[bool] = sa.false()
    for (_, key), column, value in reversed(list(zip(keys, columns, values, strict=True))):
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
