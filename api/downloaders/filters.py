"""Filters and orders of inbound events."""

from enum import Enum

import strawberry

from api.kit.enums import expose
from api.kit.filtering import (
    DateTimeFilter,
    Direction,
    IdFilter,
    Rule,
    WordFilter,
    compiled,
    ids,
    members,
    number,
    sorted_by,
    words,
)
from api.kit.planner import Condition
from domain.system.enums import InboundFailure, InboundStatus
from domain.system.tables import InboundEvent as Row


@strawberry.input(description="Which webhooks. Fields side by side are all to be met; at most 50 conditions, 5 levels deep.")
class InboundEventWhere:
    and_: "list[InboundEventWhere] | None" = strawberry.field(name="and", default=None, description="All of these.")
    or_: "list[InboundEventWhere] | None" = strawberry.field(name="or", default=None, description="At least one of these.")
    not_: "InboundEventWhere | None" = strawberry.field(name="not", default=None, description="Not this.")
    id: IdFilter | None = strawberry.field(default=None, description="Its id.")
    source: IdFilter | None = strawberry.field(default=None, description="Who sent it.")
    kind: WordFilter | None = strawberry.field(default=None, description="What sort of sender: radarr, sonarr, lidarr.")
    type: WordFilter | None = strawberry.field(default=None, description="As the sender calls it: Download, Grab …")
    status: list[InboundStatus] | None = strawberry.field(default=None, description="One of these.")
    failure: list[InboundFailure] | None = strawberry.field(default=None, description="One of these reasons.")
    chain: WordFilter | None = strawberry.field(default=None, description="Id of the chain of jobs that deals with it.")
    received_at: DateTimeFilter | None = strawberry.field(default=None, description="When it came first.")


class InboundEventOrderField(Enum):
    """What webhooks can be sorted by."""

    RECEIVED_AT = "created_at"


expose(InboundEventOrderField, "What webhooks can be sorted by.", {"RECEIVED_AT": "When it came first."})


@strawberry.input(description="One key to sort webhooks by.")
class InboundEventOrder:
    field: InboundEventOrderField = strawberry.field(description="What to sort by.")
    direction: Direction = strawberry.field(default=Direction.ASC, description="Which end comes first.")


def inbound_order(given: list[InboundEventOrder] | None) -> object:
    """The sort keys, or the usual ones. Raises GraphQLError for more than three."""
    return sorted_by(Row, given, (Row.id, "desc"))


_RULES: dict[str, Rule] = {
    "id": ids(Row.id, "inbound_events"),
    "source": ids(Row.source_id, "sources"),
    "kind": words(Row.source),
    "type": words(Row.type),
    "status": members(Row.status),
    "failure": members(Row.failure),
    "chain": words(Row.chain),
    "received_at": number(Row.created_at),
}


def inbound_conditions(where: InboundEventWhere | None) -> list[Condition]:
    """The conditions of a filter. Raises GraphQLError."""
    return compiled(where, _RULES)
