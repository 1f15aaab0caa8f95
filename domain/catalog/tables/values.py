"""Where a field's value comes from, who may still write it, and the scores, certificates and dates of items."""

import datetime as dt
from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from domain.catalog.enums import LockState, ReleaseType
from domain.kit import clock
from domain.kit.tables import Table, reference, unique_where
from domain.kit.types import Instant, Json, Thousandths, choice


class FieldValue(Table, table=True):
    """What one source says about one field. Source `user` is an override: deleting it restores the best of the others."""

    __tablename__ = "field_values"
    __table_args__ = (sa.UniqueConstraint("entity_id", "field", "source"),)

    entity_id: int = reference("entities.id", on_delete="CASCADE", index=False)
    field: str = Field(nullable=False)
    source: str = Field(nullable=False)
    value: Any = Field(default=None, sa_type=Json)
    set_by_user_id: int | None = reference("users.id", on_delete="SET NULL", nullable=True)
    fetched_at: datetime = Field(default_factory=clock.now, sa_type=Instant, nullable=False)


class FieldLock(Table, table=True):
    """A decision about one field: locked, or unlocked below a locked ancestor. The nearest row decides."""

    __tablename__ = "field_locks"
    __table_args__ = (sa.UniqueConstraint("entity_id", "field"), sa.Index("ix_field_locks_state", "state", "entity_id"))

    entity_id: int = reference("entities.id", on_delete="CASCADE", index=False)
    field: str = Field(nullable=False)
    state: LockState = Field(default=LockState.LOCKED, sa_type=choice(LockState), nullable=False)
    locked_by_user_id: int | None = reference("users.id", on_delete="SET NULL", nullable=True)
    locked_at: datetime = Field(default_factory=clock.now, sa_type=Instant, nullable=False)


class Translation(Table, table=True):
    """The texts of an item, a person or a film series in one language, as providers tell them."""

    __tablename__ = "translations"
    __table_args__ = (
        sa.UniqueConstraint("entity_id", "language"),
        sa.CheckConstraint("coalesce(title, tagline, plot) IS NOT NULL", name="says_something"),
    )

    entity_id: int = reference("entities.id", on_delete="CASCADE", index=False)
    language: str = Field(max_length=35, nullable=False)
    """BCP 47, as the library's list has it."""
    title: str | None = None
    tagline: str | None = None
    plot: str | None = None
    """Of a person the biography."""
    provider: str = Field(nullable=False)


class ItemRating(Table, table=True):
    """The score (0 to 10) that the users of a source give an item."""

    __tablename__ = "item_ratings"
    __table_args__ = (
        sa.UniqueConstraint("item_id", "source"),
        sa.Index("ix_item_ratings_value", "source", "value", "item_id"),
        sa.Index("ix_item_ratings_votes", "source", "votes", "item_id"),
        sa.CheckConstraint("value >= 0 AND coalesce(votes, 0) >= 0", name="not_negative"),
    )

    item_id: int = reference("media_items.id", on_delete="CASCADE", index=False)
    source: str = Field(nullable=False)
    value: Decimal = Field(sa_type=Thousandths, nullable=False)
    votes: int | None = Field(default=None, sa_type=sa.BigInteger)


class ItemCertification(Table, table=True):
    """A certificate that an item carries in a country ('' where the system has no country)."""

    __tablename__ = "item_certifications"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["system", "code"], ["rating_systems.system", "rating_systems.code"], ondelete="RESTRICT", onupdate="CASCADE"
        ),
        sa.UniqueConstraint("item_id", "system", "country"),
        sa.Index("ix_item_certifications_system_code", "system", "code"),
        unique_where("uq_item_certifications_primary", ["item_id"], "is_primary"),
    )

    item_id: int = reference("media_items.id", on_delete="CASCADE", index=False)
    system: str = Field(nullable=False)
    code: str = Field(nullable=False)
    country: str = Field(default="", nullable=False)
    is_primary: bool = Field(default=False, nullable=False)


class ReleaseDate(Table, table=True):
    """The day an item came out in a country, in one way."""

    __tablename__ = "release_dates"
    __table_args__ = (sa.UniqueConstraint("item_id", "country", "type", "date"),)

    item_id: int = reference("media_items.id", on_delete="CASCADE", index=False)
    country: str = Field(default="", nullable=False)
    type: ReleaseType = Field(sa_type=choice(ReleaseType), nullable=False)
    date: dt.date = Field(nullable=False)
    note: str | None = None
