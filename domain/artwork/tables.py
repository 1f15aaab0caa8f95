"""Artwork: the rules of each type as data, the bytes once, their uses by entities, and what providers offer."""

from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from domain.artwork.enums import AssetSource, CachedKind, DownloadFailure
from domain.artwork.tokens import new_token
from domain.kit.tables import Table, Versioned, index_where, reference, unique_where
from domain.kit.types import Instant, Json, Thousandths, choice


def _asset_type() -> Any:
    return Field(foreign_key="asset_types.name", ondelete="RESTRICT", max_length=32, nullable=False)


class AssetType(Table, Versioned, table=True):
    """The rules of one type: shape, smallest size in pixels, how many an entity may show, names of its files.

    `ratio_tolerance_percent` is the deviation from width : height that is still that shape. A limit of 0 switches the
    type off.
    """

    __tablename__ = "asset_types"
    __table_args__ = (
        sa.CheckConstraint("default_limit >= 0 AND default_limit <= max_limit", name="limits"),
        sa.CheckConstraint("(ratio_width IS NULL) = (ratio_height IS NULL)", name="ratio"),
    )

    name: str = Field(unique=True, max_length=32, nullable=False)
    media: CachedKind = Field(sa_type=choice(CachedKind), nullable=False)
    kinds: list[str] = Field(default_factory=list, sa_type=Json, nullable=False)
    ratio_width: int | None = None
    ratio_height: int | None = None
    ratio_tolerance_percent: int | None = None
    min_width: int | None = None
    min_height: int | None = None
    formats: list[str] = Field(default_factory=list, sa_type=Json, nullable=False)
    default_limit: int = Field(nullable=False)
    max_limit: int = Field(nullable=False)
    file_suffix: str | None = None
    file_names: list[str] = Field(default_factory=list, sa_type=Json, nullable=False)


class CachedFile(Table, table=True):
    """Bytes, once: the path is made of their SHA-256. Nobody's since `released_at`, put aside since `quarantined_at`."""

    __tablename__ = "cached_files"
    __table_args__ = (
        sa.CheckConstraint("kind <> 'image' OR (width IS NOT NULL AND height IS NOT NULL)", name="image_size"),
        sa.CheckConstraint("size_bytes >= 0", name="not_negative"),
        sa.CheckConstraint("coalesce(foreground_ratio, 0) >= 0 AND coalesce(foreground_ratio, 0) <= 1", name="foreground"),
        index_where("ix_cached_files_released_at", ["released_at"], "released_at IS NOT NULL"),
        index_where("ix_cached_files_quarantined_at", ["quarantined_at"], "quarantined_at IS NOT NULL"),
        index_where("ix_cached_files_perceptual_hash", ["perceptual_hash"], "perceptual_hash IS NOT NULL"),
    )

    kind: CachedKind = Field(sa_type=choice(CachedKind), nullable=False)
    sha256: str = Field(unique=True, max_length=64, nullable=False)
    path: str = Field(unique=True, nullable=False)
    size_bytes: int = Field(sa_type=sa.BigInteger, nullable=False)
    format: str = Field(nullable=False)
    width: int | None = None
    height: int | None = None
    has_alpha: bool | None = None
    foreground_ratio: float | None = Field(default=None, sa_type=sa.Double)
    perceptual_hash: str | None = None
    difference_hash: str | None = None
    duration_ms: int | None = Field(default=None, sa_type=sa.BigInteger)
    codec: str | None = None
    last_accessed_at: datetime | None = Field(default=None, sa_type=Instant)
    released_at: datetime | None = Field(default=None, sa_type=Instant)
    quarantined_at: datetime | None = Field(default=None, sa_type=Instant)


class ImageCandidate(Table, table=True):
    """A picture that a provider offers: `vote_average` 0 to 10, `score` ours with its breakdown.

    `token` is the address of its thumbnail, `/images/candidates/<token>`.
    """

    __tablename__ = "image_candidates"
    __table_args__ = (
        sa.UniqueConstraint("entity_id", "asset_type", "url"),
        sa.Index("ix_image_candidates_best", "entity_id", "asset_type", "score"),
        sa.Index("ix_image_candidates_asset_type", "asset_type"),
        sa.Index("uq_image_candidates_token", "token", unique=True),
        index_where("ix_image_candidates_url", ["url"], "cached_file_id IS NOT NULL"),
    )

    entity_id: int = reference("entities.id", on_delete="CASCADE", index=False)
    asset_type: str = _asset_type()
    provider: str = Field(nullable=False)
    provider_image_id: str | None = None
    url: str = Field(nullable=False)
    width: int | None = None
    height: int | None = None
    language: str | None = None
    season_number: int | None = None
    vote_average: Decimal | None = Field(default=None, sa_type=Thousandths)
    vote_count: int | None = None
    score: float = Field(default=0.0, sa_type=sa.Double, nullable=False)
    score_breakdown: dict[str, Any] | None = Field(default=None, sa_type=Json)
    is_blocked: bool = Field(default=False, nullable=False)
    cached_file_id: int | None = reference("cached_files.id", on_delete="SET NULL", nullable=True)
    last_refreshed_at: datetime | None = Field(default=None, sa_type=Instant)
    token: str | None = Field(default_factory=new_token)


