"""Upkeep: old rows go, and the database learns how its rows are spread."""

from datetime import timedelta
from typing import Final

from domain.accounts.tables import BrowserSession, DeviceCode, PasswordReset
from domain.artwork import thumbnails, using
from domain.catalog.edits import recording
from domain.jobs import retention as jobs
from domain.jobs.kinds import RETENTION, STATISTICS, NoPayload
from domain.libraries import expiring
from domain.players import retention as players
from domain.providers import responses as providers
from domain.publish import recycling
from domain.publish.disk import Disk
from domain.publish.sets import home_of
from domain.system import retention as system
from domain.system.retention import older_than
from domain.uploads import sweeping as uploads
from workers.runtime import JobContext, job

ACCOUNTS: Final = (
    older_than("sessions", BrowserSession, "expires_at"),
    older_than("device_codes", DeviceCode, "expires_at"),
    older_than("password_resets", PasswordReset, "expires_at", kept=timedelta(days=1)),
)


@job(RETENTION)
def retain(context: JobContext[NoPayload]) -> dict[str, int]:
    """Delete what is older than its rule says, and files that nobody knows any more; numbers by rule."""
    events = system.event_rule(context.settings.event_retention_days)
    later = (*recording.RULES, *providers.RULES, *recycling.RULES, *players.RULES)
    rules = (*system.RULES, events, *jobs.RULES, *uploads.RULES, *ACCOUNTS, *later)
    counts = system.prune_all(context.database, rules, between=context.check_cancelled)
    limit, data_dir = context.settings.recycle_bin_limit_bytes, context.settings.data_dir
    files = {
        "missing_items": expiring.expire(context.database, between=context.check_cancelled),
        "recycled_files": recycling.sweep(
            context.database,
            Disk(),
            limit_bytes=limit,
            sets=home_of(context.settings.movie_set_folder),
            between=context.check_cancelled,
        ),
        "upload_files": uploads.sweep(context.database, data_dir),
        "image_variants": using.evict(context.database, data_dir),
        "thumbnails": thumbnails.evict(data_dir),
    }
    return {**counts, **files}


@job(STATISTICS)
def refresh_statistics(context: JobContext[NoPayload]) -> None:
    """Let the engine look at the tables again, so that it chooses the right indexes."""
    context.database.refresh_statistics()
