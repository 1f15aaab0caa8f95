"""What waits for a person's decision, and what was moved out of the way."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from domain.kit.tables import Table, exactly_one, index_where, reference, unique_where
from domain.kit.types import Instant, Json, choice
from domain.libraries.enums import FileKind, ReviewStatus


class ReviewItem(Table, table=True):
    """A file or item that automation is not sure about: `confidence` 0 to 1, candidates with their reasons."""

    __tablename__ = "review_queue"
    __table_args__ = (
        sa.CheckConstraint(exactly_one("file_id", "item_id"), name="one_subject"),
        sa.CheckConstraint("confidence >= 0 AND confidence <= 1", name="confidence"),
        sa.CheckConstraint("(status = 'pending') = (resolved_at IS NULL)", name="resolved"),
        unique_where("uq_review_queue_file", ["file_id", "reason"], "status = 'pending' AND file_id IS NOT NULL"),
        unique_where("uq_review_queue_item", ["item_id", "reason"], "status = 'pending' AND item_id IS NOT NULL"),
        sa.Index("ix_review_queue_status", "status", "created_at", "id"),
        {"sqlite_autoincrement": True},
    )

    file_id: int | None = reference("media_files.id", on_delete="CASCADE", nullable=True)
    item_id: int | None = reference("media_items.id", on_delete="CASCADE", nullable=True)
    reason: str = Field(nullable=False)
    confidence: float = Field(default=0.0, sa_type=sa.Double, nullable=False)
    candidates: list[dict[str, Any]] = Field(default_factory=list, sa_type=Json, nullable=False)
    status: ReviewStatus = Field(default=ReviewStatus.PENDING, sa_type=choice(ReviewStatus), nullable=False)
    resolution: dict[str, Any] | None = Field(default=None, sa_type=Json)
    resolved_at: datetime | None = Field(default=None, sa_type=Instant)
    resolved_by_user_id: int | None = reference("users.id", on_delete="SET NULL", nullable=True)


class RecycledFile(Table, table=True):
    """A file that was displaced: where it was, where it lies, until when. `subject` is the global id it belonged to."""

    __tablename__ = "recycle_bin"
    __table_args__ = (
        sa.CheckConstraint("size_bytes >= 0", name="not_negative"),
        index_where("ix_recycle_bin_expires_at", ["expires_at"], "restored_at IS NULL AND purged_at IS NULL"),
        {"sqlite_autoincrement": True},
    )

    library_id: int | None = reference("libraries.id", on_delete="SET NULL", nullable=True)
    item_id: int | None = reference("media_items.id", on_delete="SET NULL", nullable=True)
    subject: str | None = None
    original_path: str = Field(nullable=False, index=True)
    bin_path: str = Field(unique=True, nullable=False)
    file_kind: FileKind = Field(sa_type=choice(FileKind), nullable=False)
    size_bytes: int = Field(sa_type=sa.BigInteger, nullable=False)
    reason: str | None = None
    deleted_at: datetime = Field(sa_type=Instant, nullable=False)
    deleted_by_user_id: int | None = reference("users.id", on_delete="SET NULL", nullable=True)
    expires_at: datetime = Field(sa_type=Instant, nullable=False)
    restored_at: datetime | None = Field(default=None, sa_type=Instant)
    purged_at: datetime | None = Field(default=None, sa_type=Instant)
