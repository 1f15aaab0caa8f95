"""How a column appears in JSON, where no Python is needed for it."""

import sys
from dataclasses import dataclass
from typing import Final, Literal, NewType, TypeAlias

import sqlalchemy as sa
from graphql import GraphQLEnumType

from api.kit.planner.kinds import Kind, kind_of
from api.kit.planner.shown import Prefixed
from api.kit.planner.specs import column_of
from api.kit.planner.tree import Scalar
from api.kit.scalars import MAX_BIG_INT

Plain: TypeAlias = Literal["text", "integer", "float", "thousandths", "boolean", "instant", "date", "json"]


AS_STORED: Final[dict[Kind, frozenset[str]]] = {
    "text": frozenset({"String", "ID", "URL", "TimeZone", "Cron", "Locale"}),
    "choice": frozenset({"String"}),
    "integer": frozenset({"Int", "BigInt"}),
    "float": frozenset({"Float"}),
    "thousandths": frozenset({"Float"}),
    "boolean": frozenset({"Boolean"}),
    "instant": frozenset({"DateTime"}),
    "date": frozenset({"Date"}),
    "json": frozenset({"JSON"}),
}
"""Scalars that a kind of column is shown as without any conversion beyond the dialect's."""

RANGES: Final[dict[str, tuple[float, float]]] = {
    "Int": (-(2**31), 2**31 - 1),
    "BigInt": (-MAX_BIG_INT, MAX_BIG_INT),
    "Float": (-sys.float_info.max, sys.float_info.max),
}


@dataclass(frozen=True, slots=True)
class Form:
    """What a column's value becomes."""

    kind: Plain
    names: tuple[tuple[str, str], ...] = ()
    """(stored text, shown text) of an enum."""
    prefix: str = ""
    """Put before a text."""
    low: int | None = None
    """Integers below are errors of the field, and so are those above `high`; None: whatever the column holds."""
    high: int | None = None


def form_of(value: Scalar) -> Form | None:
    """The form of a column as a leaf; None where only Python converts it."""
    type_ = column_of(value.attribute).type
    kind = kind_of(type_)
    if isinstance(value.as_, Prefixed):
        return Form("text", prefix=value.as_.prefix) if kind == "text" and value.leaf.name in AS_STORED["text"] else None
    is_same = value.as_ is None or isinstance(value.as_, NewType) or (value.as_ is float and kind in ("float", "thousandths"))
    if not is_same:
        return None
    if isinstance(value.leaf, GraphQLEnumType):
        if not isinstance(type_, sa.Enum) or type_.enum_class is None:
            return None
        shown = [str(value.leaf.coerce_output_value(member)) for member in type_.enum_class]
        return Form("text", names=tuple(zip(map(str, type_.enums), shown, strict=True)))
    if value.leaf.name not in AS_STORED[kind]:
        return None
    if kind == "choice":
        return Form("text")
    if kind == "integer":
        low, high = RANGES[value.leaf.name]
        return Form("integer", low=int(low), high=int(high))
    return Form(kind)
