"""The errors of filters that ask for too much or nonsense."""

from collections.abc import Sequence
from typing import Any, Final, TypeVar

from graphql import GraphQLError

S = TypeVar("S", bound=Sequence[Any])

MAX_VALUES: Final = 100


def refuse(message: str, *, limit: str | None = None, allowed: int | None = None) -> GraphQLError:
    """The error of a filter; `limit` names the limit that it exceeds, and `allowed` says how far it goes."""
    extensions: dict[str, Any] = {"code": "BAD_USER_INPUT"}
    if limit is not None:
        extensions |= {"limit": limit, "allowed": allowed}
    return GraphQLError(message, extensions=extensions)


def within(values: S) -> S:
    """The values, if there are not too many. Raises GraphQLError."""
    if len(values) > MAX_VALUES:
        message = f"A filter takes at most {MAX_VALUES} values; this one has {len(values)}."
        raise refuse(message, limit="filterValues", allowed=MAX_VALUES)
    return values
