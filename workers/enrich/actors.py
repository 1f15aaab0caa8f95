"""The job of enrichment."""

from collections.abc import Mapping
from typing import Any

from domain.jobs.kinds import ENRICH, Enrich
from workers.enrich.running import Run
from workers.outbound import desk_of
from workers.runtime import JobContext, job


@job(ENRICH)
def enrich(context: JobContext[Enrich]) -> Mapping[str, Any]:
    """Ask the providers about things, and write what is new; the result counts things and tells how each provider did."""
    return Run(context, desk_of(context)).work()
