"""Whose pictures come first, and which things automation looks after: as people set it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self

from sqlmodel import Session

from domain.catalog import provider_order
from domain.catalog.enums import EntityKind
from domain.catalog.provider_order import LOCAL, Orders
from domain.catalog.queries import rows_of
from domain.catalog.tables import Entity, MediaItem


@dataclass(frozen=True, slots=True)
class Preferences:
    """Of some entities: what they are, which items are not monitored (by themselves or by what is above them), and the
    orders of providers for their media types."""

    kinds: Mapping[int, EntityKind]
    unmonitored: frozenset[int]
    media_types: Mapping[int, int]
    orders: Orders

    @classmethod
    def load(cls, session: Session, entities: Iterable[int]) -> Self:
        """As they stand."""
        keys = list(entities)
        items = rows_of(session, MediaItem.id, keys)
        above = {key for row in items for key in (row.parent_id, row.root_id) if key is not None}
        off = {row.id for row in rows_of(session, MediaItem.id, {*keys, *above}, MediaItem.is_monitored.is_(False))}  # type: ignore[attr-defined]
        unmonitored = frozenset(row.id for row in items if {row.id, row.parent_id, row.root_id} & off)
        kinds = {row.id: row.kind for row in rows_of(session, Entity.id, keys)}
        return cls(kinds, unmonitored, {row.id: row.media_type_id for row in items}, provider_order.load(session))

    def places(self, entity_id: int, asset_type: str) -> Mapping[str, int] | None:
        """Places for a type, 0 first, of providers and of what lies beside the media; None where the type has no order of its
        own: what lies beside the media, then providers by score alone."""
        return self.orders.places(self.media_types.get(entity_id), f"artwork.{asset_type}")

    def takes_local(self, entity_id: int, asset_type: str) -> bool:
        """Whether automation shows what lies beside the media."""
        places = self.places(entity_id, asset_type)
        return self.orders.is_local_on if places is None else LOCAL in places
