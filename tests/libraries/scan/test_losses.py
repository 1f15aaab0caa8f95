"""What a scan makes of losses: vanished and returned files, disks that are not there, folders that cannot be read."""

import os
import shutil
from pathlib import Path

import pytest

from domain.catalog.resolving import store_values
from domain.catalog.sources import USER
from tests.libraries.scan.conftest import Disk

FILM = "Paper Lanterns (2019)"
STATES = "SELECT title, availability FROM media_items ORDER BY title"


def test_a_vanished_file_is_missing_and_a_reappearing_one_is_restored(films: Disk) -> None:
    video = films.put(f"{FILM}/{FILM}.mkv")
    for number in range(1, 6):
        films.put(f"Film {number} (200{number})/Film {number} (200{number}).mkv")
    films.scan()
    content, times = video.read_bytes(), video.stat()
    video.unlink()
    summary = films.scan()
    assert summary["items_missing"] == 1
    assert films.rows("SELECT title, availability FROM media_items WHERE missing_since IS NOT NULL") == [
        ("Paper Lanterns", "missing")
    ]
    assert films.one("SELECT count(*) FROM media_files WHERE missing_since IS NOT NULL") == 1
    video.write_bytes(content)
    os.utime(video, ns=(times.st_atime_ns, times.st_mtime_ns))
    summary = films.scan()
    assert summary["items_restored"] == 1
    assert films.one("SELECT count(*) FROM media_items WHERE availability = 'present'") == 6
    assert films.one("SELECT count(*) FROM media_files") == 6


def test_a_vanished_folder_is_missing_and_restored_even_elsewhere(films: Disk, tmp_path: Path) -> None:
    films.put(f"{FILM}/{FILM}.mkv")
    for number in range(1, 6):
        films.put(f"Film {number} (200{number})/Film {number} (200{number}).mkv")
    films.scan()
    item = films.one("SELECT id FROM media_items WHERE title = 'Paper Lanterns'")
    with films.database.transaction() as uow:
        store_values(uow, USER, {item: {"plot": "Mine."}})
    shutil.move(films.root / FILM, tmp_path / "away")
    films.scan()
    assert films.one("SELECT count(*) FROM media_items WHERE availability = 'missing'") == 1
    shutil.move(tmp_path / "away", films.root / "Back (2019)")
    films.scan()
    assert films.rows("SELECT plot, availability FROM media_items WHERE id = :item", item=item) == [("Mine.", "present")]
    assert films.one("SELECT count(*) FROM media_items") == 6


def test_when_one_of_two_copies_vanishes_the_film_is_present_and_the_other_is_default(films: Disk) -> None:
    first = films.put(f"{FILM}/{FILM} - 1080p.mkv")
    films.put(f"{FILM}/{FILM} - 720p.mkv")
    films.scan()
    default = "SELECT f.uri FROM item_files l JOIN media_files f ON f.id = l.file_id WHERE l.is_default"
    assert films.one(default) == str(first)
    first.unlink()
    films.scan()
    assert films.rows(STATES) == [("Paper Lanterns", "present")]
    assert films.one(default).endswith("720p.mkv")


def test_a_series_is_missing_only_when_all_its_episodes_are(series: Disk) -> None:
    for number in range(1, 7):
        series.put(f"Show (2010)/Season 01/Show S01E0{number}.mkv")
    series.put("Show (2010)/Season 02/Show S02E01.mkv")
    series.scan()
    (series.root / "Show (2010)/Season 02/Show S02E01.mkv").unlink()
    series.scan()
    rows = series.rows("SELECT kind, position, availability FROM media_items WHERE kind <> 'episode' ORDER BY level, position")
    assert rows == [("series", None, "present"), ("season", 1, "present"), ("season", 2, "missing")]


def test_a_vanished_mount_changes_nothing_and_warns(films: Disk, tmp_path: Path) -> None:
    films.put(f"{FILM}/{FILM}.mkv")
    films.scan()
    before = films.rows("SELECT id, uri, missing_since FROM media_files")
    films.root.rename(tmp_path / "unmounted")
    summary = films.scan()
    assert films.rows("SELECT id, uri, missing_since FROM media_files") == before
    assert films.rows(STATES) == [("Paper Lanterns", "present")]
    assert summary["warnings"] == [f"{films.root}: No such file or directory"]
    assert films.one("SELECT count(*) FROM events WHERE type = 'library.warning'") == 1
    assert films.one("SELECT missing_since FROM library_paths") is not None
    (tmp_path / "unmounted").rename(films.root)
    assert films.scan()["warnings"] == []
    assert films.one("SELECT missing_since FROM library_paths") is None


def test_an_emptied_mount_changes_nothing_and_warns(films: Disk, tmp_path: Path) -> None:
    films.put(f"{FILM}/{FILM}.mkv")
    films.scan()
    shutil.move(films.root / FILM, tmp_path / "elsewhere")
    assert films.scan()["warnings"] == [f"{films.root}: The folder is empty."]
    assert films.rows(STATES) == [("Paper Lanterns", "present")]


def test_more_than_a_fifth_gone_changes_nothing_and_a_fifth_is_believed(films: Disk) -> None:
    for number in range(1, 11):
        films.put(f"Film {number} (2001)/Film {number} (2001).mkv")
    films.scan()
    shutil.rmtree(films.root / "Film 1 (2001)")
    shutil.rmtree(films.root / "Film 2 (2001)")
    shutil.rmtree(films.root / "Film 3 (2001)")
    films.put("New (2022)/New (2022).mkv")
    summary = films.scan()
    assert summary["warnings"] == [f"{films.root}: 3 of 10 media files are gone."]
    assert films.one("SELECT count(*) FROM media_items WHERE availability = 'present'") == 10
    films.put("Film 3 (2001)/Film 3 (2001).mkv")
    summary = films.scan()
    assert summary["warnings"] == []
    assert films.one("SELECT count(*) FROM media_items WHERE availability = 'missing'") == 2
    assert films.one("SELECT count(*) FROM media_items WHERE availability = 'present'") == 9


def test_a_folder_that_cannot_be_read_is_reported_and_what_it_held_stays(films: Disk, monkeypatch: pytest.MonkeyPatch) -> None:
    films.put(f"{FILM}/{FILM}.mkv")
    films.put("Other (2001)/Other (2001).mkv")
    films.scan()
    list_all = os.scandir

    def refuse(path: str) -> object:
        if path.endswith(FILM):
            raise PermissionError(13, "Permission denied")
        return list_all(path)

    monkeypatch.setattr(os, "scandir", refuse)
    summary = films.scan()
    assert summary["problems"] == [f"{films.root / FILM}: Permission denied"]
    assert films.rows(STATES) == [("Other", "present"), ("Paper Lanterns", "present")]
