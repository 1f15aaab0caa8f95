"""Deletes and restores items as `domain.catalog` does, and keeps what the rest of their trees say of their files."""

from domain.catalog import deleting
from domain.catalog.deleting import Tree
from domain.catalog.queries import rows_of
from domain.catalog.tables import MediaItem
from domain.kit.database import UnitOfWork
from domain.libraries.applying.availability import refresh


def delete_item(uow: UnitOfWork, *, item_id: int, expected_version: int | None = None) -> Tree:
    """Take an item and its parts out of sight. Raises NotFound, VersionConflict."""
    tree = deleting.delete_item(uow, item_id=item_id, expected_version=expected_version)
    refresh(uow, (), parents=[row.parent_id for row in rows_of(uow.session, MediaItem.id, [item_id]) if row.parent_id])
    return tree


def restore_item(uow: UnitOfWork, *, item_id: int) -> Tree:
    """Undo a deletion. Raises NotFound, Conflict."""
    tree = deleting.restore_item(uow, item_id=item_id)
    refresh(uow, tree.leaves)
    return tree
