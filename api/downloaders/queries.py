"""Root fields that read downloaders and what they sent."""

from typing import Annotated

import strawberry

from api.downloaders.asking import DownloaderAsking
from api.downloaders.filters import InboundEventOrder, InboundEventWhere, inbound_conditions, inbound_order
from api.downloaders.types import InboundEvent, Source
from api.kit.access import Permission
from api.kit.connections import Connection
from api.kit.fields import query
from api.kit.filtering import bounded, within
from api.kit.paging import After, Before, First, Last
from api.kit.planner import IsIn, page
from domain.downloaders.queries import KINDS
from domain.libraries import tables as t
from domain.libraries.enums import SourceKind

Kinds = Annotated[
    list[SourceKind] | None, strawberry.argument(description="Only those of one of these kinds; all downloaders if not given.")
]
Where = Annotated[InboundEventWhere | None, strawberry.argument(description="Which webhooks; all if not given.")]
OrderBy = Annotated[
    list[InboundEventOrder] | None,
    strawberry.argument(description="At most three keys; newest first if not given. The id breaks ties."),
]


@strawberry.type
class DownloaderQueries(DownloaderAsking):
    """Downloaders and their webhooks."""

    @query(Permission.ADMIN, "Downloaders: Radarr, Sonarr and Lidarr, by name.")
    def sources(
        self, kinds: Kinds = None, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[Source] | None:
        wanted = IsIn(t.Source.kind, within(list(KINDS) if kinds is None else kinds))
        order = (t.Source.name, t.Source.id)
        return page(Source, where=[wanted], order_by=order, first=first, after=after, last=last, before=before)

    @query(Permission.ADMIN, "Webhooks as they came, newest first, with what became of them. They are kept for 30 days.")
    def inbound_events(
        self, where: Where = None, order_by: OrderBy = None, first: First = None, after: After = None, last: Last = None,
        before: Before = None,
    ) -> Connection[InboundEvent] | None:  # fmt: skip
        conditions = bounded(inbound_conditions(where))
        return page(
            InboundEvent, where=conditions, order_by=inbound_order(order_by), first=first, after=after, last=last, before=before
        )
