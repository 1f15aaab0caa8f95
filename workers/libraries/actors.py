"""The jobs of libraries."""

from collections.abc import Mapping
from typing import Any

from domain.jobs.kinds import SCAN, Scan
from workers.libraries.probing.pool import ProbePool
from workers.libraries.readers import make_readers
from workers.libraries.scanning import scan_library
from workers.runtime import JobContext, job


@job(SCAN)
def scan(context: JobContext[Scan]) -> Mapping[str, Any]:
    """Read a library's folders, or one path below them."""
    settings = context.settings
    with ProbePool(settings.probe_processes, settings.probe_timeout_s, settings.probe_memory_bytes) as pool:
        readers = make_readers(pool, context.check_cancelled)
        payload = context.payload
        return scan_library(context, context.database.read, readers, library_id=payload.library_id, below=payload.path)
