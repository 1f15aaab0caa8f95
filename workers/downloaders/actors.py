"""Finds out what a webhook means, and begins what follows."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from domain.downloaders import processing
from domain.downloaders.processing import Plan
from domain.jobs.kinds import PROCESS_DOWNLOADER_EVENT, ProcessDownloaderEvent
from domain.kit import clock
from domain.kit.errors import Unreachable
from domain.kit.secrets import load_key
from domain.players import captured, capturing
from domain.players.enums import CaptureReason
from domain.system.enums import InboundFailure
from workers.outbound import lan
from workers.runtime import JobContext, job

_TRIES: Final = 4
"""A network disk shows a new folder up to a minute late."""
_AGAIN: Final = timedelta(seconds=20)


@job(PROCESS_DOWNLOADER_EVENT)
def process(context: JobContext[ProcessDownloaderEvent]) -> Mapping[str, Any]:
    """Begin the chain of jobs, or tell the fact, that a webhook asks for. Raises Unreachable while its folder is not there."""
    with context.database.read() as session:
        plan = processing.plan(session, context.payload.inbound_event_id)
    if plan is None:
        return {"status": "gone"}
    if plan.lacks_folder:
        folder = plan.places[0].folder
        if context.lease.attempt < _TRIES:
            message = f"{folder} is not there yet."
            with context.transaction() as uow:
                processing.wait(uow, plan, f"{message} It is looked for again for a minute.")
            raise Unreachable(message, retry_at=clock.now() + _AGAIN)
        message = f"{folder} is not there, as this server sees it: is a path mapping wrong, or a disk not mounted?"
        with context.transaction() as uow:
            return processing.fail(uow, plan, InboundFailure.FOLDER_MISSING, message)
    captures = _captured(context, plan)
    with context.transaction() as uow:
        return processing.carry_out(uow, plan, context.lease.job_id, captures)


def _captured(context: JobContext[Any], plan: Plan) -> Sequence[int]:
    """What plays of files that make way for better ones: it is taken up again once the players know the new ones."""
    if not plan.reading.is_upgrade:
        return ()
    settings = context.settings
    key = load_key(settings.data_dir, settings.key.get_secret_value() if settings.key else None)
    with context.database.read() as session:
        found = captured.left_by(session, context.lease.job_id)  # of an attempt whose worker was killed
    for place in plan.places:
        found += capturing.before(
            context.database, lan(), key=key, reason=CaptureReason.UPGRADE, folder=place.directory, job_id=context.lease.job_id,
            at=plan.received_at,
        )  # fmt: skip
    return list(dict.fromkeys(found))
