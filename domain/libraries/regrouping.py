"""Moves files between items and episodes between series, and puts away what is left without files."""

from collections.abc import Iterable, Mapping, Set
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from domain.catalog.changing import ITEMS
from domain.catalog.deleting import delete_item
from domain.catalog.enums import Identification, ItemKind
from domain.catalog.queries import chunks, rows_of
from domain.catalog.tables import MediaItem
from domain.kit.database import UnitOfWork
from domain.libraries.applying.availability import refresh
from domain.libraries.applying.groups import join_versions
from domain.libraries.applying.links import choose_defaults, write_links
from domain.libraries.applying.model import Batch, Link
from domain.libraries.applying.runtimes import store_runtimes
from domain.libraries.applying.telling import tell
from domain.libraries.enums import FileRole
from domain.libraries.tables import ItemFile


def give_files(uow: UnitOfWork, batch: Batch, heirs: Mapping[int, int]) -> None:
    """Give the files of each item to its heir: main files as further copies, what belongs to them as it is."""
    rows = rows_of(uow.session, ItemFile.item_id, heirs)
    mains = [row for row in rows if row.role == FileRole.MAIN]
    for row in rows_of(uow.session, ItemFile.file_id, {row.file_id for row in mains}):
        if row.role == FileRole.MAIN:
            group = f"copy:{row.item_id}:{row.copy_number}"
            item = heirs.get(row.item_id, row.item_id)
            batch.links.append(Link(item, row.file_id, FileRole.MAIN, group, row.part_number))
            batch.decided.add(row.file_id)
    have = {(row.item_id, row.file_id) for row in rows_of(uow.session, ItemFile.item_id, set(heirs.values()))}
    connection = uow.session.connection()
    for row in rows:
        if row.role != FileRole.MAIN and (heirs[row.item_id], row.file_id) not in have:
            have.add((heirs[row.item_id], row.file_id))
            change = sa.update(ItemFile).where(col(ItemFile.id) == row.id).values(item_id=heirs[row.item_id])
            connection.execute(change)


def relocate(uow: UnitOfWork, batch: Batch, item: Any, *, parent_id: int, root_id: int, position: int | None) -> None:
    """Give an episode another place, which must be free."""
    values = {"parent_id": parent_id, "root_id": root_id, "position": position}
    uow.session.connection().execute(sa.update(ITEMS).where(ITEMS.c.id == item.id).values(values))
    batch.change(item.id, "position")
    batch.touched.add(item.id)
    batch.touched_parents |= {item.parent_id, item.root_id}


def finish(uow: UnitOfWork, batch: Batch, identified: Iterable[int], *, may_go: Set[int] | None = None) -> None:
    """Write the batch's links and what follows: default copies, lengths, availability, versions, events.

    `identified` are known for certain from now on, and so are the series they belong to. Of what has lost its last file
    only `may_go` is put away; None = all.
    """
    write_links(uow, batch)
    gone = _put_away(uow, batch, may_go)
    left = batch.touched - gone
    choose_defaults(uow, left)
    for item, fields in store_runtimes(uow, left).items():
        batch.change(item, *fields)
    states = refresh(uow, left, parents=batch.touched_parents - gone)
    join_versions(uow, batch.added)
    _mark_identified(uow, batch, set(identified) - gone)
    tell(uow, batch, {item: change for item, change in states.items() if item not in gone})


def _put_away(uow: UnitOfWork, batch: Batch, may_go: Set[int] | None) -> set[int]:
    """Delete softly what lost its last file in this batch, and the seasons and series that hold nothing any more."""
    used = {row.item_id for row in rows_of(uow.session, ItemFile.item_id, batch.touched) if row.role == FileRole.MAIN}
    empty = {row.id for row in rows_of(uow.session, MediaItem.id, batch.touched - used) if row.deleted_at is None}
    empty = empty if may_go is None else empty & may_go
    above = set(batch.touched_parents)
    gone: set[int] = set()
    while True:
        for row in rows_of(uow.session, MediaItem.id, empty):
            delete_item(uow, item_id=row.id)
            batch.changed.pop(row.id, None)
            if row.parent_id is not None:
                above.add(row.parent_id)
        gone |= empty
        empty = _childless(uow, above - gone)
        if not empty:
            return gone


def _childless(uow: UnitOfWork, keys: Iterable[int]) -> set[int]:
    held: set[int] = set()
    live = [row.id for row in rows_of(uow.session, MediaItem.id, keys) if row.deleted_at is None]
    for piece in chunks(live):
        query = sa.select(ITEMS.c.parent_id).where(ITEMS.c.parent_id.in_(piece), ITEMS.c.deleted_at.is_(None)).distinct()
        held.update(uow.session.connection().execute(query).scalars())
    return set(live) - held


def _mark_identified(uow: UnitOfWork, batch: Batch, items: set[int]) -> None:
    rows = rows_of(uow.session, MediaItem.id, items)
    tops = {row.root_id for row in rows if row.kind == ItemKind.EPISODE}
    for row in rows_of(uow.session, MediaItem.id, items | tops):
        if row.identification is not Identification.IDENTIFIED:
            values = {"identification": Identification.IDENTIFIED}
            uow.session.connection().execute(sa.update(ITEMS).where(ITEMS.c.id == row.id).values(values))
            batch.change(row.id, "identification")
