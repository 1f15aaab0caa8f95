"""The event log, remembered mutations, what other servers sent us, and their cached answers."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from domain.kit import clock
from domain.kit.tables import Table, index_where, reference
from domain.kit.types import Instant, Json, Key, choice
from domain.system.enums import InboundFailure, InboundStatus


class Event(SQLModel, table=True):
    """A fact in the past tense, written in the transaction it tells of."""

    __tablename__ = "events"
    __table_args__ = (
        sa.Index("ix_events_xid_sequence", "xid", "sequence"),
        sa.Index("ix_events_at", "at"),
        # A number must not come back after the newest rows were pruned: cursors remember it.
        {"sqlite_autoincrement": True},
    )

    sequence: int = Field(default=None, primary_key=True, sa_type=Key)
    xid: int = Field(sa_type=sa.BigInteger)
    """PostgreSQL's transaction id: readers order by (xid, sequence); 0 on SQLite, where sequence is commit order."""
    at: datetime = Field(sa_type=Instant)
    topic: str
    """The feature that tells it."""
    type: str
    """Dotted: `job.completed`."""
    subject: str
    """Global id."""
    actor: str
    """Global id of who did it, or `system`."""
    audience: str
    """Who may hear it: everyone, admins, user:<key> or library:<key>; admins hear all."""
    payload: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    changed_fields: list[str] | None = Field(default=None, sa_type=Json)


class EventEpoch(SQLModel, table=True):
    """One row: the life of the log. Another epoch means that older cursors name nothing here."""

    __tablename__ = "event_epoch"
    __table_args__ = (sa.CheckConstraint("id = 1", name="one_row"),)

    id: int = Field(default=1, primary_key=True, sa_type=sa.SmallInteger, sa_column_kwargs={"autoincrement": False})
    epoch: int = Field(sa_type=sa.BigInteger)
    """Random, so that two restores of one backup differ."""
    pruned_xid: int = Field(default=0, sa_type=sa.BigInteger)
    pruned_sequence: int = Field(default=0, sa_type=sa.BigInteger)
    """Everything up to (pruned_xid, pruned_sequence) has been deleted."""
    reason: str
    since: datetime = Field(default_factory=clock.now, sa_type=Instant)


class IdempotencyKey(Table, table=True):
    """A mutation that was done once and is answered, not done, when it comes again."""

    __tablename__ = "idempotency_keys"
    __table_args__ = (sa.UniqueConstraint("user_id", "key"),)

    user_id: int = reference("users.id", on_delete="CASCADE", index=False)
    key: str
    operation: str
    input_sha256: str
    """Hex digest of the canonical input: the input itself may hold secrets."""
    result: dict[str, Any] | None = Field(default=None, sa_type=Json)
    """NULL only inside the transaction of the first call."""
    expires_at: datetime = Field(sa_type=Instant, index=True)


class InboundEvent(Table, table=True):
    """A webhook as it came, before anybody understood it, and what became of it."""

    __tablename__ = "inbound_events"
    __table_args__ = (
        sa.Index("ix_inbound_events_created_at", "created_at", "id"),
        sa.Index("ix_inbound_events_source_digest", "source_id", "digest", "created_at"),
        sa.Index("ix_inbound_events_type", "type", "id"),
        index_where("ix_inbound_events_chain", ["chain"], "chain IS NOT NULL"),
        sa.CheckConstraint("(status = 'failed') = (failure IS NOT NULL)", name="failed"),
        sa.CheckConstraint("(status = 'received') = (processed_at IS NULL)", name="processed"),
        {"sqlite_autoincrement": True},
    )

    source: str
    """Kind of sender: radarr, sonarr, lidarr, jellyfin, …"""
    source_id: int | None = reference("sources.id", on_delete="SET NULL", nullable=True, index=False)
    """Which instance."""
    type: str
    """As the sender calls it: Download; '' where it does not say."""
    instance: str | None = None
    """What the sender calls itself."""
    body: str = Field(sa_type=sa.Text)
    """What came, character by character: a database's JSON would reorder it, and refuse a NUL."""
    digest: str
    """SHA-256 of the body, hex: a sender that is set up twice says everything twice."""
    deliveries: int = 1
    """How often it came."""
    last_received_at: datetime = Field(sa_type=Instant)
    status: InboundStatus = Field(default=InboundStatus.RECEIVED, sa_type=choice(InboundStatus))
    outcome: str | None = Field(default=None, sa_type=sa.Text)
    """What was done about it, for people."""
    failure: InboundFailure | None = Field(default=None, sa_type=choice(InboundFailure))
    error: str | None = Field(default=None, sa_type=sa.Text)
    """What is wrong and what to do, for people."""
    chain: str | None = None
    """Global id of the job that began the chain of work that deals with it."""
    job_id: int | None = reference("jobs.id", on_delete="SET NULL", nullable=True)
    """The latest job that looked at it."""
    processed_at: datetime | None = Field(default=None, sa_type=Instant)
