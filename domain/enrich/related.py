"""A film series' order: places of its films among each other, and which is the sequel of which, as far as they are here."""

from datetime import date
from itertools import pairwise
from typing import Any

import sqlalchemy as sa

from domain.catalog.enums import ItemKind, RelationshipType
from domain.catalog.queries import rows_of
from domain.catalog.tables import CollectionMember, ExternalId, MediaItem, MediaRelationship
from domain.enrich.results import By
from domain.kit.database import UnitOfWork
from domain.providers.model import Details


def write_series(uow: UnitOfWork, said: By) -> None:
    """Put the members of film series in the order of their release, and note each as the sequel of the one before it.

    Only members that the provider names are moved; films of one library follow each other. Relationships are added, never
    taken away: people may have said them.
    """
    named = {key: _order(by["tmdb"].details) for key, by in said.items() if "tmdb" in by and by["tmdb"].details is not None}
    members = rows_of(uow.session, CollectionMember.collection_id, named)
    films = {row.item_id for row in members}
    items = {
        row.id: row for row in rows_of(uow.session, MediaItem.id, films) if row.kind == ItemKind.MOVIE and row.deleted_at is None
    }
    ids = {row.entity_id: row.external_id for row in rows_of(uow.session, ExternalId.entity_id, items) if _is_tmdb(row)}
    placed: list[dict[str, Any]] = []
    follow: set[tuple[int, int]] = set()
    for collection, order in named.items():
        places = {key: number for number, key in enumerate(order, start=1)}
        lines: dict[int | None, list[tuple[int, int]]] = {}
        for row in members:
            place = places.get(ids.get(row.item_id, "")) if row.item_id in items else None
            if row.collection_id != collection or place is None:
                continue
            lines.setdefault(items[row.item_id].library_id, []).append((place, row.item_id))
            if row.sort_order != place:
                placed.append({"collection": collection, "item": row.item_id, "place": place})
        follow |= {pair for line in lines.values() for pair in _pairs(sorted(line))}
    _write(uow, placed, follow)


def _order(details: Details | None) -> list[str]:
    """The provider's ids of its films by release; those without a day come last."""
    films = details.related if details is not None else ()
    return [one.external_id for one in sorted(films, key=lambda one: one.release_date or date.max)]


def _is_tmdb(row: Any) -> bool:
    return bool((row.provider, row.namespace) == ("tmdb", "movie") and row.is_primary)


def _pairs(line: list[tuple[int, int]]) -> set[tuple[int, int]]:
    """(earlier, later) of films next to each other in the series; copies and cuts of one film are no sequels of it."""
    found: set[tuple[int, int]] = set()
    places = sorted({place for place, _ in line})
    for first, second in pairwise(places):
        if second == first + 1:
            found |= {(a, b) for place, a in line if place == first for other, b in line if other == second}
    return found


def _write(uow: UnitOfWork, placed: list[dict[str, Any]], follow: set[tuple[int, int]]) -> None:
    connection = uow.session.connection()
    if placed:
        table: Any = CollectionMember.__table__  # type: ignore[attr-defined]
        mine = (table.c.collection_id == sa.bindparam("collection"), table.c.item_id == sa.bindparam("item"))
        connection.execute(sa.update(table).where(*mine).values(sort_order=sa.bindparam("place")), placed)
    known = {
        (row.from_item_id, row.to_item_id)
        for row in rows_of(uow.session, MediaRelationship.from_item_id, {first for first, _ in follow})
        if row.type == RelationshipType.SEQUEL
    }
    new = [{"from_item_id": a, "to_item_id": b, "type": RelationshipType.SEQUEL} for a, b in sorted(follow - known)]
    if new:
        connection.execute(sa.insert(MediaRelationship), new)
