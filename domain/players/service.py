"""Players: made, changed, moved and deleted by administrators; what they want to see of us goes in and never comes out."""

from collections.abc import Mapping
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import col, select

from domain.catalog.sorting import sort_key
from domain.kit.database import UnitOfWork, serialize
from domain.kit.errors import Conflict, Invalid, NotFound
from domain.kit.http import Target
from domain.kit.ids import global_id
from domain.kit.sealing import seal
from domain.kit.spelling import camel
from domain.libraries.enums import ConnectionStatus
from domain.players.enums import PlayerType
from domain.players.groups import LABELS, ONE, check_version, free_name, get_group, members
from domain.players.known import purpose
from domain.players.tables import Player
from domain.system import audit, events
from domain.system.audit_tables import AuditSeverity

SECRETS: Final = frozenset({"password", "api_key"})
ADDRESS: Final = frozenset({"host", "port", "base_path", "websocket_port", "is_secure", "verifies_certificate"})
_PLAIN: Final = frozenset({"is_enabled", "use_websocket", "username"})
_LENGTH: Final = 500


def address(values: Mapping[str, Any]) -> dict[str, Any]:
    """The tidied fields of an address among `values` (host, port, base_path, is_secure …). Raises Invalid."""
    host = str(values["host"]).strip().lower()
    host = host[1:-1] if host.startswith("[") and host.endswith("]") else host
    base_path = str(values.get("base_path") or "").strip().rstrip("/")
    websocket_port = values.get("websocket_port")
    if websocket_port is not None and not 1 <= websocket_port <= 65_535:
        raise Invalid("A port is 1 to 65,535.", path=("websocketPort",))
    given = (
        host,
        values["port"],
        bool(values.get("is_secure", False)),
        bool(values.get("verifies_certificate", True)),
        base_path,
    )
    target = Target(*given)
    return {
        "host": target.host, "port": target.port, "base_path": target.base_path, "websocket_port": websocket_port,
        "is_secure": target.is_secure, "verifies_certificate": target.verifies_certificate,
    }  # fmt: skip


def check_credentials(type_: PlayerType, values: Mapping[str, Any]) -> None:
    """Refuse what no header can carry, and what this kind of player does not know. Raises Invalid."""
    for name in ("username", "password", "api_key"):
        value = values.get(name)
        if value is not None and not (1 <= len(value) <= _LENGTH and value.isprintable()):
            raise Invalid(f"It has 1 to {_LENGTH} characters, none of them a control character.", path=(camel(name),))
    key, username = values.get("api_key"), values.get("username")
    if key is not None and (type_ is PlayerType.KODI or not key.isascii() or " " in key):
        told = "Kodi has no API key: it asks for a user and a password." if type_ is PlayerType.KODI else "That is no key."
        raise Invalid(told, path=("apiKey",))
    if username is not None and ":" in username and type_ is PlayerType.KODI:
        raise Invalid("A user's name holds no colon: HTTP ends it there (RFC 7617).", path=("username",))
    if values.get("websocket_port") is not None and type_ is not PlayerType.KODI:
        raise Invalid(f"{LABELS[type_]} has its WebSocket at its one port.", path=("websocketPort",))


def create(uow: UnitOfWork, *, group_id: int, values: Mapping[str, Any], secret: bytes) -> Player:
    """A new player of a group. `values`: name, host, port; as needed base_path, websocket_port, use_websocket, is_secure,
    verifies_certificate, is_enabled, username, password, api_key (clear text). `secret` is the installation's key.

    Raises NotFound, Invalid, and Conflict when the name or the address is taken or the group is full.
    """
    serialize(uow.session, "players")
    group = get_group(uow, group_id, field="playerGroup")
    _check_room(uow, group_id, group.type, None)
    check_credentials(group.type, values)
    if group.type is PlayerType.JELLYFIN and not (values.get("api_key") or (values.get("username") and values.get("password"))):
        raise Invalid("Jellyfin wants an API key, or a user and a password: without, it answers nothing.", path=("apiKey",))
    place = address(values)
    _check_free(uow, place, None)
    name = free_name(uow, Player, values["name"], None)
    columns: dict[str, Any] = {field: values[field] for field in _PLAIN & values.keys()}
    columns |= {field: _sealed(field, values[field], secret) for field in SECRETS & values.keys()}
    player = Player(group_id=group_id, group_type=group.type, name=name, sort_key=sort_key(name), **place, **columns)
    uow.session.add(player)
    uow.session.flush()
    details = {"name": name, "group": global_id("player_groups", group_id)}
    subject = global_id("players", player.id)
    audit.record(uow, "player.created", subject=subject, severity=AuditSeverity.CRITICAL, details=details)
    events.emit(uow, "player.created", subject, topic="players", audience=events.EVERYONE)
    return player


