"""Where the values of a thing come from: what each source says of each field, whose word is shown, and what is locked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any

from sqlmodel import Session

from domain.catalog import provider_order
from domain.catalog.enums import EntityKind
from domain.catalog.locks import locked_fields
from domain.catalog.provider_order import Orders
from domain.catalog.queries import rows_of
from domain.catalog.resolving import GUARDS
from domain.catalog.sources import best, is_provider, rank
from domain.catalog.tables import Collection, Entity, FieldValue, MediaItem, Person

_MODELS: Mapping[EntityKind, Any] = {EntityKind.PERSON: Person, EntityKind.COLLECTION: Collection}


@dataclass(frozen=True, slots=True)
class Word:
    """What one source says."""

    source: str
    value: Any
    fetched_at: datetime


@dataclass(frozen=True, slots=True)
class Provenance:
    """Of one field. `shown_from` is the source whose word is shown, of several providers the first; None = nobody's."""

    field: str
    is_locked: bool
    shown_from: str | None
    words: Sequence[Word]


@dataclass(frozen=True, slots=True)
class Standing:
    """A thing with all that is said of it."""

    row: Any
    said: Mapping[str, Mapping[str, Any]]
    """Field -> source -> value."""
    locked: frozenset[str]
    orders: Orders

    def is_locked(self, field: str) -> bool:
        """Whether automation must leave a field alone."""
        return field in self.locked or GUARDS.get(field) in self.locked

    def winner(self, field: str, said: Mapping[str, Any]) -> tuple[str | None, Any]:
        """(source, value) of the best of what is said of a field; the first that is heard of several providers."""
        media_type = getattr(self.row, "media_type_id", None)
        resolved = provider_order.resolved(self.orders, media_type, field, said)
        source = min(resolved, key=lambda one: (rank(one), one), default=None)
        if source == provider_order.COMBINED:
            heard = [one.provider for one in self.orders.of(media_type, field) if one.is_heard and said.get(one.provider)]
            source = next(iter(heard), next((one for one in sorted(said) if is_provider(one)), None))
        return source, best(resolved)

    def shown(self, field: str) -> Any:
        """The value that is shown, as JSON holds it; of lists what is on record as shown."""
        if hasattr(self.row, field):
            value = getattr(self.row, field)
            if isinstance(value, date):
                return value.isoformat()
            return value.value if isinstance(value, Enum) else value
        return self.winner(field, self.said.get(field, {}))[1]


def standing(session: Session, entity: int) -> Standing | None:
    """A thing as it stands; None where there is none."""
    kind = next((row.kind for row in rows_of(session, Entity.id, [entity])), None)
    model = _MODELS.get(kind, MediaItem) if kind is not None else MediaItem
    row = next(iter(rows_of(session, model.id, [entity])), None)
    if row is None:
        return None
    said: dict[str, dict[str, Any]] = {}
    for value in rows_of(session, FieldValue.entity_id, [entity]):
        said.setdefault(value.field, {})[value.source] = value.value
    locked = locked_fields(session, [entity]).get(entity, frozenset())
    return Standing(row, said, locked, provider_order.load(session))


def provenance(session: Session, entity: int) -> list[Provenance]:
    """Where the values of a thing come from, by field; the best source's word first."""
    found = standing(session, entity)
    if found is None:
        return []
    words: dict[str, list[Word]] = {}
    for row in rows_of(session, FieldValue.entity_id, [entity]):
        words.setdefault(row.field, []).append(Word(row.source, row.value, row.fetched_at))
    fields = sorted({*words, *(name for name in found.locked if "." not in name)})
    return [
        Provenance(
            name, found.is_locked(name), found.winner(name, found.said.get(name, {}))[0],
            sorted(words.get(name, ()), key=lambda one: (rank(one.source), one.source)),
        )
        for name in fields
    ]  # fmt: skip
