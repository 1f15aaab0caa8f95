"""Jobs and schedules in the schema."""

from datetime import datetime
from typing import Annotated

import strawberry

from api.jobs.filters import JOBS
from api.kit.connections import Connection, Node
from api.kit.enums import expose
from api.kit.planner import column, connection, entity, global_id, one
from api.kit.scalars import JSON, Cron, TimeZone
from domain.jobs import tables as t
from domain.jobs.enums import JobFailure, JobStatus

expose(
    JobStatus,
    "Where a job stands.",
    {
        "PENDING": "Waits for its time or a free worker.",
        "WAITING": "Waits for other jobs.",
        "RUNNING": "A worker is at it.",
        "CANCELLING": "Told to stop; it will within two seconds.",
        "COMPLETED": "Done.",
        "FAILED": "Ended without success; `failure` and `error` say why.",
        "CANCELLED": "Stopped by a person, or because a job it waited for failed.",
    },
)
expose(
    JobFailure,
    "Why a job failed.",
    {
        "ERROR": "Its last attempt raised an error.",
        "POISON": "It took its worker down again and again.",
        "LOST": "Its worker vanished and it cannot be repeated.",
    },
)


JobRef = Annotated["Job", strawberry.lazy("api.jobs.types")]


@entity(t.JobSchedule, description="A job that comes again and again.")
class JobSchedule(Node):
    id: strawberry.ID = global_id()
    name: str = column(t.JobSchedule.name, description="Its name.")
    kind: str = column(t.JobSchedule.kind, description="The kind of job it makes.")
    cron: Cron = column(t.JobSchedule.cron, as_=Cron, description="When, as crontab(5).")
    zone: TimeZone = column(t.JobSchedule.zone, as_=TimeZone, description="The zone in which `cron` is read.")
    is_enabled: bool = column(t.JobSchedule.is_enabled, description="Whether it makes jobs.")
    last_run_at: datetime | None = column(t.JobSchedule.last_run_at, description="When it last made one.")
    next_run_at: datetime | None = column(t.JobSchedule.next_run_at, description="When it makes the next one.")


@entity(t.Job, description="A piece of background work with its progress and history.")
class Job(Node):
    id: strawberry.ID = global_id()
    kind: str = column(t.Job.kind, description="What is done: libraries.scan …")
    status: JobStatus = column(t.Job.status, description="Where it stands.")
    failure: JobFailure | None = column(t.Job.failure, description="Why it failed.")
    error: str | None = column(t.Job.error, description="The last error, for people.")
    priority: int = column(t.Job.priority, description="1 comes first, 10 last.")
    subject: strawberry.ID | None = column(t.Job.subject, as_=strawberry.ID, description="Id of what it is about.")
    progress: float | None = column(t.Job.progress, description="0 to 1; null = not known.")
    progress_text: str | None = column(t.Job.progress_text, description="What it is doing, for people.")
    counters: JSON | None = column(t.Job.progress_counters, as_=JSON, description="Named numbers: files seen, items added …")
    result: JSON | None = column(t.Job.result, as_=JSON, description="What came of it.")
    attempts: int = column(t.Job.attempts, description="How often it was started.")
    max_attempts: int = column(t.Job.max_attempts, description="How often it may be started.")
    deaths: int = column(t.Job.deaths, description="How often its worker vanished.")
    worker: str | None = column(t.Job.worker, needs="admin", description="The process that has it (for administrators).")
    run_at: datetime = column(t.Job.run_at, description="Not started before.")
    created_at: datetime = column(t.Job.created_at, description="When it was asked for.")
    started_at: datetime | None = column(t.Job.started_at, description="When its latest attempt began.")
    finished_at: datetime | None = column(t.Job.finished_at, description="When it ended.")
    schedule: JobSchedule | None = one(t.Job.schedule_id, description="The schedule that made it.")
    parent: JobRef | None = one(t.Job.parent_id, description="The job that started it.")
    chain: strawberry.ID | None = column(
        t.Job.chain, as_=strawberry.ID,
        description="The job that began the chain this one belongs to, for `jobProgressed(chain:)`; null = it stands alone.",
    )  # fmt: skip
    chained: Connection[JobRef] = connection(
        t.Job.chain, key=t.Job.chain, order_by=t.Job.id, narrowing=JOBS, description="All jobs of that chain, itself among them."
    )
    children: Connection[JobRef] = connection(
        t.Job.parent_id, order_by=t.Job.id, narrowing=JOBS, description="Jobs that it started."
    )
