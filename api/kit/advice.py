"""What to do about graphql-core's refusals: they name the type that was misunderstood, this says what the type takes.

For signed-in people only: strangers learn nothing of the schema.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from graphql import GraphQLEnumType, GraphQLInputObjectType, GraphQLSchema

MOST: Final = 24
"""Names that are told of one type."""
_SCALAR: Final = re.compile(r"Expected value of type '\w+', but encountered error '(.+)'; found: .+", re.DOTALL)
_READ: Final = 400
"""Characters of a message that are looked at: behind them stands the input itself."""


def advise(schema: GraphQLSchema, errors: Sequence[dict[str, Any]]) -> None:
    """Add to each refusal of a document or its variables a sentence that says how to write it, where there is one."""
    for error in errors:
        if error["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED":
            error["message"] = advised(schema, error["message"])


def advised(schema: GraphQLSchema, message: str) -> str:
    """The message, and what the type that it names takes. Of a scalar's refusal, what the scalar says itself."""
    if len(message) <= _READ and (own := _SCALAR.search(message)):
        return message[: own.start()] + own[1]
    for pattern, advice in _ADVICE:
        if (found := pattern.search(message[:_READ])) and (words := advice(schema, found[1])):
            end = "" if message.endswith(("?", "…")) else "."
            return f"{message.removesuffix('.')}{end} {words}"
    return message


def _values(schema: GraphQLSchema, name: str) -> str | None:
    enum = schema.get_type(name)
    return f"It has {_some(enum.values)}" if isinstance(enum, GraphQLEnumType) else None


def _fields(schema: GraphQLSchema, name: str) -> str | None:
    kind = schema.get_type(name)
    return f"It takes {_some(kind.fields)}" if isinstance(kind, GraphQLInputObjectType) else None


def _shape(schema: GraphQLSchema, name: str) -> str | None:
    kind = schema.get_type(name)
    if not isinstance(kind, GraphQLInputObjectType):
        return None
    return f"Write {{ {next(iter(kind.fields))}: … }}; it takes {_some(kind.fields)}"


def _one(schema: GraphQLSchema, name: str) -> str | None:
    kind = schema.get_type(name)
    return f"Give one of {_some(kind.fields)}" if isinstance(kind, GraphQLInputObjectType) else None


def _entries(schema: GraphQLSchema, name: str) -> str:
    return "Its entries are in `nodes { … }`."


def _input(schema: GraphQLSchema, name: str) -> str:
    return "A mutation takes everything in one `input: { … }`."


def _some(names: Iterable[str]) -> str:
    told = list(names)
    return ", ".join(told[:MOST]) + (" …" if len(told) > MOST else ".")


_ADVICE: Final[Sequence[tuple[re.Pattern[str], Callable[[GraphQLSchema, str], str | None]]]] = (
    (re.compile(r"in '(\w+)' enum"), _values),
    (re.compile(r"Enum '(\w+)' cannot"), _values),
    (re.compile(r"type '(\w+)' to be an object"), _shape),
    (re.compile(r"type '(\w+)' (?:to include required field|not to include unknown field)"), _fields),
    (re.compile(r"OneOf Input Object '(\w+)' must"), _one),
    (re.compile(r"Cannot query field '\w+' on type '(\w+Connection)'"), _entries),
    (re.compile(r"Unknown argument '\w+' on field '(Mutation)\."), _input),
)
