"""The jobs of providers."""

from collections.abc import Mapping
from typing import Any

from domain.jobs.kinds import READ_CHANGES, NoPayload
from workers.providers.changes import read_changes
from workers.runtime import JobContext, job


@job(READ_CHANGES)
def changes(context: JobContext[NoPayload]) -> Mapping[str, Any]:
    """Read what changed at the providers, and have our things among it asked for anew."""
    return read_changes(context)
