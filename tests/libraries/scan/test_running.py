"""How a scan runs: it can be killed, it stops when asked, tells how far it is, and writes in short transactions."""

import random
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from domain.kit.database import Database
from domain.kit.errors import NotFound
from domain.libraries.understanding.model import Failure, MediaFacts
from tests.libraries.scan import killed_scan
from tests.libraries.scan.conftest import Disk, Stopped, install
from tests.libraries.scan.dumping import dump
from tests.sampling import some
from workers.libraries.scanning import scan_library

pytestmark = pytest.mark.both

ROOT = Path(__file__).resolve().parents[3]
NFO = "<movie><title>{0}</title><genre>Drama</genre><set>Set {1}</set><actor><name>Actor {1}</name></actor></movie>"


def plant(disk: Disk) -> None:
    """Films with everything beside them, in several batches: copies in two folders, cuts, doubts, unknown files."""
    for number in range(1, 13):
        film = f"Film {number:02} (20{number:02})"
        disk.put(f"{film}/{film}.mkv")
        disk.put(f"{film}/movie.nfo", NFO.format(f"Film {number:02}", number % 3))
        disk.put(f"{film}/poster.jpg")
        disk.put(f"{film}/.actors/Actor_{number % 3}.jpg")
    disk.put("Film 03 (2003)/Film 03 (2003) {edition-Extended}.mkv")
    disk.put("Film.05.2005.2160p.BluRay.x265-GRP/Film.05.2005.2160p.BluRay.x265-GRP.mkv")
    disk.put("uncertain_v2/uncertain_v2.mkv")
    disk.put("Film 04 (2004)/Some Show S01E01.mkv")
    disk.put("loose (1999).mkv")
    disk.put("notes.txt")


def change(disk: Disk) -> None:
    """Later changes: moves, renames, losses, additions."""
    (disk.root / "Film 01 (2001)").rename(disk.root / "Zfilm 01 (2001)")
    (disk.root / "Film 12 (2012)").rename(disk.root / "Afilm 12 (2012)")
    (disk.root / "loose (1999).mkv").rename(disk.root / "tight (1999).mkv")
    shutil.rmtree(disk.root / "Film 06 (2006)")
    (disk.root / "Film 07 (2007)" / "movie.nfo").unlink()
    disk.put("Film 08 (2008)/movie.nfo", NFO.format("Film Eight", 9))
    disk.put("Film 20 (2020)/Film 20 (2020).mkv")


def run(url: str, library_id: int, at: int, how: str, told: Path) -> int:
    """Scan in a process of its own; its exit code."""
    script = [sys.executable, str(Path(killed_scan.__file__)), url, str(library_id), str(at), how, str(told)]
    return subprocess.run(
        script, cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, check=False, capture_output=True, timeout=120
    ).returncode


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.slow), pytest.param(3, marks=pytest.mark.slow)])
def test_killed_anywhere_it_goes_on_and_ends_with_the_rows_of_an_undisturbed_scan(
    films: Disk, database_url: str, sqlite_template: Path, tmp_path: Path, seed: int
) -> None:
    calm_url = f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'calm.db')}"
    calm = Database(calm_url)
    install(calm)
    undisturbed = Disk(calm, films.root)
    plant(films)
    chance = random.Random(seed)
    for act in (lambda: None, lambda: change(films)):
        act()
        before = undisturbed.work.transactions
        scan_library(
            undisturbed.work,
            calm.read,
            undisturbed.eyes.readers(),
            library_id=undisturbed.id,
            piece_files=killed_scan.PIECE_FILES,
        )
        most = undisturbed.work.transactions - before
        # The second time less is left to do: it dies early enough to die at all.
        deaths = [(at, chance.choice(["open", "committed"])) for at in (chance.randint(2, most - 2), 2)]
        for at, how in some(deaths, 2):
            assert run(database_url, films.id, at, how, tmp_path / "told") == -9, f"seed {seed}: {deaths}"
        assert run(database_url, films.id, 0, "open", tmp_path / "told") == 0
        expected, found = dump(calm), dump(films.database)
        assert {name: rows for name, rows in found.items() if rows != expected[name]} == {}, f"seed {seed}: {deaths}"
    calm.close()


def test_an_interrupted_scan_counts_on_from_its_checkpoint(films: Disk) -> None:
    plant(films)
    films.work.stop_after = 3
    with pytest.raises(Stopped):
        scan_library(films.work, films.database.read, films.eyes.readers(), library_id=films.id, piece_files=12)
    assert films.work.saved is not None
    so_far = films.work.saved["counts"]["files_added"]
    assert so_far > 0
    films.work.stop_after = None
    summary = scan_library(films.work, films.database.read, films.eyes.readers(), library_id=films.id, piece_files=12)
    assert summary["files_added"] == films.one("SELECT count(*) FROM media_files") > so_far


def test_it_stops_within_two_seconds_even_while_a_file_hangs(films: Disk) -> None:
    from workers.libraries.readers import make_readers

    class HangingPool:
        """A pool whose first file never answers until the pool is closed."""

        def __init__(self) -> None:
            self.closed = threading.Event()

        def probe_many(self, paths: Iterable[str]) -> Iterator[tuple[str, MediaFacts | Failure]]:
            self.closed.wait(30)
            yield from ()

        def close(self) -> None:
            self.closed.set()

    films.put("Film (2001)/Film (2001).mkv")
    pool = HangingPool()
    began = time.monotonic()

    def check() -> None:
        if time.monotonic() - began > 0.3:
            raise Stopped

    readers = make_readers(pool, check)  # type: ignore[arg-type]
    with pytest.raises(Stopped):
        scan_library(films.work, films.database.read, readers, library_id=films.id)
    assert time.monotonic() - began < 20  # of the 30 that the file would take
    assert pool.closed.is_set()


def test_it_tells_how_far_it_is_and_sums_up_what_changed(films: Disk) -> None:
    plant(films)
    summary = scan_library(films.work, films.database.read, films.eyes.readers(), library_id=films.id, piece_files=12)
    shares = [share for share, _, _ in films.work.reports if share is not None]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert summary["items_added"] == 15
    assert summary["files_added"] == films.one("SELECT count(*) FROM media_files")
    ((payload,),) = films.rows("SELECT payload FROM events WHERE type = 'library.scanned'")
    assert "items_added" in str(payload)
    added = films.one("SELECT count(*) FROM events WHERE type = 'item.added'")
    assert added == 15
    assert films.one("SELECT last_scanned_at FROM libraries") is not None


def test_a_second_scan_of_the_same_disk_writes_no_item_and_tells_none(films: Disk) -> None:
    plant(films)
    films.scan()
    before = dump(films.database)
    films.scan()
    after = dump(films.database)
    assert {name: after[name] for name in before if before[name] != after[name]} == {}


def test_everything_looked_at_anew_changes_nothing(films: Disk) -> None:
    plant(films)
    films.scan()
    before = dump(films.database)
    with films.database.transaction() as uow:
        uow.session.connection().exec_driver_sql("UPDATE library_directories SET fingerprint = 'old'")
    films.scan()
    after = dump(films.database)
    assert {name: after[name] for name in before if before[name] != after[name]} == {}


def test_a_library_that_is_not_there_is_not_found(films: Disk) -> None:
    with pytest.raises(NotFound):
        scan_library(films.work, films.database.read, films.eyes.readers(), library_id=films.id + 1)
