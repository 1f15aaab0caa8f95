"""The recycle bin: restores what was displaced, and lets go of what is too old or too much."""

from collections.abc import Callable, Sequence
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Session, col

from domain.catalog.queries import rows_of
from domain.catalog.tables import MediaItem
from domain.kit.database import Database, UnitOfWork, database_time
from domain.kit.errors import Conflict, NotFound, PathUnusable
from domain.libraries import paths
from domain.libraries.applying.rows import update_rows
from domain.libraries.tables import LibraryPath, RecycledFile
from domain.publish import journal
from domain.publish.applying import perform
from domain.publish.disk import Disk, Trouble, trouble
from domain.publish.enums import PublishAction, PublishStatus
from domain.publish.model import Seen, Step
from domain.publish.service import Publisher
from domain.publish.tables import PublishRun
from domain.system.retention import older_than

RESTORED: Final = "restored"
_UNKNOWN: Final = "unknown"
_BITE: Final = 200
RULES: Final = (
    older_than(
        "publish_runs", PublishRun, "finished_at", kept=journal.KEPT, where=col(PublishRun.status) != PublishStatus.RUNNING
    ),
)


def restore(publisher: Publisher, key: int) -> int | None:
    """Put a file back where it was; what lies there now goes into the bin: the key of its row, None if nothing did.

    Raises NotFound; Conflict if it was restored or let go already, or its item is just being published; PathUnusable if
    the file, its folder or the disk cannot be used.
    """
    with publisher.reading() as session:
        row, root = _find(session, key, publisher.sets)
        item = next(iter(rows_of(session, MediaItem.id, [row.item_id] if row.item_id else [])), None)
    try:
        step = _step(publisher.disk, row, root)
        with publisher.writing() as uow:
            owner, top = (item.id, item.root_id) if item is not None else (None, None)
            run_id = journal.begin(uow, [step], item_id=owner, root_id=top, job_id=None)
        if run_id is None:
            raise Conflict("The item is just being published: try again in a moment.")
        run = journal.Open(run_id, owner, top, [step])
        result = perform(publisher.disk, run_id, [step])
        with publisher.writing() as uow:
            displaced = journal.finish(uow, run, result)
        if result.trouble is not None:
            raise result.trouble
        if not result.is_whole:
            raise Conflict("Somebody changed the file at its old place just now: try again.")
        _drop(publisher.disk, root, row.bin_path)
    except Trouble as error:
        raise PathUnusable(error.message) from error
    return displaced[0] if displaced else None


def sweep(
    database: Database, disk: Disk, *, limit_bytes: int, sets: str | None = None, between: Callable[[], None] = lambda: None
) -> int:
    """Delete what is older than 30 days, the oldest of what is more than `limit_bytes`, and what a restoration left; how many.

    A file whose disk is away stays in the list: it is tried again. `sets` is the folder of film sets, which is no library's.
    """
    with database.read() as session:
        due = _due(session, limit_bytes)
        libraries = {row.library_id for row in due if row.library_id is not None}
        roots = [row.path for row in rows_of(session, LibraryPath.library_id, libraries)] + ([] if sets is None else [sets])
    gone: list[int] = []
    for row in due:
        between()
        root = next((root for root in roots if paths.is_within(row.bin_path, root)), None)
        try:
            if root is None or not disk.look(root, root):
                continue  # an empty root is a disk that is not mounted
            _drop(disk, root, row.bin_path)
        except (Trouble, OSError):
            continue
        gone.append(row.id)
    for start in range(0, len(gone), _BITE):
        with database.transaction() as uow:
            _note_purged(uow, gone[start : start + _BITE])
    return len(gone)


def _note_purged(uow: UnitOfWork, keys: Sequence[int]) -> None:
    update_rows(uow, RecycledFile, [{"key": key, "purged_at": uow.now()} for key in keys])


def _find(session: Session, key: int, sets: str | None) -> tuple[Any, str]:
    row = next(iter(rows_of(session, RecycledFile.id, [key])), None)
    if row is None:
        raise NotFound("There is no such file in the recycle bin.", path=("id",))
    if row.restored_at is not None or row.purged_at is not None:
        raise Conflict("The file is not in the recycle bin any more.", path=("id",))
    roots = [one.path for one in rows_of(session, LibraryPath.library_id, [row.library_id] if row.library_id else [])]
    roots += [sets] if sets is not None else []
    root = next((root for root in roots if paths.is_within(row.original_path, root)), None)
    if root is None:
        raise PathUnusable("The library that the file lay in is gone, or has other folders now.", path=("id",))
    return row, root


def _step(disk: Disk, row: Any, root: str) -> Step:
    seen = _seen(disk, root, row.original_path)
    if seen is not None and not seen.is_regular:
        raise Conflict("A link or a folder has the file's old name.")
    source = paths.real(row.bin_path)
    digest = disk.measure(source)
    if digest is None:
        raise PathUnusable("The file cannot be read in the recycle bin.", path=("id",))
    return Step(
        row.original_path, PublishAction.RESTORE, RESTORED, root, row.item_id, _UNKNOWN, digest=digest, seen=seen,
        source=source, recycled_id=row.id,
    )  # fmt: skip


def _seen(disk: Disk, root: str, path: str) -> Seen | None:
    try:
        return disk.look(root, paths.parent(path)).get(paths.last(path))
    except OSError as error:
        raise trouble(error, path) from error


def _drop(disk: Disk, root: str, path: str) -> None:
    try:
        with disk.folder(root, paths.parent(path)) as folder:
            disk.drop(folder, paths.last(path))
            disk.sync(folder)
    except FileNotFoundError:
        return  # the whole bin is gone
    except OSError as error:
        raise trouble(error, path) from error


def _due(session: Session, limit_bytes: int) -> list[Any]:
    table: Any = RecycledFile.__table__  # type: ignore[attr-defined]
    newest_first = sa.select(table).where(table.c.purged_at.is_(None)).order_by(table.c.deleted_at.desc(), table.c.id.desc())
    now = database_time(session)
    rows = session.connection().execute(newest_first).all()  # unguarded: the bin is emptied for everybody
    kept, due = 0, []
    for row in rows:
        kept += row.size_bytes if row.restored_at is None else 0
        if row.restored_at is not None or row.expires_at <= now or kept > limit_bytes:
            due.append(row)
    return due
