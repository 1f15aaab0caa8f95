"""PostgreSQL: lists travel as arrays, the first rows of each parent come by LATERAL, text compares in collation C."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, psycopg
from sqlalchemy.engine import Dialect as Engine
from sqlalchemy.sql.elements import BindParameter, ColumnElement
from sqlalchemy.sql.selectable import FromClause

from api.kit.planner.dialects import MOST, Ranked
from api.kit.planner.kinds import Kind, kind_of

NAME: Final = "postgresql"
ENGINE: Final[Engine] = psycopg.dialect(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]
WALKS_BY_ITSELF: Final = True


def _shown(column: ColumnElement[Any], pattern: str) -> ColumnElement[Any]:
    return sa.func.to_char(column, sa.literal_column(f"'{pattern}'"), type_=sa.String())


def natural(column: ColumnElement[Any], kind: Kind) -> ColumnElement[Any]:
    match kind:
        case "instant":
            utc = sa.func.timezone(sa.literal_column("'UTC'"), column)
            return _shown(utc, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
        case "date":
            return _shown(column, "YYYY-MM-DD")
        case "thousandths":
            return sa.cast(column, sa.Double())
        case "json":
            return sa.cast(column, sa.Text())
        case _:
            return column


def python(kind: Kind) -> str:
    return "loads({})" if kind == "json" else ""


def binary(column: ColumnElement[Any]) -> ColumnElement[Any]:
    if kind_of(column.type) not in ("text", "choice") or getattr(column.type, "collation", None) == "C":
        return column
    variant = column.type.dialect_impl(ENGINE)
    return column if getattr(variant, "collation", None) == "C" else sa.collate(column, "C")


def contains(column: ColumnElement[Any], text: ColumnElement[Any]) -> ColumnElement[bool]:
    return sa.func.strpos(column, text) > sa.literal_column("0")


def list_type(item: sa.types.TypeEngine[Any]) -> sa.types.TypeEngine[Any]:
    return ARRAY(item)


def is_one_of(column: ColumnElement[Any], values: BindParameter[Any]) -> ColumnElement[bool]:
    return column == sa.any_(values)


def behind(link: sa.Alias, table: sa.Alias, same: ColumnElement[bool]) -> FromClause:
    return link.join(table, same)  # its planner knows how few rows a link leads to


def ranked(
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
    each = sa.func.unnest(keys).table_valued("key", name=f"{name}_keys").render_derived()
    labelled = [] if link is None else [column.label(f"link_{column.key}") for column in link[0].c]
    some = rows.add_columns(*labelled).where(near == each.c.key)
    inner = some.order_by(*order).limit(limit).correlate(each).lateral(name)
    between = {} if link is None else {str(column.key): inner.c[f"link_{column.key}"] for column in link[0].c}
    return Ranked(each.join(inner, sa.true()), inner, between, each.c.key)


def gathered(text: str, columns: Iterable[ColumnElement[Any]]) -> str | None:
    return None  # a whole answer crosses the socket at once as it is


def first(rows: "sa.Select[Any]", limit: ColumnElement[int]) -> "sa.Select[Any]":
    """A generic plan takes a limit it does not know for a tenth of the table, and reads it whole: it is told the most.

    The rows keep their order: above a sorted subquery stands nothing but the limit.
    """
    some = rows.limit(sa.literal_column(str(MOST))).subquery()
    return sa.select(*some.c).limit(limit)


def first_joined(
    name: str,
    left: FromClause,
    *,
    parent: FromClause,
    table: sa.Alias,
    rows: "sa.Select[Any]",
    order: Sequence[ColumnElement[Any]],
) -> tuple[FromClause, FromClause]:
    inner = rows.order_by(*order).limit(sa.literal_column("1")).correlate(parent).lateral(name)
    return left.outerjoin(inner, sa.true()), inner
