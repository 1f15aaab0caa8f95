"""Which files beside the media are ours, and the journal of writing them."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from domain.kit.tables import Table, reference, unique_where
from domain.kit.types import Instant, Json, choice
from domain.publish.enums import FileProblemKind, FileRepair, PublishFailure, PublishStatus


class PublishedFile(Table, table=True):
    """A file that we wrote, as it was then: one that looks otherwise now was changed by somebody.

    Where it lies says its `media_files` row, which follows it when a folder is renamed. `asset_type` is `nfo` or the type
    of a picture; of a file that several episodes share, `item_id` is the first. No digest: a person said that what lies
    there is theirs, by leaving a change or by taking a file back out of the recycle bin.
    """

    __tablename__ = "published_files"
    __table_args__ = (
        sa.UniqueConstraint("media_file_id"),
        sa.Index("ix_published_files_item", "item_id", "asset_type"),
        sa.Index("ix_published_files_asset_type", "asset_type"),
        sa.Index("ix_published_files_sha256", "sha256"),
        sa.CheckConstraint("size_bytes >= 0", name="not_negative"),
    )

    item_id: int = reference("media_items.id", on_delete="CASCADE", index=False)
    media_file_id: int = reference("media_files.id", on_delete="CASCADE", index=False)
    asset_id: int | None = reference("assets.id", on_delete="SET NULL", nullable=True)
    asset_type: str = Field(foreign_key="asset_types.name", ondelete="RESTRICT", max_length=32, nullable=False)
    sha256: str = Field(max_length=64, nullable=False)
    quick_hash: str = Field(max_length=64, nullable=False)
    size_bytes: int = Field(sa_type=sa.BigInteger, nullable=False)
    modified_at: datetime = Field(sa_type=Instant, nullable=False)
    published_at: datetime = Field(sa_type=Instant, nullable=False)
    verified_at: datetime | None = Field(default=None, sa_type=Instant)


class PublishRun(Table, table=True):
    """The files of one item being written, or what came of it: `steps` are the intent, stored before the first of them.

    One run at a time in a tree: `root_id` is its top.
    """

    __tablename__ = "publish_runs"
    __table_args__ = (
        sa.CheckConstraint("(status = 'failed') = (failure IS NOT NULL)", name="failed"),
        sa.CheckConstraint("(status = 'running') = (finished_at IS NULL)", name="finished"),
        unique_where("uq_publish_runs_running", ["root_id"], "status = 'running' AND root_id IS NOT NULL"),
        sa.Index("ix_publish_runs_item", "item_id", "id"),
        sa.Index("ix_publish_runs_root_id", "root_id"),
        sa.Index("ix_publish_runs_status", "status", "id"),
        sa.Index("ix_publish_runs_created_at", "created_at"),
        {"sqlite_autoincrement": True},
    )

    item_id: int | None = reference("media_items.id", on_delete="CASCADE", nullable=True, index=False)
    root_id: int | None = reference("media_items.id", on_delete="CASCADE", nullable=True, index=False)
    job_id: int | None = reference("jobs.id", on_delete="SET NULL", nullable=True)
    status: PublishStatus = Field(default=PublishStatus.RUNNING, sa_type=choice(PublishStatus), nullable=False)
    failure: PublishFailure | None = Field(default=None, sa_type=choice(PublishFailure))
    error: str | None = None
    steps: list[dict[str, Any]] = Field(default_factory=list, sa_type=Json, nullable=False)
    written_count: int = Field(default=0, nullable=False)
    removed_count: int = Field(default=0, nullable=False)
    displaced_count: int = Field(default=0, nullable=False)
    finished_at: datetime | None = Field(default=None, sa_type=Instant)


class FileProblem(Table, table=True):
    """A file of ours that is not as it should be: beside the media (of an item), or in the cache.

    `repair` is the usual one; NULL: nothing can be done but by a person. `error` says why the last one failed.
    """

    __tablename__ = "file_problems"
    __table_args__ = (
        sa.UniqueConstraint("path", "kind"),
        sa.Index("ix_file_problems_kind", "kind", "id"),
        {"sqlite_autoincrement": True},
    )

    kind: FileProblemKind = Field(sa_type=choice(FileProblemKind), nullable=False)
    path: str = Field(nullable=False)
    repair: FileRepair | None = Field(default=None, sa_type=choice(FileRepair))
    error: str | None = None
    checked_at: datetime = Field(sa_type=Instant, nullable=False)
    library_id: int | None = reference("libraries.id", on_delete="CASCADE", nullable=True)
    item_id: int | None = reference("media_items.id", on_delete="CASCADE", nullable=True)
    published_file_id: int | None = reference("published_files.id", on_delete="CASCADE", nullable=True)
    cached_file_id: int | None = reference("cached_files.id", on_delete="CASCADE", nullable=True)
