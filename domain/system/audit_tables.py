"""The table of the audit log: append-only, written in the transaction of the act."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from domain.kit.types import Instant, Json, Key, choice


class AuditSeverity(StrEnum):
    """How long an entry is kept: 90 days, or a year when critical."""

    NORMAL = "normal"
    CRITICAL = "critical"


class AuditEntry(SQLModel, table=True):
    """Who did what to what. Actor and subject are global id texts: the log outlives both.

    Personal fields enter `hash` through salted digests of their own, so that an erased account blanks them
    without breaking the chain; `previous_hash` and `hash` are filled when a job seals the hour.
    """

    __tablename__ = "audit_log"
    __table_args__ = (
        sa.Index("ix_audit_log_subject_at", "subject", "at"),
        sa.Index("ix_audit_log_actor_at", "actor", "at"),
        sa.Index("ix_audit_log_at", "at"),
    )

    id: int = Field(default=None, primary_key=True, sa_type=Key)
    at: datetime = Field(sa_type=Instant, nullable=False)
    actor: str
    action: str
    subject: str | None = None
    severity: AuditSeverity = Field(default=AuditSeverity.NORMAL, sa_type=choice(AuditSeverity), nullable=False)
    ip_address: str | None = None
    user_agent: str | None = None
    details: dict[str, Any] = Field(default_factory=dict, sa_type=Json, nullable=False)
    request_id: str | None = None
    personal_salt: str | None = None
    personal_digest: str | None = None
    is_anchor: bool = False
    """An anchor carries the last hash of what was pruned before it."""
    previous_hash: str | None = None
    hash: str | None = None
