"""Filter inputs that every list shares, and how they become conditions."""

from collections.abc import Sequence
from enum import Enum
from typing import Any

import strawberry
from graphql import GraphQLError

from api.kit.enums import expose
from api.kit.planner import And, Compare, Condition, Contains, IsIn, Or, StartsWith
from domain.catalog.sorting import sort_key

MAX_DEPTH = 5
MAX_PREDICATES = 50
MAX_VALUES = 100


class Direction(Enum):
    """Which end of an order comes first."""

    ASC = "asc"
    DESC = "desc"


expose(
    Direction,
    "Which end of an order comes first.",
    {
        "ASC": "Smallest or first letter first; nothing last.",
        "DESC": "Largest or last letter first; nothing last.",
    },
)


@strawberry.input(description="Conditions on a whole number. Several are all to be met.")
class IntFilter:
    eq: int | None = strawberry.field(default=None, description="Equal to.")
    in_: list[int] | None = strawberry.field(name="in", default=None, description="One of these, at most 100.")
    gte: int | None = strawberry.field(default=None, description="This or more.")
    lte: int | None = strawberry.field(default=None, description="This or less.")


@strawberry.input(description="Conditions on a text, blind to case, accents and leading articles. Several are all to be met.")
class TextFilter:
    eq: str | None = strawberry.field(default=None, description="Equal to.")
    starts_with: str | None = strawberry.field(default=None, description="Begins with.")
    contains: str | None = strawberry.field(default=None, description="Holds.")


@strawberry.input(description="Conditions on an id. Several are all to be met.")
class IdFilter:
    eq: strawberry.ID | None = strawberry.field(default=None, description="Equal to.")
    in_: list[strawberry.ID] | None = strawberry.field(name="in", default=None, description="One of these, at most 100.")


def refuse(message: str) -> GraphQLError:
    """The error of a filter that asks for too much or nonsense."""
    return GraphQLError(message, extensions={"code": "BAD_USER_INPUT"})


def within(values: Sequence[Any]) -> Sequence[Any]:
    """The values, if there are not too many. Raises GraphQLError."""
    if len(values) > MAX_VALUES:
        raise refuse(f"A filter takes at most {MAX_VALUES} values; this one has {len(values)}.")
    return values


def int_conditions(attribute: object, given: IntFilter | None) -> list[Condition]:
    """Conditions of a whole-number filter."""
    if given is None:
        return []
    found: list[Condition] = []
    if given.eq is not None:
        found.append(Compare(attribute, "=", given.eq))
    if given.in_ is not None:
        found.append(IsIn(attribute, within(given.in_)))
    if given.gte is not None:
        found.append(Compare(attribute, ">=", given.gte))
    if given.lte is not None:
        found.append(Compare(attribute, "<=", given.lte))
    return found


def text_conditions(sort_attribute: object, given: TextFilter | None) -> list[Condition]:
    """Conditions of a text filter on a stored sort key: the same folding on both sides."""
    if given is None:
        return []
    found: list[Condition] = []
    if given.eq is not None:
        found.append(Compare(sort_attribute, "=", sort_key(given.eq)))
    if given.starts_with:
        found.append(StartsWith(sort_attribute, sort_key(given.starts_with)))
    if given.contains:
        found.append(Contains(sort_attribute, sort_key(given.contains)))
    return found


def together(conditions: Sequence[Condition]) -> Condition:
    """All of them."""
    return conditions[0] if len(conditions) == 1 else And(conditions)


def either(conditions: Sequence[Condition]) -> Condition:
    """At least one of them."""
    return conditions[0] if len(conditions) == 1 else Or(conditions)
