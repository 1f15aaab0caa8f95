"""Publishes items in the background, one after the other; killed anywhere, it goes on from there."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Session, col

from domain.catalog.tables import MediaItem
from domain.jobs.kinds import PUBLISH, Publish
from domain.kit.ids import global_id
from domain.publish.disk import Disk
from domain.publish.gathering import KINDS
from domain.publish.service import Published, Publisher
from workers.runtime import JobContext, job

_TURN_S: Final = 0.5
"""So often it is tried again while another job writes in the same tree."""
_SHOWN: Final = 20
"""Failures that the result names; the rest is counted."""
_PAGE: Final = 500
_STRETCH: Final = 50
"""Items from one checkpoint to the next."""


@job(PUBLISH)
def publish(context: JobContext[Publish]) -> Mapping[str, Any]:
    """Bring the files of items up to date; the result counts files and items."""
    cache = context.settings.data_dir / "cache"
    publisher = Publisher(context.database.read, context.transaction, Disk(), cache, context.lease.job_id)
    publisher.recover()
    saved = context.saved or {}
    last, done = int(saved.get("last", 0)), int(saved.get("done", 0))
    counts: Counter[str] = Counter(saved.get("counts", {}))
    failures: list[dict[str, str]] = list(saved.get("failures", []))
    with context.database.read() as session:
        total = done + _remaining(session, context.payload, last)
    for key in _keys(context, last):
        context.check_cancelled()
        one = _one(context, publisher, key)
        done += 1
        _count(counts, failures, one)
        fraction = done / total if total else 1.0
        context.report(min(1.0, fraction), f"{done} of {total} items", **counts)
        if done % _STRETCH == 0:  # whoever begins anew finds what was done since then as it should be
            context.checkpoint({"last": key, "done": done, "counts": dict(counts), "failures": failures})
    context.report(1.0, f"{done} items; {counts['written_files']} files written", **counts)
    return {"items": done, **counts, "failures": failures}


def _one(context: JobContext[Publish], publisher: Publisher, key: int) -> Published:
    """Publish one item, once nobody else writes in its tree."""
    while (one := publisher.publish(key, replace_changed=context.payload.replace_changed)) is None:
        context.report(None, "waiting for another publication of the same tree")
        context.interrupted.wait(_TURN_S)
        context.check_cancelled()
        publisher.recover()
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


def _keys(context: JobContext[Publish], after: int) -> Iterator[int]:
    """The items in the order of their ids, read in pages: those that come meanwhile have higher ids."""
    while True:
        with context.database.read() as session:
            page: Sequence[int] = session.execute(
                sa.select(col(MediaItem.id))
                .where(*_asked(context.payload), col(MediaItem.id) > after)
                .order_by(col(MediaItem.id))
                .limit(_PAGE)
            ).scalars().all()  # unguarded: whoever asked might see and edit them  # fmt: skip
        yield from page
        if len(page) < _PAGE:
            return
        after = page[-1]


def _remaining(session: Session, payload: Publish, after: int) -> int:
    found: int = session.execute(
        sa.select(sa.func.count()).select_from(MediaItem).where(*_asked(payload), col(MediaItem.id) > after)
    ).scalar_one()  # unguarded: a number, for the progress  # fmt: skip
    return found


def _asked(payload: Publish) -> list[sa.ColumnElement[bool]]:
    of = (
        col(MediaItem.library_id) == payload.library_id
        if payload.library_id is not None
        else col(MediaItem.id).in_(payload.items)
    )
    return [of, col(MediaItem.kind).in_(sorted(KINDS)), col(MediaItem.deleted_at).is_(None)]
