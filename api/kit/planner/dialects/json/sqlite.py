"""SQLite's JSON: text put together with `||`, so that nothing nested is parsed again; every value is JSON text by itself."""

from collections.abc import Sequence
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement, Grouping
from sqlalchemy.sql.selectable import FromClause

from api.kit.planner.dialects.json import FAULT, TEXT, joined, quoted, shown_name
from api.kit.planner.forms import Form
from api.kit.planner.tree import Connected, Listed, Selected, has_children

MAX_FIELDS: Final = 100
"""An expression is 1,000 operators deep at most."""
MAX_FILTER: Final = 1
"""The parser's stack has a hundred places, and lists within lists within JSON take most of them: no subqueries besides."""
_NULL: Final[ColumnElement[Any]] = sa.literal_column("'null'")
_FAULT: Final[ColumnElement[Any]] = sa.literal_column(f"'{FAULT}'")


def pays(node: Selected | Listed | Connected) -> bool:
    return not isinstance(node, Selected) or has_children(node)  # else nothing is gained; see docs/performance.md


def can_name(key: str) -> bool:
    return True


def leaf(column: ColumnElement[Any], form: Form, *, is_nullable: bool, is_required: bool) -> ColumnElement[Any] | None:
    missing = _FAULT if is_required else _NULL
    natural: ColumnElement[Any] = sa.type_coerce(column, sa.types.NULLTYPE)
    match form.kind:
        case "float":
            return None  # 15 digits are not always the number
        case "integer":
            low: ColumnElement[Any] = sa.literal_column(str(form.low))
            high: ColumnElement[Any] = sa.literal_column(str(form.high))
            whens = [(natural.between(low, high), natural)]
            return sa.case(*whens, (natural.is_(None), missing), else_=_FAULT) if is_nullable else sa.case(*whens, else_=_FAULT)
        case "boolean":
            return sa.case(
                (natural == sa.literal_column("1"), quoted("true")), (natural.is_(None), missing), else_=quoted("false")
            )
        case "text" if form.names:
            found = shown_name(natural, form, lambda name: quoted(f'"{name}"'))
        case "text":
            prefixed = quoted(form.prefix).concat(natural) if form.prefix else natural
            found = sa.func.json_quote(prefixed)  # of NULL: null
            if not (is_nullable and is_required):
                return found
            return sa.case((natural.is_(None), _FAULT), else_=found)
        case "instant" | "date":
            found = joined(quoted('"'), natural, quoted('"'))
        case "thousandths":
            found = Grouping(natural / sa.literal_column("1000.0"))  # `||` binds closer than `/` here
        case "json":
            found = sa.func.json(natural)
    return sa.func.coalesce(found, missing) if is_nullable else found


def constant(text: str) -> ColumnElement[Any]:
    return quoted(f'"{text}"')


def null(*, is_required: bool) -> ColumnElement[Any]:
    return _FAULT if is_required else _NULL


def identity(code: str, key: ColumnElement[Any]) -> ColumnElement[Any]:
    return joined(quoted(f'"{code}_'), sa.type_coerce(key, TEXT), quoted('"'))


def truth(condition: ColumnElement[bool]) -> ColumnElement[Any]:
    return sa.case((condition, quoted("true")), else_=quoted("false"))


def number(value: ColumnElement[Any]) -> ColumnElement[Any]:
    return value


def optional(value: ColumnElement[Any], *, is_required: bool) -> ColumnElement[Any]:
    return sa.func.coalesce(value, null(is_required=is_required))


def object_(
    name: str, fields: Sequence[tuple[str, ColumnElement[Any]]], rows: FromClause
) -> tuple[ColumnElement[Any], FromClause | None]:
    texts: list[ColumnElement[Any]] = []
    for number, (key, value) in enumerate(fields):
        texts += [quoted(f'{"," if number else "{"}"{key}":'), value]
    return joined(*(texts or [quoted("{")]), quoted("}")), None


def array(items: "sa.Select[Any]") -> ColumnElement[Any]:
    (item,) = items.selected_columns
    some = items.with_only_columns(item.label("j")).subquery()
    listed = sa.select(sa.func.group_concat(some.c.j, quoted(","))).scalar_subquery()
    return joined(quoted("["), sa.func.coalesce(listed, quoted("")), quoted("]"))


def text(value: ColumnElement[Any]) -> ColumnElement[Any]:
    return value
