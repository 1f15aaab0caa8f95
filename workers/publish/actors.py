"""Publishes items in the background, one after the other; killed anywhere, it goes on from there."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Session, col

from domain.artwork.cache import folder
from domain.catalog.queries import rows_of
from domain.catalog.tables import MediaItem
from domain.jobs.kinds import PUBLISH, Publish
from domain.kit.database import UnitOfWork, database_time
from domain.kit.ids import global_id
from domain.kit.spelling import counted
from domain.players import requesting
from domain.publish import automatic
from domain.publish.disk import Disk
from domain.publish.gathering import KINDS
from domain.publish.service import Published, Publisher
from domain.publish.sets import home_of
from workers.runtime import JobContext, job

_TURN_S: Final = 0.5
"""So often it is tried again while another job writes in the same tree."""
_SHOWN: Final = 20
"""Failures that the result names; the rest is counted."""
_STRETCH: Final = 25
"""Items that are read and recorded together, from one checkpoint to the next; whoever cancels waits for them."""
_TOLD: Final = 200
"""Items with new files after which players are told, and not only at the end."""


@job(PUBLISH)
def publish(context: JobContext[Publish]) -> Mapping[str, Any]:
    """Bring the files of items up to date; the result counts files and items."""
    cache = folder(context.settings.data_dir)
    publisher = Publisher(
        context.database.read,
        context.transaction,
        Disk(),
        cache,
        context.lease.job_id,
        home_of(context.settings.movie_set_folder),
        spares_others=context.payload.spares_others,
    )
    publisher.recover()
    saved = context.saved or {}
    last, done = int(saved.get("last", 0)), int(saved.get("done", 0))
    counts: Counter[str] = Counter(saved.get("counts", {}))
    failures: list[dict[str, str]] = list(saved.get("failures", []))
    written: set[int] = set(saved.get("written", []))
    state: dict[str, Any] = dict(saved)
    with context.database.read() as session:
        total = done + _remaining(session, context.payload, last)
    for keys in _stretches(context, last):
        context.check_cancelled()
        found = publisher.publish_many(keys, replace_changed=context.payload.replace_changed)
        for key in keys:
            one = found[key] or _one(context, publisher, key)
            _count(counts, failures, one)
            if one.is_changed and context.payload.folder is None:  # of a folder, the next job of the chain tells the players
                written.add(key)
        done += len(keys)
        fraction = done / total if total else 1.0
        context.report(min(1.0, fraction), f"{done} of {counted(total, 'item')}", **counts)
        is_told = len(keys) < _STRETCH or len(written) >= _TOLD
        state = {"last": keys[-1], "done": done, "counts": dict(counts), "failures": failures}
        with context.transaction() as uow:
            if is_told:
                _tell_players(uow, written, chain=context.lease.chain)
                written.clear()
            context.checkpoint({**state, "written": sorted(written)})
    if written:
        with context.transaction() as uow:
            _tell_players(uow, written, chain=context.lease.chain)
            context.checkpoint({**state, "written": []})
    context.report(1.0, f"{counted(done, 'item')}; {counted(counts['written_files'], 'file')} written", **counts)
    return {"items": done, **counts, "failures": failures, **_left(context)}


def _tell_players(uow: UnitOfWork, written: Collection[int], *, chain: str | None) -> None:
    """Ask for the players to read what was written."""
    libraries: dict[int, list[int]] = defaultdict(list)
    for row in rows_of(uow.session, MediaItem.id, written):
        if row.library_id is not None:
            libraries[row.library_id].append(row.id)
    for library_id, items in sorted(libraries.items()):
        requesting.follow(uow, library_id, items, chain=chain)


def _one(context: JobContext[Publish], publisher: Publisher, key: int) -> Published:
    """Publish one item, once nobody else writes in its tree; a run in it that cannot be closed is not waited for."""
    while (one := publisher.publish(key, replace_changed=context.payload.replace_changed)) is None:
        stuck = publisher.recover()
        error = next((stuck[one.root_id] for one in publisher.subjects([key]) if one.root_id in stuck), None)
        if error is not None:
            return Published(key, trouble=error)
        context.report(None, "waiting for another publication of the same tree")
        context.interrupted.wait(_TURN_S)
        context.check_cancelled()
    return one


def _count(counts: Counter[str], failures: list[dict[str, str]], one: Published) -> None:
    counts["written_files"] += one.written
    counts["removed_files"] += one.removed
    counts["displaced_files"] += one.displaced
    counts["kept_files"] += one.kept
    counts["changed_items"] += one.is_changed
    if one.trouble is not None:
        counts["failed_items"] += 1
        if len(failures) < _SHOWN:
            item = global_id("media_items", one.item_id)
            failures.append({"item": item, "code": one.trouble.failure.value, "message": one.trouble.message})


def _left(context: JobContext[Publish]) -> Mapping[str, Any]:
    """What automation could do nothing about: it is not asked for again until it changes."""
    library_id = context.payload.library_id
    if not context.payload.is_automatic or library_id is None:
        return {}
    with context.database.read() as session:
        return {"left": automatic.mark(session, library_id, now=database_time(session))}


def _stretches(context: JobContext[Publish], after: int) -> Iterator[Sequence[int]]:
    """The items in the order of their ids, read in pages: those that come meanwhile have higher ids."""
    while True:
        with context.database.read() as session:
            page: Sequence[int] = session.execute(
                sa.select(col(MediaItem.id))
                .where(*_asked(context.payload, session), col(MediaItem.id) > after)
                .order_by(col(MediaItem.id))
                .limit(_STRETCH)
            ).scalars().all()  # unguarded: whoever asked might see and edit them  # fmt: skip
        if page:
            yield page
            after = page[-1]
        if len(page) < _STRETCH:
            return


def _remaining(session: Session, payload: Publish, after: int) -> int:
    found: int = session.execute(
        sa.select(sa.func.count()).select_from(MediaItem).where(*_asked(payload, session), col(MediaItem.id) > after)
    ).scalar_one()  # unguarded: a number, for the progress  # fmt: skip
    return found


def _asked(payload: Publish, session: Session) -> list[sa.ColumnElement[bool]]:
    if payload.is_automatic and payload.library_id is not None:
        return automatic.waiting(payload.library_id, now=database_time(session))
    if payload.folder is not None and payload.library_id is not None:
        return automatic.below(session, payload.library_id, payload.folder)
    of = (
        col(MediaItem.library_id) == payload.library_id
        if payload.library_id is not None
        else col(MediaItem.id).in_(payload.items)
    )
    return [of, col(MediaItem.kind).in_(sorted(KINDS)), col(MediaItem.deleted_at).is_(None)]
