"""What the two engines' SQL differs in, as two modules of the same functions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

import sqlalchemy as sa
from sqlalchemy.engine import Dialect as Engine
from sqlalchemy.sql.elements import BindParameter, ColumnElement
from sqlalchemy.sql.selectable import FromClause

from api.kit.planner.kinds import Kind

MOST: Final = 501
"""Rows of a page, and the one that tells whether there are more."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """The first rows of each parent, as a FROM: the columns of the children and of the link, and the parent's key."""

    joined: FromClause
    rows: FromClause
    link: Mapping[str, ColumnElement[Any]]
    parent: ColumnElement[Any]


class Dialect(Protocol):
    """One engine's way of saying it. Columns and conditions are SQLAlchemy's."""

    NAME: str
    ENGINE: Engine
    """Compiles with positional parameters, as the reader's driver takes them."""
    WALKS_BY_ITSELF: bool
    """Whether its own planner walks a list's order for what is common, told how many rows a page has at most."""

    def natural(self, column: ColumnElement[Any], kind: Kind) -> ColumnElement[Any]:
        """The column as its JSON value (`Kind` by `Kind` the same on both engines, save what `python` adds)."""

    def python(self, kind: Kind) -> str:
        """Python source that finishes such a value, `{}` standing for it; empty where the driver's value is it already."""

    def binary(self, column: ColumnElement[Any]) -> ColumnElement[Any]:
        """The column compared byte by byte if it is text."""

    def contains(self, column: ColumnElement[Any], text: ColumnElement[Any]) -> ColumnElement[bool]:
        """Whether the text column holds the text."""

    def list_type(self, item: sa.types.TypeEngine[Any]) -> sa.types.TypeEngine[Any]:
        """The type of a parameter that carries a list of such items."""

    def is_one_of(self, column: ColumnElement[Any], values: BindParameter[Any]) -> ColumnElement[bool]:
        """Whether the column is one of the values of a list parameter."""

    def behind(self, link: sa.Alias, table: sa.Alias, same: ColumnElement[bool]) -> FromClause:
        """`link` joined with the `table` it leads to, read in this order: a filter on `table` is no reason to begin there."""

    def ranked(
        self,
        name: str,
        *,
        table: sa.Alias,
        link: tuple[sa.Alias, str] | None,
        rows: "sa.Select[Any]",
        near: ColumnElement[Any],
        order: Sequence[ColumnElement[Any]],
        keys: BindParameter[Any],
        limit: ColumnElement[int],
    ) -> Ranked:
        """The first `limit` of `rows` per value of `near` among `keys`.

        `rows` selects the columns of `table` (an alias, with its conditions), joined with `link` (its alias, and its column
        that names `table`) where there is one; `near` belongs to the link, or else to `table`.
        """

    def gathered(self, text: str, columns: Iterable[ColumnElement[Any]]) -> str | None:
        """The statement with all its rows as one JSON text; None where they come better, or more exactly, as rows."""

    def first(self, rows: "sa.Select[Any]", limit: ColumnElement[int]) -> "sa.Select[Any]":
        """The first `limit` of ordered `rows`, in their order; never more than `MOST`."""

    def first_joined(
        self,
        name: str,
        left: FromClause,
        *,
        parent: FromClause,
        table: sa.Alias,
        rows: "sa.Select[Any]",
        order: Sequence[ColumnElement[Any]],
    ) -> tuple[FromClause, FromClause]:
        """(`left` joined with the first of `rows`, or with NULLs; what stands for that row).

        `rows` selects the columns of `table` and refers to `parent`, a part of `left`.
        """


def dialect_of(name: str) -> Dialect:
    """The module for a database's dialect. Raises KeyError for any other."""
    from api.kit.planner.dialects import postgresql, sqlite  # they import the names above

    modules: dict[str, Dialect] = {"sqlite": sqlite, "postgresql": postgresql}
    return modules[name]
