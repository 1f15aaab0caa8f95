"""The job that clears up the cache."""

from collections.abc import Mapping

from domain.artwork.cache import folder
from domain.jobs.kinds import CLEAR_CACHE, ClearCache
from domain.publish import clearing
from workers.runtime import JobContext, job


@job(CLEAR_CACHE)
def clear_cache(context: JobContext[ClearCache]) -> Mapping[str, int]:
    """Clear up, say what that would do, or put everything back; the result counts files and bytes. Raises CacheAway."""
    cache, check = folder(context.settings.data_dir), context.check_cancelled
    if context.payload.is_restoring:
        return clearing.restore(context.database, cache, check=check)
    return clearing.clear(context.database, cache, is_dry=context.payload.is_dry_run, check=check)
