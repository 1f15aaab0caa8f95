"""Orders of lists: at most three keys, each a column and which end comes first."""

from collections.abc import Sequence
from enum import Enum
from typing import Any, Final, Protocol

from api.kit.enums import expose
from api.kit.filtering.refusing import refuse

MAX_KEYS: Final = 3


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


class SortKey(Protocol):
    """One key of an `orderBy`; the field's value is the name of its column."""

    field: Any
    direction: Direction


def sorted_by(model: type, given: Sequence[SortKey] | None, usual: object) -> object:
    """What `page(order_by=…)` takes: the given keys, or the usual ones. Raises GraphQLError for more than three."""
    if not given:
        return usual
    if len(given) > MAX_KEYS:
        raise refuse("At most three sort keys.", limit="orderBy", allowed=MAX_KEYS)
    return [(getattr(model, str(key.field.value)), str(key.direction.value)) for key in given]
