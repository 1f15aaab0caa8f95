"""Speaking to a player that is a row: its adapter, with a limit of time in all."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass

from domain.kit.database import Database
from domain.kit.errors import NotFound, Unexpected
from domain.kit.http import Lan, ends_after
from domain.players.enums import PlaybackPolicy
from domain.players.known import MAKERS, adapter_of
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
    """The way to a player. Raises NotFound, KeyRefused when its credentials cannot be read, and what `made` raises."""
    with database.read() as session:
        player = session.get(Player, player_id)  # unguarded: whoever calls has asked whether this player may be spoken to
        group = (
            None if player is None else session.get(PlayerGroup, player.group_id)
        )  # unguarded: of a player that may be spoken to
    if player is None or group is None:
        raise NotFound("There is no such player.", path=("player",))
    return Line(player.id, group.id, player.name, group.playback_policy, player.is_enabled, made(player, lan, key=key))


def made(player: Player, lan: Lan, *, key: bytes) -> Adapter:
    """Its adapter. Raises Unexpected when this version does not know its kind, and KeyRefused as `adapter_of` does."""
    if player.group_type not in MAKERS:
        raise Unexpected(f"This version cannot speak to {player.group_type.value}.")
    return adapter_of(player, lan, key=key)


@contextlib.contextmanager
def within(seconds: float) -> Iterator[None]:
    """Whatever is asked of players in the block is answered within so many seconds in all."""
    with ends_after(seconds):
        yield
