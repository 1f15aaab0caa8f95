"""Media types as data: what can be owned and tracked, and how its parts are stacked."""

import sqlalchemy as sa
from sqlmodel import Field

from domain.catalog.enums import ItemKind
from domain.kit.tables import Table, Timestamped, Versioned, reference
from domain.kit.types import Json, choice


class MediaType(Table, Versioned, table=True):
    """A sort of media with its words. A disabled type hides its items and keeps them."""

    __tablename__ = "media_types"
    __table_args__ = (
        sa.CheckConstraint("coalesce(finish_threshold, 1) > 0 AND coalesce(finish_threshold, 1) <= 1", name="threshold"),
    )

    name: str = Field(unique=True, nullable=False)
    display_name: str = Field(nullable=False)
    icon: str | None = None
    color: str | None = None
    interaction_verb: str = Field(nullable=False)
    session_noun: str = Field(nullable=False)
    progress_unit: str = Field(nullable=False)
    status_labels: dict[str, str] = Field(default_factory=dict, sa_type=Json, nullable=False)
    finish_threshold: float | None = Field(default=None, sa_type=sa.Double)
    metadata_schema: dict[str, object] | None = Field(default=None, sa_type=Json)
    is_trackable: bool = Field(default=True, nullable=False)
    is_enabled: bool = Field(default=True, nullable=False)
    is_system: bool = Field(default=False, nullable=False)


class MediaLevel(Timestamped, table=True):
    """A kind that may stand at a level of a type's hierarchy (0 = top)."""

    __tablename__ = "media_levels"
    __table_args__ = (sa.CheckConstraint("level >= 0 AND level <= 7", name="depth"),)

    media_type_id: int = reference("media_types.id", on_delete="CASCADE", index=False, primary_key=True)
    level: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    kind: ItemKind = Field(primary_key=True, sa_type=choice(ItemKind))
    name: str = Field(nullable=False)
    plural: str = Field(nullable=False)
    is_leaf: bool = Field(default=False, nullable=False)


class RatingSystem(Table, table=True):
    """A certificate of a country's board: its order within the system and the age it asks for in years.

    A code that nobody knows has neither rank nor age and follows the rule for unrated items.
    """

    __tablename__ = "rating_systems"
    __table_args__ = (
        sa.UniqueConstraint("system", "code"),
        sa.CheckConstraint("coalesce(min_age, 0) >= 0 AND coalesce(min_age, 0) <= 21", name="age"),
    )

    system: str = Field(nullable=False)
    code: str = Field(nullable=False)
    country: str = Field(default="", nullable=False)
    rank: int | None = None
    min_age: int | None = None
