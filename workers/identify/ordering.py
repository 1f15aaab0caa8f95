"""Asks what an order of episodes counts, and gives the files of a series the episodes that their names mean in it."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from domain.catalog import episode_orders
from domain.catalog.queries import rows_of
from domain.catalog.tables import MediaItem
from domain.identify import orders, requesting
from domain.jobs.kinds import ORDER_EPISODES, OrderEpisodes
from domain.kit.spelling import counted
from domain.libraries import reordering, rereading
from domain.libraries.names import Hint, ParsedName
from domain.libraries.tables import MediaFile
from workers.libraries.guessing import understand
from workers.outbound import desk_of
from workers.runtime import JobContext, job

_BITE: Final = 100
"""Files of one transaction."""


@job(ORDER_EPISODES)
def order_episodes(context: JobContext[OrderEpisodes]) -> Mapping[str, Any]:
    """The result counts orders that were asked about, files that moved and episodes that are new.

    Raises Upstream: asking goes on later. Doing it again changes nothing.
    """
    series = context.payload.series
    with context.database.read() as session:
        asked = orders.questions(session, series, is_every=context.payload.is_every)
    desk = desk_of(context)
    for question in asked:
        context.check_cancelled()
        numbers = orders.answer(desk, question)
        with context.transaction() as uow:
            episode_orders.keep_numbers(uow, question.order.id, numbers)
    with context.database.read() as session:
        names = reordering.names_of(session, series, _understand) if orders.is_living(session, series) else {}
    return {"orders": len(asked), **_move(context, names)}


def _understand(relative: str, hint: Hint) -> ParsedName:
    return understand(relative, hint=hint)


def _move(context: JobContext[OrderEpisodes], names: Mapping[int, ParsedName]) -> Mapping[str, int]:
    series, user_id = context.payload.series, context.lease.requested_by_user_id
    saved = context.saved or {}  # of an attempt that was cut short: what it moved is right already
    moved, left, new = set(saved.get("moved", ())), set(saved.get("left", ())), int(saved.get("new", 0))
    for bite in _bites(names):
        context.check_cancelled()
        with context.transaction() as uow:
            done = reordering.move_files(uow, series, bite)
            moved |= {row.id for row in done.files}
            left |= done.left
            new += done.new
            context.checkpoint({"moved": sorted(moved), "left": sorted(left), "new": new})
        context.report(None, f"{counted(len(moved), 'file')} moved", moved_files=len(moved))
    with context.transaction() as uow:
        files = rows_of(uow.session, MediaFile.id, moved)
        for row in rows_of(uow.session, MediaItem.id, [series]):
            if row.deleted_at is None:
                reordering.settle(uow, series, left)
                if files and row.library_id is not None:
                    rereading.read_again(uow, row.library_id, files, user_id=user_id, folder=row.directory_path)
                if new:
                    requesting.request_enrichment(uow, items=[series], user_id=user_id)
    return {"moved_files": len(moved), "new_episodes": new}


def _bites(names: Mapping[int, ParsedName]) -> Iterator[Mapping[int, ParsedName]]:
    keys = list(names)
    for start in range(0, len(keys), _BITE):
        yield {key: names[key] for key in keys[start : start + _BITE]}
