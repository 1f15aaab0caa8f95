"""Puts items into the collections that sources name, and takes them out of those that nobody names any more."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from domain.catalog.enums import EntityKind
from domain.catalog.facts import CatalogueId, add_external_ids
from domain.catalog.queries import chunks, rows_of
from domain.catalog.service import create_entities
from domain.catalog.sorting import normal_name, sort_key
from domain.catalog.tables import Collection, CollectionMember, ExternalId, MediaItem
from domain.kit.database import UnitOfWork, serialize

Named = Mapping[str, Any]
"""A collection as a source names it: name, overview, tmdb_id; name or id may be None."""


@dataclass(slots=True)
class _Known:
    """The collections that a call can mean, by TMDB's id and by name."""

    by_id: dict[str, int] = field(default_factory=dict)
    by_name: dict[str, int] = field(default_factory=dict)
    plots: dict[int, str | None] = field(default_factory=dict)

    def find(self, one: Named) -> int | None:
        """The collection that is meant: by id, else by name."""
        return self.by_id.get(one["tmdb_id"] or "") or self.by_name.get(normal_name(one["name"] or ""))


def set_collections(uow: UnitOfWork, wanted: Mapping[int, Sequence[Named]], before: Mapping[int, Sequence[Named]]) -> None:
    """Make each item a member of its collections, found by TMDB's id, else by name, else made; and no member any more of
    those that were named `before`. Other memberships stay, and so does a collection that is left empty."""
    if not any(wanted.values()) and not any(before.values()):
        return
    serialize(uow.session, "collections")
    known = _load(uow, [one for lists in (wanted, before) for named in lists.values() for one in named])
    types = {row.id: row.media_type_id for row in rows_of(uow.session, MediaItem.id, wanted)}
    keys = {item: {_join(uow, known, one, types[item]) for one in named} - {None} for item, named in wanted.items()}
    gone = {item: {known.find(one) for one in named} - {None} - keys.get(item, set()) for item, named in before.items()}
    _write_members(uow, keys, gone)


def _load(uow: UnitOfWork, named: Iterable[Named]) -> _Known:
    every = list(named)
    known = _Known()
    for row in rows_of(uow.session, ExternalId.external_id, [one["tmdb_id"] for one in every if one["tmdb_id"]]):
        if (row.provider, row.namespace, row.entity_kind) == ("tmdb", "collection", EntityKind.COLLECTION):
            known.by_id[row.external_id] = row.entity_id
    names = [normal_name(one["name"]) for one in every if one["name"]]
    for row in sorted(rows_of(uow.session, Collection.name_normalized, names), key=lambda row: -row.id):
        known.by_name[row.name_normalized] = row.id
        known.plots[row.id] = row.plot
    return known


def _join(uow: UnitOfWork, known: _Known, one: Named, media_type_id: int) -> int | None:
    """The key of a collection, made if it has a name and is new; what is not known of it yet is filled in."""
    key = known.find(one)
    if key is None and one["name"]:
        (key,) = create_entities(uow, [EntityKind.COLLECTION])
        name = normal_name(one["name"])
        row = {"id": key, "name": one["name"], "name_normalized": name, "sort_key": sort_key(one["name"])}
        uow.session.connection().execute(
            sa.insert(Collection), [{**row, "plot": one["overview"], "media_type_id": media_type_id}]
        )
        known.by_name[name] = key
        known.plots[key] = one["overview"]
    if key is None:
        return None
    if one["tmdb_id"] and one["tmdb_id"] not in known.by_id:
        add_external_ids(uow, {key: (EntityKind.COLLECTION, [CatalogueId("tmdb", "collection", one["tmdb_id"])])})
        known.by_id[one["tmdb_id"]] = key
    if one["overview"] and known.plots.get(key, one["overview"]) is None:
        uow.session.connection().execute(sa.update(Collection).where(col(Collection.id) == key).values(plot=one["overview"]))
        known.plots[key] = one["overview"]
    return key


def _write_members(uow: UnitOfWork, wanted: Mapping[int, set[Any]], gone: Mapping[int, set[Any]]) -> None:
    connection = uow.session.connection()
    for item, keys in gone.items():
        for piece in chunks(keys):
            mine = (col(CollectionMember.item_id) == item, col(CollectionMember.collection_id).in_(piece))
            connection.execute(sa.delete(CollectionMember).where(*mine))
    present = {(row.collection_id, row.item_id) for row in rows_of(uow.session, CollectionMember.item_id, wanted)}
    rows = [
        {"collection_id": key, "item_id": item, "sort_order": 0}
        for item, keys in wanted.items()
        for key in sorted(keys)
        if (key, item) not in present
    ]
    if rows:
        connection.execute(sa.insert(CollectionMember), rows)
