"""Which cached bytes nothing refers to: every table that names them is asked, those of later features too."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col

from domain.artwork.cache import variant_place
from domain.artwork.tables import CachedFile, ImageVariant
from domain.catalog.queries import chunks, rows_of
from domain.kit.database import UnitOfWork
from domain.publish.enums import PublishStatus
from domain.publish.tables import FileProblem, PublishedFile, PublishRun

FILES: Final[Any] = CachedFile.__table__  # type: ignore[attr-defined]
BITE: Final = 200
"""Rows of one transaction."""


def is_unused() -> sa.ColumnElement[bool]:
    """The condition under which no row of any table names a row of `cached_files`; its variants and problems go along."""
    columns = [
        column
        for table in SQLModel.metadata.sorted_tables
        if table.name not in (ImageVariant.__tablename__, FileProblem.__tablename__)
        for column in table.columns
        if any(key.target_fullname == "cached_files.id" for key in column.foreign_keys)
    ]
    return sa.and_(*(~sa.exists().where(column == FILES.c.id) for column in columns))


def unclaimed(session: Session, *, after: int) -> list[int]:
    """Keys of bytes that nothing uses although they do not say so; a bite."""
    return _keys(session, sa.and_(FILES.c.released_at.is_(None), is_unused()), after=after)


def claimed(session: Session, *, after: int) -> list[int]:
    """Keys of bytes that are used although they say they are not; a bite."""
    says = sa.or_(FILES.c.released_at.is_not(None), FILES.c.quarantined_at.is_not(None))
    return _keys(session, sa.and_(says, ~is_unused()), after=after)


def release(uow: UnitOfWork, keys: Sequence[int]) -> int:
    """Note of bytes that they are nobody's since now, unless somebody has taken them meanwhile."""
    is_it = sa.and_(FILES.c.id.in_(keys), FILES.c.released_at.is_(None), is_unused())
    return uow.session.connection().execute(sa.update(FILES).where(is_it).values(released_at=uow.now())).rowcount


def reclaim(uow: UnitOfWork, keys: Sequence[int]) -> int:
    """Note of bytes that they are used."""
    is_it = sa.and_(FILES.c.id.in_(keys), ~is_unused())
    values = {"released_at": None, "quarantined_at": None}
    return uow.session.connection().execute(sa.update(FILES).where(is_it).values(values)).rowcount


def due(session: Session, *, released_before: datetime, after: int) -> list[Any]:
    """Rows of unused bytes that were released before a moment and are not in quarantine; a bite, by key."""
    wanted = sa.and_(FILES.c.released_at < released_before, FILES.c.quarantined_at.is_(None), FILES.c.id > after, is_unused())
    rows = session.connection().execute(sa.select(FILES).where(wanted).order_by(FILES.c.id).limit(BITE)).all()
    return _not_needed(session, rows)  # unguarded: upkeep of all bytes


def mark(uow: UnitOfWork, keys: Sequence[int]) -> tuple[list[Any], list[str]]:
    """Mark bytes as in quarantine that are still unused: their rows, and the paths of their variants, which go."""
    connection = uow.session.connection()
    locked = connection.execute(sa.select(FILES.c.id).where(FILES.c.id.in_(keys)).with_for_update()).scalars().all()
    wanted = sa.and_(
        FILES.c.id.in_(locked), FILES.c.quarantined_at.is_(None), is_unused()
    )  # with the rows held: nobody takes them
    rows = _not_needed(uow.session, connection.execute(sa.select(FILES).where(wanted).order_by(FILES.c.id)).all())
    found = [row.id for row in rows]
    connection.execute(sa.update(FILES).where(FILES.c.id.in_(found)).values(quarantined_at=uow.now()))
    digests = {row.id: row.sha256 for row in rows}
    variants = rows_of(uow.session, ImageVariant.cached_file_id, found)
    connection.execute(sa.delete(ImageVariant).where(col(ImageVariant.cached_file_id).in_(found)))
    return rows, [variant_place(digests[one.cached_file_id], one.width, one.format) for one in variants]


def unmark(uow: UnitOfWork, keys: Iterable[int], *, released_at: datetime | None = None) -> None:
    """Bytes are not in quarantine; `released_at`: the grace begins anew."""
    values: dict[str, Any] = {"quarantined_at": None} | ({} if released_at is None else {"released_at": released_at})
    for piece in chunks(keys):
        uow.session.connection().execute(sa.update(FILES).where(FILES.c.id.in_(piece)).values(values))


def quarantined(session: Session, *, after: int) -> list[Any]:
    """Rows of bytes that say they are in quarantine: key and path; a bite, by key."""
    said = sa.and_(FILES.c.quarantined_at.is_not(None), FILES.c.id > after)
    query = sa.select(FILES.c.id, FILES.c.path).where(said).order_by(FILES.c.id).limit(BITE)
    return list(session.connection().execute(query))  # unguarded: upkeep of all bytes


def at(session: Session, places: Iterable[str]) -> dict[str, Any]:
    """The rows of bytes by their path below the cache."""
    return {row.path: row for row in rows_of(session, CachedFile.path, places)}


def with_prefix(session: Session, prefix: str) -> list[Any]:
    """The rows of bytes whose digest begins so: path, size, whether they are in quarantine."""
    following = f"{int(prefix, 16) + 1:02x}"
    wanted = FILES.c.sha256 >= prefix if prefix == "ff" else sa.and_(FILES.c.sha256 >= prefix, FILES.c.sha256 < following)
    columns = sa.select(FILES.c.id, FILES.c.path, FILES.c.sha256, FILES.c.size_bytes, FILES.c.quarantined_at)
    return list(session.connection().execute(columns.where(wanted)))


def variants_with_prefix(session: Session, prefix: str) -> set[str]:
    """The paths of the variants of bytes whose digest begins so."""
    digests = {row.id: row.sha256 for row in with_prefix(session, prefix)}
    rows = rows_of(session, ImageVariant.cached_file_id, digests)
    return {variant_place(digests[row.cached_file_id], row.width, row.format) for row in rows}


def forget(uow: UnitOfWork, keys: Iterable[int]) -> set[int]:
    """Delete rows of bytes in quarantine that nothing uses; those that went."""
    gone: set[int] = set()
    for piece in chunks(keys):
        is_it = sa.and_(FILES.c.id.in_(piece), FILES.c.quarantined_at.is_not(None), is_unused())
        gone |= set(uow.session.connection().execute(sa.delete(FILES).where(is_it).returning(FILES.c.id)).scalars())
    return gone


def lost(session: Session, *, quarantined_before: datetime) -> list[int]:
    """Keys of bytes that were in quarantine for too long; a bite."""
    return _keys(session, FILES.c.quarantined_at < quarantined_before, after=0)


def _not_needed(session: Session, rows: Sequence[Any]) -> list[Any]:
    """Without those that a published file or an open run of publishing would be restored from."""
    digests = {row.sha256 for row in rows}
    needed = {row.sha256 for row in rows_of(session, PublishedFile.sha256, digests)}
    for run in rows_of(session, PublishRun.status, [PublishStatus.RUNNING]) if rows else ():
        needed |= {step.get("sha256") for step in run.steps}
    return [row for row in rows if row.sha256 not in needed]


def _keys(session: Session, condition: Any, *, after: int) -> list[int]:
    query = sa.select(FILES.c.id).where(condition, FILES.c.id > after).order_by(FILES.c.id).limit(BITE)
    return list(session.connection().execute(query).scalars())


GRACE: Final = timedelta(days=30)
"""How long bytes that nobody uses stay where they are."""
