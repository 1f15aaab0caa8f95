"""Filters and orders of the catalog's lists."""

from api.catalog.filters.items import GenreFilter, MediaItemWhere, item_conditions
from api.catalog.filters.names import (
    CollectionOrder,
    CollectionWhere,
    GenreOrder,
    GenreWhere,
    PersonOrder,
    PersonWhere,
    StudioOrder,
    StudioWhere,
    collection_conditions,
    collection_order,
    genre_conditions,
    genre_order,
    person_conditions,
    person_order,
    studio_conditions,
    studio_order,
)
from api.catalog.filters.orders import MediaItemOrder, MediaItemOrderField, item_order

__all__ = [
    "CollectionOrder",
    "CollectionWhere",
    "GenreFilter",
    "GenreOrder",
    "GenreWhere",
    "MediaItemOrder",
    "MediaItemOrderField",
    "MediaItemWhere",
    "PersonOrder",
    "PersonWhere",
    "StudioOrder",
    "StudioWhere",
    "collection_conditions",
    "collection_order",
    "genre_conditions",
    "genre_order",
    "item_conditions",
    "item_order",
    "person_conditions",
    "person_order",
    "studio_conditions",
    "studio_order",
]
