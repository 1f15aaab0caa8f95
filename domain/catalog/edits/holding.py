"""Reads all that an edit must know of its items, in few statements, and locks their rows."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from domain.catalog.changing import ITEMS
from domain.catalog.edit_values import OWN_COLUMNS
from domain.catalog.enums import EntityKind, LockState, StudioRole, TagOrigin
from domain.catalog.locks import inherited_fields
from domain.catalog.queries import chunks, rows_of
from domain.catalog.resolving import COLUMNS
from domain.catalog.sources import USER
from domain.catalog.tables import Country, FieldLock, FieldValue, Genre, ItemCountry, ItemGenre, ItemStudio, Studio, Tag
from domain.kit.database import UnitOfWork

NAMESPACE = "user"
"""Of the tags that people set."""


@dataclass(slots=True)
class Held:
    """One item, its row locked for this transaction."""

    row: Any
    sources: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Field -> source -> what it says."""
    locks: dict[str, LockState] = field(default_factory=dict)
    tags: dict[str, TagOrigin] = field(default_factory=dict)
    """Of the namespace of people's tags."""
    inherited: frozenset[str] = frozenset()
    """Fields that something above it locks."""
    shown: dict[str, Any] = field(default_factory=dict)

    @property
    def kind(self) -> EntityKind:
        return EntityKind(self.row.kind)

    @property
    def file_tags(self) -> list[str]:
        """The tags that are files'."""
        return sorted(key for key, origin in self.tags.items() if origin is TagOrigin.SIDECAR)

    def will_be_locked(self, name: str, locks: Mapping[str, LockState | None]) -> bool:
        """Whether automation must leave a field alone once the item has these `locks`."""
        state = locks.get(name, self.locks.get(name))
        return state is LockState.LOCKED or (state is None and name in self.inherited)

    def word(self, name: str) -> Any:
        """What a person said of a field; None = nothing."""
        return self.sources.get(name, {}).get(USER)


def lock_rows(uow: UnitOfWork, keys: Iterable[int]) -> dict[int, Any]:
    """The rows of items, deleted or not, locked in the order of their ids, so that two who want the same do not block."""
    found: dict[int, Any] = {}
    for piece in chunks(sorted(keys)):
        query = sa.select(ITEMS).where(ITEMS.c.id.in_(piece)).order_by(ITEMS.c.id).with_for_update()
        found |= {row.id: row for row in uow.session.connection().execute(query)}
    return found


def hold(uow: UnitOfWork, rows: Mapping[int, Any], *, lists: Collection[str], with_inherited: bool) -> dict[int, Held]:
    """All about these items; `lists` are the shown lists that are wanted beside the columns."""
    held = {key: Held(row) for key, row in rows.items()}
    values: list[Any] = rows_of(uow.session, FieldValue.entity_id, held)
    for value in values:
        held[value.entity_id].sources.setdefault(value.field, {})[value.source] = value.value
    locks: list[Any] = rows_of(uow.session, FieldLock.entity_id, held)
    for lock in locks:
        held[lock.entity_id].locks[lock.field] = lock.state
    tags: list[Any] = rows_of(uow.session, Tag.item_id, held, col(Tag.namespace) == NAMESPACE)
    for tag in tags:
        held[tag.item_id].tags[tag.key] = tag.origin
    if with_inherited:
        for key, names in inherited_fields(uow.session, held).items():
            held[key].inherited = names
    for key, shown in shown_of(uow.session, rows, lists=lists).items():
        held[key].shown = shown
    return held


def shown_of(session: Session, rows: Mapping[int, Any], *, lists: Collection[str]) -> dict[int, dict[str, Any]]:
    """What is shown of these items, by field, as JSON holds it: columns, and those of the lists that are wanted."""
    columns = (*COLUMNS, *OWN_COLUMNS)
    found = {key: {name: _plain(getattr(row, name)) for name in columns} for key, row in rows.items()}
    for name in lists:
        for shown in found.values():
            shown[name] = []
        for key, text in _NAMES[name](session, rows):
            found[key][name].append(text)
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return value.value if isinstance(value, Enum) else value


def _linked(link: Any, column: Any, target: Any, *conditions: Any) -> Any:
    def read(session: Session, keys: Iterable[int]) -> list[tuple[int, str]]:
        found: list[tuple[int, str]] = []
        for piece in chunks(keys):
            query = (
                sa.select(link.item_id, target.name)
                .join(target, target.id == column)
                .where(link.item_id.in_(piece), *conditions)
                .order_by(link.item_id, link.position, target.id)
            )
            found += [(row[0], row[1]) for row in session.connection().execute(query)]
        return found

    return read


def _tag_names(session: Session, keys: Iterable[int]) -> list[tuple[int, str]]:
    tags: list[Any] = rows_of(session, Tag.item_id, keys, col(Tag.namespace) == NAMESPACE)
    return [(tag.item_id, tag.key) for tag in sorted(tags, key=lambda tag: (tag.item_id, tag.sort_key, tag.key))]


_NAMES: Any = {
    "genres": _linked(ItemGenre, ItemGenre.genre_id, Genre),
    "studios": _linked(ItemStudio, ItemStudio.studio_id, Studio, col(ItemStudio.role) == StudioRole.STUDIO),
    "countries": _linked(ItemCountry, ItemCountry.country_id, Country),
    "tags": _tag_names,
}
