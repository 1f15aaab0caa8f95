"""A page of what may be common: the list's order is walked a little way before everything that meets the filter is looked up.

What is found from the inside (a genre's films) costs a look at each of them for every page; where they are many, the next
fifty stand near in the list's own order. SQLite does not know beforehand, so the statement has both arms, each within bounds:

1. What meets each such condition is counted, up to `enough`. With fewer, looking all of it up is cheap: no walk.
2. The order's index is walked until the page is full, for `steps` rows or to the end of the list.
3. Everything is looked up where the page did not fill: another condition is rare, or the two seldom meet.

The rows of 2 are the first of the page, however many they are, so the union of 2 and 3 is the page. `steps` cost about as
much as looking `enough` rows up: what fails takes at most some twice as long as without a walk. PostgreSQL, which keeps
statistics of each value and is told the most rows of a page, walks by itself.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

import sqlalchemy as sa
from sqlalchemy.sql.elements import BooleanClauseList, ColumnElement
from sqlalchemy.sql.operators import and_

from api.kit.planner.along import concerns_only
from api.kit.planner.conditions import Compare, Exists, IsIn
from api.kit.planner.dialects import Dialect
from api.kit.planner.filters import Filter
from api.kit.planner.handles import Page
from api.kit.planner.keyset import LIMIT, keys_in, order_clauses, parts_from, stretch
from api.kit.planner.nested import from_outside
from api.kit.planner.orders import Ordering
from api.kit.planner.registry import Entity
from api.kit.planner.sources import Scope, alias_of, named, of_kind, rows_of
from api.kit.planner.specs import Attribute, column_of, table_of
from domain.kit.policy import Shape, visible

ENOUGH: Final = sa.bindparam("enough", type_=sa.BigInteger())
STEPS: Final = sa.bindparam("steps", type_=sa.BigInteger())
_ONE: Final = sa.literal_column("1", sa.Integer())
_NONE: Final = sa.literal_column("0", sa.Integer())


def bounds(limit: int, binds: Iterable[Any]) -> dict[str, int]:
    """The parameters of a walk for so many rows. Each value of a list is one more look at every step."""
    longest = max([len(each) for each in binds if isinstance(each, list)], default=1)
    return {"enough": 50 * limit, "steps": 60 * limit // max(1, longest)}


@dataclass(frozen=True, slots=True)
class Walk:
    """What a statement needs of its first arm."""

    keys: "sa.CTE"
    """The primary keys that it found."""
    room: ColumnElement[int]
    """How many rows the second arm has to find: a whole page, or none."""


def walk(
    page: Page, order: Ordering, few: "Sequence[sa.Select[Any]]", *, dialect: Dialect, shape: Shape, names: Iterator[str]
) -> Walk | None:
    """The first arm of a page's statement; None where nothing is found from the inside, or no index has the list's order.

    `few` as `Filter` found them; `names` of tables, each another.
    """
    entity: Entity = page.type.__entity__
    if dialect.WALKS_BY_ITSELF or not few or len(entity.kinds) > 1 or len({key.is_descending for key in order.keys}) > 1:
        return None
    if any(table_of(key.attribute) is not entity.table for key in order.keys):
        return None
    known = _indexed(entity, dialect, shape)
    if [column_of(key.attribute).key for key in order.keys] not in known:
        return None
    return _Walking(page, order, known, dialect, shape, names).made(few)


def _indexed(entity: Entity, dialect: Dialect, shape: Shape) -> list[list[str]]:
    """The columns of each index that has all rows that the viewer may see, less the kind's before them."""
    kind = [] if entity.discriminator is None or not entity.kinds else [column_of(entity.discriminator).key]
    met = {None, *[str(each).removeprefix("a.") for each in _policy(alias_of(entity.table, "a"), shape)]}
    every = [[column.key for column in each.columns] for each in entity.table.indexes if _predicate(each, dialect) in met]
    return [each[len(kind) :] for each in every if each[: len(kind)] == kind]


def _predicate(index: sa.Index, dialect: Dialect) -> str | None:
    """What the rows of a partial index meet."""
    found = index.dialect_options[dialect.NAME]["where"]
    return None if found is None else str(found)


