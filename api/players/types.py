"""Groups of players, players and how they do, whose their profiles are, and path mappings, as nodes."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

import strawberry

from api.accounts.types import User
from api.kit.connections import Connection, Node
from api.kit.enums import expose
from api.kit.planner import column, computed, connection, embedded, entity, global_id, many, one, part
from api.libraries.types import Library
from domain.libraries.enums import ConnectionStatus
from domain.libraries.tables import PathMapping as MappingRow
from domain.players import tables as t
from domain.players.enums import PlaybackPolicy, PlayerType

FOR_ADMINS = "(for administrators)"

expose(
    PlayerType,
    "What kind of program a player is.",
    {"KODI": "Kodi.", "JELLYFIN": "A Jellyfin server.", "PLEX": "A Plex Media Server."},
)
expose(
    PlaybackPolicy,
    "What a synchronization does while somebody watches.",
    {
        "DEFER": "It takes another member, or waits until nobody watches.",
        "RESTORE": "It remembers what plays, goes ahead, and takes the playback up again.",
        "IGNORE": "It goes ahead.",
    },
)


def _given(rows: Sequence[tuple[str | None]]) -> list[bool | None]:
    return [secret is not None for (secret,) in rows]


@entity(MappingRow, description="The same folder, as another program calls it and as this server does.")
class PathMapping(Node):
    id: strawberry.ID = global_id()
    remote_path: str = column(MappingRow.remote_path, description="As the other program calls it: D:\\films, smb://nas/films.")
    local_path: str = column(MappingRow.local_path, description="As this server sees it: /films.")
    description: str | None = column(MappingRow.description, description="What it is for.")
    version: int = column(MappingRow.version, description="Grows with each change.")


@entity(t.PlayerUser, description="A profile of a player, and who of us that is.")
class PlayerUser(Node):
    id: strawberry.ID = global_id()
    profile_id: str = column(t.PlayerUser.profile_id, description="What the player calls the profile; empty: Kodi's one.")
    profile_name: str | None = column(t.PlayerUser.profile_name, description="Its name there, when it was set.")
    user: User | None = one(t.PlayerUser.user_id, description="Whose it is; null = nobody's: what it plays counts for no one.")


@part(t.Player, description="How a player does, as far as is known.")
class PlayerHealth:
    connection_status: ConnectionStatus = column(t.Player.connection_status, description="How the last contact went.")
    software_version: str | None = column(t.Player.software_version, description="Its own version: 21.2.")
    api_version: str | None = column(t.Player.api_version, description="That of its interface, where it tells: 13.5.0.")
    last_connected_at: datetime | None = column(t.Player.last_connected_at, description="When it last answered.")
    last_error: str | None = column(
        t.Player.last_error, needs="admin",
        description=f"What is wrong, also of one that answers: its WebSocket is closed {FOR_ADMINS}.",
    )  # fmt: skip
    is_notifying: bool = column(
        t.Player.is_notifying, description="It tells by itself what plays; else it is asked again and again."
    )
    watched_until: datetime | None = column(
        t.Player.watched_until,
        description="Until then somebody listens to it and vouches for what is known to play; null = nobody listens.",
    )
    last_synced_at: datetime | None = column(t.Player.last_synced_at, description="When its library was last brought up to date.")


@entity(t.Player, description="One program at an address in the house. Credentials go in and never come out.")
class Player(Node):
    id: strawberry.ID = global_id()
    name: str = column(t.Player.name, description="Its name.")
    type: PlayerType = column(t.Player.group_type, description="What kind of program it is; that of its group.")
    is_enabled: bool = column(t.Player.is_enabled, description="Whether it is spoken to.")
    group: Annotated["PlayerGroup", strawberry.lazy("api.players.types")] = one(
        t.Player.group_id, description="The group that it is in."
    )
    host: str | None = column(t.Player.host, needs="admin", description=f"Its name or IP address in the house {FOR_ADMINS}.")
    port: int | None = column(t.Player.port, needs="admin", description=f"Port of its HTTP interface {FOR_ADMINS}.")
    base_path: str | None = column(
        t.Player.base_path, needs="admin", description=f"Before every path of it: empty, or /jellyfin {FOR_ADMINS}."
    )
    websocket_port: int | None = column(
        t.Player.websocket_port, needs="admin", description=f"Kodi's port for WebSockets; null = 9090 {FOR_ADMINS}."
    )
    use_websocket: bool | None = column(
        t.Player.use_websocket, needs="admin", description=f"Whether its notifications are listened to {FOR_ADMINS}."
    )
    is_secure: bool | None = column(t.Player.is_secure, needs="admin", description=f"It is spoken to over TLS {FOR_ADMINS}.")
    verifies_certificate: bool | None = column(
        t.Player.verifies_certificate, needs="admin",
        description=f"Its certificate must be one that this server trusts {FOR_ADMINS}.",
    )  # fmt: skip
    username: str | None = column(t.Player.username, needs="admin", description=f"Who we are there {FOR_ADMINS}.")
    has_password: bool | None = computed(
        _given, requires=(t.Player.password,), needs="admin", description=f"A password is stored, encrypted {FOR_ADMINS}."
    )
    has_api_key: bool | None = computed(
        _given, requires=(t.Player.api_key,), needs="admin", description=f"A key or token is stored, encrypted {FOR_ADMINS}."
    )
    server_id: str | None = column(
        t.Player.server_id, needs="admin", description=f"What it calls itself: Jellyfin's ServerId … {FOR_ADMINS}."
    )
    version: int = column(t.Player.version, description="Grows with each change of its settings; for `expectedVersion`.")
    created_at: datetime = column(t.Player.created_at, description="When it was made.")
    health: PlayerHealth = embedded(description="How it does.")
    users: list[PlayerUser] = many(
        t.PlayerUser.player_id, order_by=(t.PlayerUser.profile_id, t.PlayerUser.id), limit=200,
        description="Whose its profiles are; without the right to administer, only one's own.",
    )  # fmt: skip


@entity(t.PlayerGroup, description="Players that share one library: any number of Kodis on one database, or a single server.")
class PlayerGroup(Node):
    id: strawberry.ID = global_id()
    name: str = column(t.PlayerGroup.name, description="Its name.")
    type: PlayerType = column(t.PlayerGroup.type, description="What kind of players it holds; for ever.")
    description: str | None = column(t.PlayerGroup.description, description="What it is for.")
    is_enabled: bool = column(t.PlayerGroup.is_enabled, description="Whether it is kept up to date.")
    max_members: int | None = column(
        t.PlayerGroup.max_members, description="How many players it can hold: 1, or null = any number."
    )
    playback_policy: PlaybackPolicy = column(
        t.PlayerGroup.playback_policy, description="What a synchronization does while somebody watches."
    )
    version: int = column(t.PlayerGroup.version, description="Grows with each change; for `expectedVersion`.")
    created_at: datetime = column(t.PlayerGroup.created_at, description="When it was made.")
    players: Connection[Player] = connection(
        t.Player.group_id, order_by=(t.Player.sort_key, t.Player.id), description="Its members, by name."
    )
    libraries: list[Library] = many(
        via=(t.PlayerGroupLibrary.group_id, t.PlayerGroupLibrary.library_id), order_by=t.PlayerGroupLibrary.id, limit=500,
        description="The libraries that it shows; of them those that you may see.",
    )  # fmt: skip
    path_mappings: list[PathMapping] | None = many(
        MappingRow.player_group_id, order_by=MappingRow.id, limit=100, needs="admin",
        description=f"How its paths become ours, and ours its {FOR_ADMINS}.",
    )  # fmt: skip
