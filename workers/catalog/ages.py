"""Works out for whom items are, after the household named the country whose certificates decide."""

from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

from domain.catalog import certificate_region
from domain.jobs.kinds import RESOLVE_AGES, NoPayload
from domain.kit.spelling import counted
from workers.runtime import JobContext, job

_PAGE: Final = 100
"""Items with certificates of one transaction."""


@job(RESOLVE_AGES)
def resolve_ages(context: JobContext[NoPayload]) -> Mapping[str, Any]:
    """Goes on from its checkpoint; the result counts items with certificates, and those for older or younger people now."""
    saved = context.saved or {}
    last, counts = int(saved.get("last", 0)), Counter(saved.get("counts", {}))
    while True:
        context.check_cancelled()
        with context.database.read() as session:
            keys = certificate_region.page(session, after=last, limit=_PAGE)
        if not keys:
            return {"items": 0, "raised": 0, "lowered": 0, **counts}
        with context.transaction() as uow:
            counts.update(certificate_region.decide_again(uow, keys))
            counts["items"] += len(keys)
            last = keys[-1]
            context.checkpoint({"last": last, "counts": dict(counts)})
            context.report(None, counted(counts["items"], "item"), **counts)
