"""Joins the versions of one work: its cuts in a library, and its homes in other libraries."""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from domain.catalog.enums import EntityKind, ItemKind
from domain.catalog.queries import chunks, rows_of
from domain.catalog.service import create_entities
from domain.catalog.sorting import normal_name
from domain.catalog.tables import ExternalId, MediaGroup, MediaItem
from domain.kit.database import UnitOfWork, serialize
from domain.libraries.applying.rows import insert_rows, update_rows

_KINDS = (ItemKind.MOVIE, ItemKind.SERIES)


def join_versions(uow: UnitOfWork, items: Iterable[int]) -> None:
    """Group new films and series with other versions: those with a common catalogue id, or of the same title and year.

    The version that was there first stays the preferred one; of new ones it is the usual cut.
    """
    new = {row.id: row for row in rows_of(uow.session, MediaItem.id, items) if row.kind in _KINDS and row.level == 0}
    if not new:
        return
    serialize(uow.session, "media_groups")  # two libraries may find the same film at once
    others = _same_ids(uow, new) | _same_names(uow, new)
    groups: dict[int, int | None] = {row.id: row.media_group_id for row in others.values()} | dict.fromkeys(new)
    known = {**{row.id: row for row in others.values()}, **new}
    pairs = _pairs(new, others, _ids(uow, {*new, *groups}))
    updates: dict[int, dict[str, Any]] = {}
    for item, versions in sorted(pairs.items()):
        members = sorted({item, *versions}, key=lambda one: (one in new, known[one].edition != "", one))
        group = next((groups[one] for one in members if groups.get(one) is not None), None)
        if group is None:
            (group,) = create_entities(uow, [EntityKind.GROUP])
            first = known[members[0]]
            row = {"id": group, "media_type_id": first.media_type_id, "name": first.title}
            insert_rows(uow, MediaGroup, [row])
            groups[members[0]] = group
            updates[members[0]] = {"key": members[0], "media_group_id": group, "is_preferred": True}
        for one in members:
            if groups.get(one) is None:
                groups[one] = group
                updates[one] = {"key": one, "media_group_id": group, "is_preferred": False}
    update_rows(uow, MediaItem, list(updates.values()))


def _same_ids(uow: UnitOfWork, new: dict[int, Any]) -> dict[int, Any]:
    mine = {(row.provider, row.namespace, row.external_id) for row in rows_of(uow.session, ExternalId.entity_id, new)}
    shared = rows_of(uow.session, ExternalId.external_id, {key for _, _, key in mine})
    keys = {row.entity_id for row in shared if (row.provider, row.namespace, row.external_id) in mine}
    return {row.id: row for row in rows_of(uow.session, MediaItem.id, keys - new.keys()) if _is_live(row)}


def _same_names(uow: UnitOfWork, new: dict[int, Any]) -> dict[int, Any]:
    table: Any = MediaItem.__table__  # type: ignore[attr-defined]
    found: dict[int, Any] = {}
    for piece in chunks(row.sort_key for row in new.values() if row.year is not None):
        query = sa.select(table).where(table.c.kind.in_(_KINDS), table.c.deleted_at.is_(None), table.c.sort_key.in_(piece))
        found |= {row.id: row for row in uow.session.connection().execute(query) if row.id not in new}
    return found


def _ids(uow: UnitOfWork, items: Iterable[int]) -> dict[int, set[tuple[str, str, str]]]:
    found: dict[int, set[tuple[str, str, str]]] = {}
    for row in rows_of(uow.session, ExternalId.entity_id, items):
        found.setdefault(row.entity_id, set()).add((row.provider, row.namespace, row.external_id))
    return found


def _pairs(new: dict[int, Any], others: dict[int, Any], ids: dict[int, set[tuple[str, str, str]]]) -> dict[int, set[int]]:
    """New item -> the other versions of its work."""
    by_key: dict[Any, set[int]] = {}
    rows = {**others, **new}
    for key, row in rows.items():
        if row.year is not None:
            by_key.setdefault((row.kind, row.media_type_id, normal_name(row.title), row.year), set()).add(key)
        for one in ids.get(key, ()):
            by_key.setdefault((row.kind, row.media_type_id, *one), set()).add(key)
    pairs: dict[int, set[int]] = {}
    for members in by_key.values():
        for key in members & new.keys():
            versions = {one for one in members - {key} if not _differ(ids.get(key, set()), ids.get(one, set()))}
            if versions:
                pairs.setdefault(key, set()).update(versions)
    return pairs


def _differ(mine: set[tuple[str, str, str]], other: set[tuple[str, str, str]]) -> bool:
    """Whether one catalogue has different ids for two items: namesakes of one year, not versions."""
    spaces = {(provider, namespace): key for provider, namespace, key in mine}
    return not mine & other and any(spaces.get((provider, space), key) != key for provider, space, key in other)


def _is_live(row: Any) -> bool:
    return row.kind in _KINDS and row.deleted_at is None
