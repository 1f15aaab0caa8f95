"""Python source that turns a column's value into what the client reads, as little of it as possible."""

from collections.abc import Callable
from enum import Enum
from typing import Any, NewType

import sqlalchemy as sa
from graphql import GraphQLEnumType, GraphQLLeafType, is_list_type, is_non_null_type

from api.kit.planner.dialects import Dialect
from api.kit.planner.forms import AS_STORED, RANGES
from api.kit.planner.kinds import PARSERS, Kind, kind_of
from api.kit.planner.rows.running import Run
from api.kit.planner.shown import Prefixed


class Names:
    """The globals of generated code."""

    def __init__(self) -> None:
        self.known: dict[str, Any] = {}

    def constant(self, value: Any) -> str:
        """A name for an object."""
        name = f"g{len(self.known)}"
        self.known[name] = value
        return name


def to_python(type_: sa.types.TypeEngine[Any]) -> Callable[[Any], Any] | None:
    """What makes the column's Python value of its natural one; None where they are the same."""
    kind = kind_of(type_)
    if kind == "choice":
        assert isinstance(type_, sa.Enum)
        members = dict(zip(type_.enums, type_.enum_class, strict=True)) if type_.enum_class is not None else None
        return None if members is None else members.__getitem__
    return PARSERS[kind] if kind in ("instant", "date", "thousandths") else None


def natural_source(value: str, kind: Kind, dialect: Dialect) -> str:
    """Source of a column's natural value, from the variable that holds what the driver gave (never None)."""
    return dialect.python(kind).format(value) if dialect.python(kind) else value


def shown_source(
    value: str, type_: sa.types.TypeEngine[Any], leaf: GraphQLLeafType, as_: Any, dialect: Dialect, names: Names
) -> str:
    """Source of what the client reads; `value` is a variable, not None. Refers to `run`, which hears of failures."""
    kind = kind_of(type_)
    natural = natural_source(value, kind, dialect)
    is_same = as_ is None or isinstance(as_, NewType) or (as_ is float and kind in ("float", "thousandths"))
    if is_same and isinstance(leaf, GraphQLEnumType) and isinstance(type_, sa.Enum) and type_.enum_class is not None:
        shown = {stored: leaf.coerce_output_value(member) for stored, member in zip(type_.enums, type_.enum_class, strict=True)}
        return f"{names.constant(shown)}[{value}]"
    if isinstance(as_, Prefixed) and leaf.name in AS_STORED[kind]:
        return f"({as_.prefix!r} + {natural})"
    if is_same and leaf.name in AS_STORED[kind]:
        if leaf.name not in RANGES:
            return natural
        low, high = RANGES[leaf.name]
        return f"({value} if {low!r} <= {value} <= {high!r} else tried({names.constant(leaf.coerce_output_value)}, {value}, run))"
    convert = _chain(to_python(type_), None if isinstance(as_, NewType) else as_, leaf.coerce_output_value)
    return f"tried({names.constant(convert)}, {natural}, run)"


def _chain(*steps: Callable[[Any], Any] | None) -> Callable[[Any], Any]:
    present = [step for step in steps if step is not None]

    def convert(value: Any) -> Any:
        for step in present:
            value = step(value)
        return value

    return convert


def tried(convert: Callable[[Any], Any], value: Any, run: Run) -> Any:
    """`convert(value)`, or the exception in the value's place."""
    try:
        return convert(value)
    except Exception as error:
        run.is_faulty = True
        return error


def completed(type_: Any) -> Callable[[Any, Run], Any]:
    """What completes a computed value of this leaf type or list of them."""
    inner = type_.of_type if is_non_null_type(type_) else type_
    is_required = is_non_null_type(type_)
    if is_list_type(inner):
        each = completed(inner.of_type)

        def complete_list(value: Any, run: Run) -> Any:
            if value is None or isinstance(value, Exception):
                return _missing(value, is_required, run)
            return [each(item, run) for item in value]

        return complete_list

    def complete(value: Any, run: Run) -> Any:
        if value is None or isinstance(value, Exception):
            return _missing(value, is_required, run)
        if type(value) is str and inner.name == "String":
            return value
        return tried(inner.coerce_output_value, value.value if _is_stored(value, inner) else value, run)

    return complete


def _is_stored(value: Any, leaf: Any) -> bool:
    return isinstance(value, Enum) and not isinstance(leaf, GraphQLEnumType)


def _missing(value: Any, is_required: bool, run: Run) -> Any:
    if is_required or value is not None:
        run.is_faulty = True
    return value
