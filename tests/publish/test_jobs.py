"""The job of publishing: killed for good, it comes back when its lease has expired, and makes everything whole."""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

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
    assert films.rows("SELECT status, count(*) FROM publish_runs GROUP BY status ORDER BY status") == [
        ("completed", 1), ("running", 1),
    ]  # fmt: skip
    with films.database.transaction() as uow:
        uow.session.execute(sa.update(JOBS).values(lease_until=uow.now() - timedelta(hours=1)))
        assert leases.sweep(uow, max_deaths=3, random=lambda: 0.0) == 1
    settings = Settings(DATABASE_URL=database_url, data_dir=tmp_path)
    (result,) = run_jobs(films.database, settings, PUBLISH)
    assert (result["items"], result["failures"]) == (3, [])
    states = films.rows("SELECT status, count(*) FROM publish_runs GROUP BY status ORDER BY status")
    assert states == [("completed", 3), ("interrupted", 1)]
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
