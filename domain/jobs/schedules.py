"""Jobs that come again: by cron in a zone's own time, once however many schedulers run.

Daylight saving (cronsim, as Debian's cron): a time of day that the clock skips runs at the first instant after the gap,
one that comes twice runs the first time; `*` in minutes or hours follows real time through both. Runs that were missed
while nobody was there are made up by one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from cronsim import CronSim, CronSimError
from sqlmodel import col

from domain.jobs import kinds, service
from domain.jobs.declaring import Kind, find, named
from domain.jobs.tables import SCHEDULES, JobSchedule
from domain.kit.database import UnitOfWork, serialize
from domain.kit.errors import Conflict, Invalid, NotFound, VersionConflict
from domain.kit.ids import global_id


@dataclass(frozen=True, slots=True)
class Builtin:
    """A schedule that every installation begins with."""

    name: str
    kind: Kind[Any]
    cron: str


BUILTINS: Final = (
    Builtin("retention", kinds.RETENTION, "40 3 * * *"),
    Builtin("verify files", kinds.VERIFY, "10 2 * * *"),
    Builtin("clear cache", kinds.CLEAR_CACHE, "25 4 * * *"),
    Builtin("statistics", kinds.STATISTICS, "55 3 * * *"),
    Builtin("changes at providers", kinds.READ_CHANGES, "10 5 * * *"),
)


def next_run(cron: str, zone: str, *, after: datetime) -> datetime:
    """The first instant (UTC) after `after` that matches. Raises Invalid for a bad expression or zone, or if none comes."""
    try:
        local = ZoneInfo(zone)
    except (ValueError, OSError, LookupError):
        raise Invalid(f"{zone!r} is not the name of a time zone.", path=("zone",)) from None
    if len(cron.split()) != 5:
        raise Invalid("A cron expression has five fields.", path=("cron",))
    try:
        for moment in CronSim(cron, after.astimezone(local)):
            instant: datetime = moment.astimezone(UTC)
            if instant > after:  # in the hour that comes twice the first answer may lie behind us
                return instant
    except CronSimError as error:
        raise Invalid(f"Not a cron expression: {error}.", path=("cron",)) from None
    raise Invalid("This expression never matches.", path=("cron",))


def install_builtins(uow: UnitOfWork) -> None:
    """Add the schedules that are missing; those that are there keep what people made of them."""
    serialize(uow.session, "job_schedules")
    there = set(uow.session.execute(sa.select(SCHEDULES.c.name)).scalars())
    for builtin in BUILTINS:
        if builtin.name not in there:
            create(uow, name=builtin.name, kind=builtin.kind.name, cron=builtin.cron)


def create(
    uow: UnitOfWork, *, name: str, kind: str, cron: str, zone: str = "UTC", settings: Mapping[str, Any] | None = None
) -> JobSchedule:
    """A new schedule, enabled. Raises Invalid, and Conflict if the name is taken."""
    named(kind).decode(settings or {})
    next_run_at = next_run(cron, zone, after=uow.now())
    if uow.session.execute(sa.select(SCHEDULES.c.id).where(SCHEDULES.c.name == name)).first() is not None:
        raise Conflict(f"There is already a schedule called {name!r}.", path=("name",))
    schedule = JobSchedule(name=name, kind=kind, cron=cron, zone=zone, settings=dict(settings or {}), next_run_at=next_run_at)
    uow.session.add(schedule)
    uow.session.flush()
    return schedule


def change(
    uow: UnitOfWork,
    schedule_id: int,
    *,
    cron: str | None = None,
    zone: str | None = None,
    is_enabled: bool | None = None,
    settings: Mapping[str, Any] | None = None,
    expected_version: int | None = None,
) -> JobSchedule:
    """Change what is given. Raises NotFound, Invalid, VersionConflict."""
    query = sa.select(JobSchedule).where(col(JobSchedule.id) == schedule_id)  # unguarded: only admins change schedules
    schedule: JobSchedule | None = uow.session.execute(query.with_for_update()).scalars().first()
    if schedule is None:
        raise NotFound(f"There is no schedule {global_id('job_schedules', schedule_id)}.")
    if expected_version is not None and expected_version != schedule.version:
        key = global_id("job_schedules", schedule_id)
        raise VersionConflict("The schedule was changed meanwhile.", current=schedule.version, entity_id=key)
    if settings is not None:
        named(schedule.kind).decode(settings)
        schedule.settings = dict(settings)
    schedule.cron = cron if cron is not None else schedule.cron
    schedule.zone = zone if zone is not None else schedule.zone
    schedule.is_enabled = is_enabled if is_enabled is not None else schedule.is_enabled
    upcoming = next_run(schedule.cron, schedule.zone, after=uow.now())
    schedule.next_run_at = upcoming if schedule.is_enabled else None
    schedule.version += 1
    uow.session.flush()
    return schedule


def run_due(uow: UnitOfWork) -> int:
    """Make the jobs whose time has come; how many schedules were due.

    Safe with any number of schedulers: whoever moves `next_run_at` makes the job, in the same transaction. A run that
    comes while the previous one still works is not doubled. A schedule whose kind is gone moves on without a job.
    """
    due = uow.session.execute(sa.select(SCHEDULES).where(SCHEDULES.c.next_run_at <= uow.now()).order_by(SCHEDULES.c.id)).all()
    count = 0
    for row in due:
        won = uow.session.execute(
            sa.update(SCHEDULES)
            .where(SCHEDULES.c.id == row.id, SCHEDULES.c.next_run_at == row.next_run_at)
            .values(next_run_at=_next_or_tomorrow(row, uow.now()), last_run_at=uow.now())
            .returning(SCHEDULES.c.id)
        ).first()
        kind = find(row.kind)
        if won is None or kind is None:
            continue
        payload = kind.decode(row.settings)
        service.enqueue(uow, kind, payload, dedupe_key=f"schedule:{row.id}", schedule_id=row.id)
        count += 1
    return count


def _next_or_tomorrow(row: Any, now: datetime) -> datetime:
    """A row that somebody broke by hand must not stop the others."""
    try:
        return next_run(row.cron, row.zone, after=now)
    except Invalid:
        return now + timedelta(days=1)
