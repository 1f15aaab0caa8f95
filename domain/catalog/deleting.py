"""Deletes items softly, with all that belongs to them, and brings them back. Files stay where they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from domain.catalog.changing import ITEMS, close_item, find_item, open_item
from domain.catalog.queries import chunks, rows_of
from domain.catalog.tables import MediaItem
from domain.kit.database import UnitOfWork
from domain.kit.errors import Conflict, NotFound


@dataclass(frozen=True, slots=True)
class Tree:
    """An item with all below it: keys from the top down; `leaves` are those without parts of their own."""

    keys: Sequence[int]
    leaves: Sequence[int]


def live_tree(session: Session, item_id: int) -> Tree:
    """What would go with an item."""
    return _tree(session, item_id, col(MediaItem.deleted_at).is_(None))


def delete_item(uow: UnitOfWork, *, item_id: int, expected_version: int | None = None) -> Tree:
    """Take an item and its parts out of sight; `restore_item` brings back exactly these. Raises NotFound, VersionConflict."""
    item = open_item(uow, item_id, expected_version=expected_version)
    tree = live_tree(uow.session, item_id)
    _set_deleted(uow, tree.keys, uow.now())
    close_item(uow, item, "item.deleted", event="item.deleted", details={"title": item.title, "items": len(tree.keys)})
    return tree


def restore_item(uow: UnitOfWork, *, item_id: int) -> Tree:
    """Undo a deletion. Raises NotFound; Conflict when it is not deleted, was purged, hangs on something deleted, or when
    its number has been taken meanwhile."""
    item = find_item(uow, item_id)
    if item is None:
        raise NotFound("There is no such item.", path=("id",))
    if item.deleted_at is None:
        raise Conflict("It is not deleted.", path=("id",))
    if item.purged_at is not None:
        raise Conflict("Only its history is left: it was deleted too long ago.", path=("id",))
    parent = None if item.parent_id is None else find_item(uow, item.parent_id)
    if parent is not None and parent.deleted_at is not None:
        raise Conflict("What it belongs to is deleted, too: restore that first.", path=("id",))
    tree = _tree(uow.session, item_id, col(MediaItem.deleted_at) == item.deleted_at)
    _give_up_taken_places(uow, tree.keys)
    try:
        with uow.session.begin_nested():
            _set_deleted(uow, tree.keys, None)
    except IntegrityError:
        raise Conflict("Something else has its number now: delete that first.", path=("id",)) from None
    close_item(uow, item, "item.restored", event="item.restored", details={"title": item.title, "items": len(tree.keys)})
    return tree


def _tree(session: Session, item_id: int, condition: Any) -> Tree:
    keys = [item_id]
    parents: set[int] = set()
    level = [item_id]
    while level:
        rows = rows_of(session, MediaItem.parent_id, level, condition)
        parents.update(row.parent_id for row in rows)
        level = sorted(row.id for row in rows)
        keys += level
    return Tree(keys, [key for key in keys if key not in parents])


def _set_deleted(uow: UnitOfWork, keys: Sequence[int], moment: Any) -> None:
    for piece in chunks(keys):
        uow.session.connection().execute(sa.update(ITEMS).where(ITEMS.c.id.in_(piece)).values(deleted_at=moment))


def _give_up_taken_places(uow: UnitOfWork, keys: Sequence[int]) -> None:
    """A folder that holds another item now, and a group that prefers another version now, stay with that one."""
    rows = rows_of(uow.session, MediaItem.id, keys)
    live = col(MediaItem.deleted_at).is_(None)
    folders = {row.directory_path for row in rows if row.directory_path is not None}
    groups = {row.media_group_id for row in rows if row.media_group_id is not None and row.is_preferred}
    taken = {row.directory_path for row in rows_of(uow.session, MediaItem.directory_path, folders, live)}
    led = {
        row.media_group_id for row in rows_of(uow.session, MediaItem.media_group_id, groups, live, col(MediaItem.is_preferred))
    }
    connection = uow.session.connection()
    for row in rows:
        values: dict[str, Any] = {}
        if row.directory_path in taken:
            values["directory_path"] = None
        if row.media_group_id in led:
            values["is_preferred"] = False
        if values:
            connection.execute(sa.update(ITEMS).where(ITEMS.c.id == row.id).values(values))
