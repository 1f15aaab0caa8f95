"""The films and series of a library by what their names say, for finding the item that a new file belongs to."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import sqlalchemy as sa
from sqlmodel import Session

from domain.catalog.enums import ItemKind
from domain.catalog.sorting import normal_name
from domain.catalog.sources import NAME
from domain.catalog.tables import FieldValue, MediaItem

_NAMES: Final = ("title", "year")


class Named(NamedTuple):
    """A film or series under one of its names."""

    item_id: int
    year: int | None
    edition: str


@dataclass(slots=True)
class NameIndex:
    """Items of one library by kind and normalized title: the shown one and the one that the file's name gives."""

    entries: dict[tuple[ItemKind, str], list[Named]] = field(default_factory=lambda: defaultdict(list))

    def add(self, kind: ItemKind, title: str, entry: Named) -> None:
        """Enter an item under a title."""
        known = self.entries[kind, normal_name(title)]
        if entry not in known:
            known.append(entry)

    def find(self, kind: ItemKind, title: str) -> list[Named]:
        """The items of that name."""
        return self.entries.get((kind, normal_name(title)), [])

    def forget(self, item_id: int, kind: ItemKind, title: str) -> None:
        """Take an item out from under a title that it no longer has."""
        key = (kind, normal_name(title))
        if key in self.entries:
            self.entries[key] = [entry for entry in self.entries[key] if entry.item_id != item_id]


def load(session: Session, library_id: int) -> NameIndex:
    """Read the names of a library's films and series: one pass over them, kept for the rest of the scan."""
    items: Any = MediaItem.__table__  # type: ignore[attr-defined]
    values: Any = FieldValue.__table__  # type: ignore[attr-defined]
    index = NameIndex()
    live = sa.and_(
        items.c.library_id == library_id, items.c.kind.in_((ItemKind.MOVIE, ItemKind.SERIES)), items.c.deleted_at.is_(None)
    )
    columns = (items.c.id, items.c.kind, items.c.title, items.c.year, items.c.edition)
    for row in session.connection().execute(sa.select(*columns).where(live).order_by(items.c.id)):
        index.add(row.kind, row.title, Named(row.id, row.year, row.edition))
    said = sa.select(items.c.id, items.c.kind, items.c.year, items.c.edition, values.c.field, values.c.value)
    query = said.select_from(items.join(values, values.c.entity_id == items.c.id))
    named: dict[int, dict[str, Any]] = defaultdict(dict)
    facts: dict[int, Any] = {}
    for said_row in session.connection().execute(query.where(live, values.c.source == NAME, values.c.field.in_(_NAMES))):
        named[said_row.id][said_row.field] = said_row.value
        facts[said_row.id] = said_row
    for key, values_of in sorted(named.items()):
        if "title" in values_of:
            index.add(facts[key].kind, values_of["title"], Named(key, values_of.get("year"), facts[key].edition))
    return index
