"""Which provider is heard first: the order that people gave for a media type and field, and what several say as one value."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Session

from domain.catalog.enums import Fallback
from domain.catalog.sorting import normal_name
from domain.catalog.sources import is_provider
from domain.kit.types import Key

EVERY_FIELD: Final = "*"
UNITED: Final = frozenset({"ratings", "external_ids", "recommendations", "translations"})
"""Lists to which every provider adds its own, unless an order for the very field, or STOP, says otherwise."""
LOCAL: Final = "local"
"""What lies beside the media. It is ordered among the providers of pictures; words of NFO files stand above them all."""
COMBINED: Final = "provider"
"""The source under which what all providers say of a field is resolved."""
# Tables of higher features, by name: importing those would turn the order of features round.
_CONFIGS: Final = sa.table(
    "provider_configs", sa.column("id", Key), sa.column("name"), sa.column("priority"), sa.column("is_enabled", sa.Boolean()),
)  # fmt: skip
_PRIORITIES: Final = sa.table(
    "provider_priorities", sa.column("media_type_id", Key), sa.column("provider_id", Key), sa.column("field"),
    sa.column("priority"), sa.column("is_enabled", sa.Boolean()), sa.column("fallback_behavior"),
)  # fmt: skip
_KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "ratings": ("source",), "external_ids": ("provider", "namespace"), "certifications": ("country",),
    "collections": ("name",), "release_dates": ("country", "type", "date"),
    "recommendations": ("provider", "namespace", "id"), "translations": ("language",),
}  # fmt: skip
_CREDIT: Final = ("name", "department", "job", "role")


@dataclass(frozen=True, slots=True)
class Place:
    """A provider's place for a field; one that is not heard says nothing of it."""

    provider: str
    fallback: Fallback = Fallback.CONTINUE
    is_heard: bool = True


@dataclass(slots=True)
class Orders:
    """All orders that were given, and the providers by their general priority."""

    given: dict[tuple[int | None, str], list[Place]] = field(default_factory=dict)
    usual: list[str] = field(default_factory=list)
    """Without what lies beside the media."""
    is_local_on: bool = True
    """Whether automation takes what lies beside the media for pictures."""

    @property
    def differ_by_type(self) -> bool:
        """Whether an item's media type matters."""
        return any(media_type is not None for media_type, _ in self.given)

    def of(self, media_type_id: int | None, field: str) -> list[Place]:
        """The providers for a field, the first first. A field's own order counts before one for all fields, and a media
        type's before one for all; who stands in none follows by general priority."""
        keys = ((media_type_id, field), (None, field), (media_type_id, EVERY_FIELD), (None, EVERY_FIELD))
        found = next((key for key in keys if key in self.given), None)
        places = [] if found is None else list(self.given[found])
        if field in UNITED and (found is None or found[1] == EVERY_FIELD):
            places = [
                Place(one.provider, Fallback.MERGE if one.fallback is Fallback.CONTINUE else one.fallback, one.is_heard)
                for one in places
            ]
        named = {one.provider for one in places}
        rest = Fallback.MERGE if field in UNITED else Fallback.CONTINUE
        return places + [Place(name, rest) for name in self.usual if name not in named]

    def places(self, media_type_id: int | None, field: str) -> dict[str, int] | None:
        """Numbers of the providers' places, 0 first, where a type of pictures has an order of its own; None where it has none.

        Who merges shares the number with the next; who stands in no order comes last; behind STOP nobody comes. What lies
        beside the media comes first if it stands in no order, and has no place where it is switched off.
        """
        found = next((self.given[key] for key in ((media_type_id, field), (None, field)) if key in self.given), None)
        if found is None:
            return None
        if all(one.provider != LOCAL for one in found):
            found = [Place(LOCAL), *found]
        numbers: dict[str, int] = {}
        number = 0
        for one in found:
            if one.is_heard and (self.is_local_on or one.provider != LOCAL):
                numbers[one.provider] = number
                if one.fallback is Fallback.STOP:
                    return numbers
                number += one.fallback is not Fallback.MERGE
        named = {one.provider for one in found}
        return numbers | {name: number for name in self.usual if name not in named}

    def combine(self, media_type_id: int | None, field: str, said: Mapping[str, Any]) -> Any:
        """What several providers say of a field (source -> value) as one value; None = nothing that counts."""
        places = self.of(media_type_id, field)
        placed = {one.provider for one in places}
        places += [Place(name, Fallback.CONTINUE) for name in sorted(said) if name not in placed]
        found: Any = None
        for place in places:
            value = said.get(place.provider) if place.is_heard else None
            is_list = isinstance(value, list)
            if value is not None and value != []:
                found = value if found is None else _united(field, found, value)
                if place.fallback is not Fallback.MERGE or not is_list:
                    break
            elif place.fallback is Fallback.STOP:
                break
        return found


def load(session: Session) -> Orders:
    """The orders as they stand."""
    connection, orders = session.connection(), Orders()
    columns = _CONFIGS.c.id, _CONFIGS.c.name, _CONFIGS.c.is_enabled
    rows = connection.execute(sa.select(*columns).order_by(_CONFIGS.c.priority, _CONFIGS.c.name)).all()
    names = {row.id: row.name for row in rows}
    orders.usual = [name for name in names.values() if name != LOCAL]
    orders.is_local_on = all(row.is_enabled for row in rows if row.name == LOCAL)
    for row in connection.execute(sa.select(_PRIORITIES).order_by(_PRIORITIES.c.priority, _PRIORITIES.c.provider_id)):
        place = Place(names[row.provider_id], Fallback(row.fallback_behavior), row.is_enabled)
        orders.given.setdefault((row.media_type_id, row.field), []).append(place)
    return orders


def resolved(orders: Orders, media_type_id: int | None, field: str, said: Mapping[str, Any]) -> dict[str, Any]:
    """What is said of a field with all providers' words as one source's."""
    theirs = {source: value for source, value in said.items() if is_provider(source)}
    others = {source: value for source, value in said.items() if source not in theirs}
    combined = orders.combine(media_type_id, field, theirs) if theirs else None
    return others if combined is None else {**others, COMBINED: combined}


def _united(field: str, first: Any, second: Any) -> Any:
    """Both lists as one: of what both name the first's word; a value that is no list stays as it is."""
    if not isinstance(first, list) or not isinstance(second, list):
        return first
    taken = {_mark(field, one) for one in first}
    return first + [one for one in second if _mark(field, one) not in taken]


def _mark(field: str, one: Any) -> Sequence[Any]:
    if not isinstance(one, dict):
        return (normal_name(str(one)),)
    return tuple(normal_name(str(one.get(key))) for key in _KEYS.get(field, _CREDIT))
