"""Orders of episodes beside the aired one: which of them providers offer for a series, and which its files go by."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from domain.catalog.enums import EpisodeOrdering
from domain.kit.tables import Table, reference, unique_where
from domain.kit.types import Instant, Json, choice


class SeriesOrder(Table, table=True):
    """An order that a provider offers for a series. A series without a chosen one goes by the aired order."""

    __tablename__ = "series_orders"
    __table_args__ = (
        sa.UniqueConstraint("item_id", "ordering", "provider"),
        unique_where("uq_series_orders_chosen", ["item_id"], "is_chosen"),
        sa.CheckConstraint("(numbers IS NULL) = (fetched_at IS NULL)", name="fetched"),
    )

    item_id: int = reference("media_items.id", on_delete="CASCADE", index=False)
    ordering: EpisodeOrdering = Field(sa_type=choice(EpisodeOrdering), nullable=False)
    provider: str = Field(nullable=False)
    external_id: str = Field(nullable=False)
    """What the provider calls the order."""
    name: str = Field(nullable=False)
    is_chosen: bool = Field(default=False, nullable=False)
    """A person has said that the names of the series' files count in it."""
    numbers: list[Any] | None = Field(default=None, sa_type=Json)
    """[[season, episode, aired season, aired episode], …]: the whole order as the provider told it; null = nobody asked."""
    fetched_at: datetime | None = Field(default=None, sa_type=Instant)
