"""Writes moves, and what is gone: files become missing, their items with them when no copy is left."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from domain.catalog.queries import chunks, rows_of
from domain.kit.database import UnitOfWork
from domain.libraries.applying.model import Batch
from domain.libraries.applying.rows import insert_for_ids, update_rows
from domain.libraries.enums import FileKind, FileRole
from domain.libraries.scanning.comparing import KnownFile
from domain.libraries.scanning.known import DIRECTORIES, GONE, OPEN
from domain.libraries.scanning.moves import Move
from domain.libraries.tables import ItemFile, LibraryDirectory, MediaFile


def write_moves(uow: UnitOfWork, batch: Batch, moves: Sequence[Move]) -> None:
    """Give moved files their new places. They count as not understood there until their unit is written.

    A place may still belong to another file that moves in the same call: all of them step aside first. A file whose
    place was taken while its own bytes were found nowhere is missing.
    """
    directories = _directories(uow, {(move.to.root_id, move.to.directory) for move in moves})
    aside = [{"key": move.file.id, "uri": f"moving:{move.file.id}"} for move in moves]
    replaced = {move.to.known_id for move in moves if move.to.known_id is not None} - {move.file.id for move in moves}
    aside += [
        {"key": row.id, "uri": f"replaced:{row.id}:{row.uri}", "missing_since": uow.now(), "directory_id": None}
        for row in rows_of(uow.session, MediaFile.id, replaced)
    ]
    update_rows(uow, MediaFile, aside)
    batch.touched |= {row.item_id for row in rows_of(uow.session, ItemFile.file_id, replaced, ItemFile.role == FileRole.MAIN)}
    batch.applied.counts["files_moved"] += len(moves)
    batch.applied.counts["files_missing"] += len(replaced)
    rows: list[dict[str, Any]] = [
        {
            "key": move.file.id,
            "uri": move.to.uri,
            "directory_id": directories[move.to.root_id, move.to.directory],
            "verified_at": None,
            "missing_since": None,
        }
        for move in moves
    ]
    update_rows(uow, MediaFile, rows)


def mark_gone(uow: UnitOfWork, batch: Batch, files: Iterable[KnownFile]) -> None:
    """Files that are not where they were, and nowhere else, are missing since now."""
    gone = list(files)
    update_rows(uow, MediaFile, [{"key": file.id, "missing_since": uow.now()} for file in gone])
    links = rows_of(uow.session, ItemFile.file_id, [file.id for file in gone], ItemFile.role == FileRole.MAIN)
    batch.touched |= {row.item_id for row in links}
    holders = (FileKind.IMAGE, FileKind.VIDEO)  # a video may have pictures in it
    batch.applied.gone_pictures += [file.id for file in gone if file.kind in holders]
    batch.applied.counts["files_missing"] += len(gone)


def forget_directories(uow: UnitOfWork, directory_ids: Sequence[int]) -> None:
    """Drop vanished directories; one that missing files lie in stays, unread, until they are gone for good."""
    update_rows(uow, LibraryDirectory, [{"key": key, "fingerprint": GONE, "file_count": 0} for key in directory_ids])
    held = {row.directory_id for row in rows_of(uow.session, MediaFile.directory_id, directory_ids)}
    for piece in chunks(key for key in directory_ids if key not in held):
        uow.session.connection().execute(sa.delete(DIRECTORIES).where(DIRECTORIES.c.id.in_(piece)))


def _directories(uow: UnitOfWork, places: set[tuple[int, str]]) -> Mapping[tuple[int, str], int]:
    """The rows of directories by (root, path), made where they are new: as unread ones."""
    found: dict[tuple[int, str], int] = {}
    for row in rows_of(uow.session, LibraryDirectory.path, {path for _, path in places}):
        if (row.library_path_id, row.path) in places:
            found[row.library_path_id, row.path] = row.id
    missing = sorted(places - found.keys())
    rows = [
        {"library_path_id": root, "path": path, "fingerprint": OPEN, "file_count": 0, "scanned_at": uow.now()}
        for root, path in missing
    ]
    return found | dict(zip(missing, insert_for_ids(uow, LibraryDirectory, rows), strict=True))
