"""The root field that searches everything."""

from collections.abc import Sequence
from typing import Annotated

import strawberry
from sqlmodel import Session

from api.kit.access import Permission
from api.kit.connections import Connection, Edge
from api.kit.context import Info
from api.kit.fields import query
from api.kit.filtering import refuse
from api.kit.paging import After, Before, First, Last
from api.kit.planner import node
from api.search.lists import look_up
from api.search.paging import cut
from api.search.types import HighlightFragment, SearchHighlight, SearchHit
from domain.kit.errors import Invalid
from domain.kit.ids import global_id, key_of
from domain.search.asking import prepare
from domain.search.enums import SearchKind
from domain.search.finding import Hit, Where
from domain.search.highlighting import Highlight, highlights

Text = Annotated[
    str,
    strawberry.argument(
        description=(
            "What you remember of a name: words in any order, the last one unfinished, a year beside them; case, accents, "
            "punctuation, articles and one typing error in a word of four letters and more are forgiven. At most 200 characters."
        )
    ),
]
Types = Annotated[list[SearchKind] | None, strawberry.argument(description="Only these; everything if not given.")]
InLibrary = Annotated[strawberry.ID | None, strawberry.argument(description="Only items of this library.")]


@strawberry.type
class SearchQueries:
    """Search across everything with a name."""

    @query(Permission.READ, "Everything that answers, the best first, at most 2,000; nothing for an empty query.")
    async def search(
        self, info: Info, query: Text, types: Types = None, library: InLibrary = None, first: First = None,
        after: After = None, last: Last = None, before: Before = None,
    ) -> Connection[SearchHit] | None:  # fmt: skip
        try:
            library_id = None if library is None else key_of("libraries", library)
        except Invalid as error:
            raise refuse(error.message) from None
        hits = await look_up(info, query, Where(types, library_id))
        question = (query, sorted(types) if types is not None else None, library_id)
        found = cut(hits, question, first=first, after=after, last=last, before=before)
        marked = await info.context.read(_marked, query, found.hits) if found.hits else []
        nodes = [
            SearchHit(node=node(info, global_id(hit.table, hit.key)), score=hit.score, highlights=_shown(marks))
            for hit, marks in zip(found.hits, marked, strict=True)
        ]
        edges = [Edge(cursor=cursor, node=each) for cursor, each in zip(found.cursors, nodes, strict=True)]
        return Connection(edges=edges, nodes=nodes, page_info=found.info, total_count=len(hits))


def _marked(session: Session, text: str, hits: Sequence[Hit]) -> list[tuple[Highlight, ...]]:
    prepared = prepare(session, text)
    assert prepared is not None  # there are hits
    return highlights(session, prepared, hits)


def _shown(marks: Sequence[Highlight]) -> list[SearchHighlight]:
    return [
        SearchHighlight(
            field=each.field,
            fragments=[HighlightFragment(text=piece.text, is_match=piece.is_match) for piece in each.fragments],
        )
        for each in marks
    ]
