"""`playerChanged`: players that came, changed, went, answered or fell silent."""

from collections.abc import AsyncGenerator
from typing import Annotated

import strawberry

from api.kit.access import Permission
from api.kit.context import Info
from api.kit.fields import subscription
from api.kit.filtering import refuse
from api.kit.planner import ref
from api.players.asking import require_player
from api.players.types import Player
from api.system.stream import common, facts
from api.system.tailer import Fact
from api.system.types import Event, Resync, Subscribed
from domain.kit.errors import Invalid
from domain.kit.ids import global_id, key_of

PlayerId = Annotated[strawberry.ID | None, strawberry.argument(description="Only this player.")]
After = Annotated[str | None, strawberry.argument(description="Cursor to go on behind.")]


@strawberry.type(
    description=(
        "Something happened to a player. `type` is player.created, player.updated, player.deleted, player.connected,"
        " player.disconnected or player.library_changed (it read its own library)."
    )
)
class PlayerChanged(Event):
    node: Player | None = strawberry.field(description="The player as it stands now; null when it is gone.")
    fact: strawberry.Private[Fact | None] = None


PlayerMessage = Annotated[
    PlayerChanged | Subscribed | Resync, strawberry.union("PlayerChangedMessage", description="What `playerChanged` sends.")
]


@strawberry.type
class PlayerSubscriptions:
    """Streams of players."""

    @subscription(Permission.READ, "Players that came, changed, went, answered or fell silent.")
    async def player_changed(self, info: Info, id: PlayerId = None, after: After = None) -> AsyncGenerator[PlayerMessage, None]:
        try:
            key = None if id is None else key_of("players", id)
        except Invalid as error:
            raise refuse(error.message) from None
        await require_player(info.context, key, after)
        subject = None if key is None else global_id("players", key)

        def wants(fact: Fact) -> bool:
            return fact.type.startswith("player.") and subject in (None, fact.subject)

        async for message in facts(info.context, after=after, wants=wants):
            yield _changed(message) if isinstance(message, Fact) else message


def _changed(fact: Fact) -> PlayerChanged:
    made: PlayerChanged | None = fact.shared.get(PlayerChanged)
    if made is None:
        node = ref(Player, key_of("players", fact.subject))
        made = fact.shared[PlayerChanged] = PlayerChanged(**common(fact), node=node, fact=fact)
    return made
