"""The scan as a job: asked for at the front door, done by workers, one at a time for a library."""

import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import redis
from sqlmodel import Session

from domain.jobs import service as jobs
from domain.jobs.enums import ENDED, JobStatus
from domain.jobs.tables import Job
from domain.kit.database import Database
from domain.libraries import service
from domain.settings import Settings
from tests.libraries.scan.conftest import Disk
from workers.libraries import actors
from workers.main import EmbeddedWorkers

pytestmark = pytest.mark.both


@pytest.fixture
def running(engine: str, database: Database, database_url: str, request: pytest.FixtureRequest) -> Iterator[EmbeddedWorkers]:
    url = ""
    if engine == "postgresql":
        url = request.getfixturevalue("redis_url")
        with redis.Redis.from_url(url) as client:
            client.flushall()
    fast: dict[str, Any] = {"job_poll_s": 0.2, "heartbeat_s": 0.2, "sweep_s": 0.5, "probe_processes": 1}
    workers = EmbeddedWorkers(Settings(DATABASE_URL=database_url, REDIS_URL=url, **fast), database)
    workers.start()
    yield workers
    workers.stop(timeout_s=2)


def ask(disk: Disk, path: Path | None = None) -> int:
    with disk.database.transaction() as uow:
        return service.request_scan(uow, library_id=disk.id, path=None if path is None else str(path)).id


def ended(database: Database, key: int) -> Job:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with database.read() as session:
            job = found(session, key)
        if job.status in ENDED:
            return job
        time.sleep(0.02)
    raise AssertionError("The job did not end.")


def found(session: Session, key: int) -> Job:
    job = session.get(Job, key)
    assert job is not None
    return job


def test_a_scan_that_is_asked_for_is_done_and_its_result_is_the_summary(films: Disk, running: EmbeddedWorkers) -> None:
    films.put("Film (2001)/Film (2001).mkv")
    films.put("Film (2001)/movie.nfo", "<movie><title>Movie</title></movie>")
    job = ended(films.database, ask(films))
    assert job.error is None
    assert job.status is JobStatus.COMPLETED
    assert job.result is not None
    assert (job.result["items_added"], job.result["files_added"]) == (1, 2)
    assert films.one("SELECT title FROM media_items") == "Movie"


def test_two_scans_of_one_library_take_turns(films: Disk, running: EmbeddedWorkers, monkeypatch: pytest.MonkeyPatch) -> None:
    films.put("Film (2001)/Film (2001).mkv")
    inside: list[int] = []
    most: list[int] = []
    guard = threading.Lock()
    both_claimed = threading.Event()

    def watched(*args: Any, **more: Any) -> Mapping[str, Any]:
        with guard:
            inside.append(1)
            most.append(len(inside))
        both_claimed.wait(1.5)
        with guard:
            inside.pop()
        return {}

    monkeypatch.setattr(actors, "scan_library", watched)
    keys = [ask(films), ask(films, films.root / "Film (2001)")]
    assert [ended(films.database, key).status for key in keys] == [JobStatus.COMPLETED] * 2
    assert most == [1, 1]


def test_a_cancelled_scan_ends_within_two_seconds(films: Disk, running: EmbeddedWorkers, monkeypatch: pytest.MonkeyPatch) -> None:
    films.put("Film (2001)/Film (2001).mkv")
    begun = threading.Event()

    def endless(context: Any, *args: Any, **more: Any) -> Mapping[str, Any]:
        begun.set()
        while True:
            context.check_cancelled()
            context.interrupted.wait(0.05)

    monkeypatch.setattr(actors, "scan_library", endless)
    key = ask(films)
    assert begun.wait(10)
    with films.database.transaction() as uow:
        jobs.cancel(uow, key)
    assert ended(films.database, key).status is JobStatus.CANCELLED
