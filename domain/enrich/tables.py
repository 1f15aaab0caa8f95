"""Whose word counts for which field, and what came of asking each provider."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field

from domain.catalog.enums import Fallback
from domain.enrich.enums import LookupOutcome
from domain.kit.tables import Table, reference, unique_where
from domain.kit.types import Instant, choice


class ProviderPriority(Table, table=True):
    """A provider's place in the order for a field ('*' = all) of a media type (NULL = all)."""

    __tablename__ = "provider_priorities"
    __table_args__ = (
        unique_where("uq_provider_priorities_typed", ["media_type_id", "field", "provider_id"], "media_type_id IS NOT NULL"),
        unique_where("uq_provider_priorities_untyped", ["field", "provider_id"], "media_type_id IS NULL"),
        sa.Index("ix_provider_priorities_order", "field", "media_type_id", "priority", "id"),
        sa.CheckConstraint("priority >= 1 AND priority <= 1000", name="priority"),
    )

    media_type_id: int | None = reference("media_types.id", on_delete="CASCADE", nullable=True)
    provider_id: int = reference("provider_configs.id", on_delete="CASCADE")
    field: str = Field(nullable=False)
    """A name of `domain.enrich.fields`."""
    priority: int = Field(nullable=False)
    """1 comes first."""
    is_enabled: bool = Field(default=True, nullable=False)
    fallback_behavior: Fallback = Field(default=Fallback.CONTINUE, sa_type=choice(Fallback), nullable=False)


class EnrichmentResult(Table, table=True):
    """What came of asking a provider for an entity, the last time that it changed."""

    __tablename__ = "enrichment_results"
    __table_args__ = (
        sa.UniqueConstraint("entity_id", "provider"),
        sa.Index("ix_enrichment_results_outcome", "outcome", "entity_id"),
        sa.CheckConstraint("(outcome = 'failed') = (error IS NOT NULL)", name="error"),
    )

    entity_id: int = reference("entities.id", on_delete="CASCADE", index=False)
    provider: str = Field(nullable=False)
    outcome: LookupOutcome = Field(sa_type=choice(LookupOutcome), nullable=False)
    external_id: str | None = None
    """What the provider calls it."""
    error: str | None = None
    code: str | None = None
    """Of a failure: as the API's error codes."""
    retry_at: datetime | None = Field(default=None, sa_type=Instant)
    asked_at: datetime = Field(sa_type=Instant, nullable=False)
