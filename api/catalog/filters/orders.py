"""What items can be sorted by. Each key has an index with the id behind it, with and without the item's kind before it."""

from enum import Enum

import strawberry

from api.kit.enums import expose
from api.kit.filtering import Direction, sorted_by
from domain.catalog import tables as t


class MediaItemOrderField(Enum):
    """What items can be sorted by."""

    TITLE = "sort_key"
    YEAR = "year"
    RELEASE_DATE = "release_date"
    CREATED_AT = "created_at"
    UPDATED_AT = "updated_at"
    RUNTIME = "runtime_ms"
    POPULARITY = "popularity"


expose(
    MediaItemOrderField,
    "What items can be sorted by.",
    {
        "TITLE": "Title without leading article, accents and case.",
        "YEAR": "Year of first release.",
        "RELEASE_DATE": "Day of first release.",
        "CREATED_AT": "When it was added.",
        "UPDATED_AT": "When its row last changed.",
        "RUNTIME": "Length, as sources say it.",
        "POPULARITY": "TMDB's measure of present interest.",
    },
)


@strawberry.input(description="One key to sort items by.")
class MediaItemOrder:
    field: MediaItemOrderField = strawberry.field(description="What to sort by.")
    direction: Direction = strawberry.field(default=Direction.ASC, description="Which end comes first.")


def item_order(given: list[MediaItemOrder] | None) -> object:
    """The sort keys; by title when none is given. Raises GraphQLError for more than three."""
    return sorted_by(t.MediaItem, given, t.MediaItem.sort_key)
