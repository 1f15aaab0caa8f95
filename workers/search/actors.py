"""The search index, made and mended as a job."""

from domain.jobs.kinds import REINDEX, NoPayload
from domain.search.rebuilding import rebuild
from domain.search.upkeep import index_is_whole
from workers.runtime import JobContext, job


@job(REINDEX)
def reindex(context: JobContext[NoPayload]) -> dict[str, int]:
    """Compare the index with everything and mend it; begun anew after an interruption, what is right costs little."""

    def between(done: int, total: int) -> None:
        context.check_cancelled()
        context.report(done / total if total else 1.0, "filling the search index")

    mended = rebuild(context.database, between=between)
    with context.transaction() as uow:
        index_is_whole(uow)
    return {"mended": mended}