class ImageDownload(Table, table=True):
    """A candidate whose bytes could not be had: why, how often in a row, and from when on it may be tried again."""

    __tablename__ = "image_downloads"
    __table_args__ = (
        sa.CheckConstraint("failure_count >= 1", name="failure_count"),
        sa.Index("ix_image_downloads_retry_at", "retry_at"),
    )

    candidate_id: int = reference("image_candidates.id", on_delete="CASCADE", index=False, unique=True)
    entity_id: int = reference("entities.id", on_delete="CASCADE")
    failure: DownloadFailure = Field(sa_type=choice(DownloadFailure), nullable=False)
    message: str = Field(sa_type=sa.Text, nullable=False)
    failure_count: int = Field(nullable=False)
    retry_at: datetime = Field(sa_type=Instant, nullable=False)


class ImageChoice(Table, table=True):
    """A person's choice that waits for bytes: all candidates of an entity and type that are to be shown, in order."""

    __tablename__ = "image_choices"
    __table_args__ = (
        sa.UniqueConstraint("entity_id", "asset_type", "position"),
        sa.CheckConstraint("position >= 0", name="position"),
        sa.Index("ix_image_choices_asset_type", "asset_type"),
    )

    entity_id: int = reference("entities.id", on_delete="CASCADE", index=False)
    asset_type: str = _asset_type()
    position: int = Field(nullable=False)
    candidate_id: int = reference("image_candidates.id", on_delete="CASCADE", index=False, unique=True)
    user_id: int | None = reference("users.id", on_delete="SET NULL", nullable=True)


class Asset(Table, table=True):
    """A use of bytes by an entity: shown at `rank` (0 first), or in the pool while it has none.

    The bytes are a cached file, or a local file that stays where it is. `token` is the address `/images/<token>`; a new
    one withdraws the old. A pinned file is never replaced or released.
    """

    __tablename__ = "assets"
    __table_args__ = (
        sa.UniqueConstraint("entity_id", "asset_type", "cached_file_id"),
        sa.CheckConstraint("cached_file_id IS NOT NULL OR media_file_id IS NOT NULL", name="has_bytes"),
        sa.CheckConstraint("coalesce(rank, 0) >= 0", name="rank"),
        unique_where("uq_assets_rank", ["entity_id", "asset_type", "rank"], "rank IS NOT NULL"),
        unique_where("uq_assets_local", ["entity_id", "asset_type", "media_file_id"], "media_file_id IS NOT NULL"),
        sa.Index("ix_assets_pool", "entity_id", "asset_type", "score", "created_at"),
        sa.Index("ix_assets_asset_type", "asset_type", "entity_id"),
        {"sqlite_autoincrement": True},
    )

    entity_id: int = reference("entities.id", on_delete="CASCADE", index=False)
    asset_type: str = _asset_type()
    cached_file_id: int | None = reference("cached_files.id", on_delete="RESTRICT", nullable=True)
    media_file_id: int | None = reference("media_files.id", on_delete="CASCADE", nullable=True)
    token: str = Field(unique=True, nullable=False)
    rank: int | None = None
    language: str | None = None
    season_number: int | None = None
    source_type: AssetSource = Field(sa_type=choice(AssetSource), nullable=False)
    source_url: str | None = None
    provider: str | None = None
    candidate_id: int | None = reference("image_candidates.id", on_delete="SET NULL", nullable=True)
    score: float = Field(default=0.0, sa_type=sa.Double, nullable=False)
    is_pinned: bool = Field(default=False, nullable=False)
    selected_by_user_id: int | None = reference("users.id", on_delete="SET NULL", nullable=True)
    selected_at: datetime | None = Field(default=None, sa_type=Instant)


class EmbeddedPictures(Table, table=True):
    """A media file with pictures inside, as it was last read; they are candidates once somebody looked into it."""

    __tablename__ = "embedded_pictures"
    __table_args__ = (
        sa.CheckConstraint("picture_count > 0", name="picture_count"),
        index_where("ix_embedded_pictures_waiting", ["media_file_id"], "looked_at IS NULL"),
    )

    media_file_id: int = reference("media_files.id", on_delete="CASCADE", index=False, unique=True)
    picture_count: int = Field(nullable=False)
    looked_at: datetime | None = Field(default=None, sa_type=Instant)


class ImageVariant(Table, table=True):
    """A smaller variant of a cached picture. Its bytes lie at a path made of the picture's SHA-256 and the width."""

    __tablename__ = "image_variants"
    __table_args__ = (
        sa.UniqueConstraint("cached_file_id", "width"),
        sa.CheckConstraint("width > 0 AND height > 0 AND size_bytes >= 0", name="positive"),
        sa.Index("ix_image_variants_last_accessed_at", "last_accessed_at"),
    )

    cached_file_id: int = reference("cached_files.id", on_delete="CASCADE", index=False)
    width: int = Field(nullable=False)
    height: int = Field(nullable=False)
    format: str = Field(max_length=8, nullable=False)
    size_bytes: int = Field(sa_type=sa.BigInteger, nullable=False)
    last_accessed_at: datetime = Field(sa_type=Instant, nullable=False)
