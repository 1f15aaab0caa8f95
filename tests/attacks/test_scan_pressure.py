"""A scan under pressure: ten thousand files in one folder, files that grow meanwhile, a full disk, two workers at once."""

import os
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from domain.kit.database import Database
from domain.libraries.understanding.model import Failure, MediaFacts
from tests.libraries.scan.conftest import Disk, Eyes, films, install  # noqa: F401  (a fixture)

pytestmark = pytest.mark.both

_PAIRS = 5_000 if "CORPUS_FULL" in os.environ else 500
"""Films with a subtitle each, all in one folder."""


def test_very_many_files_in_one_folder_are_scanned_and_then_left_alone(films: Disk) -> None:  # noqa: F811
    for number in range(_PAIRS):
        films.put(f"Film {number} (2001).mkv")
        films.put(f"Film {number} (2001).en.srt")
    assert films.scan()["items_added"] == _PAIRS
    before = films.work.transactions
    again = films.scan()
    assert not [name for name in again if name.startswith(("files_", "items_", "doubts"))]
    assert films.work.transactions - before <= 2
    films.put("Film 9999 (2001).mkv")
    assert films.scan()["items_added"] == 1
    assert films.one("SELECT count(*) FROM item_files WHERE role = 'subtitle'") == _PAIRS


class Growing(Eyes):
    """While it is probed, every file gets longer, as a download does."""

    def probe(self, paths: Iterable[str]) -> Iterator[tuple[str, MediaFacts | Failure]]:
        for path, facts in super().probe(paths):
            with Path(path).open("ab") as file:
                file.write(b"more")
            yield path, facts


def test_files_that_grow_while_they_are_scanned_are_known_in_the_end(films: Disk) -> None:  # noqa: F811
    video = films.put("Film (2001)/Film (2001).mkv", b"beginning")
    calm, films.eyes = films.eyes, Growing()
    for _ in range(3):
        films.scan()
    films.eyes = calm
    assert films.scan()["files_changed"] == 1
    assert films.rows("SELECT size_bytes, missing_since FROM media_files") == [(video.stat().st_size, None)]
    assert films.one("SELECT count(*) FROM media_items") == 1
    assert "files_changed" not in films.scan()


def test_a_full_disk_under_the_database_ends_the_scan_and_the_next_goes_on(films: Disk, engine: str) -> None:  # noqa: F811
    for number in range(40):
        films.put(f"Film {number} (2001)/Film {number} (2001).mkv")

    def fail(connection: object, cursor: object, statement: str, *rest: object) -> None:
        nonlocal left
        if statement.startswith("INSERT INTO item_files"):
            left -= 1
            if left < 0:
                raise sa.exc.OperationalError(statement, {}, Exception("database or disk is full"))

    left = 0
    sa.event.listen(films.database.engine, "before_cursor_execute", fail)
    with pytest.raises(sa.exc.OperationalError, match="disk is full"):
        films.scan()
    assert films.one("SELECT count(*) FROM media_items") == films.one("SELECT count(*) FROM item_files") == 0
    left = 1_000
    films.scan()
    assert films.one("SELECT count(*) FROM media_items WHERE availability = 'present'") == 40


def test_two_scans_of_two_libraries_at_once_do_not_disturb_each_other(database: Database, tmp_path: Path) -> None:
    install(database)
    disks = [Disk(database, tmp_path / name, name=name) for name in ("one", "two")]
    for disk in disks:
        for number in range(60):
            film = f"Film {number} (2001)"
            disk.put(f"{film}/{film}.mkv")
            disk.put(
                f"{film}/movie.nfo",
                f"<movie><title>{film}</title><genre>G{number % 7}</genre><set>S{number % 5}</set>"
                f"<actor><name>A{number % 9}</name></actor><mpaa>PG</mpaa></movie>",
            )
    errors: list[BaseException] = []

    def run(disk: Disk) -> None:
        try:
            disk.scan()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=(disk,)) for disk in disks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert errors == []
    count = "SELECT count(*) FROM media_items WHERE library_id = :library AND media_group_id IS NOT NULL"
    assert [disk.one(count, library=disk.id) for disk in disks] == [60, 60]
    assert disks[0].one("SELECT count(*) FROM people") == 9
    assert disks[0].one("SELECT count(*) FROM collections") == 5
    assert disks[0].one("SELECT count(*) FROM genres WHERE name LIKE 'G_'") == 7
