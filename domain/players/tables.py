"""Groups of players, the players, whose profiles are whose, what plays, and playback that is to be taken up again."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from domain.kit.tables import Table, Versioned, index_where, reference, unique_where
from domain.kit.types import Instant, Json, Key, SortText, choice
from domain.libraries.enums import ConnectionStatus
from domain.players.enums import (
    CaptureReason,
    CaptureStatus,
    MediaKind,
    PlaybackPolicy,
    PlaybackStatus,
    PlayerType,
)


class PlayerGroup(Table, Versioned, table=True):
    """Players that share one library of their own: any number of Kodis on one database, or a single server."""

    __tablename__ = "player_groups"
    __table_args__ = (
        sa.UniqueConstraint("id", "type"),
        sa.CheckConstraint("(type = 'kodi') = (max_members IS NULL) AND coalesce(max_members, 1) = 1", name="max_members"),
        sa.Index("ix_player_groups_sort_key", "sort_key", "id"),
        {"sqlite_autoincrement": True},
    )

    name: str = Field(unique=True, nullable=False)
    sort_key: str = Field(sa_type=SortText, nullable=False)
    type: PlayerType = Field(sa_type=choice(PlayerType), nullable=False)
    description: str | None = None
    is_enabled: bool = Field(default=True, nullable=False)
    max_members: int | None = None
    """NULL = any number."""
    playback_policy: PlaybackPolicy = Field(default=PlaybackPolicy.DEFER, sa_type=choice(PlaybackPolicy), nullable=False)


class Player(Table, Versioned, table=True):
    """One program at an address in the house. `version` counts a person's changes; what the player does is in the rest."""

    __tablename__ = "players"
    __table_args__ = (
        sa.ForeignKeyConstraint(["group_id", "group_type"], ["player_groups.id", "player_groups.type"], ondelete="CASCADE"),
        unique_where("uq_players_single", ["group_id"], "group_type <> 'kodi'"),
        sa.UniqueConstraint("host", "port", "base_path"),
        sa.Index("ix_players_group", "group_id", "group_type", "id"),
        sa.Index("ix_players_sort_key", "sort_key", "id"),
        sa.CheckConstraint("port BETWEEN 1 AND 65535 AND coalesce(websocket_port, 1) BETWEEN 1 AND 65535", name="ports"),
        sa.CheckConstraint("(watcher IS NULL) = (watched_until IS NULL)", name="watched"),
        {"sqlite_autoincrement": True},
    )

    group_id: int = Field(nullable=False, sa_type=Key)
    group_type: PlayerType = Field(sa_type=choice(PlayerType), nullable=False)
    """That of its group: one member for the types that have but one is held by the database."""
    name: str = Field(unique=True, nullable=False)
    sort_key: str = Field(sa_type=SortText, nullable=False)
    is_enabled: bool = Field(default=True, nullable=False)
    host: str = Field(nullable=False)
    port: int = Field(nullable=False)
    """Of its HTTP interface."""
    base_path: str = Field(default="", nullable=False)
    """Before every path of it: '' or /jellyfin."""
    websocket_port: int | None = None
    """Kodi's port for WebSockets; NULL = its usual one, 9090."""
    use_websocket: bool = Field(default=True, nullable=False)
    is_secure: bool = Field(default=False, nullable=False)
    """TLS."""
    verifies_certificate: bool = Field(default=True, nullable=False)
    username: str | None = None
    password: str | None = Field(default=None, sa_type=sa.Text)
    """Sealed (`domain.kit.sealing`)."""
    api_key: str | None = Field(default=None, sa_type=sa.Text)
    """Sealed: Jellyfin's key, Plex's token."""
    webhook_hash: str | None = None
    """Keyed hash of the token that its webhooks carry; NULL = it may send none."""
    config: dict[str, Any] = Field(default_factory=dict, sa_type=Json, nullable=False)

    connection_status: ConnectionStatus = Field(
        default=ConnectionStatus.UNKNOWN, sa_type=choice(ConnectionStatus), nullable=False
    )
    is_notifying: bool = Field(default=False, nullable=False)
    """It tells us by itself what plays; else it is asked again and again."""
    software_version: str | None = None
    api_version: str | None = None
    server_id: str | None = None
    """What it calls itself: Jellyfin's ServerId, Plex's machineIdentifier."""
    last_connected_at: datetime | None = Field(default=None, sa_type=Instant)
    last_error: str | None = Field(default=None, sa_type=sa.Text)
    last_synced_at: datetime | None = Field(default=None, sa_type=Instant)
    watcher: str | None = None
    """The process that listens to it."""
    watched_until: datetime | None = Field(default=None, sa_type=Instant, index=True)
    """Until then the watcher vouches for what is known to play; later, nobody does."""


class PlayerGroupLibrary(Table, table=True):
    """A group shows a library of ours."""

    __tablename__ = "player_group_libraries"
    __table_args__ = (sa.UniqueConstraint("group_id", "library_id"),)

    group_id: int = reference("player_groups.id", on_delete="CASCADE", index=False)
    library_id: int = reference("libraries.id", on_delete="CASCADE")


