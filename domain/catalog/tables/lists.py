"""Genres, studios, countries and tags, and their places on items."""

import sqlalchemy as sa
from sqlmodel import Field

from domain.catalog.enums import StudioRole, TagOrigin
from domain.kit.tables import Table, Timestamped, Versioned, reference
from domain.kit.types import Key, SortText, choice


class Genre(Table, table=True):
    """A genre, one row whatever its spelling in upper and lower case."""

    __tablename__ = "genres"
    __table_args__ = (sa.Index("ix_genres_sort_key", "sort_key", "id"),)

    name: str = Field(unique=True, nullable=False)
    name_normalized: str = Field(unique=True, nullable=False)
    sort_key: str = Field(sa_type=SortText, nullable=False)


class Studio(Table, Versioned, table=True):
    """An organisation: studio, network, label or publisher; its logo hangs on its entity."""

    __tablename__ = "studios"
    __table_args__ = (
        sa.ForeignKeyConstraint(["id", "kind"], ["entities.id", "entities.kind"], ondelete="CASCADE", onupdate="CASCADE"),
        sa.CheckConstraint("kind = 'studio'", name="kind"),
        sa.Index("ix_studios_sort_key", "sort_key", "id"),
    )

    id: int = Field(primary_key=True, sa_type=Key, sa_column_kwargs={"autoincrement": False})
    kind: str = Field(default="studio", max_length=32, nullable=False)
    name: str = Field(unique=True, nullable=False)
    name_normalized: str = Field(unique=True, nullable=False)
    sort_key: str = Field(sa_type=SortText, nullable=False)


class Country(Table, table=True):
    """A country by its ISO 3166-1 code; one that only a source knows by name has no code."""

    __tablename__ = "countries"

    code: str | None = Field(default=None, unique=True, max_length=2)
    name: str = Field(unique=True, nullable=False)


class ItemGenre(Timestamped, table=True):
    """A genre of an item, in the source's order."""

    __tablename__ = "item_genres"
    __table_args__ = (sa.Index("ix_item_genres_genre", "genre_id", "item_id"),)

    item_id: int = reference("media_items.id", on_delete="CASCADE", index=False, primary_key=True)
    genre_id: int = reference("genres.id", on_delete="CASCADE", index=False, primary_key=True)
    position: int = Field(default=0, nullable=False)


class ItemStudio(Timestamped, table=True):
    """An organisation of an item in one role, in the source's order."""

    __tablename__ = "item_studios"
    __table_args__ = (sa.Index("ix_item_studios_studio", "studio_id", "item_id"),)

    item_id: int = reference("media_items.id", on_delete="CASCADE", index=False, primary_key=True)
    studio_id: int = reference("studios.id", on_delete="CASCADE", index=False, primary_key=True)
    role: StudioRole = Field(default=StudioRole.STUDIO, sa_type=choice(StudioRole), primary_key=True)
    position: int = Field(default=0, nullable=False)


class ItemCountry(Timestamped, table=True):
    """A country of an item's making, in the source's order."""

    __tablename__ = "item_countries"
    __table_args__ = (sa.Index("ix_item_countries_country", "country_id", "item_id"),)

    item_id: int = reference("media_items.id", on_delete="CASCADE", index=False, primary_key=True)
    country_id: int = reference("countries.id", on_delete="CASCADE", index=False, primary_key=True)
    position: int = Field(default=0, nullable=False)


class Tag(Table, table=True):
    """A tag of an item: its text is the key; valued ones (`resolution` = `4k`) have a value. Namespaces are open."""

    __tablename__ = "tags"
    __table_args__ = (
        sa.UniqueConstraint("item_id", "namespace", "key"),
        sa.Index("ix_tags_namespace_key", "namespace", "key", "item_id"),
    )

    item_id: int = reference("media_items.id", on_delete="CASCADE", index=False)
    namespace: str = Field(default="user", nullable=False)
    key: str = Field(nullable=False)
    value: str | None = None
    origin: TagOrigin = Field(default=TagOrigin.USER, sa_type=choice(TagOrigin), nullable=False)
    sort_key: str = Field(sa_type=SortText, nullable=False)
