"""Other servers and old databases: their collections, how their paths map to ours, and what they call our things."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from domain.kit.tables import Table, Versioned, exactly_one, reference, unique_where
from domain.kit.types import Instant, Json, choice
from domain.libraries.enums import ConnectionStatus, SourceKind


class Source(Table, Versioned, table=True):
    """A server or program that knows media. `secret` is encrypted; `external_id` is what the server calls itself."""

    __tablename__ = "sources"
    __table_args__ = ({"sqlite_autoincrement": True},)

    kind: SourceKind = Field(sa_type=choice(SourceKind), nullable=False)
    name: str = Field(nullable=False)
    external_id: str | None = Field(default=None, unique=True)
    base_url: str | None = None
    secret: str | None = None
    config: dict[str, Any] = Field(default_factory=dict, sa_type=Json, nullable=False)
    is_enabled: bool = Field(default=True, nullable=False)
    connection_status: ConnectionStatus = Field(
        default=ConnectionStatus.UNKNOWN, sa_type=choice(ConnectionStatus), nullable=False
    )
    last_connected_at: datetime | None = Field(default=None, sa_type=Instant)
    last_error: str | None = None
    software_version: str | None = None
    webhook_hash: str | None = None
    """Keyed hash of the token that its webhooks carry; NULL = none are taken."""
    webhook_hint: str | None = None
    """The token's last characters, so that people tell it from another."""
    webhook_made_at: datetime | None = Field(default=None, sa_type=Instant)


class SourceCollection(Table, Versioned, table=True):
    """A section of a source. A discovered one starts switched off."""

    __tablename__ = "source_collections"
    __table_args__ = (sa.UniqueConstraint("source_id", "external_id"),)

    source_id: int = reference("sources.id", on_delete="CASCADE", index=False)
    external_id: str = Field(nullable=False)
    name: str = Field(nullable=False)
    type: str | None = None
    library_id: int | None = reference("libraries.id", on_delete="SET NULL", nullable=True)
    is_enabled: bool = Field(default=False, nullable=False)
    config: dict[str, Any] = Field(default_factory=dict, sa_type=Json, nullable=False)
    last_synced_at: datetime | None = Field(default=None, sa_type=Instant)


class PathMapping(Table, Versioned, table=True):
    """A prefix of another server's paths and the same place here. The longest prefix that ends at a boundary wins."""

    __tablename__ = "path_mappings"
    __table_args__ = (
        sa.CheckConstraint(exactly_one("source_id", "source_collection_id", "player_group_id"), name="one_owner"),
        unique_where("uq_path_mappings_source", ["source_id", "remote_path"], "source_id IS NOT NULL"),
        unique_where(
            "uq_path_mappings_source_collection", ["source_collection_id", "remote_path"], "source_collection_id IS NOT NULL"
        ),
        unique_where("uq_path_mappings_player_group", ["player_group_id", "remote_path"], "player_group_id IS NOT NULL"),
    )

    source_id: int | None = reference("sources.id", on_delete="CASCADE", nullable=True)
    source_collection_id: int | None = reference("source_collections.id", on_delete="CASCADE", nullable=True)
    player_group_id: int | None = reference("player_groups.id", on_delete="CASCADE", nullable=True)
    remote_path: str = Field(nullable=False)
    local_path: str = Field(nullable=False)
    description: str | None = None


class SourceRef(Table, table=True):
    """What a source calls an item or a file: unlike a catalogue id it changes with the server and repeats between them."""

    __tablename__ = "source_refs"
    __table_args__ = (
        sa.UniqueConstraint("source_collection_id", "kind", "key"),
        sa.CheckConstraint(exactly_one("item_id", "file_id"), name="one_subject"),
    )

    source_collection_id: int = reference("source_collections.id", on_delete="CASCADE", index=False)
    kind: str = Field(nullable=False)
    key: str = Field(nullable=False)
    item_id: int | None = reference("media_items.id", on_delete="CASCADE", nullable=True)
    file_id: int | None = reference("media_files.id", on_delete="CASCADE", nullable=True)
    remote_path: str | None = None
    raw: dict[str, Any] | None = Field(default=None, sa_type=Json)
    remote_updated_at: datetime | None = Field(default=None, sa_type=Instant)
    seen_at: datetime = Field(sa_type=Instant, nullable=False)
