"""The tables of the catalog."""

from domain.catalog.tables.changes import Change, ChangeRow
from domain.catalog.tables.entities import Entity, ExternalId, MergeLog
from domain.catalog.tables.items import EpisodeOrder, MediaGroup, MediaItem
from domain.catalog.tables.lists import Country, Genre, ItemCountry, ItemGenre, ItemStudio, Studio, Tag
from domain.catalog.tables.orders import SeriesOrder
from domain.catalog.tables.people import Credit, Person
from domain.catalog.tables.relations import Collection, CollectionMember, MediaRelationship, Recommendation
from domain.catalog.tables.types import MediaLevel, MediaType, RatingSystem
from domain.catalog.tables.values import FieldLock, FieldValue, ItemCertification, ItemRating, ReleaseDate, Translation

__all__ = [
    "Change",
    "ChangeRow",
    "Collection",
    "CollectionMember",
    "Country",
    "Credit",
    "Entity",
    "EpisodeOrder",
    "ExternalId",
    "FieldLock",
    "FieldValue",
    "Genre",
    "ItemCertification",
    "ItemCountry",
    "ItemGenre",
    "ItemRating",
    "ItemStudio",
    "MediaGroup",
    "MediaItem",
    "MediaLevel",
    "MediaRelationship",
    "MediaType",
    "MergeLog",
    "Person",
    "RatingSystem",
    "Recommendation",
    "ReleaseDate",
    "SeriesOrder",
    "Studio",
    "Tag",
    "Translation",
]
