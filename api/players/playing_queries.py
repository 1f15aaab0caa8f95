"""Root fields that read what plays, and what was remembered of it."""

from typing import Annotated

import strawberry

from api.kit.access import Permission
from api.kit.connections import Connection
from api.kit.fields import query
from api.kit.filtering import IdFilter, Rule, bounded, compiled, ids, members, some
from api.kit.paging import After, Before, First, Last
from api.kit.planner import Compare, Not, desc, page
from api.players.playing import Playback, PlaybackCapture
from domain.players import tables as t
from domain.players.enums import CaptureReason, CaptureStatus, PlaybackStatus


@strawberry.input(description="Which playbacks. Fields side by side are all to be met; at most 50 conditions, 5 levels deep.")
class PlaybackWhere:
    and_: "list[PlaybackWhere] | None" = strawberry.field(name="and", default=None, description="All of these.")
    or_: "list[PlaybackWhere] | None" = strawberry.field(name="or", default=None, description="At least one of these.")
    not_: "PlaybackWhere | None" = strawberry.field(name="not", default=None, description="Not this.")
    player: IdFilter | None = strawberry.field(default=None, description="On this player.")
    user: IdFilter | None = strawberry.field(default=None, description="Of this user.")
    item: IdFilter | None = strawberry.field(default=None, description="Of this item.")
    is_live: bool | None = strawberry.field(default=None, description="true: what has not ended; false: what has.")


@strawberry.input(description="Which captures. Fields side by side are all to be met; at most 50 conditions, 5 levels deep.")
class PlaybackCaptureWhere:
    and_: "list[PlaybackCaptureWhere] | None" = strawberry.field(name="and", default=None, description="All of these.")
    or_: "list[PlaybackCaptureWhere] | None" = strawberry.field(name="or", default=None, description="At least one of these.")
    not_: "PlaybackCaptureWhere | None" = strawberry.field(name="not", default=None, description="Not this.")
    player: IdFilter | None = strawberry.field(default=None, description="On this player.")
    user: IdFilter | None = strawberry.field(default=None, description="Of this user.")
    item: IdFilter | None = strawberry.field(default=None, description="Of this item.")
    status: list[CaptureStatus] | None = strawberry.field(default=None, description="One of these states.")
    reason: list[CaptureReason] | None = strawberry.field(default=None, description="One of these reasons.")


_PLAYBACKS: dict[str, Rule] = {
    "player": ids(t.PlayerState.player_id, "players"),
    "user": ids(t.PlayerState.user_id, "users"),
    "item": ids(t.PlayerState.item_id, "media_items"),
    "is_live": some(Not(Compare(t.PlayerState.status, "=", PlaybackStatus.STOPPED))),
}
_CAPTURES: dict[str, Rule] = {
    "player": ids(t.PlaybackCapture.player_id, "players"),
    "user": ids(t.PlaybackCapture.user_id, "users"),
    "item": ids(t.PlaybackCapture.item_id, "media_items"),
    "status": members(t.PlaybackCapture.status),
    "reason": members(t.PlaybackCapture.reason),
}
Playbacks = Annotated[PlaybackWhere | None, strawberry.argument(description="Which; all you may see if not given.")]
Captures = Annotated[PlaybackCaptureWhere | None, strawberry.argument(description="Which; all you may see if not given.")]


@strawberry.type
class PlaybackQueries:
    """What plays in the house."""

    @query(
        Permission.READ,
        "What plays on players, and what did last, the latest first: yours, and nobody's of items you may see; all for "
        "administrators.",
    )
    def playbacks(
        self, where: Playbacks = None, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[Playback] | None:
        order = (desc(t.PlayerState.observed_at), desc(t.PlayerState.id))
        conditions = bounded(compiled(where, _PLAYBACKS))
        return page(Playback, where=conditions, order_by=order, first=first, after=after, last=last, before=before)

    @query(Permission.READ, "What was playing when something had to be done to it, the latest first; as far as you saw it play.")
    def playback_captures(
        self, where: Captures = None, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[PlaybackCapture] | None:
        conditions = bounded(compiled(where, _CAPTURES))
        order = (desc(t.PlaybackCapture.id),)
        return page(PlaybackCapture, where=conditions, order_by=order, first=first, after=after, last=last, before=before)
