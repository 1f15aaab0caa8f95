"""Closes the questions whether two items are one when the other is there no more, and asks again when it is back."""

from typing import Any

from sqlmodel import col

from domain.catalog.enums import Availability, Identification
from domain.catalog.queries import rows_of
from domain.catalog.sorting import normal_name
from domain.catalog.tables import MediaItem
from domain.kit.database import UnitOfWork
from domain.kit.ids import key_of
from domain.libraries.applying import names
from domain.libraries.applying.doubts import AMBIGUOUS, REOPENED, closed_now, is_closed_by_scan
from domain.libraries.applying.rows import update_rows
from domain.libraries.enums import ReviewStatus
from domain.libraries.tables import ReviewItem


def review_namesakes(uow: UnitOfWork, library_id: int) -> None:
    """Bring the open and self-closed `ambiguous_duplicate` questions of a library up to date."""
    rows = [
        row
        for row in rows_of(uow.session, ReviewItem.reason, [AMBIGUOUS], col(ReviewItem.item_id).is_not(None))
        if row.status == ReviewStatus.PENDING or is_closed_by_scan(row)
    ]
    others = {row.id: [key_of("media_items", one["item"]) for one in row.candidates if "item" in one] for row in rows}
    keys = {key for held in others.values() for key in held} | {row.item_id for row in rows}
    items = {row.id: row for row in rows_of(uow.session, MediaItem.id, keys) if row.library_id == library_id}
    rows = [row for row in rows if row.item_id in items]
    if not rows:
        return
    titles: dict[int, set[str]] = {key: {normal_name(row.title)} for key, row in items.items()}
    for (_, title), entries in names.load(uow.session, library_id).entries.items():
        for entry in entries:
            if entry.item_id in titles:
                titles[entry.item_id].add(title)

    def is_alike(mine: Any, key: int) -> bool:
        other = items.get(key)
        return other is not None and _is_there(mine) and _is_there(other) and bool(titles[mine.id] & titles[key])

    for row in rows:
        is_open = any(is_alike(items[row.item_id], key) for key in others[row.id])
        if is_open == (row.status == ReviewStatus.PENDING):
            continue
        update_rows(uow, ReviewItem, [{"key": row.id, **(REOPENED if is_open else closed_now(uow))}])
        if not is_open and items[row.item_id].identification == Identification.AMBIGUOUS and not _is_asked(uow, row.item_id):
            update_rows(uow, MediaItem, [{"key": row.item_id, "identification": Identification.UNIDENTIFIED}])


def _is_there(item: Any) -> bool:
    return item.deleted_at is None and item.availability == Availability.PRESENT


def _is_asked(uow: UnitOfWork, item: int) -> bool:
    return bool(rows_of(uow.session, ReviewItem.item_id, [item], col(ReviewItem.status) == ReviewStatus.PENDING))
