"""Waits for a job that was just asked for, for measurements that run a whole server."""

import time
from typing import Any

from domain.jobs.enums import ENDED
from domain.jobs.tables import Job
from domain.kit.database import Database


def wait(database: Database, key: int) -> tuple[float, dict[str, Any]]:
    """(seconds until it ended, its result). Raises SystemExit where it fails."""
    began = time.perf_counter()
    while True:
        time.sleep(0.05)
        with database.read() as session:
            job = session.get(Job, key)
            assert job is not None
            if job.status in ENDED:
                if job.error:
                    raise SystemExit(f"{job.kind}: {job.error}")
                return time.perf_counter() - began, job.result or {}
