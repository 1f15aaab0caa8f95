"""Doubts that come, go by themselves and come back; names that cameras make; files that may not be read yet."""

import builtins
import os
from pathlib import Path
from typing import Any

import pytest

from domain.kit.database import Database
from domain.kit.errors import PathUnusable
from domain.libraries import service
from domain.libraries.scanning import hashing
from domain.libraries.understanding.model import Failure
from tests.libraries.scan.conftest import Disk, install

FILM = "Paper Lanterns (2019)"
DOUBTS = "SELECT reason, status FROM review_queue ORDER BY reason, status"


@pytest.fixture
def rights(monkeypatch: pytest.MonkeyPatch) -> None:
    """Permissions count, also for tests that run as root."""

    def guarded(path: str, *arguments: Any, **more: Any) -> Any:
        if not os.stat(path).st_mode & 0o400:
            raise PermissionError(13, "Permission denied", path)
        return builtins.open(path, *arguments, **more)

    monkeypatch.setattr(hashing, "open", guarded, raising=False)


@pytest.mark.parametrize(
    "name", ["IMG_20190714_123456.mkv", "IMG_2019….mkv", "DSC_0042.mkv", "GX010023.mkv", "20190714_123456.mkv"]
)
def test_a_cameras_number_is_no_name_and_no_episode(films: Disk, name: str) -> None:
    films.put(name)
    films.put(f"Holiday/{name}")
    films.put(f"{FILM}/{name}", "in a film's own folder")
    films.scan()
    assert films.rows("SELECT title FROM media_items") == [("Paper Lanterns",)]
    rows = films.rows("SELECT reason, confidence, candidates FROM review_queue")
    assert [(reason, confidence) for reason, confidence, _ in rows] == [("unknown_name", 0.0)] * 2
    assert all(candidates in ("[]", []) for _, _, candidates in rows)


def test_an_episode_among_films_is_at_most_half_certain(films: Disk) -> None:
    films.put("Some Show S01E02.mkv")
    films.scan()
    assert films.rows("SELECT reason, confidence FROM review_queue") == [("unknown_name", 0.5)]


def test_titles_that_look_like_a_cameras_words_are_films(films: Disk) -> None:
    for name in ("THX 1138 (1971).mkv", "REC (2007).mkv", "2012.mkv", "1917 (2019).mkv", "Video 2001.mkv"):
        films.put(name)
    films.scan()
    assert films.one("SELECT count(*) FROM media_items") == 5


def test_the_question_of_a_namesake_closes_when_that_is_gone_and_opens_when_it_is_back(films: Disk) -> None:
    films.put("Twins (2020)/Twins (2020).mkv")
    for number in range(6):
        films.put(f"Film {number} (2001)/Film {number} (2001).mkv")
    films.scan()
    films.put("Twins/Twins.mkv")
    films.scan()
    assert ("ambiguous_duplicate", "pending") in films.rows(DOUBTS)
    away = films.root.parent / "away"
    (films.root / "Twins (2020)").rename(away)
    films.scan()
    assert ("ambiguous_duplicate", "resolved") in films.rows(DOUBTS)
    assert "scan" in str(films.one("SELECT resolution FROM review_queue WHERE reason = 'ambiguous_duplicate'"))
    away.rename(films.root / "Twins (2020)")
    films.scan()
    assert ("ambiguous_duplicate", "pending") in films.rows(DOUBTS)
    assert films.one("SELECT count(*) FROM review_queue WHERE reason = 'ambiguous_duplicate'") == 1


def test_a_failure_that_comes_back_is_asked_about_again_and_names_its_film(films: Disk) -> None:
    broken = Failure("not_media", "Invalid data")
    films.eyes.media[f"{FILM}.mkv"] = broken
    films.put(f"{FILM}/{FILM}.mkv")
    films.scan()
    film = films.one("SELECT id FROM media_items")
    assert f"itm_{film}" in str(films.one("SELECT candidates FROM review_queue"))
    films.eyes.media.clear()
    films.put(f"{FILM}/{FILM}.mkv", "whole")
    films.scan()
    films.eyes.media[f"{FILM}.mkv"] = broken
    films.put(f"{FILM}/{FILM}.mkv", "broken once more")
    assert films.scan()["doubts"] == 1
    assert films.rows(DOUBTS) == [("probe_failed", "pending")]


