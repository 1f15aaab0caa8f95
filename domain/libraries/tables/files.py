"""Files and what they are to items."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field

from domain.kit import clock
from domain.kit.tables import Table, index_where, reference, unique_where
from domain.kit.types import Instant, Json, SortText, choice
from domain.libraries.enums import FileKind, FileRole


class MediaFile(Table, table=True):
    """A file, by our path or, while no mapping reaches it, as `<kind>://<source>/<part>`.

    One that no `item_files` row names is an unknown file. `quick_hash` covers size, head and tail; `keyframe_index`
    holds the positions of the video's keyframes in milliseconds.
    """

    __tablename__ = "media_files"
    __table_args__ = (
        sa.CheckConstraint("size_bytes >= 0 AND coalesce(duration_ms, 0) >= 0", name="not_negative"),
        sa.Index("ix_media_files_library", "library_id", "file_kind", "id"),
        sa.Index("ix_media_files_discovered_at", "discovered_at", "id"),
        sa.Index("ix_media_files_size_bytes", "size_bytes", "id"),
        sa.Index("ix_media_files_kind", "file_kind", "uri"),
        sa.Index("ix_media_files_by_library", "library_id", "uri"),
        sa.Index("ix_media_files_container", "container", "id"),
        sa.Index("ix_media_files_duration_ms", "duration_ms", "id"),
        index_where("ix_media_files_probe_error", ["uri"], "probe_error IS NOT NULL"),
        index_where("ix_media_files_sha256", ["sha256"], "sha256 IS NOT NULL"),
        index_where("ix_media_files_quick_hash", ["quick_hash"], "quick_hash IS NOT NULL"),
        index_where("ix_media_files_missing_since", ["missing_since"], "missing_since IS NOT NULL"),
        {"sqlite_autoincrement": True},
    )

    library_id: int | None = reference("libraries.id", on_delete="CASCADE", nullable=True, index=False)
    directory_id: int | None = reference("library_directories.id", on_delete="SET NULL", nullable=True)
    uri: str = Field(unique=True, sa_type=SortText, nullable=False)
    file_kind: FileKind = Field(sa_type=choice(FileKind), nullable=False)
    size_bytes: int = Field(sa_type=sa.BigInteger, nullable=False)
    modified_at: datetime | None = Field(default=None, sa_type=Instant)
    sha256: str | None = Field(default=None, max_length=64)
    quick_hash: str | None = Field(default=None, max_length=64)
    container: str | None = None
    duration_ms: int | None = Field(default=None, sa_type=sa.BigInteger)
    bitrate: int | None = Field(default=None, sa_type=sa.BigInteger)
    discovered_at: datetime = Field(default_factory=clock.now, sa_type=Instant, nullable=False)
    verified_at: datetime | None = Field(default=None, sa_type=Instant)
    probed_at: datetime | None = Field(default=None, sa_type=Instant)
    probe_error: str | None = None
    missing_since: datetime | None = Field(default=None, sa_type=Instant)
    keyframe_index: list[int] | None = Field(default=None, sa_type=Json)


class ItemFile(Table, table=True):
    """What a file is to an item. Another quality of the same cut is another copy; CD1 and CD2 are parts of one copy.

    A double episode is two rows on one file with bounds (milliseconds in the file). A subtitle's copy and part number
    name the main file it belongs to.
    """

    __tablename__ = "item_files"
    __table_args__ = (
        sa.UniqueConstraint("item_id", "file_id"),
        sa.CheckConstraint("copy_number >= 1 AND part_number >= 1", name="numbers"),
        sa.CheckConstraint(
            "(start_ms IS NULL) = (end_ms IS NULL) AND coalesce(start_ms, 0) >= 0"
            " AND coalesce(end_ms, 1) > coalesce(start_ms, 0)",
            name="bounds",
        ),
        index_where("ix_item_files_trailers", ["item_id"], "role = 'trailer'"),
        index_where("ix_item_files_copies", ["item_id"], "role = 'main' AND copy_number > 1"),
        unique_where("uq_item_files_part", ["item_id", "copy_number", "part_number"], "role = 'main'"),
        unique_where("uq_item_files_default", ["item_id"], "role = 'main' AND is_default AND part_number = 1"),
    )

    item_id: int = reference("media_items.id", on_delete="CASCADE", index=False)
    file_id: int = reference("media_files.id", on_delete="CASCADE")
    role: FileRole = Field(default=FileRole.MAIN, sa_type=choice(FileRole), nullable=False)
    copy_number: int = Field(default=1, nullable=False)
    part_number: int = Field(default=1, nullable=False)
    start_ms: int | None = Field(default=None, sa_type=sa.BigInteger)
    end_ms: int | None = Field(default=None, sa_type=sa.BigInteger)
    is_default: bool = Field(default=False, nullable=False)
    title: str | None = None
