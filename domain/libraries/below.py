"""Which items have files in a folder of ours: what follows a scan of one folder asks for these."""

from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Session, col

from domain.catalog.changing import ITEMS
from domain.catalog.identity import KINDS
from domain.libraries.tables import ItemFile, MediaFile

_FILES: Final[Any] = MediaFile.__table__  # type: ignore[attr-defined]
_LINKS: Final[Any] = ItemFile.__table__  # type: ignore[attr-defined]


def tops_below(session: Session, library_id: int, folder: str) -> list[int]:
    """Keys of the films and series of a library that have a file in a folder (a stored path; or that file), in their order.

    Files that are missing do not count.
    """
    top, part = ITEMS.alias("top"), ITEMS.alias("part")
    query = (
        sa.select(top.c.id)
        .distinct()
        .select_from(_FILES)
        .join(_LINKS, _LINKS.c.file_id == _FILES.c.id)
        .join(part, part.c.id == _LINKS.c.item_id)
        .join(top, top.c.id == part.c.root_id)
        .where(_FILES.c.library_id == library_id, in_folder(folder), _FILES.c.missing_since.is_(None))
        .where(top.c.kind.in_(KINDS), top.c.deleted_at.is_(None))
        .order_by(top.c.id)
    )
    return list(session.connection().execute(query).scalars())  # unguarded: a job asks for everybody


def in_folder(folder: str) -> sa.ColumnElement[bool]:
    """The condition on `media_files` of a file in a folder, or of that file: a range, which the index answers."""
    start = folder.rstrip("/") + "/"
    end = start[:-1] + chr(ord("/") + 1)
    return sa.or_(col(MediaFile.uri) == folder, sa.and_(col(MediaFile.uri) >= start, col(MediaFile.uri) < end))
