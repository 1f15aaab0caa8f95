"""The way to a player that is a row: its adapter, and what whoever speaks to it has to know."""

from dataclasses import dataclass

from domain.kit.database import Database
from domain.kit.errors import NotFound
from domain.kit.http import Lan
from domain.players.enums import PlaybackPolicy
from domain.players.known import adapter_of
from domain.players.model import Adapter
from domain.players.tables import Player, PlayerGroup


@dataclass(frozen=True, slots=True)
class Line:
    """A way to a player."""

    player_id: int
    group_id: int
    name: str
    policy: PlaybackPolicy
    is_enabled: bool
    adapter: Adapter


def line_to(database: Database, lan: Lan, player_id: int, *, key: bytes) -> Line:
    """The way to a player. Raises NotFound, and KeyRefused as `adapter_of` does."""
    with database.read() as session:
        player = session.get(Player, player_id)  # unguarded: whoever calls has asked whether this player may be spoken to
        group = (
            None if player is None else session.get(PlayerGroup, player.group_id)
        )  # unguarded: of a player that may be spoken to
    if player is None or group is None:
        raise NotFound("There is no such player.", path=("player",))
    return Line(player.id, group.id, player.name, group.playback_policy, player.is_enabled, adapter_of(player, lan, key=key))
