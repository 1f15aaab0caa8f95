"""What people changed, item by item, with what stood there before: so that it can be shown and undone."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from domain.catalog.enums import ChangeAction, RowOutcome
from domain.kit.tables import Table, reference
from domain.kit.types import Instant, Json, choice


class Change(Table, table=True):
    """One act of a person on one or many items."""

    __tablename__ = "changes"
    __table_args__ = (
        sa.Index("ix_changes_created_at", "created_at"),
        sa.CheckConstraint("undoes_id IS NULL OR action = 'undo'", name="undo"),
        {"sqlite_autoincrement": True},
    )

    user_id: int | None = reference("users.id", on_delete="SET NULL", nullable=True)
    action: ChangeAction = Field(sa_type=choice(ChangeAction), nullable=False)
    is_dry_run: bool = Field(default=False, nullable=False)
    """Its rows tell what would happen; nothing did."""
    total: int = Field(default=0, nullable=False)
    """Items it was asked for."""
    changed: int = Field(default=0, nullable=False)
    unchanged: int = Field(default=0, nullable=False)
    rejected: int = Field(default=0, nullable=False)
    skipped: int = Field(default=0, nullable=False)
    plan: dict[str, Any] | None = Field(default=None, sa_type=Json)
    """What its job has yet to do: the edit, the policy and the keys as they matched at the start. NULL when it is over."""
    job_id: int | None = reference("jobs.id", on_delete="SET NULL", nullable=True)
    undoes_id: int | None = reference("changes.id", on_delete="SET NULL", nullable=True)
    undone_at: datetime | None = Field(default=None, sa_type=Instant)
    finished_at: datetime | None = Field(default=None, sa_type=Instant)


class ChangeRow(Table, table=True):
    """One item of a change: what came of it. Items that stayed as they were are counted, not kept."""

    __tablename__ = "change_rows"
    __table_args__ = (
        sa.UniqueConstraint("change_id", "position"),
        sa.Index("ix_change_rows_outcome", "change_id", "outcome", "id"),
        sa.Index("ix_change_rows_created_at", "created_at"),
    )

    change_id: int = reference("changes.id", on_delete="CASCADE", index=False)
    position: int = Field(nullable=False)
    """Its place among the items that were asked for, from 0: a batch that is begun again writes no place twice."""
    item_id: int | None = reference("media_items.id", on_delete="SET NULL", nullable=True)
    outcome: RowOutcome = Field(sa_type=choice(RowOutcome), nullable=False)
    before: dict[str, Any] = Field(default_factory=dict, sa_type=Json, nullable=False)
    """What the change touched, as it was: `said`, `locks`, `tags`, `is_monitored`, `deleted_at`, and `shown` for people."""
    after: dict[str, Any] = Field(default_factory=dict, sa_type=Json, nullable=False)
    errors: list[dict[str, Any]] = Field(default_factory=list, sa_type=Json, nullable=False)
