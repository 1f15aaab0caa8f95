"""Root fields that read the catalog."""

from typing import Annotated

import strawberry
from graphql import GraphQLError

from api.catalog.filters import MediaItemOrder, MediaItemWhere, item_conditions, item_order
from api.catalog.references import LIBRARY, MediaRef, find
from api.catalog.types.items import MediaItem, Movie, Series
from api.catalog.types.people import Collection, Person
from api.catalog.types.values import Genre, Studio
from api.kit.access import Permission
from api.kit.connections import Connection, Node
from api.kit.context import Info
from api.kit.fields import query
from api.kit.filtering import TextFilter, refuse, text_conditions
from api.kit.paging import After, Before, First, First500, Last, Last500
from api.kit.planner import node, page, ref
from domain.catalog import tables as t
from domain.kit.errors import AmbiguousReference, Invalid, NotFound

MAX_NODES = 100

Id = Annotated[strawberry.ID, strawberry.argument(description="A global id, such as itm_42.")]
Ids = Annotated[list[strawberry.ID], strawberry.argument(description="Global ids, at most 100.")]
Ref = Annotated[MediaRef, strawberry.argument(description="Which item.")]
InLibrary = Annotated[strawberry.ID | None, strawberry.argument(description=LIBRARY)]
Where = Annotated[MediaItemWhere | None, strawberry.argument(description="Which items; all you may see if not given.")]
OrderBy = Annotated[
    list[MediaItemOrder] | None,
    strawberry.argument(description="At most three keys; by title if not given. The id breaks ties."),
]
Name = Annotated[TextFilter | None, strawberry.argument(description="Which names; all if not given.")]


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
        self, where: Where = None, order_by: OrderBy = None, first: First500 = None, after: After = None,
        last: Last500 = None, before: Before = None,
    ) -> Connection[MediaItem] | None:  # fmt: skip
        return page(
            MediaItem, where=item_conditions(where), order_by=item_order(order_by), first=first, after=after, last=last,
            before=before, max_first=500,
        )  # fmt: skip

    @query(Permission.READ, "Films.")
    def movies(
        self, where: Where = None, order_by: OrderBy = None, first: First500 = None, after: After = None,
        last: Last500 = None, before: Before = None,
    ) -> Connection[Movie] | None:  # fmt: skip
        return page(
            Movie, where=item_conditions(where), order_by=item_order(order_by), first=first, after=after, last=last,
            before=before, max_first=500,
        )  # fmt: skip

    @query(Permission.READ, "Series.")
    def series(
        self, where: Where = None, order_by: OrderBy = None, first: First500 = None, after: After = None,
        last: Last500 = None, before: Before = None,
    ) -> Connection[Series] | None:  # fmt: skip
        return page(
            Series, where=item_conditions(where), order_by=item_order(order_by), first=first, after=after, last=last,
            before=before, max_first=500,
        )  # fmt: skip

    @query(Permission.READ, "People, by name.")
    def people(
        self, name: Name = None, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[Person] | None:
        return page(
            Person, where=text_conditions(t.Person.sort_key, name), order_by=t.Person.sort_key, first=first, after=after,
            last=last, before=before,
        )  # fmt: skip

    @query(Permission.READ, "Film series and other sets, by name.")
    def collections(
        self, name: Name = None, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[Collection] | None:
        return page(
            Collection, where=text_conditions(t.Collection.sort_key, name), order_by=t.Collection.sort_key, first=first,
            after=after, last=last, before=before,
        )  # fmt: skip

    @query(Permission.READ, "Genres, by name.")
    def genres(
        self, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[Genre] | None:
        return page(Genre, order_by=t.Genre.sort_key, first=first, after=after, last=last, before=before)

    @query(Permission.READ, "Studios, networks, labels and publishers, by name.")
    def studios(
        self, name: Name = None, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[Studio] | None:
        return page(
            Studio, where=text_conditions(t.Studio.sort_key, name), order_by=t.Studio.sort_key, first=first, after=after,
            last=last, before=before,
        )  # fmt: skip


async def _media_item(info: Info, given: MediaRef, library: strawberry.ID | None) -> MediaItem | None:
    try:
        return ref(MediaItem, await find(info.context, given, library))
    except NotFound:
        return None
    except Invalid as error:
        raise refuse(error.message) from None
    except AmbiguousReference as error:
        extensions = {"code": error.code, "candidates": list(error.candidates)}
        raise GraphQLError(error.message, extensions=extensions) from None
