"""Items whose files have been missing for too long are put away, and come back with their files as they were.

What automation put away is known by its moments: a person deletes sooner than `GRACE` after the loss, or what is there.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Session, col

from domain.catalog import deleting
from domain.catalog.changing import ITEMS
from domain.catalog.enums import Availability
from domain.catalog.queries import rows_of
from domain.catalog.tables import MediaItem
from domain.catalog.tracked import is_tracked
from domain.kit.database import Database, UnitOfWork
from domain.libraries.tables import LibraryPath

GRACE: Final = timedelta(days=30)
"""How long an item without files stays in sight."""
BITE: Final = 100
"""Items of one transaction."""


def expire(database: Database, *, between: Callable[[], None] = lambda: None) -> int:
    """Put away what has been missing for longer than `GRACE`; how many items.

    Nothing of a library with a folder that is away, and nothing that a person's history holds.
    """
    count = 0
    while True:
        between()
        with database.transaction(actor="system") as uow:
            found = _expired(uow)
            deleting.delete_items(uow, dict.fromkeys(found))
        count += len(found)
        if len(found) < BITE:
            return count


def bring_back(uow: UnitOfWork, items: Iterable[Any]) -> bool:
    """Bring back those of the items (rows of `media_items` whose files are there) that were put away, with their trees."""
    tops = {_top(uow.session, row).id for row in items if _is_expired(row)}
    return bool(tops) and any(isinstance(one, deleting.Tree) for one in deleting.restore_items(uow, sorted(tops)).values())


def _expired(uow: UnitOfWork) -> Sequence[int]:
    held = ITEMS.alias("held")
    away = sa.exists().where(
        col(LibraryPath.library_id) == ITEMS.c.library_id, col(LibraryPath.missing_since).is_not(None)
    )  # unguarded: upkeep of every library
    query = (
        sa.select(ITEMS.c.id)
        .where(ITEMS.c.availability == Availability.MISSING, ITEMS.c.missing_since < uow.now() - GRACE)
        .where(ITEMS.c.deleted_at.is_(None), ITEMS.c.library_id.is_not(None), ~away)
        .where(~sa.exists(sa.select(held.c.id).where(held.c.root_id == ITEMS.c.root_id, is_tracked(held.c.id))))
        .order_by(ITEMS.c.level, ITEMS.c.id)
        .limit(BITE)
    )
    return uow.session.connection().execute(query).scalars().all()


def _is_expired(row: Any) -> bool:
    is_put_away = row.deleted_at is not None and row.purged_at is None and row.missing_since is not None
    return is_put_away and bool(row.deleted_at - row.missing_since > GRACE)


def _top(session: Session, row: Any) -> Any:
    """The topmost of what went together."""
    while row.parent_id is not None:
        (above,) = rows_of(session, MediaItem.id, [row.parent_id])
        if above.deleted_at != row.deleted_at:
            break
        row = above
    return row
