"""Puts films into the collections that their NFO files name."""

from collections.abc import Mapping
from typing import Any

from domain.catalog.enums import EntityKind
from domain.catalog.facts import CatalogueId, add_external_ids
from domain.catalog.queries import rows_of
from domain.catalog.service import create_entities
from domain.catalog.sorting import normal_name, sort_key
from domain.catalog.tables import Collection, CollectionMember, ExternalId, MediaItem
from domain.kit.database import UnitOfWork, serialize
from domain.libraries.applying.rows import insert_rows, update_rows
from domain.libraries.nfo import NfoCollection


def join_collections(uow: UnitOfWork, wanted: Mapping[int, NfoCollection]) -> None:
    """Make each film a member of its collection: found by TMDB's id, else by name, else made."""
    if not wanted:
        return
    serialize(uow.session, "collections")
    by_id = {
        row.external_id: row.entity_id
        for row in rows_of(uow.session, ExternalId.external_id, [one.tmdb_id for one in wanted.values() if one.tmdb_id])
        if (row.provider, row.namespace, row.entity_kind) == ("tmdb", "collection", EntityKind.COLLECTION)
    }
    names = [normal_name(one.name) for one in wanted.values() if one.name]
    known = rows_of(uow.session, Collection.name_normalized, names)
    by_name = {row.name_normalized: row.id for row in sorted(known, key=lambda row: -row.id)}
    plots = {row.id: row.plot for row in known}
    types = {row.id: row.media_type_id for row in rows_of(uow.session, MediaItem.id, wanted)}
    members: dict[int, int] = {}
    for item, one in wanted.items():
        name = normal_name(one.name) if one.name else ""
        key = by_id.get(one.tmdb_id or "") or by_name.get(name)
        if key is None and one.name:
            (key,) = create_entities(uow, [EntityKind.COLLECTION])
            row = {"id": key, "name": one.name, "name_normalized": name, "sort_key": sort_key(one.name)}
            insert_rows(uow, Collection, [{**row, "plot": one.overview, "media_type_id": types[item]}])
        if key is None:
            continue
        if one.tmdb_id and one.tmdb_id not in by_id:
            add_external_ids(uow, {key: (EntityKind.COLLECTION, [CatalogueId("tmdb", "collection", one.tmdb_id)])})
            by_id[one.tmdb_id] = key
        if one.overview and plots.get(key, one.overview) is None:
            update_rows(uow, Collection, [{"key": key, "plot": one.overview}])
            plots[key] = one.overview
        by_name.setdefault(name, key)
        members[item] = key
    _write_members(uow, members)


def _write_members(uow: UnitOfWork, members: Mapping[int, int]) -> None:
    present = {(row.collection_id, row.item_id) for row in rows_of(uow.session, CollectionMember.item_id, members)}
    rows: list[dict[str, Any]] = [
        {"collection_id": collection, "item_id": item, "sort_order": 0}
        for item, collection in members.items()
        if (collection, item) not in present
    ]
    insert_rows(uow, CollectionMember, rows)
