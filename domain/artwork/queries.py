"""Reads of artwork for routes and services."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from domain.artwork.similarity import Print, pairs
from domain.artwork.tables import Asset, CachedFile, ImageCandidate, ImageVariant
from domain.catalog.enums import EntityKind
from domain.catalog.queries import living
from domain.catalog.tables import Collection, Person, Studio
from domain.kit.errors import NotFound
from domain.kit.policy import Viewer, visible
from domain.libraries import paths
from domain.libraries.tables import LibraryPath, MediaFile


@dataclass(frozen=True, slots=True)
class Variant:
    """A smaller variant that is there."""

    id: int
    width: int
    format: str


@dataclass(frozen=True, slots=True)
class Picture:
    """Where the bytes behind a token are: below the cache folder, or beside the media under one of `roots`.

    `sha256`, `width` (pixels) and `variants` are those of cached bytes.
    """

    entity_id: int
    cached_path: str | None
    local_path: str | None
    roots: tuple[str, ...]
    sha256: str | None = None
    width: int | None = None
    variants: tuple[Variant, ...] = ()


@dataclass(frozen=True, slots=True)
class SimilarPair:
    """Two candidates of one type that are the same picture; `similarity` is 0 to 1."""

    asset_type: str
    one: int
    other: int
    similarity: float


def picture_of(session: Session, token: str) -> Picture | None:
    """The picture that a token addresses. Whoever has the token may see it; rotating it withdraws that."""
    cached = sa.func.coalesce(col(Asset.cached_file_id), col(ImageCandidate.cached_file_id))
    row = session.execute(  # unguarded: the random token itself is the permission
        sa.select(  # unguarded: the random token itself is the permission
            col(Asset.entity_id), col(CachedFile.id), col(CachedFile.path), col(CachedFile.sha256), col(CachedFile.width),
            col(MediaFile.uri), col(MediaFile.library_id),
        )
        .select_from(Asset)
        .outerjoin(ImageCandidate, col(ImageCandidate.id) == col(Asset.candidate_id))
        .outerjoin(CachedFile, col(CachedFile.id) == cached)
        .outerjoin(MediaFile, col(MediaFile.id) == col(Asset.media_file_id))
        .where(col(Asset.token) == token)
    ).first()  # fmt: skip
    if row is None:
        return None
    local, roots = _local(session, row)
    if row.path is None:
        return Picture(row.entity_id, None, local, roots)
    variants = session.execute(  # unguarded: of the same picture
        sa.select(col(ImageVariant.id), col(ImageVariant.width), col(ImageVariant.format)).where(
            col(ImageVariant.cached_file_id) == row.id
        )
    )
    found = tuple(Variant(*each) for each in variants)
    return Picture(row.entity_id, row.path, local, roots, row.sha256, row.width, found)


def _local(session: Session, row: Any) -> tuple[str | None, tuple[str, ...]]:
    if row.uri is None:
        return None, ()
    roots = session.execute(  # unguarded: only compared with the real path
        sa.select(col(LibraryPath.path)).where(col(LibraryPath.library_id) == row.library_id)
    ).scalars()
    return paths.real(row.uri), tuple(paths.real(root) for root in roots)


def inside(path: str, roots: Sequence[str]) -> Path | None:
    """The real path of a file if it lies in one of the folders: a link that leads out is not followed to strangers' files."""
    real = Path(os.path.realpath(path))
    return real if any(real.is_relative_to(os.path.realpath(root)) for root in roots) else None


def visible_owner(session: Session, viewer: Viewer, kind: EntityKind, key: int) -> int:
    """The key of a person, collection or studio that the viewer may see, as it lives now. Raises NotFound."""
    model: Any = {EntityKind.PERSON: Person, EntityKind.COLLECTION: Collection, EntityKind.STUDIO: Studio}[kind]
    alias = model.__table__.alias()
    wanted = living(session, key)
    query = sa.select(alias.c.id).where(alias.c.id == wanted)
    if not _visible(session, viewer, alias, query):
        raise NotFound("There is no such thing, or none that you may see.", path=("of",))
    return wanted


def require_candidate(session: Session, viewer: Viewer, key: int) -> None:
    """Raise NotFound for a candidate that is not there or that the viewer may not see."""
    alias: Any = ImageCandidate.__table__.alias()  # type: ignore[attr-defined]
    if not _visible(session, viewer, alias, sa.select(alias.c.id).where(alias.c.id == key)):
        raise NotFound("There is no such picture, or none that you may see.", path=("candidate",))


def _visible(session: Session, viewer: Viewer, alias: Any, query: sa.Select[Any]) -> bool:
    condition = visible(alias, viewer.shape)
    guarded = query if condition is None else query.where(condition)
    return session.connection().execute(guarded, viewer.binds).first() is not None


def similar_pairs(session: Session, entity_id: int) -> list[SimilarPair]:
    """Every two pictures of an entity and type that are the same, as far as somebody looked at them; likest first."""
    rows = session.execute(  # unguarded: the caller has asked whether this viewer may
        sa.select(
            col(ImageCandidate.id), col(ImageCandidate.asset_type), col(CachedFile.sha256), col(CachedFile.perceptual_hash),
            col(CachedFile.difference_hash), col(CachedFile.foreground_ratio), col(ImageCandidate.language),
        )
        .join(CachedFile, col(CachedFile.id) == col(ImageCandidate.cached_file_id))
        .where(col(ImageCandidate.entity_id) == entity_id)
        .order_by(col(ImageCandidate.id))
    )  # fmt: skip
    by_type: dict[str, list[tuple[int, Print]]] = {}
    for row in rows:
        ratio = 1.0 if row.foreground_ratio is None else row.foreground_ratio
        print_ = Print(row.sha256, row.perceptual_hash or "", row.difference_hash or "", ratio, row.language)
        by_type.setdefault(row.asset_type, []).append((row.id, print_))
    found = [SimilarPair(name, *pair) for name, prints in sorted(by_type.items()) for pair in pairs(prints)]
    return sorted(found, key=lambda pair: (-pair.similarity, pair.one, pair.other))