@pytest.mark.usefixtures("rights")
def test_what_could_not_be_read_for_lack_of_rights_is_read_when_it_can_be(films: Disk) -> None:
    video = films.put(f"{FILM}/{FILM}.mkv")
    nfo = films.put(f"{FILM}/movie.nfo", "<movie><title>Lampiony</title></movie>")
    for path in (video, nfo):
        path.chmod(0)
    films.scan()
    assert films.rows(DOUBTS) == [("nfo_refused", "pending"), ("probe_failed", "pending")]
    again = films.scan()
    assert not [name for name in again if name.startswith(("files_", "items_", "doubts"))]
    for path in (video, nfo):
        path.chmod(0o644)
    films.scan()
    assert films.rows(DOUBTS) == [("nfo_refused", "resolved"), ("probe_failed", "resolved")]
    assert films.rows("SELECT title, runtime_ms FROM media_items") == [("Lampiony", 5_400_000)]


@pytest.mark.usefixtures("rights")
def test_a_folder_with_an_unreadable_file_that_goes_takes_its_files_along(films: Disk) -> None:
    for number in range(6):
        films.put(f"Film {number} (2001)/Film {number} (2001).mkv")
    films.put(f"{FILM}/{FILM}.mkv").chmod(0)
    films.scan()
    (films.root / FILM).rename(films.root.parent / "away")
    assert films.scan()["items_missing"] == 1


def test_a_copy_that_returns_after_its_film_was_renamed_is_the_film_that_its_name_says(films: Disk) -> None:
    films.put(f"{FILM}/{FILM}.mkv", "one")
    copy = films.put(f"{FILM}/{FILM} - 720p.mkv", "two, longer")
    for number in range(6):
        films.put(f"Film {number} (2001)/Film {number} (2001).mkv")
    films.scan()
    film = films.one("SELECT id FROM media_items WHERE title = 'Paper Lanterns'")
    away = films.root.parent / "away.mkv"
    copy.rename(away)
    films.scan()
    renamed = films.root / "Lampiony (2020)"
    (films.root / FILM).rename(renamed)
    (renamed / f"{FILM}.mkv").rename(renamed / "Lampiony (2020).mkv")
    films.scan()
    assert films.rows("SELECT title FROM media_items WHERE id = :film", film=film) == [("Lampiony",)]
    copy.parent.mkdir()
    away.rename(copy)
    films.scan()
    rows = films.rows("SELECT title, year, availability FROM media_items WHERE title NOT LIKE 'Film%' ORDER BY title")
    assert rows == [("Lampiony", 2020, "present"), ("Paper Lanterns", 2019, "present")]
    assert films.one("SELECT count(*) FROM media_files WHERE missing_since IS NOT NULL") == 0


def test_the_last_words_of_a_scan_sum_it_up(films: Disk) -> None:
    films.put(f"{FILM}/{FILM}.mkv")
    films.scan()
    assert films.work.reports[-1][:2] == (1.0, "1 file; 1 new")
    films.scan()
    assert films.work.reports[-1][:2] == (1.0, "1 file; nothing changed")
    (films.root / FILM / f"{FILM}.mkv").rename(films.root / FILM / f"{FILM} 1080p.mkv")
    films.put("Lampiony (2020)/Lampiony (2020).mkv")
    films.scan()
    assert films.work.reports[-1][:2] == (1.0, "2 files; 1 new, 1 file moved")


def test_a_library_whose_folder_leads_into_anothers_is_refused(database: Database, tmp_path: Path) -> None:
    install(database)
    films = Disk(database, tmp_path / "films")
    link = tmp_path / "link"
    link.symlink_to(films.root, target_is_directory=True)
    with pytest.raises(PathUnusable, match="leads into"):
        service.check_apart(database, [str(link)])
    service.check_apart(database, [str(link)], library_id=films.id)
    (films.root / "inner").mkdir()
    (tmp_path / "deep").symlink_to(films.root / "inner", target_is_directory=True)
    with pytest.raises(PathUnusable, match="leads into"):
        service.check_apart(database, [str(tmp_path / "deep")])


def test_a_link_that_came_later_leads_no_scan_into_another_library(database: Database, tmp_path: Path) -> None:
    install(database)
    films = Disk(database, tmp_path / "films")
    films.put(f"{FILM}/{FILM}.mkv")
    films.scan()
    other = Disk(database, tmp_path / "other", name="Other")
    other.put("Own (2001)/Own (2001).mkv")
    (other.root / "more").symlink_to(films.root / FILM, target_is_directory=True)
    summary = other.scan()
    assert summary["problems"] == [f"{other.root}/more: This link leads to a folder that is scanned already."]
    assert films.one("SELECT count(*) FROM media_files") == 2
    third = Disk(database, tmp_path / "third", name="Third")
    third.root.rmdir()
    third.root.symlink_to(films.root, target_is_directory=True)
    assert third.scan()["warnings"] == [f"{third.root}: A link leads into {films.root}, a folder of another library."]
    assert films.one("SELECT count(*) FROM media_files") == 2
