"""Page arguments and cursors: opaque base64url of JSON [fingerprint of the order, value of each key]."""

import base64
import binascii
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson
from graphql import GraphQLError

from api.kit.planner.kinds import PARSERS, is_storable
from api.kit.planner.orders import Ordering

USUAL_FIRST: Final = 25
MAX_FIRST: Final = 100


class BadArgument(GraphQLError):
    """A page argument out of its bounds."""

    def __init__(self, message: str) -> None:
        super().__init__(message, extensions={"code": "INVALID_ARGUMENT"})


class InvalidCursor(GraphQLError):
    """A cursor that is none, or that comes from a list of another order."""

    def __init__(self) -> None:
        super().__init__(
            "This cursor does not belong to this list and order: begin without it, or repeat the `orderBy` it came with.",
            extensions={"code": "INVALID_CURSOR"},
        )


@dataclass(frozen=True, slots=True)
class Window:
    """Which stretch of a list is asked for: `size` rows beyond `cursor`, forwards or backwards."""

    size: int
    cursor: str | None
    is_backward: bool


def window(*, first: int | None, after: str | None, last: int | None, before: str | None, most: int = MAX_FIRST) -> Window:
    """Check Relay's four arguments. Raises BadArgument."""
    if first is not None and last is not None:
        raise BadArgument("Give 'first' or 'last', not both.")
    if before is not None and last is None:
        raise BadArgument("'before' pages backwards: give 'last' with it.")
    if after is not None and last is not None:
        raise BadArgument("'after' pages forwards: give 'first' with it, or 'before' with 'last'.")
    name, size = ("last", last) if last is not None else ("first", USUAL_FIRST if first is None else first)
    if not 0 <= size <= most:
        more = "after: pageInfo.endCursor" if name == "first" else "before: pageInfo.startCursor"
        raise BadArgument(f"'{name}' must be between 0 and {most}; for more go on with `{more}`.")
    return Window(size, before if last is not None else after, last is not None)


def check_texts(values: Iterable[Any]) -> None:
    """Refuse texts that no database stores. Raises BadArgument."""
    for value in values:
        if isinstance(value, list):
            check_texts(value)
        elif isinstance(value, str) and not is_storable(value):
            raise BadArgument("A text holds a character that cannot be stored (NUL, or half of a surrogate pair).")


def encode_cursor(fingerprint: str, values: Sequence[Any]) -> str:
    """The cursor of a row with these key values (as `kinds.plain` gives them)."""
    return base64.urlsafe_b64encode(orjson.dumps([fingerprint, *values])).decode().rstrip("=")


def open_cursor(cursor: str) -> list[Any]:
    """What a cursor holds, the fingerprint first; nothing of it is checked. Raises InvalidCursor."""
    try:
        found = orjson.loads(base64.b64decode(cursor.encode() + b"=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
    except (ValueError, binascii.Error, UnicodeError):
        raise InvalidCursor from None
    if not isinstance(found, list) or not found:
        raise InvalidCursor
    return found


def decode_cursor(cursor: str, ordering: Ordering) -> list[Any]:
    """The key values in a cursor of this order, as Python values ready to be bound. Raises InvalidCursor."""
    found = open_cursor(cursor)
    try:
        if len(found) != len(ordering.keys) + 1 or found[0] != ordering.fingerprint:
            raise ValueError("another list's")
        values = []
        for key, value in zip(ordering.keys, found[1:], strict=True):
            if value is None and not key.is_nullable:
                raise ValueError("no null here")
            values.append(None if value is None else PARSERS[key.kind](value))
    except (ValueError, TypeError):
        raise InvalidCursor from None
    return values
