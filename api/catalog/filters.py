"""Filters and orders of media items."""

from enum import Enum

import strawberry

from api.kit.enums import expose
from api.kit.filtering import (
    MAX_DEPTH,
    MAX_PREDICATES,
    Direction,
    IdFilter,
    IntFilter,
    TextFilter,
    either,
    int_conditions,
    refuse,
    text_conditions,
    together,
    within,
)
from api.kit.planner import Compare, Condition, Exists, IsIn, Not
from domain.catalog import tables as t
from domain.catalog.enums import Availability, Identification, ItemKind
from domain.kit.errors import Invalid
from domain.kit.ids import key_of


@strawberry.input(description="Conditions on an item's links to genres, by id.")
class GenreFilter:
    any_of: list[strawberry.ID] | None = strawberry.field(default=None, description="Has at least one of these, at most 100.")
    none_of: list[strawberry.ID] | None = strawberry.field(default=None, description="Has none of these, at most 100.")


@strawberry.input(description="Which items. Fields side by side are all to be met.")
class MediaItemWhere:
    and_: "list[MediaItemWhere] | None" = strawberry.field(name="and", default=None, description="All of these.")
    or_: "list[MediaItemWhere] | None" = strawberry.field(name="or", default=None, description="At least one of these.")
    not_: "MediaItemWhere | None" = strawberry.field(name="not", default=None, description="Not this.")
    kind: list[ItemKind] | None = strawberry.field(default=None, description="One of these kinds.")
    library: IdFilter | None = strawberry.field(default=None, description="The library it lies in.")
    title: TextFilter | None = strawberry.field(default=None, description="Its title.")
    year: IntFilter | None = strawberry.field(default=None, description="Year of its first release.")
    genres: GenreFilter | None = strawberry.field(default=None, description="Its genres.")
    availability: list[Availability] | None = strawberry.field(default=None, description="Whether a file is there.")
    identification: list[Identification] | None = strawberry.field(default=None, description="Whether it is known.")
    is_monitored: bool | None = strawberry.field(default=None, description="Whether automation looks after its artwork.")


class MediaItemOrderField(Enum):
    """What items can be sorted by."""

    TITLE = "sort_key"
    YEAR = "year"
    RELEASE_DATE = "release_date"
    CREATED_AT = "created_at"


expose(
    MediaItemOrderField,
    "What items can be sorted by.",
    {
        "TITLE": "Title without leading article, accents and case.",
        "YEAR": "Year of first release.",
        "RELEASE_DATE": "Day of first release.",
        "CREATED_AT": "When it was added.",
    },
)


@strawberry.input(description="One key to sort items by.")
class MediaItemOrder:
    field: MediaItemOrderField = strawberry.field(description="What to sort by.")
    direction: Direction = strawberry.field(default=Direction.ASC, description="Which end comes first.")


def item_order(given: list[MediaItemOrder] | None) -> list[tuple[object, str]]:
    """The sort keys; by title when none is given. Raises GraphQLError for more than three."""
    if given is not None and len(given) > 3:
        raise refuse("At most three sort keys.")
    keys = given or [MediaItemOrder(field=MediaItemOrderField.TITLE)]
    return [(getattr(t.MediaItem, str(key.field.value)), str(key.direction.value)) for key in keys]


def item_conditions(where: MediaItemWhere | None) -> list[Condition]:
    """The conditions of a filter. Raises GraphQLError for one that is too deep or too large."""
    if where is None:
        return []
    counter = [0]
    return _conditions(where, 1, counter)


def _conditions(where: MediaItemWhere, depth: int, counter: list[int]) -> list[Condition]:
    if depth > MAX_DEPTH:
        raise refuse(f"A filter is at most {MAX_DEPTH} levels deep.")
    found: list[Condition] = [
        *_own(where),
        *text_conditions(t.MediaItem.sort_key, where.title),
        *int_conditions(t.MediaItem.year, where.year),
        *_genres(where.genres),
        *_library(where.library),
    ]
    is_leaf = not (where.and_ or where.or_ or where.not_)
    counter[0] += len(found) or is_leaf  # an empty leaf is one, too: SQLite takes a thousand levels, and an OR of many is as deep
    if counter[0] > MAX_PREDICATES:
        raise refuse(f"A filter has at most {MAX_PREDICATES} conditions.")
    for each in where.and_ or []:
        found += _conditions(each, depth + 1, counter)
    if where.or_ is not None:
        branches = [together(_conditions(each, depth + 1, counter)) for each in where.or_]
        found.append(either(branches))
    if where.not_ is not None:
        found.append(Not(together(_conditions(where.not_, depth + 1, counter))))
    return found


def _own(where: MediaItemWhere) -> list[Condition]:
    found: list[Condition] = []
    if where.kind is not None:
        found.append(IsIn(t.MediaItem.kind, within(where.kind)))
    if where.availability is not None:
        found.append(IsIn(t.MediaItem.availability, within(where.availability)))
    if where.identification is not None:
        found.append(IsIn(t.MediaItem.identification, within(where.identification)))
    if where.is_monitored is not None:
        found.append(Compare(t.MediaItem.is_monitored, "=", where.is_monitored))
    return found


def _genres(given: GenreFilter | None) -> list[Condition]:
    found: list[Condition] = []
    if given is not None and given.any_of is not None:
        found.append(_has_genre(given.any_of))
    if given is not None and given.none_of is not None:
        found.append(Not(_has_genre(given.none_of)))
    return found


def _has_genre(ids: list[strawberry.ID]) -> Condition:
    return Exists(t.ItemGenre.item_id, [IsIn(t.ItemGenre.genre_id, _keys("genres", ids))])


def _library(given: IdFilter | None) -> list[Condition]:
    found: list[Condition] = []
    if given is not None and given.eq is not None:
        found.append(Compare(t.MediaItem.library_id, "=", _keys("libraries", [given.eq])[0]))
    if given is not None and given.in_ is not None:
        found.append(IsIn(t.MediaItem.library_id, _keys("libraries", given.in_)))
    return found


def _keys(table: str, ids: list[strawberry.ID]) -> list[int]:
    try:
        return [key_of(table, each) for each in within(ids)]
    except Invalid as error:
        raise refuse(error.message) from None
