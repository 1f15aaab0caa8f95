"""Root fields that read the catalog."""

from typing import Annotated, Any, TypeVar

import strawberry
from graphql import GraphQLError

from api.catalog.bulk.types import Change
from api.catalog.filters import (
    CollectionOrder,
    CollectionWhere,
    GenreOrder,
    GenreWhere,
    MediaItemOrder,
    MediaItemWhere,
    PersonOrder,
    PersonWhere,
    StudioOrder,
    StudioWhere,
    collection_conditions,
    collection_order,
    genre_conditions,
    genre_order,
    item_conditions,
    item_order,
    person_conditions,
    person_order,
    studio_conditions,
    studio_order,
)
from api.catalog.references import LIBRARY, MediaRef, find
from api.catalog.types.items import MediaItem, Movie, Series
from api.catalog.types.people import Collection, Person
from api.catalog.types.values import Genre, Studio
from api.kit.access import Permission
from api.kit.connections import Connection, Node
from api.kit.context import Info
from api.kit.fields import query
from api.kit.filtering import TextFilter, bounded, refuse, text_conditions
from api.kit.paging import After, Before, First, First500, Last, Last500
from api.kit.planner import Condition, node, page, ref
from api.search.lists import Search, searched
from domain.catalog import tables as t
from domain.kit.errors import AmbiguousReference, Invalid, NotFound
from domain.kit.ids import key_of

MAX_NODES = 100

T = TypeVar("T")

Id = Annotated[strawberry.ID, strawberry.argument(description="A global id, such as itm_42.")]
Ids = Annotated[list[strawberry.ID], strawberry.argument(description="Global ids, at most 100.")]
Ref = Annotated[MediaRef, strawberry.argument(description="Which item.")]
InLibrary = Annotated[strawberry.ID | None, strawberry.argument(description=LIBRARY)]
Where = Annotated[MediaItemWhere | None, strawberry.argument(description="Which items; all you may see if not given.")]
OrderBy = Annotated[
    list[MediaItemOrder] | None,
    strawberry.argument(description="At most three keys; by title if not given. The id breaks ties."),
]
_BY_NAME = "At most three keys; by name if not given. The id breaks ties."
Name = Annotated[
    TextFilter | None,
    strawberry.argument(
        description="Which names; all if not given.",
        deprecation_reason="Use `where: {name: …}`. Removed after 2027-12-31.",
    ),
]
PeopleWhere = Annotated[PersonWhere | None, strawberry.argument(description="Which people; all if not given.")]
PeopleOrder = Annotated[list[PersonOrder] | None, strawberry.argument(description=_BY_NAME)]
CollectionsWhere = Annotated[CollectionWhere | None, strawberry.argument(description="Which collections; all if not given.")]
CollectionsOrder = Annotated[list[CollectionOrder] | None, strawberry.argument(description=_BY_NAME)]
GenresWhere = Annotated[GenreWhere | None, strawberry.argument(description="Which genres; all if not given.")]
GenresOrder = Annotated[list[GenreOrder] | None, strawberry.argument(description=_BY_NAME)]
StudiosWhere = Annotated[StudioWhere | None, strawberry.argument(description="Which studios; all if not given.")]
StudiosOrder = Annotated[list[StudioOrder] | None, strawberry.argument(description=_BY_NAME)]


