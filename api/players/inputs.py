"""Inputs of the mutations of players, their groups and path mappings."""

import strawberry

from api.kit.mutations import EXPECTED_VERSION, IDEMPOTENCY_KEY, client_id
from domain.players.enums import PlaybackPolicy, PlayerType

_NAME = "1 to 100 characters; no two share a name"
_SEALED = "It is stored encrypted and never shown"
_HOST = "Its name or IP address in the house: kodi.lan, 192.168.1.20"
_PORT = "Port of its HTTP interface: usually 8080 for Kodi, 8096 for Jellyfin, 32400 for Plex"
_KEY = "Jellyfin's API key, Plex's token; Kodi has none"
_AGAIN = "Another host or port, or leaving TLS, needs it again: what is stored is sent to no other address unasked"


@strawberry.input(description="The same folder, as another program calls it and as this server does.")
class PathMappingInput:
    remote_path: str = strawberry.field(
        description="As the other program calls it: /data/films, D:\\films, \\\\nas\\films, smb://nas/films, nfs://nas/films."
    )
    local_path: str = strawberry.field(description="As this server sees it: /films.")
    description: str | None = strawberry.field(default=None, description="What it is for.")


@strawberry.input(one_of=True, description="Whose paths are mapped: a group of players, or a source such as Radarr.")
class PathMappingOwner:
    player_group: strawberry.Maybe[strawberry.ID] = strawberry.field(description="A group of players.")
    source: strawberry.Maybe[strawberry.ID] = strawberry.field(description="A source.")


@strawberry.input(description="Path mappings of a group or a source, in place of those before.")
class SetPathMappingsInput:
    owner: PathMappingOwner = strawberry.field(description="Whose.")
    mappings: list[PathMappingInput] = strawberry.field(
        description="At most 100, in any order: the longest that fits is used. Of two with one local path, the older."
    )
    expected_version: int | None = strawberry.field(default=None, description=EXPECTED_VERSION)
    client_mutation_id: str | None = client_id()


@strawberry.input(description="A new group of players.")
class CreatePlayerGroupInput:
    name: str = strawberry.field(description=f"{_NAME}.")
    type: PlayerType = strawberry.field(description="What kind of players it holds; for ever. Jellyfin and Plex: one server.")
    libraries: list[strawberry.ID] = strawberry.field(default_factory=list, description="Libraries that it shows, at most 500.")
    path_mappings: list[PathMappingInput] = strawberry.field(
        default_factory=list, description="How its paths become ours, at most 100."
    )
    playback_policy: PlaybackPolicy = strawberry.field(
        default=PlaybackPolicy.DEFER, description="What a synchronization does while somebody watches."
    )
    is_enabled: bool = strawberry.field(default=True, description="Whether it is kept up to date.")
    description: str | None = strawberry.field(default=None, description="What it is for.")
    idempotency_key: str | None = strawberry.field(default=None, description=IDEMPOTENCY_KEY)
    client_mutation_id: str | None = client_id()


@strawberry.input(description="Changes of a group. Fields that are absent stay.")
class UpdatePlayerGroupInput:
    id: strawberry.ID = strawberry.field(description="Which.")
    name: strawberry.Maybe[str] = strawberry.field(description=f"{_NAME}.")
    libraries: strawberry.Maybe[list[strawberry.ID]] = strawberry.field(
        description="Libraries that it shows, in place of those before; at most 500."
    )
    playback_policy: strawberry.Maybe[PlaybackPolicy] = strawberry.field(
        description="What a synchronization does while somebody watches."
    )
    is_enabled: strawberry.Maybe[bool] = strawberry.field(description="Whether it is kept up to date.")
    description: strawberry.Maybe[str | None] = strawberry.field(description="What it is for.")
    expected_version: int | None = strawberry.field(default=None, description=EXPECTED_VERSION)
    client_mutation_id: str | None = client_id()


@strawberry.input(description="A group to delete, with its players, its mappings and all that is known of what they played.")
class DeletePlayerGroupInput:
    id: strawberry.ID = strawberry.field(description="Which.")
    dry_run: bool = strawberry.field(default=False, description="Only count what would go.")
    client_mutation_id: str | None = client_id()


