"""Lets a scan look again at what lies beside files whose items a person has decided on."""

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from domain.catalog.queries import rows_of
from domain.jobs.tables import Job
from domain.kit.database import UnitOfWork
from domain.libraries import paths, service
from domain.libraries.enums import FileKind, FileRole
from domain.libraries.scanning.known import DIRECTORIES, FILES, OPEN
from domain.libraries.tables import ItemFile, LibraryDirectory, MediaFile


def files_of(uow: UnitOfWork, items: Iterable[int]) -> list[Any]:
    """The main files of items, as rows."""
    links = [row for row in rows_of(uow.session, ItemFile.item_id, items) if row.role == FileRole.MAIN]
    return rows_of(uow.session, MediaFile.id, [row.file_id for row in links])


def settle_files(uow: UnitOfWork, files: Sequence[Any]) -> None:
    """Count files as understood: no scan asks their names any more."""
    keys = [file.id for file in files]
    statement = sa.update(FILES).where(FILES.c.id.in_(keys), FILES.c.verified_at.is_(None))
    uow.session.connection().execute(statement.values(verified_at=uow.now()))


def read_again(
    uow: UnitOfWork, library_id: int, files: Sequence[Any], *, user_id: int | None, folder: str | None = None
) -> Job | None:
    """Count the folders of files, and the NFO files in them and above, as unread, and scan the first of these folders,
    or `folder` (a uri) that holds them.

    The others are read with the next scan of the library. Returns the job; None for a disabled library or without folders.
    """
    mine = rows_of(uow.session, LibraryDirectory.id, [file.directory_id for file in files if file.directory_id is not None])
    if not mine:
        return None
    here = {(row.library_path_id, row.path) for row in mine}
    above = {(root, paths.parent(path)) for root, path in here if paths.parent(path)}
    rows = rows_of(uow.session, LibraryDirectory.path, {path for _, path in here | above})
    keys = [row.id for row in rows if (row.library_path_id, row.path) in here | above]
    connection = uow.session.connection()
    connection.execute(sa.update(DIRECTORIES).where(DIRECTORIES.c.id.in_(keys)).values(fingerprint=OPEN))
    is_nfo = sa.and_(FILES.c.directory_id.in_(keys), FILES.c.file_kind == FileKind.NFO)
    connection.execute(sa.update(FILES).where(is_nfo).values(probed_at=None))
    if not service.get_library(uow, library_id).is_enabled:
        return None
    first = folder or min(paths.parent(file.uri) for file in files if file.directory_id is not None)
    return service.request_scan(uow, library_id=library_id, path=paths.real(first), requested_by_user_id=user_id)
