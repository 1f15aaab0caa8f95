"""How a column's value is stored and read: the few kinds of value that planner, cursors and plain resolvers tell apart."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import Enum
from typing import Any, Literal, TypeAlias

import sqlalchemy as sa
from sqlmodel.sql.sqltypes import AutoString

from domain.kit.types import Instant, Thousandths, instant_text

Kind: TypeAlias = Literal["text", "integer", "float", "boolean", "instant", "date", "thousandths", "json", "choice"]

_KINDS: tuple[tuple[tuple[type, ...], Kind], ...] = (
    ((Instant,), "instant"),
    ((Thousandths,), "thousandths"),
    ((sa.Enum,), "choice"),
    ((sa.Boolean,), "boolean"),
    ((sa.Date,), "date"),
    ((sa.JSON,), "json"),
    ((sa.Integer,), "integer"),
    ((sa.Float,), "float"),
    ((sa.String, AutoString), "text"),
)


def kind_of(type_: sa.types.TypeEngine[Any]) -> Kind:
    """The kind of a column type. Raises TypeError for types that no API field may show (bytes, bare numerics)."""
    for types, kind in _KINDS:
        if isinstance(type_, types):
            return kind
    raise TypeError(f"{type_!r} cannot be exposed.")


def asked_as(type_: sa.types.TypeEngine[Any]) -> sa.types.TypeEngine[Any]:
    """The type of a parameter that a column is compared with: a number that is no `smallint` equals none, and is no error."""
    return sa.BigInteger() if isinstance(type_, sa.Integer) else type_


def plain(value: Any) -> Any:
    """A sort key's Python value as JSON carries it in a cursor."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return instant_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    return value


def is_storable(text: str) -> bool:
    """Whether both engines take the text: PostgreSQL refuses NUL, neither encodes a lone surrogate."""
    return "\0" not in text and not any("\ud800" <= each <= "\udfff" for each in text)


def _text(value: Any) -> str:
    if not isinstance(value, str) or not is_storable(value):
        raise ValueError("no text")
    return value


def _integer(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not -(2**63) <= value < 2**63:
        raise ValueError("no integer")
    return value


def _number(value: Any) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise ValueError("no number")
    return float(value)


def _thousandths(value: Any) -> Decimal:
    try:
        return Decimal(str(_number(value))).quantize(Decimal("0.001"))
    except InvalidOperation:
        raise ValueError("no score") from None


def _boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("no boolean")
    return value


def _instant(value: Any) -> datetime:
    moment = datetime.fromisoformat(_text(value))
    if moment.utcoffset() is None:
        raise ValueError("no moment")
    return moment


def _day(value: Any) -> date:
    return date.fromisoformat(_text(value))


PARSERS: dict[Kind, Callable[[Any], Any]] = {
    "text": _text,
    "choice": _text,
    "integer": _integer,
    "float": _number,
    "boolean": _boolean,
    "instant": _instant,
    "date": _day,
    "thousandths": _thousandths,
}
"""The opposite of `plain`, for values a client sent back. Each raises ValueError (or TypeError) for anything else."""
