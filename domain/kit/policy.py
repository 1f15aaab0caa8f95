"""Who sees which row: the one predicate that planner and queries both add to every FROM of a guarded table.

A feature registers its tables once, where they are defined:
`guard(MediaItem, predicate)` for a rule of its own, `follows(Credit, Credit.item_id)` for a row that is as visible
as the row it belongs to. A viewer's *shape* (what the SQL's text depends on) is apart from the viewer's values
(which are bound), so that statements can be kept.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.selectable import FromClause

from domain.kit.types import Key


@dataclass(frozen=True, slots=True)
class Shape:
    """The part of a viewer that the text of a statement depends on."""

    is_admin: bool
    is_signed_in: bool
    all_libraries: bool
    has_age_limit: bool
    sees_unrated: bool
    scopes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Viewer:
    """On whose behalf rows are read. `scopes` are those of the token or session."""

    user_id: int | None
    is_admin: bool = False
    all_libraries: bool = False
    max_age: int | None = None
    sees_unrated: bool = True
    can_edit: bool = False
    scopes: frozenset[str] = frozenset()

    @property
    def shape(self) -> Shape:
        return Shape(
            is_admin=self.is_admin,
            is_signed_in=self.user_id is not None,
            all_libraries=self.all_libraries or self.is_admin,
            has_age_limit=self.max_age is not None and not self.is_admin,
            sees_unrated=self.sees_unrated,
            scopes=self.scopes,
        )

    @property
    def binds(self) -> dict[str, Any]:
        """Values of the parameters that predicates may name."""
        return {"viewer_user_id": self.user_id, "viewer_max_age": self.max_age}


SYSTEM: Final = Viewer(user_id=None, is_admin=True, scopes=frozenset({"admin"}))
"""Jobs read everything that is not deleted."""

VIEWER_USER_ID: Final = sa.bindparam("viewer_user_id", type_=Key, unique=False)
VIEWER_MAX_AGE: Final = sa.bindparam("viewer_max_age", type_=sa.Integer(), unique=False)

Predicate = Callable[[Any, Shape], ColumnElement[bool] | None]
"""(alias of the table, shape) -> condition; None where this shape sees every row."""

_guards: dict[str, Predicate] = {}
_owners: dict[str, tuple[str, str]] = {}


def _table(model: Any) -> sa.Table:
    table: sa.Table = model.__table__
    return table


def guard(model: Any, predicate: Predicate) -> None:
    """Register the rule of a table. Raises ValueError if it has one already."""
    name = _table(model).name
    if name in _guards:
        raise ValueError(f"{name} is guarded twice.")
    _guards[name] = predicate


def follows(model: Any, foreign_key: Any) -> None:
    """Rows of `model` are visible exactly as the row that their `foreign_key` column names."""
    child = _table(model)
    column = child.c[foreign_key.key]
    (target,) = [key.column.table for key in column.foreign_keys if key.column.name == "id"] or [None]
    if target is None:
        raise ValueError(f"{child.name}.{column.name} refers to no id.")
    _owners[child.name] = (column.name, target.name)

    def predicate(alias: Any, shape: Shape) -> ColumnElement[bool] | None:
        owner = target.alias()
        condition = visible(owner, shape)
        if condition is None:
            return None
        return sa.exists(sa.select(sa.literal(1)).select_from(owner).where(owner.c.id == alias.c[column.name], condition))

    guard(model, predicate)


def owner_of(table: str) -> tuple[str, str] | None:
    """(column, table) whose visibility a row of `table` follows: reached over it from a visible row, nothing is left to check."""
    return _owners.get(table)


def is_guarded(table: str) -> bool:
    """Whether rows of `table` may be hidden from somebody."""
    return table in _guards


def visible(alias: FromClause, shape: Shape) -> ColumnElement[bool] | None:
    """The condition under which rows of `alias` (a table or an alias of one) may be seen; None = always."""
    name = getattr(getattr(alias, "element", alias), "name", "")
    predicate = _guards.get(name)
    return None if predicate is None else predicate(alias, shape)
