"""Changes of many items: a stretch a transaction, each with its checkpoint, so that none is done twice."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.exc import DBAPIError

from domain.jobs.kinds import BULK_DELETE, BULK_RESTORE, BULK_UPDATE, UNDO, BulkChange
from domain.kit.database import contention
from domain.kit.ids import global_id
from domain.kit.spelling import counted
from domain.libraries.bulk.running import Step, advance
from workers.runtime import JobContext, job


@job(BULK_UPDATE)
@job(BULK_DELETE)
@job(BULK_RESTORE)
@job(UNDO)
def change(context: JobContext[BulkChange]) -> Mapping[str, Any]:
    """Go on with a change until every item had its turn; the result counts outcomes, its rows are the change's."""
    change_id = context.payload.change_id
    done = int((context.saved or {}).get("done", 0))
    while True:
        context.check_cancelled()
        step = _stretch(context, done)
        done = step.done
        if step.is_last:
            return {"change": global_id("changes", change_id), "total": step.total, **step.counts}


def _stretch(context: JobContext[BulkChange], done: int) -> Step:
    """The next stretch; begun anew when a scan of the same items got in its way, which is no failed attempt."""
    for tries_left in reversed(range(contention.TRIES)):
        try:
            with context.transaction() as uow:
                step = advance(uow, context.payload.change_id, done=done)
                context.checkpoint({"done": step.done})
                fraction = step.done / step.total if step.total else 1.0
                context.report(fraction, f"{step.done} of {counted(step.total, 'item')}", **step.counts)
            return step
        except DBAPIError as error:
            if not tries_left or not contention.may_pass(error):
                raise
    raise AssertionError
