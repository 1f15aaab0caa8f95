"""The jobs that verify files and repair them."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import col

from domain.artwork.cache import folder
from domain.catalog.enums import Publication
from domain.catalog.queries import rows_of
from domain.catalog.tables import MediaItem
from domain.jobs.kinds import REPAIR_FILES, VERIFY, RepairFiles, Verify
from domain.kit.database import database_time
from domain.kit.errors import DomainError, NotFound
from domain.kit.ids import global_id
from domain.kit.spelling import counted
from domain.libraries.tables import Library
from domain.publish.cache_folder import PREFIXES, CacheFolder
from domain.publish.clearing import CacheAway, require_cache
from domain.publish.disk import Disk
from domain.publish.enums import BY_ITSELF, OF_CACHE, FileProblemKind, FileRepair
from domain.publish.gathering import KINDS
from domain.publish.service import Publisher
from domain.publish.sets import home_of
from domain.publish.tables import FileProblem
from domain.publish.verifying import cached, noting, published, repairing
from workers.runtime import JobContext, job

_BATCH: Final = 50
_DAYS: Final = 30
"""In so many days every byte is read once."""
_SHOWN: Final = 20


@job(VERIFY)
def verify(context: JobContext[Verify]) -> Mapping[str, Any]:
    """Note what is not right, and repair what is ours and unambiguous; the result counts problems and repairs."""
    publisher = _publisher(context)
    publisher.recover()
    counts: Counter[str] = Counter()
    skipped: list[str] = []
    with context.database.read() as session:
        day = database_time(session).toordinal()
    for keys in _pages(context):
        _verify_items(context, publisher, keys, counts, day=day)
        context.report(None, counted(counts["items"], "item"), **counts)
    if not context.payload.items and context.payload.library_id is None:
        _verify_orphans(context, publisher, counts)
        try:
            _verify_cache(context, publisher, counts, day=day)
        except CacheAway as error:
            skipped.append(error.message)
    _repair_by_itself(context, publisher, counts)
    return {**counts, "skipped": skipped}


@job(REPAIR_FILES)
def repair(context: JobContext[RepairFiles]) -> Mapping[str, Any]:
    """Repair problems one after the other; the result counts them and says why some stay."""
    publisher = _publisher(context)
    publisher.recover()
    wanted = FileRepair(context.payload.repair) if context.payload.repair is not None else None
    counts: Counter[str] = Counter()
    failures: list[dict[str, str]] = []
    with context.database.read() as session:
        of_cache = {row.id for row in rows_of(session, FileProblem.id, context.payload.problems) if row.kind in OF_CACHE}
    away = _cache_away(context, publisher) if of_cache else None
    for key in context.payload.problems:
        context.check_cancelled()
        if key in of_cache and away is not None:
            error: DomainError | None = away
        else:
            error = _repair(context, publisher, key, wanted)
        if error is None:
            counts["repaired"] += 1
            continue
        counts["failed"] += 1
        if len(failures) < _SHOWN:
            failures.append({"problem": global_id("file_problems", key), "code": error.code, "message": error.message})
    return {**counts, "failures": failures}


def _publisher(context: JobContext[Any]) -> Publisher:
    cache = folder(context.settings.data_dir)
    return Publisher(
        context.database.read,
        context.transaction,
        Disk(),
        cache,
        context.lease.job_id,
        home_of(context.settings.movie_set_folder),
    )


def _repair(context: JobContext[Any], publisher: Publisher, key: int, wanted: FileRepair | None) -> DomainError | None:
    try:
        repairing.repair(publisher, key, wanted)
    except NotFound:
        return None  # the repair of another took this along
    except DomainError as error:
        with context.transaction() as uow:
            noting.fail(uow, key, error.message)
        return error
    return None


def _verify_items(
    context: JobContext[Verify], publisher: Publisher, keys: Sequence[int], counts: Counter[str], *, day: int
) -> None:
    found: list[published.Problem] = []
    looked: list[int] = []
    for subject in publisher.subjects(keys):
        context.check_cancelled()
        is_deep = context.payload.is_deep or subject.item_id % _DAYS == day % _DAYS
        problems = published.problems_of(publisher, subject, is_deep=is_deep)
        if problems is None:
            counts["items_away"] += 1
            continue
        looked.append(subject.item_id)
        found += problems
    counts["items"] += len(looked)
    counts.update(problem.kind.value for problem in found)
    with context.transaction() as uow:
        noting.note(uow, found, noting.of_items(uow, looked))


def _verify_orphans(context: JobContext[Verify], publisher: Publisher, counts: Counter[str]) -> None:
    with context.database.read() as session:
        began_at = database_time(session)
    after: int | None = 0
    while after is not None:
        context.check_cancelled()
        with context.database.read() as session:
            found, after = published.orphans(session, publisher.disk, after=after, limit=_BATCH)
        counts.update(problem.kind.value for problem in found)
        with context.transaction() as uow:
            items = {problem.item_id for problem in found if problem.item_id is not None}
            noting.note(uow, found, noting.of_items(uow, items))
    with context.transaction() as uow:
        noting.forget_before(uow, FileProblemKind.ORPHANED, checked_before=began_at)


def _verify_cache(context: JobContext[Verify], publisher: Publisher, counts: Counter[str], *, day: int) -> None:
    cache = CacheFolder(publisher.cache)
    missing, _ = require_cache(context.database, cache, check=context.check_cancelled)
    deep = PREFIXES if context.payload.is_deep else PREFIXES[day % _DAYS :: _DAYS]
    with context.database.read() as session:
        noted = noting.noted_stretches(session)
    stretches = cached.stretches(context.database.read, cache, publisher.disk, deep=deep)
    for prefix, problems in zip(PREFIXES, stretches, strict=True):
        context.check_cancelled()
        missing -= sum(problem.kind is FileProblemKind.CACHE_MISSING for problem in problems)
        if missing < 0:  # files went since we began: the disk, or somebody deleted some
            missing, _ = require_cache(context.database, cache, check=context.check_cancelled)
        counts.update(problem.kind.value for problem in problems)
        if problems or prefix in noted:
            with context.transaction() as uow:
                noting.note(uow, problems, noting.of_stretch(uow, prefix))


def _cache_away(context: JobContext[Any], publisher: Publisher) -> CacheAway | None:
    """Why nothing in the cache is to be repaired: what is written where its disk should be is lost, or hides what was there."""
    try:
        require_cache(context.database, CacheFolder(publisher.cache), check=context.check_cancelled)
    except CacheAway as error:
        return error
    return None


def _repair_by_itself(context: JobContext[Verify], publisher: Publisher, counts: Counter[str]) -> None:
    """What is ours and unambiguous: of the cache unless it is away, beside the media where a library is published by itself."""
    publishes = sa.select(col(Library.id)).where(  # unguarded: upkeep of every library
        col(Library.auto_publish), col(Library.is_enabled)
    )
    query = (
        sa.select(col(FileProblem.id), col(FileProblem.kind))  # unguarded: upkeep of every library
        .where(
            col(FileProblem.kind).in_(sorted(BY_ITSELF)),
            col(FileProblem.repair).is_not(None),
            sa.or_(col(FileProblem.kind).in_(sorted(OF_CACHE)), col(FileProblem.library_id).in_(publishes)),
        )
        .order_by(col(FileProblem.id))
    )
    with context.database.read() as session:
        rows = session.execute(query).all()
    is_away = any(kind in OF_CACHE for _, kind in rows) and _cache_away(context, publisher) is not None
    for key, kind in rows:
        context.check_cancelled()
        if kind in OF_CACHE and is_away:
            continue
        counts["repaired" if _repair(context, publisher, key, None) is None else "not_repaired"] += 1


def _pages(context: JobContext[Verify]) -> Iterator[Sequence[int]]:
    """Items that were published, in the order of their ids."""
    payload, after = context.payload, 0
    of: list[Any] = [col(MediaItem.id).in_(payload.items)] if payload.items else []
    of += [col(MediaItem.library_id) == payload.library_id] if payload.library_id is not None else []
    is_published = sa.and_(
        col(MediaItem.publication) != Publication.NEVER,
        col(MediaItem.kind).in_(sorted(KINDS)),
        col(MediaItem.deleted_at).is_(None),
    )
    while True:
        context.check_cancelled()
        query = (
            sa.select(col(MediaItem.id))  # unguarded: upkeep of every file
            .where(*of, is_published, col(MediaItem.id) > after)
            .order_by(col(MediaItem.id))
            .limit(_BATCH)
        )
        with context.database.read() as session:
            page = session.execute(query).scalars().all()
        if page:
            yield page
            after = page[-1]
        if len(page) < _BATCH:
            return
