"""The kinds of players that can be spoken to, and how a row becomes an adapter."""

from collections.abc import Callable
from typing import Final

from domain.kit.errors import KeyRefused
from domain.kit.http import Lan, Target
from domain.kit.sealing import Unreadable, unseal
from domain.kit.secrets import keyed_hash
from domain.players.enums import PlayerType
from domain.players.jellyfin import adapter as jellyfin
from domain.players.kodi import adapter as kodi
from domain.players.model import Adapter, Credentials
from domain.players.plex import adapter as plex
from domain.players.tables import Player

Maker = Callable[[Player, Lan, Credentials], Adapter]


MAKERS: Final[dict[PlayerType, Maker]] = {
    PlayerType.KODI: kodi.made,
    PlayerType.JELLYFIN: jellyfin.made,
    PlayerType.PLEX: plex.made,
}
"""Each adapter's maker, one line for each type."""


def purpose(field: str) -> str:
    """What a secret of a player is sealed for: `password` or `api_key`."""
    return f"player {field}"


def target_of(player: Player) -> Target:
    """Where its HTTP interface is."""
    return Target(player.host, player.port, player.is_secure, player.verifies_certificate, player.base_path)


def credentials_of(player: Player, *, key: bytes) -> Credentials:
    """Its credentials, opened with the installation's key. Raises domain.kit.sealing.Unreadable."""
    password = None if player.password is None else unseal(key, purpose("password"), player.password)
    api_key = None if player.api_key is None else unseal(key, purpose("api_key"), player.api_key)
    return Credentials(player.username, password, api_key, client=client_of(key))


def client_of(key: bytes) -> str:
    """What servers tell this installation from others by: always the same, and nothing can be read from it."""
    return keyed_hash(key, "player client", "")[:32]


def adapter_of(player: Player, lan: Lan, *, key: bytes) -> Adapter:
    """How to speak to a player; opens no connection yet. Raises KeyRefused for credentials of another installation."""
    try:
        credentials = credentials_of(player, key=key)
    except Unreadable:
        message = f"What {player.name} wants to see was stored by another installation: give it again with `updatePlayer`."
        raise KeyRefused(message) from None
    return MAKERS[player.group_type](player, lan, credentials)
