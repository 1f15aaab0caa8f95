"""Providers as a person set them up and as they behave, what they answered, and how often."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field

from domain.kit.tables import Table, Versioned, reference, unique_where
from domain.kit.types import Instant, Json, choice
from domain.providers.enums import BreakerState, TestOutcome


class ProviderConfig(Table, Versioned, table=True):
    """One provider. `version` counts a person's changes; what the provider does to us changes the rest of the row."""

    __tablename__ = "provider_configs"
    __table_args__ = (
        sa.CheckConstraint("coalesce(rate_limit, 1) > 0", name="rate_limit"),
        sa.CheckConstraint("priority >= 1 AND priority <= 1000", name="priority"),
        sa.CheckConstraint("failures >= 0 AND successes >= 0", name="not_negative"),
        sa.CheckConstraint("(breaker = 'closed') = (retry_at IS NULL)", name="retry_at"),
        {"sqlite_autoincrement": True},
    )

    name: str = Field(unique=True, max_length=50, nullable=False)
    is_enabled: bool = Field(default=True, nullable=False)
    key: str | None = Field(default=None, sa_type=sa.Text)
    """Sealed (`domain.kit.sealing`); NULL = none was given."""
    token: str | None = Field(default=None, sa_type=sa.Text)
    """What the provider gave for the key, sealed; NULL = none yet, or it needs none."""
    language: str = Field(default="en", max_length=35, nullable=False)
    """BCP 47: in which texts are asked for."""
    region: str | None = Field(default=None, max_length=2)
    """ISO 3166-1: whose release dates and certificates come first."""
    rate_limit: float | None = Field(default=None, sa_type=sa.Double)
    """Requests a second; NULL = what is known to be polite."""
    priority: int = Field(default=100, nullable=False)
    """1 comes first."""
    last_tested_at: datetime | None = Field(default=None, sa_type=Instant)
    last_test: TestOutcome | None = Field(default=None, sa_type=choice(TestOutcome))
    last_test_error: str | None = Field(default=None, sa_type=sa.Text)

    breaker: BreakerState = Field(default=BreakerState.CLOSED, sa_type=choice(BreakerState), nullable=False)
    failures: int = Field(default=0, nullable=False)
    """In a row, while closed."""
    successes: int = Field(default=0, nullable=False)
    """In a row, while half open."""
    retry_at: datetime | None = Field(default=None, sa_type=Instant)
    """When an open breaker lets one request through, and a half-open one the next; NULL while closed."""
    blocked_until: datetime | None = Field(default=None, sa_type=Instant)
    """The provider said so (429)."""
    recent: list[int] = Field(default_factory=list, sa_type=Json, nullable=False)
    """When requests of the present window went out, in milliseconds since 1970."""
    changes_since: datetime | None = Field(default=None, sa_type=Instant)
    """Up to where its changes have been read; NULL = never."""


class ProviderStatistic(Table, table=True):
    """How a provider did on a day (UTC): requests for one type of media, or for none in particular (NULL)."""

    __tablename__ = "provider_stats"
    __table_args__ = (
        unique_where("uq_provider_stats_typed", ["provider_id", "media_type_id", "day"], "media_type_id IS NOT NULL"),
        unique_where("uq_provider_stats_untyped", ["provider_id", "day"], "media_type_id IS NULL"),
        sa.Index("ix_provider_stats_day", "provider_id", "day"),
        sa.CheckConstraint("success_count >= 0 AND failure_count >= 0 AND average_response_ms >= 0", name="not_negative"),
    )

    provider_id: int = reference("provider_configs.id", on_delete="CASCADE", index=False)
    media_type_id: int | None = reference("media_types.id", on_delete="CASCADE", nullable=True)
    day: date = Field(nullable=False)
    success_count: int = Field(default=0, nullable=False)
    failure_count: int = Field(default=0, nullable=False)
    total_response_ms: int = Field(default=0, sa_type=sa.BigInteger, nullable=False)
    average_response_ms: int = Field(default=0, sa_type=sa.BigInteger, nullable=False)
    """Over all requests of the day, failed ones too."""
    last_success_at: datetime | None = Field(default=None, sa_type=Instant)
    last_failure_at: datetime | None = Field(default=None, sa_type=Instant)


class ProviderResponse(Table, table=True):
    """A provider's answer as it came, packed (zlib). When it is no longer fresh its ETag still saves sending it again."""

    __tablename__ = "provider_responses"
    __table_args__ = (sa.UniqueConstraint("provider", "request_key", "language"),)

    provider: str
    request_key: str
    """Path and parameters; never a key."""
    language: str = Field(default="")
    """BCP 47; '' where the answer has none."""
    etag: str | None = Field(default=None)
    status: int = Field(sa_type=sa.SmallInteger)
    """HTTP status: 200, or 404 for what the provider does not have."""
    body: bytes = Field(sa_type=sa.LargeBinary)
    fetched_at: datetime = Field(sa_type=Instant)
    expires_at: datetime = Field(sa_type=Instant, index=True)
