"""`inboundEventReceived`: webhooks as they come in and as they are dealt with."""

from collections.abc import AsyncGenerator
from typing import Annotated

import strawberry
from graphql import GraphQLError

from api.downloaders.types import InboundEvent
from api.kit.access import Permission
from api.kit.context import Context, Info
from api.kit.fields import subscription
from api.kit.filtering import refuse, within
from api.kit.planner import ref
from api.system.stream import common, facts
from api.system.tailer import Fact
from api.system.types import Event, Resync, Subscribed
from domain.downloaders.queries import find
from domain.downloaders.service import TOPIC
from domain.kit.errors import Invalid, NotFound
from domain.kit.ids import global_id as id_of
from domain.kit.ids import key_of
from domain.libraries.enums import SourceKind

Kinds = Annotated[
    list[SourceKind] | None, strawberry.argument(description="Only those of senders of one of these kinds; all if not given.")
]
Which = Annotated[strawberry.ID | None, strawberry.argument(name="source", description="Only those of this downloader.")]
Types = Annotated[
    list[str] | None, strawberry.argument(description="Only those of one of these types, at most 100, such as Download.")
]
After = Annotated[str | None, strawberry.argument(description="Cursor to go on behind.")]


@strawberry.type(
    description=(
        "A webhook came or was dealt with. `type` is inbound_event.received, inbound_event.replayed, inbound_event.processed,"
        " inbound_event.ignored or inbound_event.failed."
    )
)
class InboundEventReceived(Event):
    node: InboundEvent | None = strawberry.field(description="The webhook as it stands now.")
    fact: strawberry.Private[Fact | None] = None


InboundMessage = Annotated[
    InboundEventReceived | Subscribed | Resync,
    strawberry.union("InboundEventReceivedMessage", description="What `inboundEventReceived` sends."),
]


@strawberry.type
class DownloaderSubscriptions:
    """Streams of downloaders."""

    @subscription(Permission.ADMIN, "Webhooks: each when it comes, and again when it has been dealt with.")
    async def inbound_event_received(
        self, info: Info, source_id: Which = None, kinds: Kinds = None, types: Types = None, after: After = None
    ) -> AsyncGenerator[InboundMessage, None]:
        senders = None if kinds is None else {kind.value for kind in within(kinds)}
        only = None if source_id is None else await _id(info.context, source_id)
        wanted = None if types is None else {each.casefold() for each in within(types)}

        def wants(fact: Fact) -> bool:
            if fact.topic != TOPIC or not fact.type.startswith("inbound_event."):
                return False
            if senders is not None and fact.payload.get("source") not in senders:
                return False
            if only is not None and fact.payload.get("sourceId") != only:
                return False
            return wanted is None or str(fact.payload.get("type")).casefold() in wanted

        async for message in facts(info.context, after=after, wants=wants):
            yield _received(message) if isinstance(message, Fact) else message


async def _id(context: Context, source: strawberry.ID) -> str:
    """The id of a downloader that is there: of another one nothing would ever be told. Raises GraphQLError."""
    try:
        row = await context.read(find, key_of("sources", source, path=("source",)))
    except Invalid as error:
        raise refuse(error.message) from None
    except NotFound as error:
        raise GraphQLError(error.message, extensions={"code": error.code}) from None
    return id_of("sources", row.id)


def _received(fact: Fact) -> InboundEventReceived:
    made: InboundEventReceived | None = fact.shared.get(InboundEventReceived)
    if made is None:
        node = ref(InboundEvent, key_of("inbound_events", fact.subject))
        made = fact.shared[InboundEventReceived] = InboundEventReceived(**common(fact), node=node, fact=fact)
    return made
