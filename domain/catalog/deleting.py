"""Deletes items softly, with all that belongs to them, and brings them back. Files stay where they are."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from domain.catalog.changing import ITEMS, close_items
from domain.catalog.edits.applying import standing
from domain.catalog.edits.holding import lock_rows
from domain.catalog.enums import ItemKind
from domain.catalog.queries import chunks, rows_of
from domain.catalog.tables import MediaItem
from domain.catalog.telling import NO_ITEM
from domain.kit.database import UnitOfWork, serialize
from domain.kit.errors import Conflict, DomainError, NotFound

_NUMBERED: Final = (ItemKind.SEASON, ItemKind.EPISODE)


@dataclass(frozen=True, slots=True)
class Tree:
    """An item with all below it: keys from the top down; `leaves` are those without parts of their own."""

    keys: Sequence[int]
    leaves: Sequence[int]
    row: Any = None
    """The item itself, as it was."""


Outcomes = dict[int, Tree | DomainError | None]
"""By item: what went or came, what forbids it, or None: it goes with another that was named, too."""


def delete_item(uow: UnitOfWork, *, item_id: int, expected_version: int | None = None) -> Tree:
    """Take an item and its parts out of sight; `restore_item` brings back exactly these. Raises NotFound, VersionConflict."""
    return _only(delete_items(uow, {item_id: expected_version}))


def restore_item(uow: UnitOfWork, *, item_id: int) -> Tree:
    """Undo a deletion. Raises NotFound; Conflict when it is not deleted, was purged, hangs on something deleted, or when
    its number has been taken meanwhile."""
    return _only(restore_items(uow, [item_id]))


def delete_items(uow: UnitOfWork, versions: Mapping[int, int | None]) -> Outcomes:
    """Delete items, each with the version that is expected of it (None: any)."""
    serialize(uow.session, "deletions")  # trees overlap: two who lock parents and parts crosswise would block each other
    rows = {key: row for key, row in lock_rows(uow, versions).items() if row.deleted_at is None}
    found: Outcomes = {key: standing(rows.get(key), key, version) for key, version in versions.items()}
    allowed = [key for key, problem in found.items() if problem is None]
    inner = _inside(uow.session, [rows[key] for key in allowed])
    tops = [key for key in allowed if key not in inner]
    trees = _trees(uow.session, dict.fromkeys(tops), rows)
    _set_deleted(uow, (key for tree in trees.values() for key in tree.keys), uow.now())
    _close(uow, trees, "item.deleted")
    return {**found, **trees}


def restore_items(uow: UnitOfWork, keys: Iterable[int]) -> Outcomes:
    """Bring back items with what went with them."""
    serialize(uow.session, "deletions")
    wanted = list(dict.fromkeys(keys))
    rows = lock_rows(uow, wanted)
    parents = {row.id: row for row in rows_of(uow.session, MediaItem.id, {row.parent_id for row in rows.values()} - {None})}
    found: Outcomes = {key: _hindrance(rows.get(key), parents) for key in wanted}
    for key, conflict in _taken_numbers(uow, [rows[key] for key in wanted if found[key] is None]).items():
        found[key] = conflict
    allowed = [key for key in wanted if found[key] is None]
    trees = _trees(uow.session, {key: rows[key].deleted_at for key in allowed}, rows)
    every = [key for tree in trees.values() for key in tree.keys]
    _give_up_taken_places(uow, every)
    try:
        with uow.session.begin_nested():
            _set_deleted(uow, every, None)
    except IntegrityError:
        raise Conflict("Something else has its number now: delete that first.", path=("id",)) from None
    _close(uow, trees, "item.restored")
    return {**found, **trees}


def _only(outcomes: Outcomes) -> Tree:
    (outcome,) = outcomes.values()
    if isinstance(outcome, DomainError):
        raise outcome
    assert outcome is not None
    return outcome


def _close(uow: UnitOfWork, trees: Mapping[int, Tree], act: str) -> None:
    details = {key: {"title": tree.row.title, "items": len(tree.keys)} for key, tree in trees.items()}
    shown: dict[int, list[str]] = {key: [] for key in trees}
    close_items(uow, [tree.row for tree in trees.values()], act, event=act, changed=shown, details=details)


def _hindrance(row: Any, parents: Mapping[int, Any]) -> DomainError | None:
    if row is None:
        return NotFound(NO_ITEM, path=("id",))
    if row.deleted_at is None:
        return Conflict("It is not deleted.", path=("id",))
    if row.purged_at is not None:
        return Conflict("Only its history is left: it was deleted too long ago.", path=("id",))
    if row.parent_id is not None and parents[row.parent_id].deleted_at is not None:
        return Conflict("What it belongs to is deleted, too: restore that first.", path=("id",))
    return None


def _taken_numbers(uow: UnitOfWork, rows: Sequence[Any]) -> dict[int, Conflict]:
    """Seasons and episodes whose number has gone to another, or that two of them claim: the later one gives way."""
    numbered = [row for row in rows if row.kind in _NUMBERED and row.position is not None]
    live = rows_of(uow.session, MediaItem.parent_id, {row.parent_id for row in numbered}, col(MediaItem.deleted_at).is_(None))
    taken = {(row.parent_id, row.position, row.edition) for row in live}
    found: dict[int, Conflict] = {}
    for row in numbered:
        place = (row.parent_id, row.position, row.edition)
        if place in taken:
            found[row.id] = Conflict("Something else has its number now: delete that first.", path=("id",))
        taken.add(place)
    return found


def _inside(session: Session, rows: Sequence[Any]) -> set[int]:
    """Those that stand somewhere below another of them."""
    named = {row.id for row in rows}
    parents: dict[int, int | None] = {row.id: row.parent_id for row in rows}
    todo = {row.parent_id for row in rows} - {None} - parents.keys()
    while todo:
        above: list[Any] = rows_of(session, MediaItem.id, todo)
        parents |= {row.id: row.parent_id for row in above}
        todo = {row.parent_id for row in above} - {None} - parents.keys()
    found: set[int] = set()
    for key in named:
        step = parents[key]
        while step is not None and step not in named:
            step = parents.get(step)
        if step is not None:
            found.add(key)
    return found


def _trees(session: Session, moments: Mapping[int, Any], rows: Mapping[int, Any] | None = None) -> dict[int, Tree]:
    """The tree below each item: of what is live (moment None) or was deleted together with it."""
    keys = {top: [top] for top in moments}
    parents: set[int] = set()
    top_of = {top: top for top in moments}
    level = list(moments)
    while level:
        below: list[Any] = sorted(rows_of(session, MediaItem.parent_id, level), key=lambda row: row.id)
        level = []
        for row in below:
            top = top_of[row.parent_id]
            if row.deleted_at == moments[top]:
                parents.add(row.parent_id)
                top_of[row.id] = top
                keys[top].append(row.id)
                level.append(row.id)
    return {top: Tree(found, [key for key in found if key not in parents], (rows or {}).get(top)) for top, found in keys.items()}


def _set_deleted(uow: UnitOfWork, keys: Iterable[int], moment: Any) -> None:
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
    without_folder: list[int] = []
    not_preferred: list[int] = []
    for row in rows:
        if row.directory_path in taken:
            without_folder.append(row.id)
        elif row.directory_path is not None:
            taken.add(row.directory_path)
        if row.is_preferred and row.media_group_id in led:
            not_preferred.append(row.id)
        elif row.is_preferred and row.media_group_id is not None:
            led.add(row.media_group_id)
    connection = uow.session.connection()
    for piece in chunks(without_folder):
        connection.execute(sa.update(ITEMS).where(ITEMS.c.id.in_(piece)).values(directory_path=None))
    for piece in chunks(not_preferred):
        connection.execute(sa.update(ITEMS).where(ITEMS.c.id.in_(piece)).values(is_preferred=False))
