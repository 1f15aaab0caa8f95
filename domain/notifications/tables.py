"""Tables of notifications, the channels they leave by, the rules that choose, and each delivery."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from domain.kit.tables import Table, reference, unique_where
from domain.kit.types import Instant, Json, choice
from domain.notifications.enums import DeliveryState, Severity


class Notification(Table, table=True):
    """A message in a user's inbox. `kind` is an open set (new_episode, backup_failed, …)."""

    __tablename__ = "notifications"
    __table_args__ = (
        sa.Index("ix_notifications_user_id_created_at", "user_id", sa.text("created_at DESC")),
        unique_where("uq_notifications_dedupe", ["user_id", "dedupe_key"], "dedupe_key IS NOT NULL AND read_at IS NULL"),
    )

    user_id: int = reference("users.id", on_delete="CASCADE")
    kind: str
    severity: Severity = Field(default=Severity.INFO, sa_type=choice(Severity), nullable=False)
    title: str
    message: str = ""
    link_url: str | None = None
    subject: str | None = None
    """Global id of what it is about; no foreign key, a message outlives its subject."""
    payload: dict[str, Any] = Field(default_factory=dict, sa_type=Json, nullable=False)
    dedupe_key: str | None = None
    read_at: datetime | None = Field(default=None, sa_type=Instant)
    expires_at: datetime | None = Field(default=None, sa_type=Instant, index=True)


class NotificationChannel(Table, table=True):
    """A way out of the house for one user's messages; its address is a secret and stored encrypted."""

    __tablename__ = "notification_channels"
    __table_args__ = (sa.UniqueConstraint("user_id", "name"),)

    user_id: int = reference("users.id", on_delete="CASCADE")
    name: str
    kind: str
    secret: str
    is_enabled: bool = True


class NotificationRule(Table, table=True):
    """Which kinds of messages go over which channel."""

    __tablename__ = "notification_rules"
    __table_args__ = (sa.UniqueConstraint("channel_id", "kind"),)

    channel_id: int = reference("notification_channels.id", on_delete="CASCADE")
    kind: str
    minimum_severity: Severity = Field(default=Severity.INFO, sa_type=choice(Severity), nullable=False)


class NotificationDelivery(Table, table=True):
    """One notification over one channel, with its attempts."""

    __tablename__ = "notification_deliveries"
    __table_args__ = (sa.UniqueConstraint("notification_id", "channel_id"),)

    notification_id: int = reference("notifications.id", on_delete="CASCADE")
    channel_id: int = reference("notification_channels.id", on_delete="CASCADE")
    state: DeliveryState = Field(default=DeliveryState.PENDING, sa_type=choice(DeliveryState), nullable=False)
    attempts: int = 0
    next_attempt_at: datetime | None = Field(default=None, sa_type=Instant)
    last_error: str | None = None
    sent_at: datetime | None = Field(default=None, sa_type=Instant)
