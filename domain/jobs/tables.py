"""Jobs, what they wait for, and the schedules that make them."""

from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from domain.jobs.enums import JobFailure, JobStatus, OnFailure
from domain.kit.tables import Table, Timestamped, Versioned, index_where, reference, unique_where
from domain.kit.types import Instant, Json, Key, choice

DEFAULT_PRIORITY = 5


class JobSchedule(Table, Versioned, table=True):
    """A job that comes again and again, by the clock on the wall of a zone."""

    __tablename__ = "job_schedules"
    __table_args__ = (
        sa.UniqueConstraint("name"),
        sa.CheckConstraint("is_enabled = (next_run_at IS NOT NULL)", name="next_run"),
        index_where("ix_job_schedules_due", ["next_run_at"], "next_run_at IS NOT NULL"),
    )

    name: str
    kind: str
    cron: str
    """Five fields, as crontab(5)."""
    zone: str = Field(default="UTC")
    """IANA name of the zone in which `cron` is read."""
    is_enabled: bool = True
    settings: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    """The payload of the jobs it makes."""
    last_run_at: datetime | None = Field(default=None, sa_type=Instant)
    last_status: JobStatus | None = Field(default=None, sa_type=choice(JobStatus))
    """How its latest finished job ended."""
    next_run_at: datetime | None = Field(default=None, sa_type=Instant)


class Job(Table, table=True):
    """One piece of work: the row is the queue, the lock, the progress and the history."""

    __tablename__ = "jobs"
    __table_args__ = (
        sa.CheckConstraint("priority BETWEEN 1 AND 10", name="priority"),
        sa.CheckConstraint("progress IS NULL OR progress BETWEEN 0 AND 1", name="progress"),
        sa.CheckConstraint("(status = 'failed') = (failure IS NOT NULL)", name="failed"),
        sa.CheckConstraint("(status = 'waiting') = (pending_deps > 0) AND pending_deps >= 0", name="waiting"),
        sa.CheckConstraint("(status IN ('running', 'cancelling')) = (lease_until IS NOT NULL)", name="held"),
        sa.CheckConstraint("(status IN ('completed', 'failed', 'cancelled')) = (finished_at IS NOT NULL)", name="ended"),
        unique_where("uq_jobs_dedupe_key", ["dedupe_key"], "status IN ('pending', 'waiting', 'running')"),
        index_where("ix_jobs_next", ["status", "priority", "run_at", "id"], "status = 'pending'"),
        index_where("ix_jobs_lease", ["lease_until"], "lease_until IS NOT NULL"),
        sa.Index("ix_jobs_status", "status", "id"),
        sa.Index("ix_jobs_kind", "kind", "id"),
        sa.Index("ix_jobs_subject", "subject", "id"),
        sa.Index("ix_jobs_created_at", "created_at", "id"),
        sa.Index("ix_jobs_finished_at", "finished_at", "id"),
        index_where("ix_jobs_chain", ["chain"], "chain IS NOT NULL"),
        {"sqlite_autoincrement": True},
    )

    kind: str
    """A registered name, `feature.verb`; not a closed set."""
    queue: str
    priority: int = Field(default=DEFAULT_PRIORITY, sa_type=sa.SmallInteger)
    """1 = first: 1 webhook, 2 a person asked, 5 normal, 10 background."""
    status: JobStatus = Field(default=JobStatus.PENDING, sa_type=choice(JobStatus))
    failure: JobFailure | None = Field(default=None, sa_type=choice(JobFailure))
    subject: str | None = None
    """Global id of what it is about; no foreign key, a log outlives its subject."""
    requested_by_user_id: int | None = reference("users.id", on_delete="SET NULL", nullable=True)
    payload: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    dedupe_key: str | None = None
    """At most one job with this key is pending, waiting or running."""
    run_at: datetime = Field(sa_type=Instant)
    """Not before this instant."""
    attempts: int = 0
    """Starts, without those that a lost worker (they are `deaths`) or an orderly stop ended."""
    max_attempts: int = 5
    deaths: int = 0
    """Times a worker vanished with it."""
    worker: str | None = None
    lease_token: int = Field(default=0, sa_type=sa.BigInteger)
    """Fence: grows with every claim; a write with an older token is refused."""
    lease_until: datetime | None = Field(default=None, sa_type=Instant)
    checkpoint: dict[str, Any] | None = Field(default=None, sa_type=Json)
    """What a later run needs to go on from here."""
    progress: float | None = Field(default=None, sa_type=sa.Double)
    """0–1; NULL = unknown."""
    progress_text: str | None = None
    progress_counters: dict[str, Any] | None = Field(default=None, sa_type=Json)
    """Named numbers, such as {"files": 120, "added": 3}."""
    result: dict[str, Any] | None = Field(default=None, sa_type=Json)
    error: str | None = Field(default=None, sa_type=sa.Text)
    parent_id: int | None = reference("jobs.id", on_delete="SET NULL", nullable=True)
    chain: str | None = None
    """Global id of the job that began the chain this one belongs to; outlives that job."""
    schedule_id: int | None = reference("job_schedules.id", on_delete="SET NULL", nullable=True)
    pending_deps: int = 0
    request_id: str = ""
    started_at: datetime | None = Field(default=None, sa_type=Instant)
    """Start of the latest attempt."""
    finished_at: datetime | None = Field(default=None, sa_type=Instant)


class JobDependency(Timestamped, table=True):
    """One job waits for another."""

    __tablename__ = "job_dependencies"
    __table_args__ = (sa.CheckConstraint("job_id <> depends_on_job_id", name="other"),)

    job_id: int = Field(foreign_key="jobs.id", ondelete="CASCADE", primary_key=True, sa_type=Key)
    depends_on_job_id: int = reference("jobs.id", on_delete="CASCADE", primary_key=True)
    on_failure: OnFailure = Field(default=OnFailure.CANCEL, sa_type=choice(OnFailure))
    is_resolved: bool = False
    """The other job ended and this edge has been counted: an end that happens twice (retry) counts once."""


JOBS: Final = SQLModel.metadata.tables["jobs"]
DEPENDENCIES: Final = SQLModel.metadata.tables["job_dependencies"]
SCHEDULES: Final = SQLModel.metadata.tables["job_schedules"]
"""For set-wise statements: they must not pass through the session's identity map."""
