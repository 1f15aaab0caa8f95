"""Two worker processes on PostgreSQL, killed in the middle of changes of many items: each item is changed once, undone once."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import select

from domain.catalog.tables import Change, ChangeRow, MediaItem
from domain.jobs.tables import Job
from tests.catalog.bulk.conftest import UNDO, UPDATE, Desk

ROOT = Path(__file__).parents[3]
NUMBER = 1200
Process = subprocess.Popen[bytes]
pytestmark = [pytest.mark.postgresql, pytest.mark.slow]  # SQLite belongs to one process


@pytest.fixture
def spawn(database_url: str, redis_url: str) -> Iterator[Callable[[], Process]]:
    running: list[Process] = []
    env = {
        **os.environ, "DATABASE_URL": database_url, "REDIS_URL": redis_url, "PYTHONPATH": str(ROOT),
        "MARQUEE_LEASE_S": "1.5", "MARQUEE_HEARTBEAT_S": "0.3", "MARQUEE_SWEEP_S": "0.3", "MARQUEE_JOB_POLL_S": "0.3",
        "MARQUEE_JOB_THREADS": "2",
    }  # fmt: skip

    def start() -> Process:
        code = "import workers.actors, workers.main, domain.settings; workers.main.run_worker(domain.settings.Settings())"
        running.append(subprocess.Popen([sys.executable, "-c", code], env=env, cwd=ROOT, stderr=subprocess.DEVNULL))
        return running[-1]

    yield start
    for process in running:
        if process.poll() is None:
            process.kill()
        process.wait(10)


async def until(condition: Callable[[], bool], *, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come to that"
        await asyncio.sleep(0.01)


def changed(desk: Desk, change: str) -> int:
    with desk.house.database.read() as session:
        return session.exec(select(Change.changed).where(Change.id == int(change[4:]))).one()


def holder(desk: Desk, job: str) -> int | None:
    """The process that works on a job."""
    with desk.house.database.read() as session:
        worker = session.exec(select(Job.worker).where(Job.id == int(job[4:]), Job.status == "running")).first()
    return None if worker is None else int(worker.rsplit(":", 1)[1])


def status(desk: Desk, job: str) -> str:
    with desk.house.database.read() as session:
        return str(session.exec(select(Job.status).where(Job.id == int(job[4:]))).one())


async def kill_twice(
    desk: Desk, begun: dict[str, dict[str, str]], running: dict[int, Process], spawn: Callable[[], Process]
) -> None:
    """Kill whoever works on the job, wherever it stands, two times; then let it come to its end."""
    change, job = begun["change"]["id"], begun["job"]["id"]
    for least in (100, 500):
        await until(lambda least=least: changed(desk, change) >= least and holder(desk, job) in running)  # type: ignore[misc]
        victim = running.pop(holder(desk, job) or 0, None)
        assert victim is not None, "it was done too soon"
        victim.kill()
        assert victim.wait(10) == -signal.SIGKILL
        fresh = spawn()
        running[fresh.pid] = fresh
    await until(lambda: status(desk, job) == "completed")
    assert changed(desk, change) == NUMBER


async def test_killed_again_and_again(desk: Desk, spawn: Callable[[], Process]) -> None:
    desk.add_films(NUMBER)
    running = {process.pid: process for process in (spawn(), spawn())}
    edit = {"replace": [{"field": "title", "find": "M", "replace": "MM"}], "tags": {"add": ["x"]}}
    where = {"title": {"startsWith": "more"}}
    begun = await desk.act(UPDATE, edit={"same": {"select": {"where": where}, "changes": edit}}, errorPolicy="REJECT_FAILED")
    await kill_twice(desk, begun, running, spawn)

    def titles() -> Counter[tuple[str, int]]:
        more = MediaItem.title.like("M%ore %")  # type: ignore[attr-defined]
        with desk.house.database.read() as session:
            return Counter(
                (title[:4], version) for title, version in session.exec(select(MediaItem.title, MediaItem.version).where(more))
            )

    assert titles() == {("MMor", 2): NUMBER}
    undone = await desk.act(UNDO, change=begun["change"]["id"])
    await kill_twice(desk, undone, running, spawn)
    assert titles() == {("More", 3): NUMBER}
    with desk.house.database.read() as session:
        assert session.exec(select(sa.func.count()).select_from(ChangeRow)).one() == 2 * NUMBER
