"""Finds items of a library by the ids that catalogues gave them."""

from collections.abc import Iterable, Mapping
from typing import Any

from domain.catalog.enums import ItemKind
from domain.catalog.queries import rows_of
from domain.catalog.tables import ExternalId, MediaItem
from domain.kit.database import UnitOfWork
from domain.libraries.nfo import NfoId, NfoKind
from domain.libraries.nfo.providers import catalogue_id

IdKey = tuple[str, str, str]


def ids_of_name(pairs: Iterable[tuple[str, str]], kind: NfoKind) -> tuple[NfoId, ...]:
    """The ids that a name holds (`{tmdb-78}`) in the spaces of its kind; what cannot be an id is left out."""
    return tuple(found for provider, value in pairs if (found := catalogue_id(provider, value, kind)) is not None)


def key(one: NfoId) -> IdKey:
    """What makes an id that id."""
    return one.provider, one.namespace, one.id


def items_with(uow: UnitOfWork, library_id: int, kind: ItemKind, ids: Iterable[NfoId]) -> dict[IdKey, list[Any]]:
    """The live items of a kind in a library that have one of these ids, by id, as rows of `media_items`."""
    wanted = {key(one) for one in ids}
    rows = [
        row
        for row in rows_of(uow.session, ExternalId.external_id, {external_id for _, _, external_id in wanted})
        if (row.provider, row.namespace, row.external_id) in wanted
    ]
    items = {
        row.id: row
        for row in rows_of(uow.session, MediaItem.id, [row.entity_id for row in rows])
        if row.library_id == library_id and row.kind == kind and row.deleted_at is None
    }
    found: dict[IdKey, list[Any]] = {}
    for row in sorted(rows, key=lambda row: row.entity_id):
        if row.entity_id in items:
            found.setdefault((row.provider, row.namespace, row.external_id), []).append(items[row.entity_id])
    return found


def ids_held(uow: UnitOfWork, items: Iterable[int]) -> dict[int, dict[tuple[str, str], str]]:
    """The ids that items have, by item and (provider, namespace)."""
    held: dict[int, dict[tuple[str, str], str]] = {}
    for row in rows_of(uow.session, ExternalId.entity_id, items):
        if row.is_primary:
            held.setdefault(row.entity_id, {})[row.provider, row.namespace] = row.external_id
    return held


def contradict(held: Mapping[tuple[str, str], str], ids: Iterable[NfoId]) -> bool:
    """Whether one of the ids says another thing than the one held of the same provider and space."""
    return any(held.get((one.provider, one.namespace), one.id) != one.id for one in ids)
