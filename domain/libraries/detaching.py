"""Takes a root folder away from its library: what lay in it is missing, and keeps its identity should it come up elsewhere."""

from typing import Any, Final

import sqlalchemy as sa

from domain.catalog.queries import rows_of
from domain.kit.database import UnitOfWork
from domain.libraries.applying.availability import refresh
from domain.libraries.enums import FileRole
from domain.libraries.tables import ItemFile, LibraryDirectory, LibraryPath, MediaFile

_FILES: Final[Any] = MediaFile.__table__  # type: ignore[attr-defined]
_DIRECTORIES: Final[Any] = LibraryDirectory.__table__  # type: ignore[attr-defined]
_ROOTS: Final[Any] = LibraryPath.__table__  # type: ignore[attr-defined]


def detach_root(uow: UnitOfWork, root_id: int) -> int:
    """Forget a root and its directories; its files are missing from now on. Returns how many were there."""
    inside = sa.select(_DIRECTORIES.c.id).where(_DIRECTORIES.c.library_path_id == root_id)
    gone = (
        sa.update(_FILES)
        .where(_FILES.c.directory_id.in_(inside), _FILES.c.missing_since.is_(None))
        .values(missing_since=uow.now())
        .returning(_FILES.c.id)
    )
    connection = uow.session.connection()
    files = list(connection.execute(gone).scalars())
    connection.execute(sa.delete(_ROOTS).where(_ROOTS.c.id == root_id))
    links = rows_of(uow.session, ItemFile.file_id, files)
    refresh(uow, {link.item_id for link in links if link.role == FileRole.MAIN})
    return len(files)
