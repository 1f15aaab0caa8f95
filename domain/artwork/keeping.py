"""Writes what looking at pictures found: the kept bytes, the true sizes and scores, the variants."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from domain.artwork.enums import AssetSource, CachedKind
from domain.artwork.ranking import EMBEDDED, NUMBER, PREFERENCE
from domain.artwork.rules import rules_of
from domain.artwork.scoring import score
from domain.artwork.showing import bytes_of, is_of_person, lock_of, offers_of
from domain.artwork.tables import Asset, CachedFile, ImageCandidate, ImageVariant
from domain.artwork.tokens import new_token
from domain.artwork.variants import MOST_VARIANT_BYTES, WIDTHS
from domain.catalog.locks import locked_fields
from domain.catalog.queries import chunks, rows_of
from domain.kit.database import UnitOfWork
from domain.libraries.tables import LibraryPath, MediaFile

WAITING: Final = 200
"""Pictures that one reading of `waiting` gives at most."""


@dataclass(frozen=True, slots=True)
class Kept:
    """Bytes that were looked at and are in the cache: sizes in pixels and bytes, hashes in hex."""

    sha256: str
    path: str
    size_bytes: int
    format: str
    width: int
    height: int
    has_alpha: bool
    foreground_ratio: float
    perceptual_hash: str
    difference_hash: str
    variants: Sequence["KeptVariant"] = ()


@dataclass(frozen=True, slots=True)
class KeptVariant:
    """A smaller variant that is in the cache."""

    width: int
    height: int
    format: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """A picture to look at: a local file, with the folders that it must lie in, or cached bytes without their variants."""

    asset_id: int
    entity_id: int
    uri: str | None
    roots: tuple[str, ...]
    cached_path: str | None
    wants_variants: bool


def waiting(
    session: Session, *, library_id: int | None = None, entity_id: int | None = None, after: int = 0, limit: int = WAITING
) -> list[Waiting]:
    """Pictures that were not looked at, or lack variants; by key, from `after` on.

    Of an entity all of them, since somebody looks at them; of a library those that are shown, while there is room.
    """
    bytes_of_use = sa.func.coalesce(col(Asset.cached_file_id), col(ImageCandidate.cached_file_id))
    made = sa.select(sa.func.count()).where(col(ImageVariant.cached_file_id) == col(CachedFile.id)).scalar_subquery()
    due: Any = sum(sa.case((col(CachedFile.width) > width, 1), else_=0) for width in WIDTHS)
    is_unseen = sa.and_(
        col(Asset.media_file_id).is_not(None),
        col(MediaFile.missing_since).is_(None),
        col(ImageCandidate.last_refreshed_at).is_(None),
        col(ImageCandidate.id).is_not(None),
    )
    wanted = sa.or_(is_unseen, made < due)
    if library_id is not None:
        is_shown = sa.and_(col(Asset.rank).is_not(None), made < due)
        wanted = sa.or_(is_unseen, is_shown) if has_room(session) else is_unseen
    query = (
        sa.select(  # unguarded: a job looks at all of them
            col(Asset.id), col(Asset.entity_id), col(Asset.rank), col(MediaFile.uri), col(MediaFile.library_id),
            col(CachedFile.path), is_unseen.label("is_unseen"),
        )
        .select_from(Asset)
        .outerjoin(ImageCandidate, col(ImageCandidate.id) == col(Asset.candidate_id))
        .outerjoin(MediaFile, col(MediaFile.id) == col(Asset.media_file_id))
        .outerjoin(CachedFile, col(CachedFile.id) == bytes_of_use)
        .where(col(Asset.id) > after, wanted)
        .order_by(col(Asset.id))
        .limit(limit)
    )  # fmt: skip
    if library_id is not None:
        query = query.where(col(MediaFile.library_id) == library_id)
    if entity_id is not None:
        query = query.where(col(Asset.entity_id) == entity_id)
    rows = session.execute(query).all()
    roots: dict[int, list[str]] = {}
    for row in rows_of(session, LibraryPath.library_id, {row.library_id for row in rows if row.library_id is not None}):
        roots.setdefault(row.library_id, []).append(row.path)
    return [
        Waiting(
            row.id, row.entity_id, row.uri if row.is_unseen else None, tuple(roots.get(row.library_id, ())),
            None if row.is_unseen else row.path, row.rank is not None or entity_id is not None,
        )
        for row in rows
    ]  # fmt: skip


def has_room(session: Session) -> bool:
    """Whether there may be more variants than there are: else only those are made that somebody asks for."""
    query = sa.select(sa.func.coalesce(sa.func.sum(col(ImageVariant.size_bytes)), 0))  # unguarded: how many bytes
    return int(session.execute(query).scalar_one()) < MOST_VARIANT_BYTES


def keep(uow: UnitOfWork, kept: Kept) -> int:
    """The row of bytes in the cache, made where it is new; with its variants. Its key."""
    found = uow.session.execute(_by_digest(kept.sha256)).first()
    if found is None:
        try:
            with uow.session.begin_nested():
                uow.session.execute(
                    sa.insert(CachedFile).values(
                        kind=CachedKind.IMAGE, sha256=kept.sha256, path=kept.path, size_bytes=kept.size_bytes, format=kept.format,
                        width=kept.width, height=kept.height, has_alpha=kept.has_alpha, foreground_ratio=kept.foreground_ratio,
                        perceptual_hash=kept.perceptual_hash, difference_hash=kept.difference_hash, last_accessed_at=uow.now(),
                    )
                )  # fmt: skip
        except IntegrityError:  # somebody else kept the same bytes meanwhile
            pass
        found = uow.session.execute(_by_digest(kept.sha256)).one()
    if found.released_at is not None or found.quarantined_at is not None:
        values = {"released_at": None, "quarantined_at": None}
        uow.session.execute(sa.update(CachedFile).where(col(CachedFile.id) == found.id).values(values))
    _keep_variants(uow, found.id, kept.variants)
    return int(found.id)


def _keep_variants(uow: UnitOfWork, file_id: int, variants: Sequence[KeptVariant]) -> None:
    present = {row.width for row in rows_of(uow.session, ImageVariant.cached_file_id, [file_id])}
    rows = [
        {
            "cached_file_id": file_id, "width": each.width, "height": each.height, "format": each.format,
            "size_bytes": each.size_bytes, "last_accessed_at": uow.now(),
        }
        for each in variants
        if each.width not in present
    ]  # fmt: skip
    if rows:
        uow.session.connection().execute(sa.insert(ImageVariant), rows)


def settle(uow: UnitOfWork, looks: Mapping[int, Kept | None]) -> set[int]:
    """Write what was found of uses, by their keys; None: their bytes cannot be looked at. Entities that show others now.

    A use whose file holds other bytes than before gets a new address, since browsers keep what came from the old one
    for good. What a person chose or pinned, or of a locked type, keeps the bytes that it had.
    """
    rows = rows_of(uow.session, Asset.id, looks)
    offers = offers_of(uow.session, rows)
    held = {bytes_of(row, offers) for row in rows} - {None}
    locked = locked_fields(uow.session, {row.entity_id for row in rows})
    beside = rows_of(uow.session, Asset.entity_id, {row.entity_id for row in rows})
    taken = {(row.entity_id, row.asset_type, row.cached_file_id) for row in beside if row.cached_file_id is not None}
    rules, changed = rules_of(uow.session), set[int]()
    for row in rows:
        kept, offer = looks[row.id], offers.get(row.candidate_id)
        file_id = None if kept is None else keep(uow, kept)
        if offer is not None and row.source_type is AssetSource.LOCAL:
            _write_offer(uow, rules[row.asset_type], offer, row, kept, file_id)
        if file_id is None or row.cached_file_id == file_id:
            continue
        is_settled = is_of_person(row) or lock_of(row.asset_type) in locked.get(row.entity_id, ())
        if row.cached_file_id is not None and is_settled:
            continue
        values: dict[str, Any] = {"cached_file_id": None}
        if (row.entity_id, row.asset_type, file_id) not in taken:
            values["cached_file_id"] = file_id
            taken.add((row.entity_id, row.asset_type, file_id))
        if row.cached_file_id is not None:
            values["token"] = new_token()
            changed.add(row.entity_id)
        uow.session.execute(sa.update(Asset).where(col(Asset.id) == row.id).values(values))
    release(uow, held)
    return changed


def release(uow: UnitOfWork, file_ids: Iterable[int | None]) -> None:
    """Bytes that nobody has a use for any more are nobody's since now; clearing up takes them later."""
    keys = {key for key in file_ids if key is not None}
    for model in (Asset, ImageCandidate):
        keys -= {row.cached_file_id for row in rows_of(uow.session, model.cached_file_id, keys)}
    for piece in chunks(keys):
        uow.session.execute(sa.update(CachedFile).where(col(CachedFile.id).in_(piece)).values(released_at=uow.now()))


def _write_offer(uow: UnitOfWork, rule: Any, offer: Any, row: Any, kept: Kept | None, file_id: int | None) -> None:
    values: dict[str, Any] = {"last_refreshed_at": uow.now(), "cached_file_id": file_id}
    if kept is not None:
        found = score(rule, width=kept.width, height=kept.height, language=offer.language, provider=offer.provider)
        said = offer.score_breakdown or {}
        named = {name: said.get(name, 0) for name in (NUMBER, PREFERENCE, *({EMBEDDED} & said.keys()))}
        values |= {
            "width": kept.width, "height": kept.height, "score": found.total, "score_breakdown": {**found.as_json(), **named},
        }  # fmt: skip
        uow.session.execute(sa.update(Asset).where(col(Asset.id) == row.id).values(score=found.total))
    uow.session.execute(sa.update(ImageCandidate).where(col(ImageCandidate.id) == offer.id).values(values))


def _by_digest(sha256: str) -> Any:
    return sa.select(  # unguarded: bytes are known by their digest
        col(CachedFile.id), col(CachedFile.released_at), col(CachedFile.quarantined_at)
    ).where(col(CachedFile.sha256) == sha256)
