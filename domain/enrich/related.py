"""A film series' order: places of its films among each other, and which is the sequel of which, as far as they are here."""

from collections.abc import Mapping
from datetime import date
from itertools import pairwise
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from domain.catalog.enums import EntityKind, ItemKind, RelationOrigin, RelationshipType
from domain.catalog.queries import chunks, rows_of
from domain.catalog.relating import FIELD
from domain.catalog.tables import CollectionMember, ExternalId, MediaItem, MediaRelationship
from domain.enrich.results import By
from domain.enrich.telling import tell
from domain.kit.database import UnitOfWork, serialize
from domain.providers.model import Details


def write_series(uow: UnitOfWork, said: By) -> None:
    """Put the members of film series in the order of their release, and note each as the sequel of the one before it.

    Only members that the provider names are moved; films of one library follow each other. What people said of two films
    stands, also that one is no sequel of the other; what automation said before goes where the order is another now.
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
    lined: dict[int, set[tuple[int, int | None]]] = {}
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
        for library, line in lines.items():
            follow |= _pairs(sorted(line))
            for _, film in line:
                lined.setdefault(film, set()).add((collection, library))
    _place(uow, placed)
    changed = _relate(uow, follow, lined)
    tell(uow, dict.fromkeys(changed, EntityKind.MOVIE), items, dict.fromkeys(changed, frozenset({FIELD})))


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


def _place(uow: UnitOfWork, placed: list[dict[str, Any]]) -> None:
    if placed:
        table: Any = CollectionMember.__table__  # type: ignore[attr-defined]
        mine = (table.c.collection_id == sa.bindparam("collection"), table.c.item_id == sa.bindparam("item"))
        uow.session.connection().execute(sa.update(table).where(*mine).values(sort_order=sa.bindparam("place")), placed)


def _relate(uow: UnitOfWork, follow: set[tuple[int, int]], lined: Mapping[int, set[Any]]) -> set[int]:
    """Write which film follows which; the films of which that is new or over. `lined` tells in which orders a film stands."""
    if not lined:
        return set()
    serialize(uow.session, "media_relationships")
    rows = [
        row for row in rows_of(uow.session, MediaRelationship.from_item_id, lined)
        if row.type == RelationshipType.SEQUEL
    ]  # fmt: skip
    known = {(row.from_item_id, row.to_item_id) for row in rows}
    by_people = {(row.from_item_id, row.to_item_id) for row in rows if row.origin == RelationOrigin.USER and not row.is_removed}
    gone = [
        row
        for row in rows
        if row.origin == RelationOrigin.PROVIDER
        and (row.from_item_id, row.to_item_id) not in follow
        and lined[row.from_item_id] & lined.get(row.to_item_id, set())
    ]
    new = sorted(pair for pair in follow - known if pair[::-1] not in by_people)
    connection = uow.session.connection()
    for piece in chunks(row.id for row in gone):
        connection.execute(sa.delete(MediaRelationship).where(col(MediaRelationship.id).in_(piece)))
    if new:
        said = {"type": RelationshipType.SEQUEL, "origin": RelationOrigin.PROVIDER, "is_removed": False}
        connection.execute(sa.insert(MediaRelationship), [{"from_item_id": a, "to_item_id": b, **said} for a, b in new])
    return {key for pair in new for key in pair} | {key for row in gone for key in (row.from_item_id, row.to_item_id)}
