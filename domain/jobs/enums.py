"""The closed sets of jobs."""

import enum
from typing import Final


class JobStatus(enum.StrEnum):
    """Where a job stands."""

    PENDING = "pending"
    """Ready, or ready at `run_at`."""
    WAITING = "waiting"
    """For the jobs it depends on."""
    RUNNING = "running"
    """Held by a worker under a lease."""
    CANCELLING = "cancelling"
    """Still held by a worker, which has been asked to stop."""
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


class JobFailure(enum.StrEnum):
    """Why a job failed for good."""

    ERROR = "error"
    """Its handler raised, and no attempt is left or none would help."""
    POISON = "poison"
    """It took its worker down too often: quarantined."""
    LOST = "lost"
    """Its worker vanished, and a job of its kind may not be run twice."""


class OnFailure(enum.StrEnum):
    """What happens to a job when one that it depends on does not complete."""

    CANCEL = "cancel"
    CONTINUE = "continue"


LIVE: Final = (JobStatus.PENDING, JobStatus.WAITING, JobStatus.RUNNING)
"""A second job with the same dedupe key is not made while the first is one of these."""

HELD: Final = (JobStatus.RUNNING, JobStatus.CANCELLING)
"""A worker has a lease on it."""

ENDED: Final = (JobStatus.COMPLETED, JobStatus.FAILED, JobStatus.CANCELLED)
