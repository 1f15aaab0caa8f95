"""Filters and orders of people, collections, genres and studios."""

from enum import Enum

import strawberry

from api.catalog.filters.parts import NOT_REMOVED
from api.kit.enums import expose
from api.kit.filtering import (
    DateFilter,
    DateTimeFilter,
    Direction,
    IdFilter,
    LinkFilter,
    Rule,
    TextFilter,
    compiled,
    ids,
    links,
    number,
    sorted_by,
    text,
)
from api.kit.planner import Condition
from domain.catalog import tables as t


@strawberry.input(description="Which people. Fields side by side are all to be met; at most 50 conditions, 5 levels deep.")
class PersonWhere:
    and_: "list[PersonWhere] | None" = strawberry.field(name="and", default=None, description="All of these.")
    or_: "list[PersonWhere] | None" = strawberry.field(name="or", default=None, description="At least one of these.")
    not_: "PersonWhere | None" = strawberry.field(name="not", default=None, description="Not this.")
    id: IdFilter | None = strawberry.field(default=None, description="Their id.")
    name: TextFilter | None = strawberry.field(default=None, description="Their name.")
    birth_date: DateFilter | None = strawberry.field(default=None, description="Day of birth.")
    death_date: DateFilter | None = strawberry.field(default=None, description="Day of death.")
    items: LinkFilter | None = strawberry.field(default=None, description="Items they have a part in.")
    created_at: DateTimeFilter | None = strawberry.field(default=None, description="When they were added.")


@strawberry.input(description="Which collections. Fields side by side are all to be met; at most 50 conditions, 5 levels deep.")
class CollectionWhere:
    and_: "list[CollectionWhere] | None" = strawberry.field(name="and", default=None, description="All of these.")
    or_: "list[CollectionWhere] | None" = strawberry.field(name="or", default=None, description="At least one of these.")
    not_: "CollectionWhere | None" = strawberry.field(name="not", default=None, description="Not this.")
    id: IdFilter | None = strawberry.field(default=None, description="Its id.")
    name: TextFilter | None = strawberry.field(default=None, description="Its name.")
    items: LinkFilter | None = strawberry.field(default=None, description="Its members.")
    created_at: DateTimeFilter | None = strawberry.field(default=None, description="When it was added.")


@strawberry.input(description="Which genres. Fields side by side are all to be met; at most 50 conditions, 5 levels deep.")
class GenreWhere:
    and_: "list[GenreWhere] | None" = strawberry.field(name="and", default=None, description="All of these.")
    or_: "list[GenreWhere] | None" = strawberry.field(name="or", default=None, description="At least one of these.")
    not_: "GenreWhere | None" = strawberry.field(name="not", default=None, description="Not this.")
    id: IdFilter | None = strawberry.field(default=None, description="Its id.")
    name: TextFilter | None = strawberry.field(default=None, description="Its name.")
    items: LinkFilter | None = strawberry.field(default=None, description="Items of it.")


@strawberry.input(description="Which studios. Fields side by side are all to be met; at most 50 conditions, 5 levels deep.")
class StudioWhere:
    and_: "list[StudioWhere] | None" = strawberry.field(name="and", default=None, description="All of these.")
    or_: "list[StudioWhere] | None" = strawberry.field(name="or", default=None, description="At least one of these.")
    not_: "StudioWhere | None" = strawberry.field(name="not", default=None, description="Not this.")
    id: IdFilter | None = strawberry.field(default=None, description="Its id.")
    name: TextFilter | None = strawberry.field(default=None, description="Its name.")
    items: LinkFilter | None = strawberry.field(default=None, description="Items of it.")


class PersonOrderField(Enum):
    """What people can be sorted by."""

    NAME = "sort_key"
    BIRTH_DATE = "birth_date"
    CREATED_AT = "created_at"


class CollectionOrderField(Enum):
    """What collections can be sorted by."""

    NAME = "sort_key"
    CREATED_AT = "created_at"


class GenreOrderField(Enum):
    """What genres can be sorted by."""

    NAME = "sort_key"


class StudioOrderField(Enum):
    """What studios can be sorted by."""

    NAME = "sort_key"