class PlayerUser(Table, table=True):
    """A profile of a player, and who of us that is."""

    __tablename__ = "player_users"
    __table_args__ = (sa.UniqueConstraint("player_id", "profile_id"), {"sqlite_autoincrement": True})

    player_id: int = reference("players.id", on_delete="CASCADE", index=False)
    profile_id: str = Field(default="", nullable=False)
    """What the player calls the profile; '' where it has but one (Kodi)."""
    profile_name: str | None = None
    user_id: int | None = reference("users.id", on_delete="CASCADE", nullable=True)
    """NULL = nobody's: what it plays counts for no one."""


class PlayerState(Table, table=True):
    """What plays in a session of a player, or did last. Between two observations the position runs on with `speed`."""

    __tablename__ = "player_states"
    __table_args__ = (
        sa.UniqueConstraint("player_id", "session"),
        sa.CheckConstraint("position_ms >= 0 AND coalesce(total_ms, 0) >= 0", name="not_negative"),
        sa.Index("ix_player_states_observed_at", "observed_at", "id"),
        index_where("ix_player_states_live", ["player_id", "id"], "status <> 'stopped'"),
        {"sqlite_autoincrement": True},
    )

    player_id: int = reference("players.id", on_delete="CASCADE", index=False)
    session: str = Field(default="", nullable=False)
    """What the player calls it; '' where it has but one (Kodi)."""
    status: PlaybackStatus = Field(sa_type=choice(PlaybackStatus), nullable=False)
    item_id: int | None = reference("media_items.id", on_delete="SET NULL", nullable=True)
    file_id: int | None = reference("media_files.id", on_delete="SET NULL", nullable=True)
    user_id: int | None = reference("users.id", on_delete="SET NULL", nullable=True)
    profile_id: str = Field(default="", nullable=False)
    profile_name: str | None = None
    device: str | None = None
    """What it plays on, as the player says: Living room TV."""
    kind: MediaKind = Field(default=MediaKind.UNKNOWN, sa_type=choice(MediaKind), nullable=False)
    title: str | None = None
    path: str | None = None
    """The player's path."""
    media_key: str | None = None
    """What the player calls the item: Kodi's movieid, Jellyfin's Id, Plex's ratingKey."""
    position_ms: int = Field(default=0, sa_type=sa.BigInteger, nullable=False)
    """At `observed_at`, in the file's time."""
    total_ms: int | None = Field(default=None, sa_type=sa.BigInteger)
    speed: float = Field(default=0.0, sa_type=sa.Double, nullable=False)
    """1 = as filmed, 0 = it stands."""
    streams: dict[str, Any] = Field(default_factory=dict, sa_type=Json, nullable=False)
    """`audio`, `subtitle`, `video`: what is chosen, each with language, codec and title where the player tells."""
    started_at: datetime = Field(sa_type=Instant, nullable=False)
    observed_at: datetime = Field(sa_type=Instant, nullable=False)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    is_finished: bool = Field(default=False, nullable=False)
    """It ran to its end."""


class PlaybackCapture(Table, table=True):
    """What played when something had to be done to it, until it is taken up again."""

    __tablename__ = "playback_captures"
    __table_args__ = (
        sa.CheckConstraint("position_ms >= 0 AND coalesce(total_ms, 0) >= 0", name="not_negative"),
        sa.CheckConstraint("(status = 'restored') = (restored_at IS NOT NULL)", name="restored"),
        sa.Index("ix_playback_captures_player", "player_id", "id"),
        unique_where("uq_playback_captures_waiting", ["player_id", "session"], "status = 'waiting'"),
        index_where("ix_playback_captures_expires", ["expires_at"], "status = 'waiting'"),
        {"sqlite_autoincrement": True},
    )

    player_id: int = reference("players.id", on_delete="CASCADE", index=False)
    session: str = Field(default="", nullable=False)
    item_id: int | None = reference("media_items.id", on_delete="SET NULL", nullable=True)
    file_id: int | None = reference("media_files.id", on_delete="SET NULL", nullable=True)
    user_id: int | None = reference("users.id", on_delete="SET NULL", nullable=True)
    path: str = Field(nullable=False)
    """The player's path; it may be a file that no library knows."""
    media_key: str | None = None
    position_ms: int = Field(sa_type=sa.BigInteger, nullable=False)
    total_ms: int | None = Field(default=None, sa_type=sa.BigInteger)
    is_paused: bool = Field(nullable=False)
    speed: float = Field(default=1.0, sa_type=sa.Double, nullable=False)
    reason: CaptureReason = Field(sa_type=choice(CaptureReason), nullable=False)
    status: CaptureStatus = Field(default=CaptureStatus.WAITING, sa_type=choice(CaptureStatus), nullable=False)
    error: str | None = Field(default=None, sa_type=sa.Text)
    job_id: int | None = reference("jobs.id", on_delete="SET NULL", nullable=True)
    captured_at: datetime = Field(sa_type=Instant, nullable=False)
    restored_at: datetime | None = Field(default=None, sa_type=Instant)
    expires_at: datetime = Field(sa_type=Instant, nullable=False)