class _Walking:
    """A walk in the making."""

    def __init__(
        self, page: Page, order: Ordering, indexed: list[list[str]], dialect: Dialect, shape: Shape, names: Iterator[str]
    ) -> None:
        self._page, self._order, self._dialect, self._shape, self._names = page, order, dialect, shape, names
        self._entity: Entity = page.type.__entity__
        self._is_backward = page.window.is_backward
        self._part, self._following = parts_from(order, is_backward=self._is_backward, place=page.place)
        self._quick = {self._entity.key, *[columns[0] for columns in indexed if columns]}
        self._predicates = {_predicate(each, dialect) for each in self._entity.table.indexes}

    def made(self, few: "Sequence[sa.Select[Any]]") -> Walk:
        """How far it goes, what it finds, and what that leaves."""
        several = [each.limit(ENOUGH).correlate(None) for each in (*few, *self._values())]
        are_many = [_count(each.subquery(next(self._names))) >= ENOUGH for each in several]
        end = self._end(sa.case((sa.and_(*are_many), _ONE), else_=_NONE)).cte("walk_end")
        scope, within = self._rows()
        keys = [self._dialect.binary(each) for each in self._keys(scope)]
        last = sa.select(*[end.c[f"k{number}"] for number in range(len(keys))]).scalar_subquery()
        is_rising = self._order.keys[0].is_descending == self._is_backward
        until = sa.tuple_(*keys) <= last if is_rising else sa.tuple_(*keys) >= last
        query = sa.select(scope[self._entity.table.name].c[self._entity.key]).where(*within, until, *self._asked(scope))
        found = self._dialect.first(query.order_by(*self._sorted(scope)), LIMIT).cte("walked")
        is_done = _count(found) >= LIMIT
        if self._following is None:
            is_done = sa.or_(is_done, sa.select(end.c.is_end).scalar_subquery() == _ONE)
        return Walk(found, sa.case((is_done, _NONE), else_=LIMIT))

    def _end(self, most: ColumnElement[int]) -> "sa.Select[Any]":
        """The keys (k0 …) of the row `STEPS` on, or else of the list's last (`is_end`). No row if `most` is 0."""
        ends = []
        for is_end in (False, True):
            scope, within = self._rows()
            keys = [each.label(f"k{number}") for number, each in enumerate(self._keys(scope))]
            query = sa.select(*keys, (_ONE if is_end else _NONE).label("is_end")).where(*within)
            query = query.order_by(*self._sorted(scope, turned=is_end)).limit(_ONE)
            some = (query if is_end else query.offset(STEPS)).subquery(next(self._names))
            ends.append(sa.select(*some.c))
        both = sa.union_all(*ends).subquery(next(self._names))
        return sa.select(*both.c).order_by(both.c.is_end).limit(most)

    def _rows(self) -> tuple[Scope, list[ColumnElement[bool]]]:
        """(the list's rows under a new name, the stretch of its index beyond the cursor)."""
        alias, implied = self._listed()
        scope = {self._entity.table.name: alias}
        begun, part = self._page.cursor is not None, self._part
        within = stretch(self._order, self._dialect, scope, is_backward=self._is_backward, is_begun=begun, part=part)
        asked, first = Filter(self._dialect, self._shape, "w"), self._order.keys[0].attribute
        along = [(concerns_only(each, first), asked.sql(each, scope)) for each in self._page.where]
        return scope, [*implied, *within, *[found for is_along, found in along if is_along]]

    def _listed(self) -> tuple[sa.Alias, list[ColumnElement[bool]]]:
        """(the entity's rows under a new name, what all of its indexes' rows meet)."""
        alias = alias_of(self._entity.table, next(self._names))
        implied = [each for each in _policy(alias, self._shape) if str(each).removeprefix(f"{alias.name}.") in self._predicates]
        return alias, [*of_kind(alias, self._entity), *implied]

    def _values(self) -> "Iterator[sa.Select[Any]]":
        """The rows that meet each condition on a column of their own, where an index has them (a year's)."""
        for number, each in enumerate(self._page.where):
            if isinstance(each, Compare | IsIn) and column_of(cast(Attribute, each.attribute)).key in self._quick:
                alias, implied = self._listed()
                asked = Filter(self._dialect, self._shape, "w")
                found = [asked.sql(one, {self._entity.table.name: alias}) for one in self._page.where]
                yield sa.select(_ONE).select_from(alias).where(*implied, found[number])

    def _asked(self, scope: Scope) -> list[ColumnElement[bool]]:
        """What makes a row one of the page: first what hangs on it, found by its key, then all that needs the row itself."""
        alias, seen = rows_of(self._entity.table, next(self._names), self._shape)
        row = {self._entity.table.name: alias}
        asked = Filter(self._dialect, self._shape, "w")
        found, of_row = [], [alias.c[self._entity.key] == scope[self._entity.table.name].c[self._entity.key], *seen]
        for each in self._page.where:
            if isinstance(each, Exists):
                found.append(asked.sql(from_outside(each), scope))
            else:
                of_row.append(asked.sql(from_outside(each), row))
        return [*found, sa.exists(sa.select(_ONE).select_from(alias).where(*of_row))]

    def _keys(self, scope: Scope) -> list[ColumnElement[Any]]:
        return [named(key.attribute, scope) for _, key in keys_in(self._order, self._part)]

    def _sorted(self, scope: Scope, *, turned: bool = False) -> list[ColumnElement[Any]]:
        return order_clauses(self._order, scope, self._dialect, is_backward=self._is_backward is not turned, part=self._part)


def _count(rows: Any) -> ColumnElement[int]:
    return sa.select(sa.func.count()).select_from(rows).scalar_subquery()


def _policy(alias: sa.Alias, shape: Shape) -> "Iterator[ColumnElement[bool]]":
    """The row policy in its parts; `rows_of` has it whole, as text."""
    whole = visible(alias, shape)
    return _conjuncts([] if whole is None else [whole])


def _conjuncts(clauses: Iterable[ColumnElement[bool]]) -> Iterator[ColumnElement[bool]]:
    for each in clauses:
        if isinstance(each, BooleanClauseList) and each.operator is and_:
            yield from _conjuncts(each.clauses)
        else:
            yield each
