"""The review queue: a person decides what a file or item is, says no, or takes the decision back."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from domain.catalog.queries import chunks, rows_of
from domain.catalog.tables import MediaItem
from domain.jobs.tables import Job
from domain.kit.database import UnitOfWork
from domain.kit.errors import Conflict, NotFound
from domain.kit.ids import global_id
from domain.libraries import candidates, identifying, regrouping, rereading
from domain.libraries.applying import doubts
from domain.libraries.applying.model import Batch
from domain.libraries.candidates import Case
from domain.libraries.enums import ReviewStatus
from domain.libraries.identifying import Identity
from domain.libraries.scanning import known
from domain.libraries.tables import MediaFile, ReviewItem
from domain.system import audit, events


@dataclass(frozen=True, slots=True)
class Resolved:
    """The items that it is, and the scan that looks again at what lies beside its files (None if there is nothing to scan)."""

    items: list[int]
    job: Job | None
    is_other_work: bool = False
    """The first of the items is another work in the catalogues than it was until now."""


def resolve(uow: UnitOfWork, review_id: int, *, choice: int | Identity, user_id: int | None = None) -> Resolved:
    """Decide: the candidate of that index (0 = first), or an identity. No scan undoes it.

    Raises NotFound, Conflict when it is decided already, Invalid, AmbiguousReference.
    """
    case = _open(uow, review_id)
    resolution: dict[str, Any] = {"by": "user", "source": "user"}
    if isinstance(choice, int):
        candidate = candidates.candidate_at(case.row, choice)
        resolution |= {"source": candidate.get("source", "item"), "candidate": choice}
        items = candidates.take(uow, case, candidate, user_id=user_id)
    else:
        identity = identifying.checked(choice)
        resolution["identity"] = asdict(identity)
        items = candidates.identify(uow, case, identity)
    regrouping.finish(uow, case.batch, items)
    files = rereading.files_of(uow, items) if case.file is None else [case.file]
    resolution["items"] = [global_id("media_items", key) for key in items]
    _close(uow, case.row, ReviewStatus.RESOLVED, resolution, user_id)
    _close_others(uow, case)
    rereading.settle_files(uow, files)
    job = rereading.read_again(uow, case.batch.library.id, files, user_id=user_id)
    _tell(uow, case.row, "resolved", case.batch.library.id)
    return Resolved(items, job, case.is_other_work)


def reject(uow: UnitOfWork, review_id: int, *, user_id: int | None = None) -> None:
    """Leave it as it is, and do not ask again. Raises NotFound, Conflict when it is decided already."""
    row = _pending(uow, review_id)
    _close(uow, row, ReviewStatus.REJECTED, {"by": "user"}, user_id)
    _tell(uow, row, "rejected", _library_id(uow, row))


def reopen(uow: UnitOfWork, review_id: int) -> None:
    """Ask again. What the decision changed stays until another is made. Raises NotFound, Conflict."""
    row = _row(uow, review_id)
    if row.status is ReviewStatus.PENDING:
        raise Conflict("It is open already.", path=("id",))
    same = (
        col(ReviewItem.file_id).is_not_distinct_from(row.file_id),
        col(ReviewItem.item_id).is_not_distinct_from(row.item_id),
        col(ReviewItem.reason) == row.reason,
    )
    mine = sa.select(col(ReviewItem.id)).where(*same)  # unguarded: the caller has asked whether this user may
    if uow.session.execute(mine.where(col(ReviewItem.status) == ReviewStatus.PENDING)).first() is not None:
        raise Conflict("The same question is open already.", path=("id",))
    row.status, row.resolution, row.resolved_at, row.resolved_by_user_id = ReviewStatus.PENDING, None, None, None
    uow.session.flush()
    _tell(uow, row, "reopened", _library_id(uow, row))


def _row(uow: UnitOfWork, review_id: int) -> ReviewItem:
    query = sa.select(ReviewItem).where(col(ReviewItem.id) == review_id)  # unguarded: the caller has asked whether this user may
    row: ReviewItem | None = uow.session.execute(query.with_for_update()).scalars().first()
    if row is None:
        raise NotFound("There is no such question. `reviewItems` lists what waits.", path=("id",))
    return row


def _pending(uow: UnitOfWork, review_id: int) -> ReviewItem:
    row = _row(uow, review_id)
    if row.status is not ReviewStatus.PENDING:
        raise Conflict("It is decided already: reopen it first.", path=("id",))
    return row


def _open(uow: UnitOfWork, review_id: int) -> Case:
    row = _pending(uow, review_id)
    file = next(iter(rows_of(uow.session, MediaFile.id, [row.file_id] if row.file_id else [])), None)
    item = next(iter(rows_of(uow.session, MediaItem.id, [row.item_id] if row.item_id else [])), None)
    library_id = file.library_id if file is not None else item.library_id if item is not None else None
    library = None if library_id is None else known.library(uow.session, library_id)
    if library is None or (item is not None and item.deleted_at is not None):
        raise Conflict("What it is about is in no library any more: reject it.", path=("id",))
    return Case(row, Batch(library), file, item)


def _close(uow: UnitOfWork, row: ReviewItem, status: ReviewStatus, resolution: dict[str, Any], user_id: int | None) -> None:
    row.status, row.resolution, row.resolved_at, row.resolved_by_user_id = status, resolution, uow.now(), user_id
    uow.session.flush()


def _close_others(uow: UnitOfWork, case: Case) -> None:
    """A thing whose identity a person has said is not asked for it again."""
    subject = (
        col(ReviewItem.item_id) == case.row.item_id if case.item is not None else col(ReviewItem.file_id) == case.row.file_id
    )
    _settle(uow, subject, {"by": "user", "source": "review", "review": global_id("review_queue", case.row.id)})


def lock_questions(uow: UnitOfWork, items: Iterable[int]) -> None:
    """Let nobody else answer questions about these items until the transaction ends. Before the items' own rows, always."""
    for piece in chunks(sorted(items)):
        of_items = col(ReviewItem.item_id).in_(piece)
        query = sa.select(col(ReviewItem.id)).where(of_items).order_by(col(ReviewItem.id))  # unguarded: to hold them
        uow.session.execute(query.with_for_update())


def settle_item(uow: UnitOfWork, item_id: int) -> None:
    """A person has said what an item is, elsewhere: it is not asked for."""
    _settle(uow, col(ReviewItem.item_id) == item_id, {"by": "user", "source": "user"})


def _settle(uow: UnitOfWork, subject: sa.ColumnElement[bool], resolution: dict[str, Any]) -> None:
    uow.session.execute(
        sa.update(ReviewItem)
        .where(subject, col(ReviewItem.status) == ReviewStatus.PENDING, col(ReviewItem.reason).in_(doubts.IDENTITY))
        .values(status=ReviewStatus.RESOLVED, resolution=resolution, resolved_at=uow.now())
    )


def _library_id(uow: UnitOfWork, row: ReviewItem) -> int | None:
    model, key = (MediaFile, row.file_id) if row.file_id is not None else (MediaItem, row.item_id)
    found = next(iter(rows_of(uow.session, model.id, [key])), None)
    library: int | None = None if found is None else found.library_id
    return library


def _tell(uow: UnitOfWork, row: ReviewItem, act: str, library_id: int | None) -> None:
    subject = global_id("review_queue", row.id)
    audit.record(uow, f"review.{act}", subject=subject, details={"reason": row.reason, "resolution": row.resolution})
    audience = events.ADMINS if library_id is None else events.for_library(library_id)
    events.emit(uow, f"review.{act}", subject, topic="libraries", audience=audience, changed_fields=["status", "resolution"])
