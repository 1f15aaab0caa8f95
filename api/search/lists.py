"""The argument `search` of a list: it keeps what answers, and without another order the best answer comes first."""

from collections.abc import Awaitable, Collection, Sequence
from typing import Annotated, TypeVar, cast

import strawberry

from api.kit.connections import Connection, Edge
from api.kit.context import Info
from api.kit.filtering import refuse
from api.kit.planner import IsIn, page, ref, refs
from api.kit.planner.conditions import Condition
from api.kit.planner.narrowing import narrowed
from api.kit.planner.registry import Entity
from api.search.paging import cut
from domain.kit.errors import Invalid
from domain.kit.policy import Viewer
from domain.search.enums import SearchKind
from domain.search.finding import Hit, Where, find

T = TypeVar("T")

Search = Annotated[
    str | None,
    strawberry.argument(
        description="What answers this, as `search` finds it; best first unless `orderBy` is given. At most 200 characters."
    ),
]


def searched(
    info: Info, type_: type[T], text: str, *, where: Sequence[Condition], order_by: object, is_by_relevance: bool,
    kinds: Collection[SearchKind] | None = None, first: int | None, after: str | None, last: int | None, before: str | None,
    max_first: int = 100,
) -> Connection[T]:  # fmt: skip
    """A page of what answers `text` among an entity's rows; in a field's resolver, where it is awaited."""
    question = (type_.__name__, text, [each.shape for each in where], [each.binds for each in where])

    async def answer() -> Connection[T]:
        entity: Entity = type_.__entity__  # type: ignore[attr-defined]
        hits = await look_up(info, text, Where(_kinds(entity, kinds)))
        if not is_by_relevance:
            keys = IsIn(getattr(entity.model, entity.key), [hit.key for hit in hits])
            return page(
                type_, where=[*where, keys], order_by=order_by, first=first, after=after, last=last, before=before,
                max_first=max_first,
            )  # fmt: skip
        if where and hits:
            kept = await info.context.read(narrow, info.context.viewer, entity, hits, where)
            hits = [hit for hit in hits if hit.key in kept]
        found = cut(hits, question, first=first, after=after, last=last, before=before, most=max_first)
        nodes = [hit.key for hit in found.hits]
        edges = [Edge(cursor=cursor, node=ref(type_, key)) for key, cursor in zip(nodes, found.cursors, strict=True)]
        return Connection(
            edges=edges, nodes=cast("list[T]", refs(type_, nodes)), page_info=found.info, total_count=len(hits)
        )  # fmt: skip

    return cast(Connection[T], cast(Awaitable[Connection[T]], answer()))


async def look_up(info: Info, text: str, where: Where) -> list[Hit]:
    """What answers, for this viewer. Raises GraphQLError for a text that is too long."""
    try:
        return await info.context.read(find, info.context.viewer, text, where)
    except Invalid as error:
        raise refuse(error.message) from None


def narrow(session: object, viewer: Viewer, entity: Entity, hits: Sequence[Hit], where: Sequence[Condition]) -> set[int]:
    """The keys among `hits` that meet `where`."""
    return narrowed(session, viewer, entity, [hit.key for hit in hits], where)  # type: ignore[arg-type]


def _kinds(entity: Entity, given: Collection[SearchKind] | None) -> Collection[SearchKind] | None:
    if given is not None:
        return given
    if entity.kinds:
        return [SearchKind(kind) for kind in entity.kinds]
    owned = {"people": SearchKind.PERSON, "collections": SearchKind.COLLECTION, "studios": SearchKind.STUDIO}
    name = entity.table.name
    if name in owned:
        return [owned[name]]
    return [kind for kind in SearchKind if kind not in (*owned.values(), SearchKind.GENRE)]
