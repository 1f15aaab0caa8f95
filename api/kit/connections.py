"""Relay's shapes: nodes with global ids, connections, edges, page info."""

from typing import Generic, TypeVar

import strawberry

T = TypeVar("T")


@strawberry.interface(description="Anything with an ID of its own.")
class Node:
    id: strawberry.ID = strawberry.field(description="Opaque; the same for as long as the thing exists.")


@strawberry.type(description="Where a page lies in its list.")
class PageInfo:
    has_next_page: bool = strawberry.field(
        description="Whether more follows: exact when paging forwards; when backwards, whether `before` was given."
    )
    has_previous_page: bool = strawberry.field(
        description="Whether something comes before: exact when paging backwards; when forwards, whether `after` was given."
    )
    start_cursor: str | None = strawberry.field(description="Cursor of the page's first edge; null on an empty page.")
    end_cursor: str | None = strawberry.field(description="Cursor of the page's last edge; null on an empty page.")


@strawberry.type(description="One place in a list.")
class Edge(Generic[T]):
    cursor: str = strawberry.field(description="Opaque position of this edge, for `after` and `before` of the same list.")
    node: T = strawberry.field(description="What stands at this place.")


@strawberry.type(description="A page of a list.")
class Connection(Generic[T]):
    edges: list[Edge[T]] = strawberry.field(description="The page's entries with their cursors.")
    nodes: list[T] = strawberry.field(description="The page's entries, when no cursors are needed.")
    page_info: PageInfo = strawberry.field(description="Where this page lies in the list.")
    total_count: int = strawberry.field(description="Number of entries on all pages; counted only when asked for.")
