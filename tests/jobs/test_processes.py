"""Two worker processes on PostgreSQL and Redis, and what an operating system may do to them (T2, T4, T22)."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import psycopg
import pytest
import redis
from sqlmodel import col, select

from domain.jobs.tables import Job
from domain.kit.database import Database
from domain.system.tables import Event
from tests.jobs.conftest import Jobs

LEASE_S, SWEEP_S = 1.5, 0.3
ROOT = Path(__file__).parents[2]


pytestmark = pytest.mark.postgresql  # SQLite belongs to one process


@pytest.fixture
def spawn(database_url: str, redis_url: str) -> Iterator[Callable[[], "subprocess.Popen[bytes]"]]:
    running: list[subprocess.Popen[bytes]] = []
    env = {
        **os.environ, "DATABASE_URL": database_url, "REDIS_URL": redis_url, "PYTHONPATH": str(ROOT),
        "MARQUEE_LEASE_S": str(LEASE_S), "MARQUEE_HEARTBEAT_S": "0.3", "MARQUEE_SWEEP_S": str(SWEEP_S),
        "MARQUEE_JOB_POLL_S": "0.3", "MARQUEE_JOB_THREADS": "2",
    }  # fmt: skip

    def start() -> "subprocess.Popen[bytes]":
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.jobs.worker_process"], env=env, cwd=ROOT, stderr=subprocess.DEVNULL
        )
        running.append(process)
        return process

    yield start
    for process in running:
        if process.poll() is None:
            process.kill()
        process.wait(10)


def until(condition: Callable[[], bool], *, seconds: float) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(0.02)


def held_by(database: Database, process: "subprocess.Popen[bytes]") -> set[int]:
    """The jobs that a process works on now."""
    with database.read() as session:
        held = session.exec(select(Job).where(col(Job.status) == "running", col(Job.worker).endswith(f":{process.pid}"))).all()
    return {job.id for job in held}


def test_a_killed_worker_and_an_emptied_redis_lose_nothing_and_double_nothing(
    database: Database, database_url: str, redis_url: str, jobs: Jobs, spawn: Callable[[], "subprocess.Popen[bytes]"]
) -> None:
    """T22 and Metarr's check 10: every job ends, none completes twice, orphans are taken up within lease and sweep."""
    ids = [jobs.add(text=f"n{n}") for n in range(40)]
    victim, survivor = spawn(), spawn()
    until(lambda: len(held_by(database, victim)) == 2 and bool(held_by(database, survivor)), seconds=30)

    victim.kill()
    assert victim.wait(10) == -signal.SIGKILL
    with psycopg.connect(database_url) as connection:
        killed_at: datetime = connection.execute("SELECT clock_timestamp()").fetchone()[0]  # type: ignore[index]
    orphans = held_by(database, victim)
    with redis.Redis.from_url(redis_url) as client:
        client.flushall()

    until(lambda: set(jobs.status(*ids)) == {"completed"}, seconds=60)
    with database.read() as session:
        told = session.exec(select(Event).order_by(col(Event.sequence))).all()
    subjects = {f"job_{job_id}" for job_id in ids}
    for what in ("job.completed", "test.effect"):
        assert Counter(event.subject for event in told if event.type == what) == Counter(subjects), what
    died = {event.subject: event.at for event in told if event.type == "job.retried"}
    assert orphans
    slack = 2.0  # seconds: two cores, many processes
    for job_id in orphans:
        assert (died[f"job_{job_id}"] - killed_at).total_seconds() <= LEASE_S + SWEEP_S + slack
    assert {jobs.get(job_id).deaths for job_id in orphans} <= {1}

    survivor.send_signal(signal.SIGTERM)
    assert survivor.wait(15) == 0


def test_an_orderly_stop_gives_its_jobs_to_the_other_worker(
    database: Database, jobs: Jobs, spawn: Callable[[], "subprocess.Popen[bytes]"]
) -> None:
    ids = [jobs.add() for _ in range(12)]
    leaving = spawn()
    until(lambda: len(held_by(database, leaving)) == 2, seconds=30)
    leaving.send_signal(signal.SIGTERM)
    assert leaving.wait(15) == 0
    assert held_by(database, leaving) == set()
    spawn()
    until(lambda: set(jobs.status(*ids)) == {"completed"}, seconds=60)
    assert {jobs.get(job_id).deaths for job_id in ids} == {0}
    assert {jobs.get(job_id).attempts for job_id in ids} == {1}
