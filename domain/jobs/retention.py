"""How long ended jobs are kept."""

from datetime import timedelta
from typing import Final

from domain.jobs.enums import JobStatus
from domain.jobs.tables import JOBS, Job
from domain.system.retention import older_than

_FAILED = JOBS.c.status == JobStatus.FAILED

RULES: Final = (
    older_than("jobs", Job, "finished_at", kept=timedelta(days=30), where=~_FAILED),
    older_than("failed_jobs", Job, "finished_at", kept=timedelta(days=90), where=_FAILED),
)
