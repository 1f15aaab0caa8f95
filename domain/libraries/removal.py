"""Deletes libraries: what somebody tracked stays without a home, the rest goes softly. No file on disk is touched."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Session, col

from domain.catalog.changing import ITEMS
from domain.catalog.enums import Availability
from domain.catalog.queries import chunks
from domain.catalog.tracked import is_tracked
from domain.jobs import kinds
from domain.jobs import service as jobs
from domain.jobs.enums import LIVE
from domain.jobs.tables import JOBS
from domain.kit.database import Database, UnitOfWork
from domain.kit.errors import NotFound
from domain.kit.ids import global_id
from domain.libraries import timetable
from domain.libraries.enums import ReviewStatus
from domain.libraries.scanning import known
from domain.libraries.scanning.known import DIRECTORIES, FILES, ROOTS
from domain.libraries.service import get_library
from domain.libraries.tables import ReviewItem
from domain.system import audit, events
from domain.system.audit_tables import AuditSeverity

STEP: Final = 500
"""Items or files of one transaction, so that nobody waits long for the database."""


@dataclass(frozen=True, slots=True)
class Removal:
    """What a deletion does: items put away, items that somebody tracked and that stay, files that are forgotten."""

    deleted_items: int
    kept_items: int
    forgotten_files: int


def preview(session: Session, library_id: int) -> Removal:
    """What deleting a library would do. Raises NotFound."""
    if known.library(session, library_id) is None:
        raise NotFound("There is no such library. `libraries` lists those you may see.", path=("id",))
    connection = session.connection()
    live = sa.and_(ITEMS.c.library_id == library_id, ITEMS.c.deleted_at.is_(None))
    every = connection.execute(sa.select(sa.func.count()).select_from(ITEMS).where(live)).scalar_one()
    held = sa.select(ITEMS.c.root_id).where(ITEMS.c.library_id == library_id, is_tracked(ITEMS.c.id))
    kept = connection.execute(sa.select(sa.func.count()).select_from(ITEMS).where(live, ITEMS.c.root_id.in_(held))).scalar_one()
    files = sa.select(sa.func.count()).select_from(FILES).where(FILES.c.library_id == library_id)
    return Removal(every - kept, kept, connection.execute(files).scalar_one())


def delete_library(database: Database, library_id: int, *, actor: str, request_id: str = "") -> Removal:
    """Delete a library in many short transactions; broken off, it stays disabled, and deleting it again ends the work.

    Scans of it are cancelled. Raises NotFound.
    """
    with database.read() as session:
        plan = preview(session, library_id)
    with database.transaction(actor=actor, request_id=request_id) as uow:
        _shut(uow, library_id)
    is_more = True
    while is_more:
        with database.transaction(actor=actor, request_id=request_id) as uow:
            is_more = _release_items(uow, library_id) or _forget(uow, FILES, library_id) or _forget(uow, DIRECTORIES, library_id)
    with database.transaction(actor=actor, request_id=request_id) as uow:
        while _release_items(uow, library_id):  # what a scan wrote before it heard that it was cancelled
            pass
        _remove(uow, library_id, plan)
    return plan


def _shut(uow: UnitOfWork, library_id: int) -> None:
    library = get_library(uow, library_id)
    library.is_enabled = False
    timetable.follow(uow, library)
    scans = sa.select(JOBS.c.id).where(
        JOBS.c.subject == global_id("libraries", library_id), JOBS.c.kind == kinds.SCAN.name, JOBS.c.status.in_(LIVE)
    )
    for key in uow.session.execute(scans).scalars().all():
        jobs.cancel(uow, key)


def _release_items(uow: UnitOfWork, library_id: int) -> bool:
    """Take some trees out of the library; False when there are none."""
    some = sa.select(ITEMS.c.root_id).where(ITEMS.c.library_id == library_id).limit(STEP).subquery()
    trees = sa.select(ITEMS.c.root_id, sa.func.count()).where(ITEMS.c.root_id.in_(sa.select(some.c.root_id)))
    roots: list[int] = []
    total = 0
    for root, count in uow.session.connection().execute(trees.group_by(ITEMS.c.root_id)):
        if roots and total + count > STEP:
            break
        roots.append(root)
        total += count
    if roots:
        _release(uow, roots)
    return bool(roots)


def _release(uow: UnitOfWork, roots: Sequence[int]) -> None:
    connection = uow.session.connection()
    mine = ITEMS.c.root_id.in_(roots)
    kept = set(connection.execute(sa.select(ITEMS.c.root_id).where(mine, is_tracked(ITEMS.c.id))).scalars())
    gone = [root for root in roots if root not in kept]
    asked = sa.select(ITEMS.c.id).where(mine)
    pending = col(ReviewItem.status) == ReviewStatus.PENDING
    connection.execute(sa.delete(ReviewItem).where(pending, col(ReviewItem.item_id).in_(asked)))
    homeless: dict[str, Any] = {"availability": Availability.NONE, "missing_since": None, "directory_path": None}
    connection.execute(sa.update(ITEMS).where(mine).values(library_id=None, updated_at=uow.now(), **homeless))
    for piece in chunks(gone):
        live = sa.and_(ITEMS.c.root_id.in_(piece), ITEMS.c.deleted_at.is_(None))
        connection.execute(sa.update(ITEMS).where(live).values(deleted_at=uow.now()))


def _forget(uow: UnitOfWork, table: sa.Table, library_id: int) -> bool:
    """Forget some of the library's files with all that is known of them, or of its directories; False when none are left."""
    roots = sa.select(ROOTS.c.id).where(ROOTS.c.library_id == library_id)
    mine = FILES.c.library_id == library_id if table is FILES else DIRECTORIES.c.library_path_id.in_(roots)
    some = sa.select(table.c.id).where(mine).limit(STEP)
    return uow.session.connection().execute(sa.delete(table).where(table.c.id.in_(some))).rowcount > 0


def _remove(uow: UnitOfWork, library_id: int, plan: Removal) -> None:
    library = get_library(uow, library_id)
    name, subject = library.name, global_id("libraries", library_id)
    timetable.remove(uow, library)
    uow.session.delete(library)
    uow.session.flush()
    details = {"name": name, "deleted": plan.deleted_items, "kept": plan.kept_items, "files": plan.forgotten_files}
    audit.record(uow, "library.deleted", subject=subject, severity=AuditSeverity.CRITICAL, details=details)
    events.emit(uow, "library.deleted", subject, topic="libraries", audience=events.for_library(library_id))
