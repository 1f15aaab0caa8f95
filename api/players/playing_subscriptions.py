"""`playbackChanged`: what plays, then everything that happens to it."""

from collections.abc import AsyncGenerator, Mapping
from datetime import datetime
from typing import Annotated, Any

import strawberry

from api.kit.access import Permission
from api.kit.context import Info
from api.kit.fields import subscription
from api.kit.filtering import refuse
from api.kit.planner import ref
from api.kit.scalars import BigInt
from api.players.asking import require_player
from api.players.playing import Playback
from api.system.stream import common, facts
from api.system.tailer import Fact
from api.system.types import Event, Resync, Subscribed
from domain.kit import clock
from domain.kit.errors import Invalid
from domain.kit.ids import global_id, key_of
from domain.players.announcing import TOPIC
from domain.players.controlling import live_playbacks
from domain.players.enums import PlaybackStatus

PlayerId = Annotated[strawberry.ID | None, strawberry.argument(description="Only what plays on this player.")]
UserId = Annotated[strawberry.ID | None, strawberry.argument(description="Only what this user watches.")]
After = Annotated[str | None, strawberry.argument(description="Cursor to go on behind; else, first comes what plays now.")]
_FAMILY = "playback."
_NOTHING: dict[str, Any] = dict.fromkeys(("status", "position_ms", "speed", "observed_at"))


@strawberry.type(
    description=(
        "Something happened to a playback. `type` is playback.started, .paused, .resumed, .sought, .progressed, .stopped or"
        " .finished; playback.lost: its player is not heard any more, so nothing more is known; `present` comes first and tells"
        " what plays."
    )
)
class PlaybackChanged(Event):
    status: PlaybackStatus | None = strawberry.field(description="What it did then; null in `present`.")
    position_ms: BigInt | None = strawberry.field(description="Where it was then, in milliseconds; null in `present`.")
    speed: float | None = strawberry.field(description="How fast it ran from there: 1 = as filmed; null in `present`.")
    observed_at: datetime | None = strawberry.field(description="When it was there; null in `present`.")
    node: Playback | None = strawberry.field(description="The playback as it stands now.")
    fact: strawberry.Private[Fact | None] = None


PlaybackMessage = Annotated[
    PlaybackChanged | Subscribed | Resync,
    strawberry.union("PlaybackChangedMessage", description="What `playbackChanged` sends."),
]


@strawberry.type
class PlaybackSubscriptions:
    """Streams of what plays."""

    @subscription(
        Permission.READ,
        "What plays, then everything that happens: at once when it starts, is paused, sought or stopped, else at most once a "
        "second, and nothing while it plays along. Yours, and nobody's of items you may see; all for administrators.",
    )
    async def playback_changed(
        self, info: Info, player: PlayerId = None, user: UserId = None, after: After = None
    ) -> AsyncGenerator[PlaybackMessage, None]:
        context = info.context
        try:
            player_key = None if player is None else key_of("players", player, path=("player",))
            user_key = None if user is None else key_of("users", user, path=("user",))
        except Invalid as error:
            raise refuse(error.message) from None
        await require_player(context, player_key, after)
        wanted = {
            "player": None if player_key is None else global_id("players", player_key),
            "user": None if user_key is None else global_id("users", user_key),
        }

        def wants(fact: Fact) -> bool:
            if fact.topic != TOPIC or not fact.type.startswith(_FAMILY):
                return False
            return all(value is None or fact.payload.get(name) == value for name, value in wanted.items())

        async for message in facts(context, after=after, wants=wants):
            if isinstance(message, Fact):
                yield _changed(message)
                continue
            yield message
            if isinstance(message, Subscribed):
                for key in await context.read(live_playbacks, context.viewer, player=player_key, user=user_key):
                    yield _present(key, message.cursor)


def _present(key: int, cursor: str) -> PlaybackChanged:
    return PlaybackChanged(
        cursor=cursor, occurred_at=clock.now(), type="present", actor=None,
        subject=strawberry.ID(global_id("player_states", key)), changed_fields=None, **_NOTHING, node=ref(Playback, key),
    )  # fmt: skip


def _moment(payload: Mapping[str, Any]) -> dict[str, Any]:
    """How it was at the moment of the event."""
    return {
        "status": PlaybackStatus(payload["status"]), "position_ms": BigInt(payload["position_ms"]), "speed": payload["speed"],
        "observed_at": datetime.fromisoformat(payload["observed_at"]),
    }  # fmt: skip


def _changed(fact: Fact) -> PlaybackChanged:
    made: PlaybackChanged | None = fact.shared.get(PlaybackChanged)
    if made is None:
        then = _moment(fact.payload) if "status" in fact.payload else _NOTHING
        node = ref(Playback, key_of("player_states", fact.subject))
        made = fact.shared[PlaybackChanged] = PlaybackChanged(**common(fact), **then, node=node, fact=fact)
    return made
