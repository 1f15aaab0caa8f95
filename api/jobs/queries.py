"""Root fields that read jobs and schedules."""

from typing import Annotated

import strawberry

from api.jobs.types import Job, JobSchedule
from api.kit.access import Permission
from api.kit.connections import Connection
from api.kit.fields import query
from api.kit.filtering import within
from api.kit.paging import After, Before, First, Last
from api.kit.planner import Condition, IsIn, page
from domain.jobs import tables as t
from domain.jobs.enums import JobStatus

Statuses = Annotated[list[JobStatus] | None, strawberry.argument(description="Only jobs in one of these states.")]
Kinds = Annotated[list[str] | None, strawberry.argument(description="Only jobs of one of these kinds, such as libraries.scan.")]


@strawberry.type
class JobQueries:
    """Reads of background work."""

    @query(Permission.READ, "Jobs, newest first: those you asked for, or all for administrators.")
    def jobs(
        self, statuses: Statuses = None, kinds: Kinds = None, first: First = None, after: After = None, last: Last = None,
        before: Before = None,
    ) -> Connection[Job] | None:  # fmt: skip
        where: list[Condition] = []
        if statuses is not None:
            where.append(IsIn(t.Job.status, within(statuses)))
        if kinds is not None:
            where.append(IsIn(t.Job.kind, within(kinds)))
        return page(Job, where=where, order_by=((t.Job.id, "desc"),), first=first, after=after, last=last, before=before)

    @query(Permission.ADMIN, "Schedules of recurring jobs, by name.")
    def job_schedules(
        self, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[JobSchedule] | None:
        return page(JobSchedule, order_by=t.JobSchedule.name, first=first, after=after, last=last, before=before)
