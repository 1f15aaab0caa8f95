"""Items: whatever can be owned, shown, scheduled, played or tracked, in trees."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from domain.catalog.enums import (
    AlbumType,
    Availability,
    Enrichment,
    EpisodeOrdering,
    Identification,
    ItemKind,
    ProductionStatus,
    Publication,
)
from domain.kit.tables import Table, Versioned, index_where, reference, unique_where
from domain.kit.types import Instant, Json, Key, SortText, choice


def _rare(members: type[StrEnum], column: str, *, usual: set[str]) -> sa.Index:
    """The rows with a value that few have, by title. The filter of that column says the same words (`rules.members`)."""
    values = ", ".join(f"'{value}'" for value in sorted({str(member) for member in members} - usual))
    return index_where(f"ix_media_items_rare_{column}", [column, "sort_key", "id"], f"{column} IN ({values})")


class MediaGroup(Table, Versioned, table=True):
    """Versions of one work: its cuts and its homes in other libraries."""

    __tablename__ = "media_groups"
    __table_args__ = (
        sa.ForeignKeyConstraint(["id", "kind"], ["entities.id", "entities.kind"], ondelete="CASCADE", onupdate="CASCADE"),
        sa.CheckConstraint("kind = 'group'", name="kind"),
        sa.UniqueConstraint("id", "media_type_id"),
    )

    id: int = Field(primary_key=True, sa_type=Key, sa_column_kwargs={"autoincrement": False})
    kind: str = Field(default="group", max_length=32, nullable=False)
    media_type_id: int = reference("media_types.id", on_delete="RESTRICT")
    name: str = Field(nullable=False)
    description: str | None = None
    metadata_: dict[str, Any] = Field(default_factory=dict, sa_type=Json, nullable=False, sa_column_kwargs={"name": "metadata"})


class MediaItem(Table, Versioned, table=True):
    """A film, series, season, episode, artist, album, song, piece between programmes, or a thing of a user's own type.

    Its id is an entity of the same kind. Children stand exactly one level below their parent, in the same type, tree
    and library: the foreign keys say so. Texts are resolved values; where they come from is in `field_values`.
    """

    __tablename__ = "media_items"
    __table_args__ = (
        sa.ForeignKeyConstraint(["id", "kind"], ["entities.id", "entities.kind"], ondelete="CASCADE", onupdate="CASCADE"),
        sa.ForeignKeyConstraint(
            ["media_type_id", "level", "kind"],
            ["media_levels.media_type_id", "media_levels.level", "media_levels.kind"],
            onupdate="CASCADE",
            ondelete="RESTRICT",
            deferrable=True,  # a film becomes an episode in one transaction
            initially="DEFERRED",
        ),
        sa.ForeignKeyConstraint(
            ["parent_id", "media_type_id", "parent_level"],
            ["media_items.id", "media_items.media_type_id", "media_items.level"],
            name="fk_media_items_parent_one_up",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["parent_id", "root_id"],
            ["media_items.id", "media_items.root_id"],
            name="fk_media_items_parent_same_tree",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["root_id", "library_id"],
            ["media_items.id", "media_items.library_id"],
            name="fk_media_items_one_library_a_tree",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["media_group_id", "media_type_id"],
            ["media_groups.id", "media_groups.media_type_id"],
            name="fk_media_items_version_same_type",
            deferrable=True,  # the plain key below empties media_group_id when a group goes
            initially="DEFERRED",
        ),
        sa.UniqueConstraint("id", "media_type_id", "level"),
        sa.UniqueConstraint("id", "root_id"),
        sa.UniqueConstraint("id", "library_id"),
        sa.CheckConstraint("(level = 0) = (parent_id IS NULL)", name="top_has_no_parent"),
        sa.CheckConstraint("(level = 0) = (root_id = id)", name="top_is_root"),
        sa.CheckConstraint("(availability = 'missing') = (missing_since IS NOT NULL)", name="missing_since"),
        sa.CheckConstraint("coalesce(position, 0) >= 0 AND coalesce(disc_number, 0) >= 0", name="numbers"),
        sa.CheckConstraint("coalesce(runtime_ms, 0) >= 0", name="runtime"),
        sa.CheckConstraint("coalesce(min_age, 0) >= 0", name="min_age"),
        sa.CheckConstraint("enrichment_priority >= 1 AND enrichment_priority <= 10", name="enrichment_priority"),
        unique_where(
            "uq_media_items_number",
            ["parent_id", "position", "edition"],
            "kind IN ('season', 'episode') AND deleted_at IS NULL",
        ),
        unique_where(
            "uq_media_items_preferred",
            ["media_group_id"],
            "is_preferred AND media_group_id IS NOT NULL AND deleted_at IS NULL",
        ),
        unique_where("uq_media_items_directory_path", ["directory_path"], "directory_path IS NOT NULL AND deleted_at IS NULL"),
        sa.Index("ix_media_items_level", "media_type_id", "level", "kind"),
        sa.Index("ix_media_items_parent", "parent_id", "position", "sort_key"),
        sa.Index("ix_media_items_tree", "root_id", "library_id"),
        sa.Index("ix_media_items_library", "library_id", "kind", "sort_key"),
        index_where("ix_media_items_list", ["kind", "sort_key", "id"], "deleted_at IS NULL"),
        index_where("ix_media_items_newest", ["kind", "created_at", "id"], "deleted_at IS NULL"),
        index_where("ix_media_items_years", ["kind", "year", "id"], "deleted_at IS NULL"),
        # One index for each order, with and without the kind, and one for each value that is rare: docs/filters.md.
        index_where("ix_media_items_released", ["kind", "release_date", "id"], "deleted_at IS NULL"),
        index_where("ix_media_items_runtimes", ["kind", "runtime_ms", "id"], "deleted_at IS NULL"),
        index_where("ix_media_items_popular", ["kind", "popularity", "id"], "deleted_at IS NULL"),
        index_where("ix_media_items_changed", ["kind", "updated_at", "id"], "deleted_at IS NULL"),
        index_where("ix_media_items_by_sort_key", ["sort_key", "id"], "deleted_at IS NULL"),
        index_where("ix_media_items_by_created_at", ["created_at", "id"], "deleted_at IS NULL"),
        index_where("ix_media_items_by_updated_at", ["updated_at", "id"], "deleted_at IS NULL"),
        index_where("ix_media_items_by_year", ["year", "id"], "deleted_at IS NULL"),
        index_where("ix_media_items_by_release_date", ["release_date", "id"], "deleted_at IS NULL"),
        index_where("ix_media_items_by_runtime", ["runtime_ms", "id"], "deleted_at IS NULL"),
        index_where("ix_media_items_by_popularity", ["popularity", "id"], "deleted_at IS NULL"),
        index_where("ix_media_items_min_age", ["min_age", "id"], "min_age IS NOT NULL"),
        index_where("ix_media_items_edition", ["edition", "id"], "edition <> ''"),
        _rare(Identification, "identification", usual={"identified"}),
        _rare(Enrichment, "enrichment", usual={"never", "complete"}),
        _rare(Publication, "publication", usual={"never", "published"}),
        index_where("ix_media_items_unpublished", ["library_id"], "publication <> 'published' AND deleted_at IS NULL"),
        _rare(Availability, "availability", usual={"present", "none"}),
        _rare(ProductionStatus, "production_status", usual={"released", "ended", "returning"}),
        sa.Index(
            "ix_media_items_kids",
            "is_kids_friendly",
            "sort_key",
            "id",
            sqlite_where=sa.text("is_kids_friendly = 1"),
            postgresql_where=sa.text("is_kids_friendly"),
        ),
        sa.Index(
            "ix_media_items_unmonitored",
            "is_monitored",
            "sort_key",
            "id",
            sqlite_where=sa.text("is_monitored = 0"),
            postgresql_where=sa.text("NOT is_monitored"),
        ),
        index_where("ix_media_items_budget", ["budget"], "budget IS NOT NULL"),
        index_where("ix_media_items_revenue", ["revenue"], "revenue IS NOT NULL"),
        index_where("ix_media_items_deleted_at", ["deleted_at"], "deleted_at IS NOT NULL"),
        index_where("ix_media_items_metadata_changed_at", ["metadata_changed_at"], "metadata_changed_at IS NOT NULL"),
    )

    id: int = Field(primary_key=True, sa_type=Key, sa_column_kwargs={"autoincrement": False})
    kind: ItemKind = Field(sa_type=choice(ItemKind), nullable=False)
    media_type_id: int = reference("media_types.id", on_delete="RESTRICT", index=False)
    level: int = Field(default=0, nullable=False)
    parent_level: int | None = Field(default=None, sa_column_args=(sa.Computed("level - 1", persisted=True),))
    parent_id: int | None = Field(default=None, sa_type=Key)
    root_id: int = Field(sa_type=Key, nullable=False)
    position: int | None = None
    disc_number: int | None = None
    library_id: int | None = reference("libraries.id", on_delete="SET NULL", nullable=True, index=False)
    directory_path: str | None = None
    media_group_id: int | None = reference("media_groups.id", on_delete="SET NULL", nullable=True)
    edition: str = Field(default="", nullable=False)
    is_preferred: bool = Field(default=True, nullable=False)

    title: str = Field(nullable=False)
    sort_title: str | None = None
    sort_key: str = Field(sa_type=SortText, nullable=False)
    original_title: str | None = None
    tagline: str | None = None
    plot: str | None = None
    outline: str | None = None
    year: int | None = None
    release_date: date | None = None
    end_date: date | None = None
    runtime_ms: int | None = Field(default=None, sa_type=sa.BigInteger)
    production_status: ProductionStatus | None = Field(default=None, sa_type=choice(ProductionStatus))
    original_language: str | None = Field(default=None, index=True)
    homepage: str | None = None
    popularity: float | None = Field(default=None, sa_type=sa.Double)
    budget: int | None = Field(default=None, sa_type=sa.BigInteger)
    revenue: int | None = Field(default=None, sa_type=sa.BigInteger)
    album_type: AlbumType | None = Field(default=None, sa_type=choice(AlbumType))
    min_age: int | None = None
    is_kids_friendly: bool = Field(default=False, nullable=False)

    identification: Identification = Field(default=Identification.UNIDENTIFIED, sa_type=choice(Identification), nullable=False)
    enrichment: Enrichment = Field(default=Enrichment.NEVER, sa_type=choice(Enrichment), nullable=False)
    publication: Publication = Field(default=Publication.NEVER, sa_type=choice(Publication), nullable=False)
    availability: Availability = Field(default=Availability.NONE, sa_type=choice(Availability), nullable=False)
    missing_since: datetime | None = Field(default=None, sa_type=Instant)
    enrichment_priority: int = Field(default=5, nullable=False)
    is_monitored: bool = Field(default=True, nullable=False)
    metadata_: dict[str, Any] = Field(default_factory=dict, sa_type=Json, nullable=False, sa_column_kwargs={"name": "metadata"})
    metadata_changed_at: datetime | None = Field(default=None, sa_type=Instant)
    last_scanned_at: datetime | None = Field(default=None, sa_type=Instant)
    last_enriched_at: datetime | None = Field(default=None, sa_type=Instant)
    last_published_at: datetime | None = Field(default=None, sa_type=Instant)
    deleted_at: datetime | None = Field(default=None, sa_type=Instant)
    purged_at: datetime | None = Field(default=None, sa_type=Instant)


class EpisodeOrder(Table, table=True):
    """An episode's numbers in another order than the aired one, unique within its series."""

    __tablename__ = "episode_orders"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["item_id", "root_id"], ["media_items.id", "media_items.root_id"], ondelete="CASCADE", onupdate="CASCADE"
        ),
        sa.UniqueConstraint("root_id", "ordering", "season_number", "episode_number"),
        sa.UniqueConstraint("item_id", "ordering"),
        sa.Index("ix_episode_orders_item", "item_id", "root_id"),
    )

    item_id: int = Field(sa_type=Key, nullable=False)
    ordering: EpisodeOrdering = Field(sa_type=choice(EpisodeOrdering), nullable=False)
    root_id: int = Field(sa_type=Key, nullable=False)
    season_number: int = Field(nullable=False)
    episode_number: int = Field(nullable=False)
    display_season: int | None = None
    display_episode: int | None = None
