"""Keeps what items say of their files: present, missing since, or none at all, up their trees."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from domain.catalog.enums import Availability
from domain.catalog.queries import chunks, rows_of
from domain.catalog.tables import MediaItem
from domain.kit.database import UnitOfWork
from domain.libraries.applying.rows import update_rows
from domain.libraries.enums import FileRole
from domain.libraries.tables import ItemFile, MediaFile


def refresh(
    uow: UnitOfWork, leaves: Iterable[int], *, parents: Iterable[int] = ()
) -> dict[int, tuple[Availability, Availability]]:
    """Work out the availability of items from their files, and of what they belong to from them.

    `parents` are seasons and series that lost a child. Returns (before, now) of every item for which it changed.
    """
    changed: dict[int, tuple[Availability, Availability]] = {}
    keys = set(leaves)
    states = _of_files(uow, keys)
    more = set(parents)
    while keys or more:
        above: set[int] = set()
        updates: list[dict[str, Any]] = []
        for row in rows_of(uow.session, MediaItem.id, keys):
            if row.parent_id is not None:
                above.add(row.parent_id)
            now = states.get(row.id, Availability.NONE)
            if now != row.availability:
                changed[row.id] = (row.availability, now)
                updates.append(_update(row.id, now, uow.now()))
        update_rows(uow, MediaItem, updates)
        keys = above | more
        more = set()
        states = _of_children(uow, keys)
    return changed


def _update(key: int, now: Availability, moment: datetime) -> dict[str, Any]:
    return {"key": key, "availability": now, "missing_since": moment if now is Availability.MISSING else None}


def _of_files(uow: UnitOfWork, items: Iterable[int]) -> dict[int, Availability]:
    files: Any = MediaFile.__table__  # type: ignore[attr-defined]
    links: Any = ItemFile.__table__  # type: ignore[attr-defined]
    found: dict[int, Availability] = {}
    for piece in chunks(items):
        query = (
            sa.select(
                links.c.item_id, sa.func.count(files.c.missing_since), sa.func.count()
            )  # unguarded: a job writes what it counts
            .select_from(links.join(files, files.c.id == links.c.file_id))
            .where(links.c.item_id.in_(piece), links.c.role == FileRole.MAIN)
            .group_by(links.c.item_id)
        )
        for item, missing, every in uow.session.connection().execute(query):
            found[item] = Availability.MISSING if missing == every else Availability.PRESENT
    return found


def _of_children(uow: UnitOfWork, parents: Iterable[int]) -> dict[int, Availability]:
    items: Any = MediaItem.__table__  # type: ignore[attr-defined]
    states: dict[int, set[Availability]] = defaultdict(set)
    for piece in chunks(parents):
        query = sa.select(items.c.parent_id, items.c.availability).distinct()
        live = query.where(items.c.parent_id.in_(piece), items.c.deleted_at.is_(None))
        for parent, state in uow.session.connection().execute(live):
            states[parent].add(state)
    return {
        parent: Availability.PRESENT if Availability.PRESENT in found else Availability.MISSING
        for parent, found in states.items()
        if found != {Availability.NONE}
    }
