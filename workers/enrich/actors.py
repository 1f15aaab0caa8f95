"""The job of enrichment."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from domain.jobs.kinds import ENRICH, NORMAL, Enrich
from domain.jobs.service import enqueue
from domain.kit.errors import Upstream
from domain.libraries.below import tops_below
from workers.enrich.running import Run
from workers.outbound import desk_of
from workers.runtime import JobContext, job


@job(ENRICH)
def enrich(context: JobContext[Enrich]) -> Mapping[str, Any]:
    """Ask the providers about things, and write what is new; the result counts things and tells how each provider did.

    Of a folder: whatever has to wait for a provider is asked for once more, apart, because others wait for this job.
    """
    payload = context.payload
    if payload.folder is None or payload.library_id is None:
        return Run(context, desk_of(context)).work()
    with context.database.read() as session:
        tops = tuple(tops_below(session, payload.library_id, payload.folder))
    context.payload = replace(payload, items=tops, library_id=None)
    try:
        return Run(context, desk_of(context)).work()
    except Upstream as error:
        later = Enrich(items=tops)
        with context.transaction() as uow:
            enqueue(uow, ENRICH, later, dedupe_key=later.key(None), run_at=error.retry_at, priority=NORMAL)
        return {"left_to_later": len(tops), "why": error.message}
