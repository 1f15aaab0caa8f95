"""SQLite: lists travel as JSON, moments and dates are stored as the API shows them, booleans are 0 and 1."""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import pysqlite
from sqlalchemy.dialects.sqlite.base import SQLiteCompiler
from sqlalchemy.engine import Dialect as Engine
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.elements import BindParameter, ColumnElement
from sqlalchemy.sql.selectable import FromClause, Join
from sqlmodel.sql.sqltypes import AutoString

from api.kit.planner.dialects import Ranked
from api.kit.planner.kinds import Kind
from api.kit.planner.sources import alias_of
from domain.kit.types import Instant

NAME: Final = "sqlite"
ENGINE: Final[Engine] = pysqlite.dialect()
WALKS_BY_ITSELF: Final = False
_DEEPEST: Final = 10
"""Parentheses in one another that leave the parser's stack (a hundred places) room for more; 14 did not."""
_PARENTHESES: Final = re.compile(r"[()]|'(?:[^']|'')*'")


class _Compiler(SQLiteCompiler):
    """SQLAlchemy's, but that it writes no OFFSET where none is asked: it would be one more parameter."""

    def limit_clause(self, select: Any, **options: Any) -> str:
        if select._offset_clause is not None:
            return str(super().limit_clause(select, **options))  # type: ignore[no-untyped-call]
        return f"\n LIMIT {self.process(select._limit_clause, **options)}"


ENGINE.statement_compiler = _Compiler


class JsonList(sa.types.UserDefinedType[list[Any]]):
    """A list of items as the JSON text that json_each reads."""

    cache_ok = True

    def __init__(self, item: sa.types.TypeEngine[Any]) -> None:
        self.item = item

    def bind_processor(self, dialect: Engine) -> Callable[[Any], str]:
        each = self.item.dialect_impl(dialect).bind_processor(dialect)

        def process(values: Sequence[Any]) -> str:
            return orjson.dumps(list(values) if each is None else [each(value) for value in values]).decode()

        return process


def natural(column: ColumnElement[Any], kind: Kind) -> ColumnElement[Any]:
    return sa.type_coerce(column, sa.Integer()) / sa.literal_column("1000.0") if kind == "thousandths" else column


def python(kind: Kind) -> str:
    return {"boolean": "({} == 1)", "json": "loads({})"}.get(kind, "")


def binary(column: ColumnElement[Any]) -> ColumnElement[Any]:
    return column  # text compares as BINARY unless a column says otherwise, and none does


def contains(column: ColumnElement[Any], text: ColumnElement[Any]) -> ColumnElement[bool]:
    return sa.func.instr(column, text) > sa.literal_column("0")


def list_type(item: sa.types.TypeEngine[Any]) -> sa.types.TypeEngine[Any]:
    return JsonList(item)


def is_one_of(column: ColumnElement[Any], values: BindParameter[Any]) -> ColumnElement[bool]:
    each = sa.func.json_each(values).table_valued("value")
    return column.in_(sa.select(each.c.value))


def _key_of(table: sa.Alias) -> str:
    (key,) = [column.key for column in table.element.primary_key]
    return str(key)


class Behind(Join):
    """A join that SQLite does not turn round: it reads tables joined by CROSS JOIN in the order given."""

    inherit_cache = True


@compiles(Behind)
def _behind(join: Behind, compiler: Any, **options: Any) -> str:
    options["asfrom"] = True
    left, right = (compiler.process(each, **options) for each in (join.left, join.right))
    return f"{left} CROSS JOIN {right} ON {compiler.process(join.onclause, **{**options, 'asfrom': False})}"


def behind(link: sa.Alias, table: sa.Alias, same: ColumnElement[bool]) -> FromClause:
    return Behind(link, table, same)


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
    each = sa.func.json_each(keys).table_valued("value", name=f"{name}_keys")
    key = _key_of(table)
    outer = alias_of(table.element, name)
    # An index over (near, order…) ends each subquery after `limit` rows; row_number() would read every child.
    inner = rows.where(near == each.c.value).order_by(*order).limit(limit).correlate(each)
    if link is None:
        joined = each.join(outer, outer.c[key].in_(inner.with_only_columns(table.c[key])))
        return Ranked(joined, outer, {}, outer.c[str(near.key)])
    through, far = link
    between = alias_of(through.element, f"{name}_link")
    if isinstance(through.element, sa.Table):
        chosen: sa.Select[Any] = inner.with_only_columns(sa.literal_column(f"{through.name}.rowid"))
        is_chosen: ColumnElement[bool] = sa.literal_column(f"{name}_link.rowid").in_(chosen)
    else:  # the rows of a query have no rowid; a pair stands in it once
        is_near = between.c[str(near.key)] == each.c.value
        is_chosen = sa.and_(is_near, between.c[far].in_(inner.with_only_columns(through.c[far])))
    paired = each.join(between, is_chosen)
    joined = paired.join(outer, outer.c[key] == between.c[far])
    return Ranked(joined, outer, dict(between.c.items()), between.c[str(near.key)])


def gathered(text: str, columns: Iterable[ColumnElement[Any]]) -> str | None:
    # Python gives its interpreter lock away for each row that SQLite makes and has to wait for it again behind every
    # other thread: 50 rows are 50 waits of up to 5 ms while workers are busy. One row is one wait, and costs no more.
    found = list(columns)
    if not all(_is_exact(each.type) for each in found) or _depth(text) > _DEEPEST:
        return None
    names = ",".join(f"c{number}" for number in range(len(found)))
    return f"WITH q({names}) AS ({text}) SELECT json_group_array(json_array({names})) FROM q"  # noqa: S608 - our own statement


def _is_exact(type_: sa.types.TypeEngine[Any]) -> bool:
    """Whether SQLite writes such a value into JSON as it is: of a REAL, 15 digits are not always the number."""
    return isinstance(type_, sa.Integer | sa.String | sa.Boolean | sa.Enum | sa.Date | sa.JSON | AutoString | Instant)


def _depth(text: str) -> int:
    """How deep parentheses stand in one another."""
    depth = deepest = 0
    for each in _PARENTHESES.findall(text):
        depth += 1 if each == "(" else -1 if each == ")" else 0
        deepest = max(deepest, depth)
    return deepest


def first(rows: "sa.Select[Any]", limit: ColumnElement[int]) -> "sa.Select[Any]":
    return rows.limit(limit)


def first_joined(
    name: str,
    left: FromClause,
    *,
    parent: FromClause,
    table: sa.Alias,
    rows: "sa.Select[Any]",
    order: Sequence[ColumnElement[Any]],
) -> tuple[FromClause, FromClause]:
    key = _key_of(table)
    outer = alias_of(table.element, name)
    inner = rows.with_only_columns(table.c[key]).order_by(*order).limit(sa.literal_column("1")).correlate(parent)
    return left.outerjoin(outer, outer.c[key] == inner.scalar_subquery()), outer
