"""Files that change hands: between libraries, under deleted items, overwritten by others; folders named like patterns."""

from pathlib import Path

import pytest

from domain.kit.database import Database
from tests.libraries.scan.conftest import Disk

pytestmark = pytest.mark.both

FILM = "Paper Lanterns (2019)"


def act(disk: Disk, statement: str) -> None:
    with disk.database.transaction() as uow:
        uow.session.connection().exec_driver_sql(statement)


def test_a_folder_that_goes_to_another_library_leaves_the_old_item_there(films: Disk, database: Database, tmp_path: Path) -> None:
    films.put(f"{FILM}/{FILM}.mkv")
    films.scan()
    other = Disk(database, tmp_path / "other", name="Other films")
    act(films, f"UPDATE media_files SET missing_since = created_at, directory_id = NULL WHERE library_id = {films.id}")
    act(films, f"DELETE FROM library_paths WHERE library_id IN ({films.id}, {other.id})")
    act(
        films,
        "INSERT INTO library_paths (library_id, path, position, created_at, updated_at)"
        f" SELECT id, '{films.root}', 0, created_at, updated_at FROM libraries WHERE id = {other.id}",
    )
    other.scan()
    rows = films.rows("SELECT library_id, availability FROM media_items ORDER BY id")
    assert rows == [(films.id, "none"), (other.id, "present")]
    assert films.rows("SELECT library_id, missing_since FROM media_files") == [(other.id, None)]


def test_a_deleted_film_is_not_made_again_while_its_file_stays(films: Disk) -> None:
    films.put(f"{FILM}/{FILM}.mkv")
    films.scan()
    act(films, "UPDATE media_items SET deleted_at = created_at")
    films.put(f"{FILM}/poster.jpg")
    films.scan()
    assert films.one("SELECT count(*) FROM media_items") == 1
    assert films.one("SELECT count(*) FROM item_files") == 1
    assert films.rows("SELECT reason FROM review_queue") == []


def test_a_film_whose_file_was_overwritten_by_another_film_is_missing(films: Disk) -> None:
    first = films.put("First (2001)/First (2001).mkv", "the first")
    second = films.put("Second (2002)/Second (2002).mkv", "the second film")
    films.scan()
    second.replace(first)
    films.scan()
    rows = films.rows("SELECT i.availability, f.uri FROM media_items i JOIN item_files l ON l.item_id = i.id"
                      " JOIN media_files f ON f.id = l.file_id ORDER BY f.uri")  # fmt: skip
    assert [row[0] for row in rows] == ["present", "missing"]
    assert rows[0][1] == str(first)
    assert rows[1][1].startswith("replaced:")


def test_release_groups_whose_mark_is_an_ignore_pattern_have_their_folders_read(films: Disk) -> None:
    films.put("Some.Film.2012.BRRip.x264.AAC-ETRG/Some.Film.2012.BRRip.x264.AAC-ETRG.mkv")
    films.put("Some.Film.2012.BRRip.x264.AAC-ETRG/ETRG.txt")
    films.put("@eaDir/Thumb (2001)/Thumb (2001).mkv")
    films.scan()
    assert films.rows("SELECT title FROM media_items") == [("Some Film",)]
    assert films.one("SELECT count(*) FROM media_files") == 1