def update(
    uow: UnitOfWork, *, player_id: int, changes: Mapping[str, Any], secret: bytes, expected_version: int | None = None
) -> Player:
    """Change what `changes` holds: the fields of `create`, and group_id to move it.

    What is known of the connection begins anew with another address or other credentials. Another host, port or a plain
    connection gets no stored secret: give it again, or None. Raises NotFound, Invalid, Conflict, VersionConflict.
    """
    serialize(uow.session, "players")
    player = get_player(uow, player_id)
    check_version(player, "players", "player", expected_version)
    check_credentials(player.group_type, changes)
    if "name" in changes:
        player.name = free_name(uow, Player, changes["name"], player_id)
        player.sort_key = sort_key(player.name)
    if "group_id" in changes:
        _move(uow, player, changes["group_id"])
    if ADDRESS & changes.keys():
        _put_address(uow, player, changes)
    for field in _PLAIN & changes.keys():
        setattr(player, field, changes[field])
    for field in SECRETS & changes.keys():
        setattr(player, field, _sealed(field, changes[field], secret))
    if (ADDRESS | SECRETS | {"username"}) & changes.keys():
        _forget_connection(player)
    player.version += 1
    uow.session.flush()
    fields = sorted("player_group" if name == "group_id" else name for name in changes)  # names alone: values may be secret
    subject = global_id("players", player_id)
    audit.record(uow, "player.updated", subject=subject, severity=AuditSeverity.CRITICAL, details={"fields": fields})
    names = [camel(name) for name in fields if name not in SECRETS]
    events.emit(uow, "player.updated", subject, topic="players", audience=events.EVERYONE, changed_fields=names)
    return player


def delete(uow: UnitOfWork, *, player_id: int) -> None:
    """Delete a player and all that is known of what it played. Raises NotFound."""
    player = get_player(uow, player_id)
    subject = global_id("players", player_id)
    audit.record(uow, "player.deleted", subject=subject, details={"name": player.name})
    events.emit(uow, "player.deleted", subject, topic="players", audience=events.EVERYONE)
    uow.session.execute(sa.delete(Player).where(col(Player.id) == player_id))


def get_player(uow: UnitOfWork, player_id: int, *, field: str = "id") -> Player:
    """The player, locked for this transaction. Raises NotFound."""
    query = select(Player).where(col(Player.id) == player_id).with_for_update()  # unguarded: only admins change it
    player = uow.session.exec(query).first()
    if player is None:
        raise NotFound("There is no such player. `players` lists them.", path=(field,))
    return player


def _move(uow: UnitOfWork, player: Player, group_id: int) -> None:
    if group_id == player.group_id:
        return
    group = get_group(uow, group_id, field="playerGroup")
    if group.type is not player.group_type:
        message = f"{group.name} is for {LABELS[group.type]}: a {LABELS[player.group_type]} cannot go there."
        raise Conflict(message, path=("playerGroup",))
    _check_room(uow, group_id, group.type, player.id)
    player.group_id = group_id


def _check_room(uow: UnitOfWork, group_id: int, type_: PlayerType, player_id: int | None) -> None:
    most = ONE[type_]
    others = [each for each in members(uow, group_id) if each.id != player_id]
    if most is not None and len(others) >= most:
        message = f"A group of {LABELS[type_]} holds one server, and {others[0].name} is there: make another group."
        raise Conflict(message, path=("playerGroup",))


def _put_address(uow: UnitOfWork, player: Player, changes: Mapping[str, Any]) -> None:
    before = {field: getattr(player, field) for field in ADDRESS}
    after = address({**before, **{field: changes[field] for field in ADDRESS & changes.keys()}})
    is_elsewhere = any(before[field] != after[field] for field in ("host", "port"))
    if is_elsewhere or (before["is_secure"] and not after["is_secure"]):
        for field in sorted(SECRETS):  # or whoever may change an address could have a secret sent to a server of theirs
            if getattr(player, field) is not None and field not in changes:
                message = f"Another address is not given what is stored: give `{camel(field)}` again, or null."
                raise Invalid(message, path=(camel(field),))
    _check_free(uow, after, player.id)
    for field, value in after.items():
        setattr(player, field, value)


def _check_free(uow: UnitOfWork, place: Mapping[str, Any], player_id: int | None) -> None:
    query = select(Player.name).where(  # unguarded: addresses are unique over all players
        col(Player.id) != (player_id or 0), *(getattr(Player, each) == place[each] for each in ("host", "port", "base_path"))
    )
    other = uow.session.exec(query).first()
    if other is not None:
        raise Conflict(f"{other} is at that address already.", path=("host",))


def _forget_connection(player: Player) -> None:
    player.connection_status = ConnectionStatus.UNKNOWN
    player.is_notifying = False
    player.software_version = player.api_version = player.server_id = player.last_error = None


def _sealed(field: str, value: str | None, secret: bytes) -> str | None:
    return None if value is None else seal(secret, purpose(field), value)
