"""What the two engines' SQL for JSON differs in, as two modules of the same functions.

They build *values*: on PostgreSQL anything that `row_to_json` writes as it should be, on SQLite JSON text.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final, Protocol

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnClause, ColumnElement, ExpressionClauseList
from sqlalchemy.sql.operators import concat_op
from sqlalchemy.sql.selectable import FromClause

if TYPE_CHECKING:
    from api.kit.planner.forms import Form
    from api.kit.planner.tree import Connected, Listed, Selected

FAULT: Final = '{"!":0}'
"""Stands where an error or a null that must not be would be: who finds it reads again by rows, which can place errors.

No text can hold these characters (its quotes are escaped in JSON), and a JSON column that does costs one more reading."""


TEXT: Final = sa.String()
"""One for all: for each new one SQLAlchemy finds out anew how the engine takes it."""


class JsonDialect(Protocol):
    """One engine's way of writing JSON."""

    MAX_FIELDS: int
    """Of one object."""
    MAX_FILTER: int
    """Levels of a filter of one list."""

    def pays(self, node: "Selected | Listed | Connected") -> bool:
        """Whether writing it here is quicker than reading its rows, if it can be written at all."""

    def can_name(self, key: str) -> bool:
        """Whether an object can have this key."""

    def leaf(
        self, column: ColumnElement[Any], form: "Form", *, is_nullable: bool, is_required: bool
    ) -> ColumnElement[Any] | None:
        """A column's value; None where this engine cannot write it exactly."""

    def constant(self, text: str) -> ColumnElement[Any]:
        """A text of ours, without quotes or backslashes."""

    def null(self, *, is_required: bool) -> ColumnElement[Any]:
        """null, or `FAULT`."""

    def identity(self, code: str, key: ColumnElement[Any]) -> ColumnElement[Any]:
        """A global id."""

    def truth(self, condition: ColumnElement[bool]) -> ColumnElement[Any]:
        """true or false; the condition is never NULL."""

    def number(self, value: ColumnElement[Any]) -> ColumnElement[Any]:
        """A whole number that is never NULL."""

    def optional(self, value: ColumnElement[Any], *, is_required: bool) -> ColumnElement[Any]:
        """A value, or where it is NULL what `null` says."""

    def object_(
        self, name: str, fields: Sequence[tuple[str, ColumnElement[Any]]], rows: FromClause
    ) -> tuple[ColumnElement[Any], FromClause | None]:
        """(an object, what must be cross-joined for it under this name); the fields refer to `rows`."""

    def array(self, items: "sa.Select[Any]") -> ColumnElement[Any]:
        """A list of the one column of a subquery, in its order."""

    def text(self, value: ColumnElement[Any]) -> ColumnElement[Any]:
        """The value as a column that the driver gives as text."""


def quoted(text: str) -> ColumnElement[str]:
    """A text as SQL writes it."""
    return sa.literal_column("'" + text.replace("'", "''") + "'", TEXT)


def joined(*texts: ColumnElement[Any]) -> ColumnElement[str]:
    """Texts one after the other, as `concat` would write them: it makes a copy at each step."""
    written: list[ColumnElement[Any]] = []
    run: list[str] = []
    for each in texts:
        if isinstance(each, ColumnClause) and each.is_literal:
            run.append(each.name)
            continue
        if run:
            written.append(sa.literal_column(" || ".join(run), TEXT))
        run = []
        written.append(each.self_group(against=concat_op))
    if run:
        written.append(sa.literal_column(" || ".join(run), TEXT))
    return ExpressionClauseList(concat_op, *written, type_=TEXT) if len(written) > 1 else written[0]


def shown_name(column: ColumnElement[Any], form: "Form", write: Callable[[str], ColumnElement[Any]]) -> ColumnElement[Any]:
    """The name that an enum's value has in the API."""
    return sa.case(*[(quoted(stored), write(name)) for stored, name in form.names], value=sa.type_coerce(column, TEXT))


def json_dialect_of(name: str) -> JsonDialect:
    """The module for a database's dialect. Raises KeyError for any other."""
    from api.kit.planner.dialects.json import postgresql, sqlite  # they import the names above

    modules: dict[str, JsonDialect] = {"sqlite": sqlite, "postgresql": postgresql}
    return modules[name]
