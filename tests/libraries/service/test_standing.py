"""What a person decided stands through later scans, and the scan tells the rest: subtitles, NFO, pictures."""

from typing import Any

import pytest

from domain.catalog.deleting import delete_item, restore_item
from domain.catalog.editing import update_item
from domain.catalog.enums import ItemKind
from domain.kit.database import Database
from domain.libraries import reviewing, service
from domain.libraries.identifying import Identity
from tests.libraries.scan.conftest import Disk, films, series

assert films
assert series

pytestmark = pytest.mark.both

ITEMS = (
    "SELECT id, kind, title, year, position, availability, identification FROM media_items WHERE deleted_at IS NULL ORDER BY id"
)
FILES = "SELECT i.item_id, f.uri, i.role FROM item_files i JOIN media_files f ON f.id = i.file_id ORDER BY f.uri, i.item_id"


def answer(disk: Disk, choice: int | Identity) -> reviewing.Resolved:
    """Answer the one open question, and do the scan that follows."""
    question = disk.one("SELECT id FROM review_queue WHERE status = 'pending'")
    with disk.database.transaction() as uow:
        done = reviewing.resolve(uow, question, choice=choice)
        assert done.job is not None
        below: Any = done.job.payload["path"]
    disk.scan(below=below)
    return done


def settled(disk: Disk) -> list[list[tuple[Any, ...]]]:
    return [disk.rows(statement) for statement in (ITEMS, FILES, "SELECT id, status FROM review_queue ORDER BY id")]


def test_a_file_that_nobody_could_place(films: Disk) -> None:
    films.put("Odd/Show S01E02.mkv")
    films.put("Odd/Show S01E02.en.srt")
    films.put("Odd/Show S01E02.nfo", "<movie><plot>In space.</plot></movie>")
    films.put("Odd/Show S01E02-poster.jpg")
    films.scan()
    assert films.rows(ITEMS) == []
    (film,) = answer(films, Identity(ItemKind.MOVIE, "Alien", 1979)).items
    assert films.rows(ITEMS) == [(film, "movie", "Alien", 1979, None, "present", "identified")]
    roles = {uri.rpartition("/")[2]: role for _, uri, role in films.rows(FILES)}
    assert roles == {"Show S01E02.mkv": "main", "Show S01E02.en.srt": "subtitle"}
    assert films.one("SELECT plot FROM media_items") == "In space."
    assert films.one("SELECT count(*) FROM assets") == 1
    before = settled(films)
    films.put("Odd/new.txt")
    films.scan()
    assert settled(films) == before
    (films.root / "Odd/Show S01E02.mkv").rename(films.root / "Odd/Show S01E03.mkv")
    films.scan()
    assert films.rows(ITEMS) == [(film, "movie", "Alien", 1979, None, "present", "identified")]
    assert films.rows("SELECT DISTINCT status FROM review_queue") == [("resolved",)]


def test_episodes_that_nobody_could_place(series: Disk) -> None:
    series.put("Stuff/first.mkv")
    series.scan()
    (episode,) = answer(series, Identity(ItemKind.EPISODE, "Fargo", 2014, season=1, episodes=(3,))).items
    before = settled(series)
    assert before[0][2] == (episode, "episode", "Episode 3", None, 3, "present", "identified")
    series.put("Stuff/notes.txt")
    series.scan()
    assert settled(series) == before


def test_an_nfo_that_was_right(films: Disk) -> None:
    films.put("Alien (1999)/Alien (1999).mkv")
    nfo = "<movie><title>Alien</title><year>1979</year><plot>In space.</plot><uniqueid type='tmdb'>348</uniqueid></movie>"
    films.put("Alien (1999)/Alien (1999).nfo", nfo)
    films.scan()
    assert films.rows("SELECT year, plot FROM media_items") == [(1999, None)]
    answer(films, 0)
    assert films.rows("SELECT year, plot FROM media_items") == [(1979, "In space.")]
    assert films.rows("SELECT external_id FROM external_ids") == [("348",)]
    before = settled(films)
    films.put("Alien (1999)/poster.jpg")
    films.scan()
    assert settled(films) == before


def test_what_people_wrote_stands_through_a_scan(films: Disk) -> None:
    films.put("Brazil (1985)/Brazil (1985) {edition-Final Cut}.mkv")
    films.put("Brazil (1985)/movie.nfo", "<movie><title>Brazil</title><genre>Comedy</genre><tag>a</tag></movie>")
    films.scan()
    key = films.one("SELECT id FROM media_items")
    words = {"title": "My Brazil", "genres": ["Satire"], "tags": ["best"], "edition": "Gilliam's Cut"}
    with films.database.transaction() as uow:
        update_item(uow, item_id=key, changes=words)
    films.put("Brazil (1985)/movie.nfo", "<movie><title>Brasil</title><genre>Drama</genre><tag>b</tag><plot>x</plot></movie>")
    films.scan()
    assert films.rows("SELECT title, edition, plot FROM media_items") == [("My Brazil", "Gilliam's Cut", "x")]
    named = "SELECT g.name FROM item_genres i JOIN genres g ON g.id = i.genre_id"
    assert films.rows(named) == [("Satire",)]
    assert films.rows("SELECT key, origin FROM tags") == [("best", "user")]
    with films.database.transaction() as uow:
        update_item(uow, item_id=key, changes=dict.fromkeys(words))
    assert films.rows("SELECT title, edition, plot FROM media_items") == [("Brasil", "Final Cut", "x")]
    assert films.rows(named) == [("Drama",)]
    assert films.rows("SELECT key, origin FROM tags") == [("b", "sidecar")]


def test_a_root_that_moves_keeps_its_films(films: Disk, database: Database) -> None:
    films.put("Alien (1979)/Alien (1979).mkv")
    films.scan()
    key = films.one("SELECT id FROM media_items")
    moved = films.root.with_name("elsewhere")
    films.root.rename(moved)
    with database.transaction() as uow:
        service.update_library(uow, library_id=films.id, changes={"paths": [str(moved)]})
    assert films.rows(ITEMS) == [(key, "movie", "Alien", 1979, None, "missing", "unidentified")]
    films.scan()
    assert films.rows(ITEMS) == [(key, "movie", "Alien", 1979, None, "present", "unidentified")]
    assert films.rows("SELECT uri FROM media_files") == [(f"{moved}/Alien (1979)/Alien (1979).mkv",)]


def test_a_deleted_film_stays_deleted(films: Disk, database: Database) -> None:
    films.put("Alien (1979)/Alien (1979).mkv")
    films.scan()
    key = films.one("SELECT id FROM media_items")
    with database.transaction() as uow:
        delete_item(uow, item_id=key)
    films.put("Alien (1979)/poster.jpg")
    films.scan()
    assert films.rows(ITEMS) == []
    with database.transaction() as uow:
        restore_item(uow, item_id=key)
    assert [row[:3] for row in films.rows(ITEMS)] == [(key, "movie", "Alien")]