@strawberry.input(description="A new player.")
class CreatePlayerInput:
    player_group: strawberry.ID = strawberry.field(description="The group that it joins; it says what kind of player it is.")
    name: str = strawberry.field(description=f"{_NAME}.")
    host: str = strawberry.field(description=f"{_HOST}.")
    port: int = strawberry.field(description=f"{_PORT}.")
    base_path: str = strawberry.field(default="", description="Before every path of it: empty, or /jellyfin.")
    websocket_port: int | None = strawberry.field(
        default=None, description="Kodi's port for WebSockets, usually 9090; null = 9090."
    )
    use_websocket: bool = strawberry.field(default=True, description="Whether its notifications are listened to.")
    is_secure: bool = strawberry.field(default=False, description="Speak to it over TLS.")
    verifies_certificate: bool = strawberry.field(
        default=True, description="Its certificate must be one that this server trusts; false for one that it made itself."
    )
    is_enabled: bool = strawberry.field(default=True, description="Whether it is spoken to.")
    username: str | None = strawberry.field(default=None, description="Who we are there.")
    password: str | None = strawberry.field(default=None, description=f"{_SEALED}.")
    api_key: str | None = strawberry.field(default=None, description=f"{_KEY}. {_SEALED}.")
    idempotency_key: str | None = strawberry.field(default=None, description=IDEMPOTENCY_KEY)
    client_mutation_id: str | None = client_id()


@strawberry.input(description="Changes of a player. Fields that are absent stay.")
class UpdatePlayerInput:
    id: strawberry.ID = strawberry.field(description="Which.")
    player_group: strawberry.Maybe[strawberry.ID] = strawberry.field(description="The group that it moves to, of the same type.")
    name: strawberry.Maybe[str] = strawberry.field(description=f"{_NAME}.")
    host: strawberry.Maybe[str] = strawberry.field(description=f"{_HOST}.")
    port: strawberry.Maybe[int] = strawberry.field(description=f"{_PORT}.")
    base_path: strawberry.Maybe[str] = strawberry.field(description="Before every path of it: empty, or /jellyfin.")
    websocket_port: strawberry.Maybe[int | None] = strawberry.field(description="Kodi's port for WebSockets; null = 9090.")
    use_websocket: strawberry.Maybe[bool] = strawberry.field(description="Whether its notifications are listened to.")
    is_secure: strawberry.Maybe[bool] = strawberry.field(description="Speak to it over TLS.")
    verifies_certificate: strawberry.Maybe[bool] = strawberry.field(
        description="Its certificate must be one that this server trusts."
    )
    is_enabled: strawberry.Maybe[bool] = strawberry.field(description="Whether it is spoken to.")
    username: strawberry.Maybe[str | None] = strawberry.field(description="Who we are there; null = nobody.")
    password: strawberry.Maybe[str | None] = strawberry.field(description=f"{_SEALED}; null takes it away. {_AGAIN}.")
    api_key: strawberry.Maybe[str | None] = strawberry.field(description=f"{_KEY}; null takes it away. {_AGAIN}.")
    expected_version: int | None = strawberry.field(default=None, description=EXPECTED_VERSION)
    client_mutation_id: str | None = client_id()


@strawberry.input(description="A player to delete, with all that is known of what it played.")
class DeletePlayerInput:
    id: strawberry.ID = strawberry.field(description="Which.")
    client_mutation_id: str | None = client_id()


@strawberry.input(description="A player that is not stored.")
class UnsavedPlayerInput:
    type: PlayerType = strawberry.field(description="What kind of program it is.")
    host: str = strawberry.field(description=f"{_HOST}.")
    port: int = strawberry.field(description=f"{_PORT}.")
    base_path: str = strawberry.field(default="", description="Before every path of it: empty, or /jellyfin.")
    websocket_port: int | None = strawberry.field(default=None, description="Kodi's port for WebSockets; null = 9090.")
    use_websocket: bool = strawberry.field(default=True, description="Whether its notifications are tried, too.")
    is_secure: bool = strawberry.field(default=False, description="Speak to it over TLS.")
    verifies_certificate: bool = strawberry.field(
        default=True, description="Its certificate must be one that this server trusts."
    )
    username: str | None = strawberry.field(default=None, description="Who we are there.")
    password: str | None = strawberry.field(default=None, description="Used for this test alone.")
    api_key: str | None = strawberry.field(default=None, description=f"{_KEY}. Used for this test alone.")


@strawberry.input(one_of=True, description="A player to test: a stored one, or one that is not.")
class PlayerToTest:
    id: strawberry.Maybe[strawberry.ID] = strawberry.field(description="A stored one; it remembers the outcome.")
    unsaved: strawberry.Maybe[UnsavedPlayerInput] = strawberry.field(description="One that is not stored; nothing is kept.")


@strawberry.input(description="A player to test.")
class TestPlayerInput:
    __test__ = False  # pytest takes every name like this for a test

    player: PlayerToTest = strawberry.field(description="Which.")
    client_mutation_id: str | None = client_id()


@strawberry.input(description="Whose a profile of a player is.")
class SetPlayerUserInput:
    player: strawberry.ID = strawberry.field(description="The player.")
    profile_id: str = strawberry.field(default="", description="What the player calls the profile; empty: Kodi's one.")
    profile_name: str | None = strawberry.field(default=None, description="Its name there, to show it by.")
    user: strawberry.ID | None = strawberry.field(description="Whose it is; null = nobody's: what it plays counts for no one.")
    client_mutation_id: str | None = client_id()
