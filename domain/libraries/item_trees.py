"""Deletes and restores items as `domain.catalog` does, and keeps what the rest of their trees say of their files."""

from collections.abc import Iterable, Mapping

from domain.catalog import deleting
from domain.catalog.deleting import Outcomes, Tree
from domain.kit.database import UnitOfWork
from domain.libraries.applying.availability import refresh


def delete_items(uow: UnitOfWork, versions: Mapping[int, int | None]) -> Outcomes:
    """Take items and their parts out of sight; see `deleting.delete_items`."""
    outcomes = deleting.delete_items(uow, versions)
    rows = [outcome.row for outcome in outcomes.values() if isinstance(outcome, Tree)]
    refresh(uow, (), parents=[row.parent_id for row in rows if row.parent_id])
    return outcomes


def restore_items(uow: UnitOfWork, keys: Iterable[int]) -> Outcomes:
    """Undo deletions; see `deleting.restore_items`."""
    outcomes = deleting.restore_items(uow, keys)
    refresh(uow, [leaf for outcome in outcomes.values() if isinstance(outcome, Tree) for leaf in outcome.leaves])
    return outcomes
