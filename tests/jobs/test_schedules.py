"""Cron in the zone's own time, once for any number of schedulers."""

import itertools
import threading
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import col, select

from domain.jobs import leases, schedules
from domain.jobs.tables import Job, JobSchedule
from domain.kit.database import Database
from domain.kit.errors import Conflict, Invalid, VersionConflict
from tests.conftest import ManualClock
from tests.jobs.conftest import Jobs
from tests.jobs.kinds import PLAIN

GAPS = {  # zone: (an instant before a skipped local time, cron of that time, first instant after the gap)
    "Europe/Berlin": ("2026-03-28T12:00+00:00", "30 2 * * *", "2026-03-29T01:00+00:00"),
    "America/New_York": ("2026-03-07T12:00+00:00", "30 2 * * *", "2026-03-08T07:00+00:00"),
    "Australia/Lord_Howe": ("2026-10-03T00:00+00:00", "15 2 * * *", "2026-10-03T15:30+00:00"),
    "Africa/Cairo": ("2026-04-23T12:00+00:00", "30 0 * * *", "2026-04-23T22:00+00:00"),
}
OVERLAPS = {  # zone: (an instant before, cron, the first of the two, the run after it)
    "Europe/Berlin": ("2026-10-24T12:00+00:00", "30 2 * * *", "2026-10-25T00:30+00:00", "2026-10-26T01:30+00:00"),
    "America/New_York": ("2026-10-31T12:00+00:00", "30 1 * * *", "2026-11-01T05:30+00:00", "2026-11-02T06:30+00:00"),
}


@pytest.mark.parametrize("zone", GAPS)
def test_a_time_that_is_skipped_runs_after_the_gap(zone: str) -> None:
    after, cron, expected = GAPS[zone]
    assert schedules.next_run(cron, zone, after=datetime.fromisoformat(after)) == datetime.fromisoformat(expected)


@pytest.mark.parametrize("zone", OVERLAPS)
def test_a_time_that_comes_twice_runs_once(zone: str) -> None:
    after, cron, first, second = OVERLAPS[zone]
    run = schedules.next_run(cron, zone, after=datetime.fromisoformat(after))
    assert run == datetime.fromisoformat(first)
    for minutes in (0, 45, 60, 75):  # also from within the second 1:30 or 2:30
        assert schedules.next_run(cron, zone, after=run + timedelta(minutes=minutes)) == datetime.fromisoformat(second)


def test_every_quarter_of_an_hour_follows_real_time_through_the_overlap() -> None:
    runs, after = [], datetime(2026, 10, 24, 23, 59, tzinfo=UTC)
    for _ in range(12):
        after = schedules.next_run("*/15 * * * *", "Europe/Berlin", after=after)
        runs.append(after)
    assert {b - a for a, b in itertools.pairwise(runs)} == {timedelta(minutes=15)}


def test_a_year_of_days_has_one_run_each_in_every_zone() -> None:
    for zone in ("Europe/Berlin", "America/Santiago", "Asia/Tehran", "Pacific/Chatham", "Africa/Casablanca", "Asia/Kolkata"):
        after, days = datetime(2025, 12, 31, 0, 0, tzinfo=ZoneInfo(zone)).astimezone(UTC), []
        while (after := schedules.next_run("30 2 * * *", zone, after=after)).astimezone(ZoneInfo(zone)).year < 2027:
            days.append(after.astimezone(ZoneInfo(zone)).date())
        assert len(days) == len(set(days)) == 366, zone


@pytest.mark.parametrize(
    ("cron", "zone", "field"),
    [
        ("61 * * * *", "UTC", "cron"), ("* * * *", "UTC", "cron"), ("0 0 30 2 *", "UTC", "cron"), ("", "UTC", "cron"),
        ("* * * * * *", "UTC", "cron"), ("0 0 * * *", "Mars/Olympus", "zone"), ("0 0 * * *", "../../etc/passwd", "zone"),
    ],
)  # fmt: skip
def test_bad_expressions_are_refused(cron: str, zone: str, field: str) -> None:
    with pytest.raises(Invalid) as caught:
        schedules.next_run(cron, zone, after=datetime(2026, 1, 1, tzinfo=UTC))
    assert caught.value.path == (field,)


def runs_of(database: Database, schedule_id: int) -> list[Job]:
    with database.read() as session:
        return list(session.exec(select(Job).where(col(Job.schedule_id) == schedule_id).order_by(col(Job.id))).all())


@pytest.mark.both
def test_three_schedulers_make_one_job(jobs: Jobs, manual_clock: ManualClock) -> None:
    schedule: JobSchedule = jobs.do(schedules.create, name="hourly", kind=PLAIN.name, cron="0 * * * *", settings={"text": "x"})
    assert schedule.next_run_at == manual_clock.moment + timedelta(hours=1)
    assert jobs.do(schedules.run_due) == 0
    manual_clock.advance(3600)
    start = threading.Barrier(3)

    def run() -> None:
        start.wait()
        jobs.do(schedules.run_due)

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    (job,) = runs_of(jobs.database, schedule.id)
    assert (job.payload, job.schedule_id) == ({"text": "x"}, schedule.id)


@pytest.mark.both
def test_missed_runs_are_made_up_by_one_and_a_run_that_still_works_is_not_doubled(jobs: Jobs, manual_clock: ManualClock) -> None:
    schedule: JobSchedule = jobs.do(schedules.create, name="hourly", kind=PLAIN.name, cron="0 * * * *")
    manual_clock.advance(10 * 3600)
    assert jobs.do(schedules.run_due) == 1
    assert len(runs_of(jobs.database, schedule.id)) == 1
    lease = jobs.claim()
    manual_clock.advance(3600)
    jobs.do(schedules.run_due)
    assert len(runs_of(jobs.database, schedule.id)) == 1
    jobs.do(leases.complete, lease, None)
    with jobs.database.read() as session:
        row = session.exec(select(JobSchedule).where(JobSchedule.id == schedule.id)).one()
    assert (row.last_status, row.last_run_at) == ("completed", manual_clock.moment)
    assert row.next_run_at == manual_clock.moment + timedelta(hours=1)


def test_people_change_schedules_and_builtins_keep_the_change(jobs: Jobs, manual_clock: ManualClock) -> None:
    jobs.do(schedules.install_builtins)
    with jobs.database.read() as session:
        row, *others = session.exec(select(JobSchedule).order_by(col(JobSchedule.id))).all()
    assert ("statistics", "system.statistics") in [(other.name, other.kind) for other in others]
    assert (row.name, row.kind, row.next_run_at) == ("retention", "system.retention", datetime(2026, 1, 16, 3, 40, tzinfo=UTC))
    changed = jobs.do(schedules.change, row.id, cron="0 5 * * *", zone="Europe/Berlin", expected_version=1)
    assert (changed.version, changed.next_run_at) == (2, datetime(2026, 1, 16, 4, 0, tzinfo=UTC))
    with pytest.raises(VersionConflict):
        jobs.do(schedules.change, row.id, is_enabled=False, expected_version=1)
    assert jobs.do(schedules.change, row.id, is_enabled=False).next_run_at is None
    jobs.do(schedules.install_builtins)
    with jobs.database.read() as session:
        row, *_ = session.exec(select(JobSchedule).order_by(col(JobSchedule.id))).all()
    assert (row.cron, row.is_enabled) == ("0 5 * * *", False)
    with pytest.raises(Conflict):
        jobs.do(schedules.create, name="retention", kind=PLAIN.name, cron="0 5 * * *")
    with pytest.raises(Invalid):
        jobs.do(schedules.create, name="new", kind="no.such", cron="0 5 * * *")
