"""What a later scan makes of changes: touched, changed, moved, renamed, vanished and returned files."""

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from domain.catalog.resolving import store_values
from domain.catalog.sources import USER
from domain.kit.database import Database
from tests.libraries.scan.conftest import Disk

FILM = "Paper Lanterns (2019)"
STATES = "SELECT title, availability FROM media_items ORDER BY title"

_opened: list[str] = []
_is_listening = False


def _hear(event: str, arguments: tuple[object, ...]) -> None:
    if event == "open" and isinstance(arguments[0], str | bytes):
        _opened.append(os.fsdecode(arguments[0]))


@pytest.fixture
def opened() -> Callable[[Path], list[str]]:
    """The files below a folder that were opened since the last call."""
    global _is_listening
    if not _is_listening:
        sys.addaudithook(_hear)  # for good: a hook cannot be taken back
        _is_listening = True
    _opened.clear()

    def since(folder: Path) -> list[str]:
        found = [path for path in _opened if path.startswith(f"{folder}/")]
        _opened.clear()
        return found

    return since


def edit(disk: Disk, **values: object) -> int:
    """A person's edit of the one film; its id."""
    item: int = disk.one("SELECT id FROM media_items WHERE level = 0")
    with disk.database.transaction() as uow:
        store_values(uow, USER, {item: values})
    return item


def test_an_unchanged_library_opens_no_file(films: Disk, opened: Callable[[Path], list[str]]) -> None:
    films.put(f"{FILM}/{FILM}.mkv")
    films.put(f"{FILM}/movie.nfo", "<movie><title>Lampiony</title></movie>")
    films.put(f"{FILM}/poster.jpg")
    films.scan()
    assert len(opened(films.root)) > 0
    summary = films.scan()
    assert opened(films.root) == []
    assert summary["files"] == 3
    assert not any(name.startswith(("items_", "files_")) for name in summary)


def test_a_new_file_beside_others_opens_only_itself(films: Disk, opened: Callable[[Path], list[str]]) -> None:
    films.put(f"{FILM}/{FILM}.mkv")
    films.put(f"{FILM}/poster.jpg")
    films.scan()
    opened(films.root)
    fanart = films.put(f"{FILM}/fanart.jpg")
    opened(films.root)
    films.scan()
    assert set(opened(films.root)) == {str(fanart)}


def test_a_touched_file_is_not_probed_again_and_a_changed_one_is(films: Disk) -> None:
    video = films.put(f"{FILM}/{FILM}.mkv")
    films.scan()
    os.utime(video, (1, 1))
    films.scan()
    assert films.eyes.probed == [str(video)]
    video.write_bytes(b"other bytes")
    films.scan()
    assert films.eyes.probed == [str(video)] * 2
    assert films.one("SELECT count(*) FROM media_items") == 1


def test_a_moved_film_keeps_its_identity_and_edits(films: Disk) -> None:
    films.put(f"{FILM}/{FILM}.mkv")
    films.put(f"{FILM}/poster.jpg")
    films.scan()
    item = edit(films, title="My own title")
    file = films.one("SELECT id FROM media_files WHERE file_kind = 'video'")
    token = films.one("SELECT token FROM assets")
    (films.root / FILM).rename(films.root / "Renamed Lanterns (2020)")
    renamed = films.root / "Renamed Lanterns (2020)"
    (renamed / f"{FILM}.mkv").rename(renamed / "Renamed Lanterns (2020).mkv")
    summary = films.scan()
    assert films.rows("SELECT id, title, year, availability FROM media_items") == [(item, "My own title", 2020, "present")]
    assert films.one("SELECT id FROM media_files WHERE file_kind = 'video'") == file
    assert films.one("SELECT token FROM assets") == token
    assert films.one("SELECT directory_path FROM media_items") == str(renamed)
    assert summary["files_moved"] == 2
    assert "items_added" not in summary


def test_a_file_moved_to_another_root_of_the_library_keeps_its_identity(films: Disk, database: Database, tmp_path: Path) -> None:
    second = tmp_path / "second"
    second.mkdir()
    with database.transaction() as uow:
        uow.session.connection().exec_driver_sql(
            "INSERT INTO library_paths (library_id, path, position, created_at, updated_at)"
            f" SELECT id, '{second}', 1, created_at, updated_at FROM libraries"
        )
    films.put(f"{FILM}/{FILM}.mkv")
    films.put("Other (2001)/Other (2001).mkv")
    films.scan()
    before = films.rows("SELECT id, title FROM media_items ORDER BY id")
    shutil.move(films.root / FILM, second / FILM)
    films.scan()
    assert films.rows("SELECT id, title FROM media_items ORDER BY id") == before
    assert films.rows(STATES) == [("Other", "present"), ("Paper Lanterns", "present")]


