"""Events in the schema."""

from datetime import datetime
from enum import Enum

import strawberry

from api.kit.enums import expose


class ResyncReason(Enum):
    """Why a subscriber must read the present state anew."""

    EXPIRED = "expired"
    EPOCH = "epoch"
    LAGGED = "lagged"


expose(
    ResyncReason,
    "Why a subscriber must read the present state anew.",
    {
        "EXPIRED": "What followed the cursor is no longer kept.",
        "EPOCH": "The log is another one: a backup was restored.",
        "LAGGED": "The client read more slowly than things happened.",
    },
)


@strawberry.type(description="First message: everything after this cursor follows.")
class Subscribed:
    cursor: str = strawberry.field(description="Give it as `after` when you come back, and nothing is missed.")


@strawberry.type(description="Last message: events were missed. Read the present state, then subscribe anew without `after`.")
class Resync:
    reason: ResyncReason = strawberry.field(description="Why.")
    cursor: str = strawberry.field(description="The present end of the log.")


@strawberry.interface(description="A fact in the past tense.")
class Event:
    cursor: str = strawberry.field(description="Its place in the log; `after` goes on behind it.")
    occurred_at: datetime = strawberry.field(description="When it happened.")
    type: str = strawberry.field(description="Dotted, such as job.completed; `present` = not a change but how things stand.")
    actor: str | None = strawberry.field(description="Id of who did it, or `system`.")
    subject: strawberry.ID = strawberry.field(description="Id of what it is about.")
    changed_fields: list[str] | None = strawberry.field(description="Fields that differ, where that is known.")
