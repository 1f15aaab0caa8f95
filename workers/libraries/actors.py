"""The jobs of libraries."""

from collections.abc import Mapping
from typing import Any, Final

import sqlalchemy as sa

from domain.jobs.enums import HELD
from domain.jobs.kinds import SCAN, Scan
from domain.jobs.tables import JOBS
from domain.kit.database import serialize
from domain.kit.ids import global_id
from workers.libraries.probing.pool import ProbePool
from workers.libraries.readers import make_readers
from workers.libraries.scanning import HOLDS, scan_library
from workers.runtime import JobContext, job

_MANY_FILES: Final = 500
"""New files after which the database looks again at how its rows are spread, and does not wait for the night."""
_TURN_S: Final = 0.5
"""So often a scan looks whether another one of its library has ended."""


@job(SCAN)
def scan(context: JobContext[Scan]) -> Mapping[str, Any]:
    """Read a library's folders, or one path below them; one job at a time for a library."""
    payload, settings = context.payload, context.settings
    while not _takes_turn(context):
        context.report(None, "waiting for another scan of the library")
        context.interrupted.wait(_TURN_S)
        context.check_cancelled()
    with ProbePool(settings.probe_processes, settings.probe_timeout_s, settings.probe_memory_bytes) as pool:
        readers = make_readers(pool, context.check_cancelled)
        summary = scan_library(
            context, context.database.read, readers, library_id=payload.library_id, below=payload.path,
            is_followed=payload.is_followed,
        )  # fmt: skip
    if summary.get("files_added", 0) >= _MANY_FILES:
        context.database.refresh_statistics()
    return summary


def _takes_turn(context: JobContext[Scan]) -> bool:
    """Whether nobody else scans the library; then it is this job's, as its checkpoint says while it runs."""
    subject = global_id("libraries", context.payload.library_id)
    with context.transaction() as uow:
        serialize(uow.session, f"scan of {subject}")
        others = (
            sa.select(JOBS.c.checkpoint, JOBS.c.payload)
            .where(JOBS.c.kind == SCAN.name, JOBS.c.status.in_(HELD))
            .where(JOBS.c.id != context.lease.job_id)
        )  # unguarded: the jobs themselves agree whose turn it is
        for row in uow.session.connection().execute(others):
            if row.payload.get("library_id") == context.payload.library_id and (row.checkpoint or {}).get(HOLDS):
                return False
        context.checkpoint({**(context.saved or {}), HOLDS: True})
    return True
