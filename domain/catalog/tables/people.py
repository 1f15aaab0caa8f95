"""People and what they did for an item."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field

from domain.catalog.enums import Department, Enrichment
from domain.kit.tables import Table, Versioned, index_where, reference
from domain.kit.types import Instant, Key, SortText, choice


class Person(Table, Versioned, table=True):
    """Somebody. Known by a provider's id where there is one, else by normalized name and disambiguation.

    `identity_key` is `<provider>:<id>` or `name:<normalized>`, with a suffix for a namesake.
    """

    __tablename__ = "people"
    __table_args__ = (
        sa.ForeignKeyConstraint(["id", "kind"], ["entities.id", "entities.kind"], ondelete="CASCADE", onupdate="CASCADE"),
        sa.CheckConstraint("kind = 'person'", name="kind"),
        sa.CheckConstraint("enrichment_priority >= 1 AND enrichment_priority <= 10", name="enrichment_priority"),
        sa.UniqueConstraint("name_normalized", "disambiguation"),
        sa.Index("ix_people_sort_key", "sort_key", "id"),
        sa.Index("ix_people_birth_date", "birth_date", "id"),
        sa.Index("ix_people_created_at", "created_at", "id"),
        index_where("ix_people_death_date", ["death_date", "id"], "death_date IS NOT NULL"),
    )

    id: int = Field(primary_key=True, sa_type=Key, sa_column_kwargs={"autoincrement": False})
    kind: str = Field(default="person", max_length=32, nullable=False)
    identity_key: str = Field(unique=True, nullable=False)
    name: str = Field(nullable=False)
    name_normalized: str = Field(nullable=False)
    disambiguation: str = Field(default="", nullable=False)
    sort_name: str | None = None
    sort_key: str = Field(sa_type=SortText, nullable=False)
    biography: str | None = None
    birth_date: date | None = None
    death_date: date | None = None
    birthplace: str | None = None
    enrichment: Enrichment = Field(default=Enrichment.NEVER, sa_type=choice(Enrichment), nullable=False)
    enrichment_priority: int = Field(default=5, nullable=False)
    last_enriched_at: datetime | None = Field(default=None, sa_type=Instant)


class Credit(Table, table=True):
    """A person's part in an item. A removed one stays, so that no automation brings it back."""

    __tablename__ = "credits"
    __table_args__ = (
        sa.UniqueConstraint("item_id", "person_id", "department", "job", "role"),
        sa.CheckConstraint("position >= 0", name="position"),
        sa.Index("ix_credits_item", "item_id", "department", "position"),
        sa.Index("ix_credits_person", "person_id", "item_id"),
        sa.Index(
            "ix_credits_shown",
            "item_id",
            "position",
            "id",
            sqlite_where=sa.text("is_removed = 0"),
            postgresql_where=sa.text("NOT is_removed"),
        ),
    )

    item_id: int = reference("media_items.id", on_delete="CASCADE", index=False)
    person_id: int = reference("people.id", on_delete="CASCADE", index=False)
    department: Department = Field(sa_type=choice(Department), nullable=False)
    job: str = Field(default="", nullable=False)
    role: str = Field(default="", nullable=False)
    position: int = Field(default=0, nullable=False)
    is_role_locked: bool = Field(default=False, nullable=False)
    is_removed: bool = Field(default=False, nullable=False)
