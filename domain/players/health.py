"""What is known of the connection to a player: noted by whoever spoke to it, told when it changes."""

from collections.abc import Mapping
from typing import Final

from sqlmodel import col, select

from domain.kit.database import UnitOfWork
from domain.kit.errors import RateLimited, Unreachable, Upstream
from domain.kit.ids import global_id
from domain.libraries.enums import ConnectionStatus
from domain.players.model import Health
from domain.players.tables import Player
from domain.system import events

MOST_WORDS: Final = 500
"""Characters of what went wrong that are kept."""


def connected(uow: UnitOfWork, player_id: int, health: Health, *, version: int | None = None) -> bool:
    """Note that a player answered; whether that was news. With `version`, only if nobody changed the player since."""
    player = _row(uow, player_id, version)
    if player is None:
        return False
    player.last_connected_at = uow.now()
    after = {
        "connection_status": ConnectionStatus.CONNECTED, "software_version": health.software_version,
        "api_version": health.api_version, "server_id": health.server_id,
        "last_error": None if health.trouble is None else health.trouble[:MOST_WORDS],
    }  # fmt: skip
    return _put(uow, player, after, "player.connected")


def failed(uow: UnitOfWork, player_id: int, error: Upstream, *, version: int | None = None) -> bool:
    """Note that a player did not answer, or not as it should; whether that was news."""
    player = _row(uow, player_id, version)
    if player is None:
        return False
    after = {
        "connection_status": status_of(error), "last_error": error.message[:MOST_WORDS], "is_notifying": False,
    }  # fmt: skip
    return _put(uow, player, after, "player.disconnected")


def status_of(error: BaseException | None) -> ConnectionStatus:
    """What the end of a connection says of it: who is silent, or went without an error, is away; all else is an error."""
    is_away = error is None or isinstance(error, Unreachable | RateLimited)
    return ConnectionStatus.DISCONNECTED if is_away else ConnectionStatus.ERROR


def _row(uow: UnitOfWork, player_id: int, version: int | None) -> Player | None:
    query = select(Player).where(col(Player.id) == player_id).with_for_update()  # unguarded: noted for everybody
    player = uow.session.exec(query).first()
    return None if player is None or version not in (None, player.version) else player


_NAMES = {
    "connection_status": "connectionStatus", "software_version": "softwareVersion", "api_version": "apiVersion",
    "server_id": "serverId", "last_error": "lastError", "is_notifying": "isNotifying",
}  # fmt: skip


def _put(uow: UnitOfWork, player: Player, after: Mapping[str, object], type_: str) -> bool:
    changed = [field for field, value in after.items() if getattr(player, field) != value]
    for field in changed:
        setattr(player, field, after[field])
    uow.session.flush()
    if changed:
        names = [_NAMES[field] for field in changed]
        subject = global_id("players", player.id)
        events.emit(uow, type_, subject, topic="players", audience=events.EVERYONE, changed_fields=names)
    return bool(changed)
