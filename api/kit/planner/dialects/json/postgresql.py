"""PostgreSQL's JSON: `row_to_json` over one-row subqueries that the planner of the server dissolves; never jsonb."""

from collections.abc import Sequence
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.selectable import FromClause

from api.kit.planner.dialects.json import FAULT, quoted, shown_name
from api.kit.planner.forms import Form
from api.kit.planner.tree import Connected, Listed, Selected

MAX_FIELDS: Final = 1000
"""PostgreSQL's own limit on the columns of a SELECT is 1,664."""
MAX_FILTER: Final = 100
_MAX_NAME: Final = 63
"""Bytes; longer names are cut without a word."""
_FAULT: Final[ColumnElement[Any]] = sa.literal_column(f"'{FAULT}'::json")
_PLAIN: Final = (0.0001, 1e15)
"""Between these the engine writes a float as orjson does, save for `.0`; others are left to Python."""


def pays(node: Selected | Listed | Connected) -> bool:
    return True


def can_name(key: str) -> bool:
    return len(key) <= _MAX_NAME


def leaf(column: ColumnElement[Any], form: Form, *, is_nullable: bool, is_required: bool) -> ColumnElement[Any] | None:
    found = _shown(column, form)
    if is_nullable and is_required:
        return sa.func.coalesce(sa.func.to_json(found), _FAULT)
    return found


def _shown(column: ColumnElement[Any], form: Form) -> ColumnElement[Any]:
    match form.kind:
        case "integer" if not isinstance(column.type, sa.BigInteger) or form.low is None:
            return column  # an `integer` fits into every scalar of whole numbers
        case "integer":
            outside = sa.or_(column < sa.literal_column(str(form.low)), column > sa.literal_column(str(form.high)))
            return sa.case((outside, _FAULT), else_=sa.func.to_json(column))
        case "float":
            return _float(column)
        case "thousandths":
            text = sa.cast(column, sa.Text())  # always three decimals; orjson writes one at least
            whole = sa.func.left(text, sa.literal_column("-2"), type_=sa.String())
            rest = sa.func.rtrim(sa.func.right(text, sa.literal_column("2")), sa.literal_column("'0'"))
            return sa.cast(whole.concat(rest), sa.JSON())
        case "text" if form.names:
            return shown_name(column, form, quoted)
        case "text" if form.prefix:
            return quoted(form.prefix).concat(column)
        case "instant" | "date" as kind:
            from api.kit.planner.dialects.postgresql import natural

            return natural(column, kind)
        case _:
            return column


def _float(column: ColumnElement[Any]) -> ColumnElement[Any]:
    text = sa.cast(column, sa.Text())
    size = sa.func.abs(column)
    low: ColumnElement[Any] = sa.literal_column(repr(_PLAIN[0]))
    high: ColumnElement[Any] = sa.literal_column(repr(_PLAIN[1]))
    written = sa.case((column == sa.func.trunc(column), text.concat(quoted(".0"))), else_=text)
    plain = sa.or_(size == sa.literal_column("0"), sa.and_(size >= low, size < high))
    return sa.case(
        (column.is_(None), sa.null()), (plain, sa.cast(written, sa.JSON())), else_=_FAULT
    )  # NaN is the largest float here, so it fails too


def constant(text: str) -> ColumnElement[Any]:
    return quoted(text)


def null(*, is_required: bool) -> ColumnElement[Any]:
    return _FAULT if is_required else sa.null()


def identity(code: str, key: ColumnElement[Any]) -> ColumnElement[Any]:
    return quoted(f"{code}_").concat(key)


def truth(condition: ColumnElement[bool]) -> ColumnElement[Any]:
    return condition


def number(value: ColumnElement[Any]) -> ColumnElement[Any]:
    return value


def optional(value: ColumnElement[Any], *, is_required: bool) -> ColumnElement[Any]:
    return sa.func.coalesce(value, _FAULT) if is_required else value


def object_(
    name: str, fields: Sequence[tuple[str, ColumnElement[Any]]], rows: FromClause
) -> tuple[ColumnElement[Any], FromClause | None]:
    alias = f"{name}$"  # `$` is in no response key: a column of this name would be taken instead
    one = sa.select(*[value.label(key) for key, value in fields]).correlate(rows).lateral(alias)
    return sa.func.row_to_json(sa.literal_column(alias)), one


def array(items: "sa.Select[Any]") -> ColumnElement[Any]:
    return sa.func.array_to_json(sa.func.array(items.scalar_subquery()))


def text(value: ColumnElement[Any]) -> ColumnElement[Any]:
    return sa.cast(value, sa.Text())
