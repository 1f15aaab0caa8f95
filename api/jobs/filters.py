"""Filters and orders of jobs."""

from enum import Enum

import strawberry

from api.kit.enums import expose
from api.kit.filtering import (
    DateTimeFilter,
    Direction,
    IdFilter,
    IntFilter,
    Rule,
    WordFilter,
    compiled,
    ids,
    members,
    number,
    sorted_by,
    words,
)
from api.kit.planner import Condition, Narrowing
from domain.jobs import tables as t
from domain.jobs.enums import JobFailure, JobStatus


@strawberry.input(description="Which jobs. Fields side by side are all to be met; at most 50 conditions, 5 levels deep.")
class JobWhere:
    and_: "list[JobWhere] | None" = strawberry.field(name="and", default=None, description="All of these.")
    or_: "list[JobWhere] | None" = strawberry.field(name="or", default=None, description="At least one of these.")
    not_: "JobWhere | None" = strawberry.field(name="not", default=None, description="Not this.")
    id: IdFilter | None = strawberry.field(default=None, description="Its id.")
    kind: WordFilter | None = strawberry.field(default=None, description="What is done: libraries.scan …")
    status: list[JobStatus] | None = strawberry.field(default=None, description="One of these states.")
    failure: list[JobFailure] | None = strawberry.field(default=None, description="One of these reasons to fail.")
    priority: IntFilter | None = strawberry.field(default=None, description="1 comes first, 10 last.")
    subject: WordFilter | None = strawberry.field(default=None, description="Id of what it is about.")
    parent: IdFilter | None = strawberry.field(default=None, description="The job that started it.")
    created_at: DateTimeFilter | None = strawberry.field(default=None, description="When it was asked for.")
    finished_at: DateTimeFilter | None = strawberry.field(default=None, description="When it ended.")


class JobOrderField(Enum):
    """What jobs can be sorted by."""

    CREATED_AT = "created_at"
    FINISHED_AT = "finished_at"


expose(
    JobOrderField,
    "What jobs can be sorted by.",
    {
        "CREATED_AT": "When it was asked for.",
        "FINISHED_AT": "When it ended.",
    },
)


@strawberry.input(description="One key to sort jobs by.")
class JobOrder:
    field: JobOrderField = strawberry.field(description="What to sort by.")
    direction: Direction = strawberry.field(default=Direction.ASC, description="Which end comes first.")


def job_order(given: list[JobOrder] | None) -> object:
    """The sort keys, or the usual ones. Raises GraphQLError for more than three."""
    return sorted_by(t.Job, given, (t.Job.id, "desc"))


_JOBS: dict[str, Rule] = {
    "id": ids(t.Job.id, "jobs"),
    "kind": words(t.Job.kind),
    "status": members(t.Job.status),
    "failure": members(t.Job.failure),
    "priority": number(t.Job.priority),
    "subject": words(t.Job.subject),
    "parent": ids(t.Job.parent_id, "jobs"),
    "created_at": number(t.Job.created_at),
    "finished_at": number(t.Job.finished_at),
}


def job_conditions(where: JobWhere | None) -> list[Condition]:
    """The conditions of a filter. Raises GraphQLError."""
    return compiled(where, _JOBS)


JOBS = Narrowing(JobWhere, job_conditions, JobOrder, job_order)
"""What jobs below one take."""
