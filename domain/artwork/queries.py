"""Reads of artwork for routes and services."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col

from domain.artwork.tables import Asset, CachedFile
from domain.libraries import paths
from domain.libraries.tables import LibraryPath, MediaFile


@dataclass(frozen=True, slots=True)
class Picture:
    """Where the bytes behind a token are: below the cache folder, or beside the media under one of `roots`."""

    cached_path: str | None
    local_path: str | None
    roots: tuple[str, ...]


def picture_of(session: Session, token: str) -> Picture | None:
    """The picture that a token addresses. Whoever has the token may see it; rotating it withdraws that."""
    row = session.execute(  # unguarded: the random token itself is the permission
        sa.select(  # unguarded: the random token itself is the permission
            col(CachedFile.path), col(MediaFile.uri), col(MediaFile.library_id)
        )
        .select_from(Asset)
        .outerjoin(CachedFile, col(CachedFile.id) == col(Asset.cached_file_id))
        .outerjoin(MediaFile, col(MediaFile.id) == col(Asset.media_file_id))
        .where(col(Asset.token) == token)
    ).first()
    if row is None:
        return None
    if row.path is not None:
        return Picture(row.path, None, ())
    roots = session.execute(  # unguarded: only compared with the real path
        sa.select(col(LibraryPath.path)).where(col(LibraryPath.library_id) == row.library_id)
    ).scalars()
    return Picture(None, paths.real(row.uri), tuple(paths.real(root) for root in roots))
