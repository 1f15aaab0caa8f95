"""Root fields that read jobs and schedules."""

from typing import Annotated

import strawberry

from api.jobs.filters import JobOrder, JobWhere, job_conditions, job_order
from api.jobs.types import Job, JobSchedule
from api.kit.access import Permission
from api.kit.connections import Connection
from api.kit.fields import query
from api.kit.filtering import bounded, within
from api.kit.paging import After, Before, First, Last
from api.kit.planner import IsIn, page
from domain.jobs import tables as t
from domain.jobs.enums import JobStatus

Statuses = Annotated[list[JobStatus] | None, strawberry.argument(description="Only jobs in one of these states.")]
Kinds = Annotated[
    list[str] | None, strawberry.argument(description="Only jobs of one of these kinds, at most 100, such as libraries.scan.")
]
Where = Annotated[JobWhere | None, strawberry.argument(description="Which jobs; all you may see if not given.")]
OrderBy = Annotated[
    list[JobOrder] | None, strawberry.argument(description="At most three keys; newest first if not given. The id breaks ties.")
]


@strawberry.type
class JobQueries:
    """Reads of background work."""

    @query(Permission.READ, "Jobs, newest first: those you asked for, or all for administrators.")
    def jobs(
        self, statuses: Statuses = None, kinds: Kinds = None, where: Where = None, order_by: OrderBy = None, first: First = None,
        after: After = None, last: Last = None, before: Before = None,
    ) -> Connection[Job] | None:  # fmt: skip
        conditions = job_conditions(where)
        if statuses is not None:
            conditions.append(IsIn(t.Job.status, within(statuses)))
        if kinds is not None:
            conditions.append(IsIn(t.Job.kind, within(kinds)))
        return page(
            Job, where=bounded(conditions), order_by=job_order(order_by), first=first, after=after, last=last, before=before
        )

    @query(Permission.ADMIN, "Schedules of recurring jobs, by name.")
    def job_schedules(
        self, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[JobSchedule] | None:
        return page(JobSchedule, order_by=t.JobSchedule.name, first=first, after=after, last=last, before=before)
