"""The one id space, what outside catalogues call its members, and what became of merged ones."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field

from domain.catalog.enums import EntityKind
from domain.kit import clock
from domain.kit.tables import Table, reference, unique_where
from domain.kit.types import Instant, Json, Key, choice


class Entity(Table, table=True):
    """An id that artwork, ids, values and locks can hang on. A merged one keeps its row and points on."""

    __tablename__ = "entities"
    __table_args__ = (
        sa.UniqueConstraint("id", "kind"),
        sa.CheckConstraint("coalesce(merged_into_id, 0) <> id", name="merged_elsewhere"),
        {"sqlite_autoincrement": True},  # ids are never given twice: clients and logs hold them
    )

    kind: EntityKind = Field(sa_type=choice(EntityKind), nullable=False)
    merged_into_id: int | None = reference("entities.id", on_delete="SET NULL", nullable=True)


class ExternalId(Table, table=True):
    """What a catalogue calls an entity. Namesakes of a provider's spaces are told apart by `namespace`."""

    __tablename__ = "external_ids"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["entity_id", "entity_kind"], ["entities.id", "entities.kind"], ondelete="CASCADE", onupdate="CASCADE"
        ),
        sa.UniqueConstraint("entity_id", "provider", "namespace", "external_id"),
        sa.Index("ix_external_ids_value", "provider", "external_id", "entity_id"),
        sa.Index("ix_external_ids_lookup", "provider", "namespace", "external_id"),
        unique_where("uq_external_ids_primary", ["entity_id", "provider", "namespace"], "is_primary"),
        unique_where("uq_external_ids_default", ["entity_id"], "is_default"),
        unique_where(
            "uq_external_ids_owner",
            ["provider", "namespace", "external_id"],
            "entity_kind IN ('person', 'collection', 'studio')",
        ),
    )

    entity_id: int = Field(sa_type=Key, nullable=False)
    entity_kind: EntityKind = Field(sa_type=choice(EntityKind), nullable=False)
    provider: str = Field(nullable=False)
    namespace: str = Field(default="", nullable=False)
    external_id: str = Field(nullable=False)
    url: str | None = None
    is_primary: bool = Field(default=False, nullable=False)
    is_default: bool = Field(default=False, nullable=False)


class MergeLog(Table, table=True):
    """A merge and what it moved, so that it can be undone."""

    __tablename__ = "merge_log"
    __table_args__ = (sa.CheckConstraint("kept_id <> merged_id", name="two_entities"),)

    kept_id: int = reference("entities.id", on_delete="CASCADE")
    merged_id: int = reference("entities.id", on_delete="CASCADE")
    moved: dict[str, object] = Field(default_factory=dict, sa_type=Json, nullable=False)
    merged_by_user_id: int | None = reference("users.id", on_delete="SET NULL", nullable=True)
    merged_at: datetime = Field(default_factory=clock.now, sa_type=Instant, nullable=False)
    undone_at: datetime | None = Field(default=None, sa_type=Instant)
