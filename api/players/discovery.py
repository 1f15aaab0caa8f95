"""Players that answer in the network, for administrators who set one up."""

from typing import Annotated, Final

import strawberry

from api.kit.access import Permission
from api.kit.context import Info
from api.kit.fields import query
from domain.players.discovery.asking import Neighbour, discover
from domain.players.discovery.familiar import familiar
from domain.players.enums import PlayerType

Types = Annotated[
    list[PlayerType] | None, strawberry.argument(description="Only these kinds, at most 10 entries; all if not given.")
]
_MOST: Final = 10


@strawberry.type(
    description="A player that answered. Whoever is in the network may answer, and lie: look before you give it a password."
)
class DiscoveredPlayer:
    type: PlayerType = strawberry.field(description="What it says that it is.")
    name: str | None = strawberry.field(description="What it calls itself.")
    host: str = strawberry.field(description="The address that it answered from.")
    port: int = strawberry.field(description="The port that it names.")
    is_secure: bool = strawberry.field(description="Whether it names HTTPS.")
    base_path: str = strawberry.field(description='The path that it names before every other: /jellyfin; "" for none.')
    server_id: str | None = strawberry.field(description="What it is called by its own kind, the same for ever.")
    is_known: bool = strawberry.field(description="Whether a player of ours has this address, or is this server.")


@strawberry.type
class DiscoveryQueries:
    """What the network answers."""

    @query(
        Permission.ADMIN,
        "Ask the network for players: Jellyfin and Plex by their own broadcasts, Kodi by multicast DNS. Waits 3 seconds. Nothing "
        "is stored.",
    )
    async def discover_players(self, info: Info, types: Types = None) -> list[DiscoveredPlayer] | None:
        wanted = tuple(PlayerType) if types is None else tuple(types[:_MOST])
        found = await info.context.ask(discover, info.context.services.neighbourhood, wanted)
        known = await info.context.read(familiar)
        return [_shown(each, is_known=known.knows(each)) for each in found]


def _shown(one: Neighbour, *, is_known: bool) -> DiscoveredPlayer:
    return DiscoveredPlayer(
        type=one.type, name=one.name, host=one.host, port=one.port, is_secure=one.is_secure, base_path=one.base_path,
        server_id=one.server_id, is_known=is_known,
    )  # fmt: skip