def test_a_renamed_series_folder_keeps_the_series_its_episodes_and_edits(series: Disk) -> None:
    for number in (1, 2, 3):
        series.put(f"Show (2010)/Season 01/Show S01E0{number}.mkv")
    series.put("Show (2010)/poster.jpg")
    series.scan()
    before = series.rows("SELECT id, kind, position FROM media_items ORDER BY id")
    edit(series, plot="Mine.")
    (series.root / "Show (2010)").rename(series.root / "The Show (2011)")
    series.scan()
    assert series.rows("SELECT id, kind, position FROM media_items ORDER BY id") == before
    top = series.rows("SELECT title, year, plot, directory_path FROM media_items WHERE kind = 'series'")
    assert top == [("The Show", 2011, "Mine.", str(series.root / "The Show (2011)"))]


def test_episodes_that_change_their_numbers_take_their_items_along(series: Disk) -> None:
    for number in (1, 2, 3):
        series.put(f"Show (2010)/Season 01/Show S01E0{number}.mkv", f"content of {number}")
    series.scan()
    query = "SELECT i.id, i.position FROM media_items i WHERE i.kind = 'episode' ORDER BY i.position"
    before = series.rows(query)
    season = series.root / "Show (2010)" / "Season 01"
    for number in (3, 2, 1):
        (season / f"Show S01E0{number}.mkv").rename(season / f"Show S01E0{number + 1}.mkv")
    summary = series.scan()
    assert series.rows(query) == [(key, number + 1) for key, number in before]
    assert summary["files_moved"] == 3


def test_two_files_that_change_names_change_places(series: Disk) -> None:
    season = series.put("Show (2010)/Season 01/Show S01E01.mkv", "the first").parent
    series.put("Show (2010)/Season 01/Show S01E02.mkv", "the second, longer")
    series.scan()
    join = "item_files l JOIN media_files f ON f.id = l.file_id"
    query = f"SELECT l.item_id, f.size_bytes FROM {join} ORDER BY 1"
    before = series.rows(query)
    (season / "Show S01E01.mkv").rename(season / "x")
    (season / "Show S01E02.mkv").rename(season / "Show S01E01.mkv")
    (season / "x").rename(season / "Show S01E02.mkv")
    series.scan()
    assert series.rows(query) == before
    assert series.rows("SELECT position FROM media_items WHERE kind = 'episode' ORDER BY id") == [(2,), (1,)]


def test_a_scan_of_one_path_looks_nowhere_else(films: Disk) -> None:
    films.put(f"{FILM}/{FILM}.mkv")
    films.put("Other (2001)/Other (2001).mkv")
    films.scan(below=str(films.root / FILM))
    assert films.rows(STATES) == [("Paper Lanterns", "present")]
    shutil.rmtree(films.root / FILM)
    films.scan(below=str(films.root / FILM / f"{FILM}.mkv"))
    assert films.rows(STATES) == [("Paper Lanterns", "missing")]


def test_a_scan_of_one_path_knows_a_file_that_came_from_outside(films: Disk) -> None:
    films.put(f"{FILM}/{FILM}.mkv")
    films.put("Other (2001)/Other (2001).mkv")
    films.scan()
    item = films.one("SELECT id FROM media_items WHERE title = 'Paper Lanterns'")
    (films.root / FILM).rename(films.root / "Renamed (2020)")
    summary = films.scan(below=str(films.root / "Renamed (2020)"))
    assert summary["files_moved"] == 1
    assert films.one("SELECT count(*) FROM media_items") == 2
    place = films.rows("SELECT directory_path, availability FROM media_items WHERE id = :item", item=item)
    assert place == [(str(films.root / "Renamed (2020)"), "present")]


def test_who_asks_for_one_folder_is_believed_that_it_is_gone(films: Disk) -> None:
    for number in range(1, 4):
        films.put(f"Old/Film {number} (2001)/Film {number} (2001).mkv")
        films.put(f"New/Film {number} (2011)/Film {number} (2011).mkv")
    films.scan()
    shutil.rmtree(films.root / "Old")
    assert films.scan()["warnings"] == [f"{films.root}: 3 of 6 media files are gone."]
    assert films.scan(below=str(films.root / "Old"))["warnings"] == []


def test_a_decided_identity_stays_when_the_file_is_renamed(films: Disk) -> None:
    video = films.put("tidal_final_v3/tidal_final_v3.mkv")
    films.scan()
    with films.database.transaction() as uow:
        uow.session.connection().exec_driver_sql("UPDATE media_items SET title = 'Tidal'")
        uow.session.connection().exec_driver_sql(
            """UPDATE review_queue SET status = 'resolved', resolved_at = created_at, resolution = '{"by": "user"}'"""
        )
    video.rename(video.with_name("Something Else (2003).mkv"))
    films.scan()
    assert films.rows("SELECT title, year FROM media_items") == [("Tidal", None)]
