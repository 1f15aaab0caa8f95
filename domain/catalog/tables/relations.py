"""Sets of works that the world knows, and how one work stands to another."""

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from domain.catalog.enums import RelationOrigin, RelationshipType
from domain.kit.tables import Table, Timestamped, Versioned, reference
from domain.kit.types import Key, SortText, choice


class Collection(Table, Versioned, table=True):
    """A film series or another set with a name; artwork, ids and locks hang on its entity."""

    __tablename__ = "collections"
    __table_args__ = (
        sa.ForeignKeyConstraint(["id", "kind"], ["entities.id", "entities.kind"], ondelete="CASCADE", onupdate="CASCADE"),
        sa.CheckConstraint("kind = 'collection'", name="kind"),
        sa.Index("ix_collections_sort_key", "sort_key", "id"),
        sa.Index("ix_collections_created_at", "created_at", "id"),
    )

    id: int = Field(primary_key=True, sa_type=Key, sa_column_kwargs={"autoincrement": False})
    kind: str = Field(default="collection", max_length=32, nullable=False)
    name: str = Field(nullable=False)
    name_normalized: str = Field(nullable=False, index=True)
    sort_name: str | None = None
    sort_key: str = Field(sa_type=SortText, nullable=False)
    plot: str | None = None
    media_type_id: int = reference("media_types.id", on_delete="RESTRICT")


class CollectionMember(Timestamped, table=True):
    """An item's place in a collection."""

    __tablename__ = "collection_members"
    __table_args__ = (sa.Index("ix_collection_members_item", "item_id", "collection_id"),)

    collection_id: int = reference("collections.id", on_delete="CASCADE", index=False, primary_key=True)
    item_id: int = reference("media_items.id", on_delete="CASCADE", index=False, primary_key=True)
    sort_order: int = Field(default=0, nullable=False)


class MediaRelationship(Table, table=True):
    """`to` is the sequel (adaptation, …) of `from`. The inverse is derived; a shared universe is stored once, low id first.

    A person's word is never taken away by automation; what a person removed keeps its row, so that automation does not say
    it again.
    """

    __tablename__ = "media_relationships"
    __table_args__ = (
        sa.UniqueConstraint("from_item_id", "to_item_id", "type"),
        sa.CheckConstraint("from_item_id <> to_item_id", name="two_items"),
        sa.CheckConstraint("type <> 'shared_universe' OR from_item_id < to_item_id", name="stored_once"),
    )

    from_item_id: int = reference("media_items.id", on_delete="CASCADE", index=False)
    to_item_id: int = reference("media_items.id", on_delete="CASCADE")
    type: RelationshipType = Field(sa_type=choice(RelationshipType), nullable=False)
    origin: RelationOrigin = Field(default=RelationOrigin.PROVIDER, sa_type=choice(RelationOrigin), nullable=False)
    is_removed: bool = Field(default=False, nullable=False)


class Recommendation(SQLModel, table=True):
    """What providers recommend to those who liked an item, by the providers' ids: whether it is here is asked when it is read."""

    __tablename__ = "recommendations"
    __table_args__ = (sa.CheckConstraint("rank >= 0", name="rank"), {"sqlite_with_rowid": False})

    item_id: int = reference("media_items.id", on_delete="CASCADE", index=False, primary_key=True)
    rank: int = Field(primary_key=True, sa_type=sa.Integer, sa_column_kwargs={"autoincrement": False})
    """0 is what is recommended most."""
    provider: str = Field(nullable=False)
    namespace: str = Field(default="", nullable=False)
    external_id: str = Field(nullable=False)
