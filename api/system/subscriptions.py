"""`events`: the firehose, for scripts that want everything they may hear."""

from collections.abc import AsyncGenerator
from typing import Annotated

import strawberry

from api.kit.access import Permission
from api.kit.connections import Node
from api.kit.context import Info
from api.kit.fields import subscription
from api.kit.filtering import within
from api.kit.planner import node
from api.kit.scalars import JSON
from api.system.stream import common, facts
from api.system.tailer import Fact
from api.system.types import Event, Resync, Subscribed

Types = Annotated[
    list[str] | None,
    strawberry.argument(description="Only events of at most 100 types, such as job.completed; `job.*` stands for a family."),
]
After = Annotated[str | None, strawberry.argument(description="Cursor to go on behind: nothing in between is missed.")]


@strawberry.type(description="An event of any type.")
class EventHappened(Event):
    payload: JSON = strawberry.field(description="Small facts about it.")
    node: Node | None = strawberry.field(description="What it is about, as it stands now; null when it is gone or not yours.")
    fact: strawberry.Private[Fact | None] = None


EventMessage = Annotated[
    EventHappened | Subscribed | Resync, strawberry.union("EventMessage", description="What `events` sends.")
]


@strawberry.type
class SystemSubscriptions:
    """Streams of everything."""

    @subscription(Permission.READ, "Every event that you may hear, gap-free from `after` on.")
    async def events(self, info: Info, types: Types = None, after: After = None) -> AsyncGenerator[EventMessage, None]:
        exact = None if types is None else frozenset(within(types))
        families = tuple(each[:-1] for each in exact or () if each.endswith(".*"))

        def wants(fact: Fact) -> bool:
            return exact is None or fact.type in exact or (bool(families) and fact.type.startswith(families))

        async for message in facts(info.context, after=after, wants=wants):
            yield _event(info, message) if isinstance(message, Fact) else message


def _event(info: Info, fact: Fact) -> EventHappened:
    made: EventHappened | None = fact.shared.get(EventHappened)
    if made is None:
        made = EventHappened(**common(fact), payload=JSON(fact.payload), node=node(info, fact.subject), fact=fact)
        fact.shared[EventHappened] = made
    return made
