"""Libraries with `autoPublish` are published by themselves once nobody changes them any more: one job for a burst."""

import contextlib
import os
from pathlib import Path
from typing import Any

import pytest

import workers.actors
from domain.jobs import service as jobs
from domain.jobs.kinds import PUBLISH, Publish
from domain.publish import recycling, service
from domain.publish.disk import Trouble
from domain.publish.enums import PublishFailure
from domain.settings import Settings
from tests.conftest import ManualClock
from tests.publish.conftest import FILM, NFO, Shelf
from tests.publish.test_survival import Fragile, Killed
from workers.runner import Runner
from workers.scheduler import Scheduler

assert workers.actors

OTHER = "Alien (1979)"


class Household:
    """A library that is published by itself, its scheduler and its worker."""

    def __init__(self, films: Shelf, settings: Settings, clock: ManualClock) -> None:
        self.films, self.settings, self.clock = films, settings, clock
        self.run("UPDATE libraries SET auto_publish = true")

    def run(self, statement: str) -> None:
        def work(uow: Any) -> None:
            uow.session.connection().exec_driver_sql(statement)

        self.films.database.perform(work)

    def edit(self, plot: str) -> None:
        """As the services do: the change has a new version and moment."""
        stamp = self.clock.moment.isoformat(timespec="microseconds").replace("+00:00", "Z")
        self.run(f"UPDATE media_items SET plot = '{plot}', version = version + 1, updated_at = '{stamp}'")

    def wait(self, seconds: float) -> None:
        """Time passes: a scheduler (another one each time, as after a restart) and a worker have their turn."""
        self.clock.advance(seconds)
        Scheduler(self.films.database, self.settings).tick()
        Runner(self.films.database, self.settings, queues=(PUBLISH.queue,), worker="w", random=lambda: 0.0).drain()

    def jobs(self) -> list[str]:
        return [status for (status,) in self.films.rows("SELECT status FROM jobs WHERE kind = 'publish.publish' ORDER BY id")]


@pytest.fixture
def home(films: Shelf, database_url: str, tmp_path: Path, manual_clock: ManualClock) -> Household:
    films.put(f"{FILM}/{FILM}.mkv")
    films.put(f"{FILM}/{FILM}.nfo", NFO)
    films.put(f"{OTHER}/{OTHER}.mkv")
    films.scan()
    return Household(films, Settings(DATABASE_URL=database_url, data_dir=tmp_path), manual_clock)


def nfo(home: Household) -> bytes:
    return home.films.files()[f"{FILM}/{FILM}.nfo"]


@pytest.mark.both
def test_a_burst_of_edits_gives_one_publication_when_it_is_over(home: Household) -> None:
    home.wait(0)
    home.wait(29)
    assert home.jobs() == ["pending"]
    assert home.films.one("SELECT count(*) FROM publish_runs") == 0
    home.wait(2)
    assert home.jobs() == ["completed"]
    assert sorted(home.films.files()) == [f"{OTHER}/{OTHER}.mkv", f"{FILM}/{FILM}.mkv", f"{FILM}/{FILM}.nfo"]
    for number in range(5):
        home.edit(f"Words {number}.")
        home.wait(20)
    assert home.jobs() == ["completed", "pending"]
    home.wait(31)
    assert home.jobs() == ["completed", "completed"]
    assert b"<plot>Words 4.</plot>" in nfo(home)
    before = home.films.state()
    for _ in range(3):
        home.wait(3600)
    assert (home.jobs(), home.films.state()) == (["completed", "completed"], before)


def test_what_is_unknown_unmonitored_or_in_another_library_waits_for_a_person(home: Household) -> None:
    home.run("UPDATE media_items SET is_monitored = false WHERE identification = 'identified'")
    home.wait(0)
    home.wait(60)
    assert home.jobs() == []  # the other film is not identified, and providers are to be asked about it
    home.run("UPDATE libraries SET auto_enrich = false")
    home.wait(0)
    home.wait(60)
    assert home.jobs() == ["completed"]
    assert f"{OTHER}/{OTHER}.nfo" in home.films.files()
    home.run("UPDATE libraries SET auto_publish = false")
    home.run("UPDATE media_items SET is_monitored = true")
    home.wait(0)
    home.wait(60)
    assert home.jobs() == ["completed"]


def test_edits_without_end_are_published_every_ten_minutes_and_failures_again_after_an_hour(home: Household) -> None:
    home.wait(0)
    for number in range(31):
        home.edit(f"Words {number}.")
        home.wait(20)
    assert home.jobs()[0] == "completed"
    home.wait(60)
    home.edit("Last words.")
    home.films.root.rename(home.films.root.with_name("away"))
    home.wait(0)
    home.wait(60)
    assert home.films.one("SELECT count(*) FROM media_items WHERE publication = 'failed'") == 1
    done = len(home.jobs())
    os.rename(home.films.root.with_name("away"), home.films.root)
    home.wait(1800)
    assert len(home.jobs()) == done
    home.wait(1801)
    home.wait(31)
    assert home.films.one("SELECT count(*) FROM media_items WHERE publication = 'failed'") == 0
    assert b"<plot>Last words.</plot>" in nfo(home)


def test_a_restoration_that_was_killed_is_made_whole_within_a_minute_and_one_that_lives_is_let_be(home: Household) -> None:
    films = home.films
    films.publish()
    theirs = films.one("SELECT id FROM recycle_bin")
    home.run("UPDATE libraries SET auto_publish = false")
    with contextlib.suppress(Killed):
        recycling.restore(films.publisher(Fragile(at=12)), theirs)
    running = "SELECT count(*) FROM publish_runs WHERE status = 'running'"
    home.wait(20)
    assert (films.one(running), home.jobs()) == (1, [])  # it may just be slow
    home.wait(20)
    assert (films.one(running), home.jobs()) == (0, ["completed"])
    assert list(films.root.rglob(".marquee-*.tmp")) == []
    home.wait(20)
    assert home.jobs() == ["completed"]


def test_a_run_that_cannot_be_closed_holds_nobody_up_but_its_own_tree(home: Household, monkeypatch: pytest.MonkeyPatch) -> None:
    films = home.films
    item, other = films.items()
    with contextlib.suppress(Killed):
        films.publisher(Fragile(at=12)).publish(item)

    def broken(*_: Any) -> Any:
        raise Trouble(PublishFailure.IO_ERROR, "the disk does not answer")

    monkeypatch.setattr(service, "inspect", broken)
    with films.database.transaction() as uow:
        jobs.enqueue(uow, PUBLISH, Publish(items=(item, other)))
    for _ in range(3):
        home.wait(60)
    ended = films.rows("SELECT status FROM jobs WHERE kind = 'publish.publish' ORDER BY id")
    assert ended == [("completed",), ("completed",)]  # what was asked for, and one try to close the run
    assert films.one("SELECT publication FROM media_items WHERE id = :item", item=other) == "published"
    monkeypatch.undo()
    home.wait(3700)
    assert films.one("SELECT count(*) FROM publish_runs WHERE status = 'running'") == 0
