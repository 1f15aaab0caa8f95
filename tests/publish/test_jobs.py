"""The job of publishing: killed for good, it comes back when its lease has expired, and makes everything whole."""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from domain.jobs import leases, service
from domain.jobs.kinds import PUBLISH, Publish
from domain.jobs.tables import JOBS
from domain.settings import Settings
from tests.publish.conftest import Shelf
from tests.publish.running import run_jobs

TITLES = ("Alien (1979)", "Brazil (1985)", "Contact (1997)")


@pytest.mark.both
def test_a_killed_job_comes_back_and_database_and_disk_agree(films: Shelf, database_url: str, tmp_path: Path) -> None:
    for title in TITLES:
        films.put(f"{title}/{title}.mkv")
        films.put(f"{title}/{title}.nfo", "<movie><plot>Theirs.</plot></movie>")
    films.scan()
    for item in films.items():
        films.cached(item, "poster", b"poster of %d" % item)
    with films.database.transaction() as uow:
        service.enqueue(uow, PUBLISH, Publish(library_id=films.id))
    script = Path(__file__).with_name("killed_publishing.py")
    command = [sys.executable, str(script), database_url, str(tmp_path)]
    assert subprocess.run(command, cwd=script.parents[2], timeout=60, check=False).returncode == -9
    assert films.rows("SELECT status, count(*) FROM publish_runs GROUP BY status ORDER BY status") == [("running", 3)]
    with films.database.transaction() as uow:
        uow.session.execute(sa.update(JOBS).values(lease_until=uow.now() - timedelta(hours=1)))
        assert leases.sweep(uow, max_deaths=3, random=lambda: 0.0) == 1
    settings = Settings(DATABASE_URL=database_url, data_dir=tmp_path)
    (result,) = run_jobs(films.database, settings, PUBLISH)
    assert (result["items"], result["failures"]) == (3, [])
    states = dict(films.rows("SELECT status, count(*) FROM publish_runs GROUP BY status"))
    assert (states.pop("interrupted"), states.keys()) == (3, {"completed"})
    assert sorted(films.files()) == sorted(
        f"{title}/{title}{rest}" for title in TITLES for rest in (".mkv", ".nfo", "-poster.jpg")
    )
    assert films.binned() == [b"<movie><plot>Theirs.</plot></movie>"] * 3
    assert films.one("SELECT count(*) FROM recycle_bin") == 3
    assert {state for (state,) in films.rows("SELECT publication FROM media_items")} == {"published"}
    before = films.state()
    with films.database.transaction() as uow:
        service.enqueue(uow, PUBLISH, Publish(library_id=films.id))
    run_jobs(films.database, settings, PUBLISH)
    assert films.state() == before


def test_a_stretch_of_items_is_read_and_recorded_together(films: Shelf) -> None:
    for number in range(20):
        films.put(f"Film {number:02} (2001)/Film {number:02} (2001).mkv")
    films.scan()
    for item in films.items():
        films.cached(item, "poster", b"poster of %d" % item)
    few, many = films.items()[:2], films.items()[2:]
    counted = [counted_publication(films, keys) for keys in (few, many, few + many)]
    assert counted[1] - counted[0] <= 16 * 3  # SQLite inserts rows whose keys are asked for one by one: a run and two files
    assert counted[2] < 45
    assert films.one("SELECT count(*) FROM publish_runs WHERE status = 'completed'") == 20
    before = films.state()
    films.publisher().publish_many(films.items())
    assert films.state() == before


def counted_publication(films: Shelf, keys: list[int]) -> int:
    """The statements of publishing these."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        seen.append(statement)

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        found = films.publisher().publish_many(keys)
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)
    assert [one.trouble for one in found.values() if one is not None] == [None] * len(keys)
    return len(seen)


def test_episodes_of_one_series_are_published_together_one_at_a_time(series: Shelf) -> None:
    for number in range(1, 6):
        series.put(f"Lanterns (2019)/Season 01/Lanterns (2019) S01E0{number}.mkv")
    series.scan()
    found = series.publisher().publish_many(series.items())
    assert [one is not None and one.written for one in found.values()] == [1, 1, 1, 1, 1, 1, 1]
    assert series.one("SELECT count(*) FROM media_items WHERE publication = 'published'") == 7