@strawberry.type
class CatalogQueries:
    """Reads of items, people and what hangs on them."""

    @query(Permission.READ, "Whatever has this id; null when it is not there or not yours.")
    def node(self, info: Info, id: Id) -> Node | None:
        return node(info, id)

    @query(Permission.READ, "Whatever has these ids, in this order; null for what is not there or not yours.")
    def nodes(self, info: Info, ids: Ids) -> list[Node | None] | None:
        if len(ids) > MAX_NODES:
            raise refuse(f"At most {MAX_NODES} ids at once; these are {len(ids)}.")
        return [node(info, each) for each in ids]

    @query(Permission.READ, "The item that a reference means; null when it is not there or not yours.")
    async def media_item(self, info: Info, ref: Ref, library: InLibrary = None) -> MediaItem | None:
        return await _media_item(info, ref, library)

    @query(Permission.READ, "Items of every sort.")
    def media_items(
        self, info: Info, search: Search = None, where: Where = None, order_by: OrderBy = None, first: First500 = None,
        after: After = None, last: Last500 = None, before: Before = None,
    ) -> Connection[MediaItem] | None:  # fmt: skip
        return _items(info, MediaItem, search, where, order_by, first=first, after=after, last=last, before=before)

    @query(Permission.READ, "Films.")
    def movies(
        self, info: Info, search: Search = None, where: Where = None, order_by: OrderBy = None, first: First500 = None,
        after: After = None, last: Last500 = None, before: Before = None,
    ) -> Connection[Movie] | None:  # fmt: skip
        return _items(info, Movie, search, where, order_by, first=first, after=after, last=last, before=before)

    @query(Permission.READ, "Series.")
    def series(
        self, info: Info, search: Search = None, where: Where = None, order_by: OrderBy = None, first: First500 = None,
        after: After = None, last: Last500 = None, before: Before = None,
    ) -> Connection[Series] | None:  # fmt: skip
        return _items(info, Series, search, where, order_by, first=first, after=after, last=last, before=before)

    @query(Permission.READ, "People, by name if not told otherwise.")
    def people(
        self, info: Info, search: Search = None, name: Name = None, where: PeopleWhere = None,
        order_by: PeopleOrder = None, first: First = None, after: After = None, last: Last = None, before: Before = None,
    ) -> Connection[Person] | None:  # fmt: skip
        conditions = bounded([*text_conditions(t.Person.sort_key, name), *person_conditions(where)])
        return _listed(
            info, Person, search, conditions, person_order(order_by), is_sorted=bool(order_by), first=first, after=after,
            last=last, before=before,
        )  # fmt: skip

    @query(Permission.READ, "Film series and other sets, by name if not told otherwise.")
    def collections(
        self, info: Info, search: Search = None, name: Name = None, where: CollectionsWhere = None,
        order_by: CollectionsOrder = None, first: First = None, after: After = None, last: Last = None, before: Before = None,
    ) -> Connection[Collection] | None:  # fmt: skip
        conditions = bounded([*text_conditions(t.Collection.sort_key, name), *collection_conditions(where)])
        return _listed(
            info, Collection, search, conditions, collection_order(order_by), is_sorted=bool(order_by), first=first, after=after,
            last=last, before=before,
        )  # fmt: skip

    @query(Permission.READ, "Genres, by name.")
    def genres(
        self, where: GenresWhere = None, order_by: GenresOrder = None, first: First = None, after: After = None,
        last: Last = None, before: Before = None,
    ) -> Connection[Genre] | None:  # fmt: skip
        return page(
            Genre, where=genre_conditions(where), order_by=genre_order(order_by), first=first, after=after, last=last,
            before=before,
        )  # fmt: skip

    @query(Permission.READ, "Studios, networks, labels and publishers, by name.")
    def studios(
        self, info: Info, search: Search = None, name: Name = None, where: StudiosWhere = None, order_by: StudiosOrder = None,
        first: First = None, after: After = None, last: Last = None, before: Before = None,
    ) -> Connection[Studio] | None:  # fmt: skip
        conditions = bounded([*text_conditions(t.Studio.sort_key, name), *studio_conditions(where)])
        return _listed(
            info, Studio, search, conditions, studio_order(order_by), is_sorted=bool(order_by), first=first, after=after,
            last=last, before=before,
        )  # fmt: skip

    @query(Permission.READ, "What you changed about items, newest first (administrators: what everybody changed); 30 days.")
    def changes(
        self, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[Change] | None:
        return page(Change, order_by=((t.Change.id, "desc"),), first=first, after=after, last=last, before=before)


def _items(
    info: Info, type_: type[T], search: str | None, where: MediaItemWhere | None, order_by: list[MediaItemOrder] | None,
    **stretch: Any,
) -> Connection[T]:  # fmt: skip
    conditions, order = item_conditions(where), item_order(order_by)
    return _listed(info, type_, search, conditions, order, is_sorted=bool(order_by), **stretch, max_first=500)


def _listed(
    info: Info, type_: type[T], search: str | None, conditions: list[Condition], order: object, *, is_sorted: bool, **stretch: Any
) -> Connection[T]:
    """A page in its order or, of what is searched and not sorted by the client, by relevance."""
    if not search or not search.strip():
        return page(type_, where=conditions, order_by=order, **stretch)
    return searched(info, type_, search, where=conditions, order_by=order, is_by_relevance=not is_sorted, **stretch)


async def _media_item(info: Info, given: MediaRef, library: strawberry.ID | None) -> MediaItem | None:
    try:
        if given.id is not None and library is None:  # the planner looks for itself
            return ref(MediaItem, key_of("media_items", given.id.value))
        return ref(MediaItem, await find(info.context, given, library))
    except NotFound:
        return None
    except Invalid as error:
        raise refuse(error.message) from None
    except AmbiguousReference as error:
        extensions = {"code": error.code, "candidates": list(error.candidates)}
        raise GraphQLError(error.message, extensions=extensions) from None