_NAME = "Name without accents and case."
_BORN = {"NAME": _NAME, "BIRTH_DATE": "Day of birth.", "CREATED_AT": "When they were added."}
expose(PersonOrderField, "What people can be sorted by.", _BORN)
expose(CollectionOrderField, "What collections can be sorted by.", {"NAME": _NAME, "CREATED_AT": "When it was added."})
expose(GenreOrderField, "What genres can be sorted by.", {"NAME": _NAME})
expose(StudioOrderField, "What studios can be sorted by.", {"NAME": _NAME})


@strawberry.input(description="One key to sort people by.")
class PersonOrder:
    field: PersonOrderField = strawberry.field(description="What to sort by.")
    direction: Direction = strawberry.field(default=Direction.ASC, description="Which end comes first.")


@strawberry.input(description="One key to sort collections by.")
class CollectionOrder:
    field: CollectionOrderField = strawberry.field(description="What to sort by.")
    direction: Direction = strawberry.field(default=Direction.ASC, description="Which end comes first.")


@strawberry.input(description="One key to sort genres by.")
class GenreOrder:
    field: GenreOrderField = strawberry.field(description="What to sort by.")
    direction: Direction = strawberry.field(default=Direction.ASC, description="Which end comes first.")


@strawberry.input(description="One key to sort studios by.")
class StudioOrder:
    field: StudioOrderField = strawberry.field(description="What to sort by.")
    direction: Direction = strawberry.field(default=Direction.ASC, description="Which end comes first.")


_PEOPLE: dict[str, Rule] = {
    "id": ids(t.Person.id, "people"),
    "name": text(t.Person.sort_key),
    "birth_date": number(t.Person.birth_date),
    "death_date": number(t.Person.death_date),
    "items": links(t.Credit.person_id, t.Credit.item_id, "media_items", (NOT_REMOVED,)),
    "created_at": number(t.Person.created_at),
}
_COLLECTIONS: dict[str, Rule] = {
    "id": ids(t.Collection.id, "collections"),
    "name": text(t.Collection.sort_key),
    "items": links(t.CollectionMember.collection_id, t.CollectionMember.item_id, "media_items"),
    "created_at": number(t.Collection.created_at),
}
_GENRES: dict[str, Rule] = {
    "id": ids(t.Genre.id, "genres"),
    "name": text(t.Genre.sort_key),
    "items": links(t.ItemGenre.genre_id, t.ItemGenre.item_id, "media_items"),
}
_STUDIOS: dict[str, Rule] = {
    "id": ids(t.Studio.id, "studios"),
    "name": text(t.Studio.sort_key),
    "items": links(t.ItemStudio.studio_id, t.ItemStudio.item_id, "media_items"),
}


def person_conditions(where: PersonWhere | None) -> list[Condition]:
    """The conditions on people. Raises GraphQLError."""
    return compiled(where, _PEOPLE)


def collection_conditions(where: CollectionWhere | None) -> list[Condition]:
    """The conditions on collections. Raises GraphQLError."""
    return compiled(where, _COLLECTIONS)


def genre_conditions(where: GenreWhere | None) -> list[Condition]:
    """The conditions on genres. Raises GraphQLError."""
    return compiled(where, _GENRES)


def studio_conditions(where: StudioWhere | None) -> list[Condition]:
    """The conditions on studios. Raises GraphQLError."""
    return compiled(where, _STUDIOS)


def person_order(given: list[PersonOrder] | None) -> object:
    """The sort keys; by name when none is given."""
    return sorted_by(t.Person, given, t.Person.sort_key)


def collection_order(given: list[CollectionOrder] | None) -> object:
    """The sort keys; by name when none is given."""
    return sorted_by(t.Collection, given, t.Collection.sort_key)


def genre_order(given: list[GenreOrder] | None) -> object:
    """The sort keys; by name when none is given."""
    return sorted_by(t.Genre, given, t.Genre.sort_key)


def studio_order(given: list[StudioOrder] | None) -> object:
    """The sort keys; by name when none is given."""
    return sorted_by(t.Studio, given, t.Studio.sort_key)
