"""The job that takes a captured playback up again."""

from collections.abc import Mapping
from typing import Any

from domain.jobs.kinds import PLAYBACK_RESTORE, RestorePlayback
from domain.kit.secrets import load_key
from domain.players.restoring import restore
from workers import outbound
from workers.runtime import JobContext, job


@job(PLAYBACK_RESTORE)
def restore_playback(context: JobContext[RestorePlayback]) -> Mapping[str, Any]:
    """Open it again if it does not play any more, seek if it is off, pause if it was paused; a player away is waited for."""

    def wait(seconds: float) -> None:
        context.interrupted.wait(seconds)
        context.check_cancelled()

    settings = context.settings
    key = load_key(settings.data_dir, settings.key.get_secret_value() if settings.key else None)
    made = restore(
        context.database, outbound.lan(), context.payload.capture_id, key=key, wait=wait,
        is_last=context.lease.attempt >= PLAYBACK_RESTORE.max_attempts,
    )  # fmt: skip
    return {
        "status": made.status.value, "position_ms": made.position_ms, "was_opened": made.was_opened,
        "was_sought": made.was_sought,
    }  # fmt: skip
