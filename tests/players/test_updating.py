"""What a player is told of changed items: folders to read, items to read anew, items to let go."""

from typing import Any

import pytest
import sqlalchemy as sa

from domain.kit.ids import global_id
from domain.libraries.enums import FileRole
from tests.factories.shelves import ROOT
from tests.players.conftest import THEIRS, Home
from tests.players.kodi_films import LANTERNS, laid, scans, shown, text_of


def test_what_the_player_has_is_refreshed_and_not_scanned(home: Home) -> None:
    kodi = home.kodi("One", of=home.group())
    film = home.film("Paper Lanterns", LANTERNS, tmdb="1")
    laid(kodi)
    kodi.shelves.scan("")
    kodi.shelves.disk[f"{THEIRS}/{LANTERNS}"]["title"] = "Paper Lanterns: The Cut"
    (told,) = home.sync(film)["groups"]
    assert (told["refreshed"], told["added"], told["scanned"]) == (1, 0, [])
    assert (shown(kodi), scans(kodi)) == (["Paper Lanterns: The Cut"], [])


def test_the_root_is_read_where_the_folder_did_not_help(home: Home) -> None:
    kodi = home.kodi("One", of=home.group())
    film = home.film("Paper Lanterns", f"A/B/{LANTERNS}", tmdb="1")
    laid(kodi, f"A/B/{LANTERNS}")
    kodi.shelves.listed = lambda directory: iter(())  # type: ignore[method-assign]
    (told,) = home.sync(film)["groups"]
    assert scans(kodi) == [f"{THEIRS}/A/B/Paper Lanterns (2019)/", f"{THEIRS}/"]
    assert (told["added"], told["missing"], shown(kodi)) == (1, [], ["Paper Lanterns"])


def test_what_is_missing_afterwards_is_named(home: Home) -> None:
    kodi = home.kodi("One", of=home.group())
    film = home.film("Paper Lanterns", LANTERNS, tmdb="1")
    raw = home.film("Raw", "Raw/raw.mkv", tmdb="2", published=False)
    (told,) = home.sync(film, raw)["groups"]
    assert (told["added"], told["missing"], told["outside"]) == (0, [global_id("media_items", film)], [])
    assert scans(kodi) == [f"{THEIRS}/Paper Lanterns (2019)/", f"{THEIRS}/Raw/", f"{THEIRS}/"]


def test_folders_that_the_player_has_no_source_for_are_named(home: Home) -> None:
    kodi = home.kodi("One", of=home.group())
    kodi.shelves.sources["video"] = [{"label": "Films", "file": f"{THEIRS}2/"}]
    key = home.ask(home.film("Raw", "Raw/raw.mkv", tmdb="2", published=False))
    home.work()
    (told,) = home.job(key)["result"]["groups"]
    assert told["outside"] == told["scanned"] == [f"{THEIRS}/Raw"]
    missing = "in none of its sources: a path mapping or a source is missing"
    assert text_of(home, key) == f"1 group; One: 1 of 1 folder lies {missing}"
    two = [home.film(f"Raw {each}", f"Raw {each}/raw.mkv", tmdb=each, published=False) for each in ("3", "4")]
    kodi.shelves.sources["video"].append({"label": "More", "file": f"{THEIRS}/Raw 3/"})
    key = home.ask(*two)
    home.work()
    assert text_of(home, key) == f"1 group; One: 1 of 2 folders lie {missing}"


def test_a_file_that_is_gone_is_removed_and_the_new_one_read(home: Home) -> None:
    kodi = home.kodi("One", of=home.group())
    old, new = "Paper Lanterns (2019)/old.720p.mkv", "Paper Lanterns (2019)/new.2160p.mkv"
    film = home.film("Paper Lanterns", old, tmdb="1")
    laid(kodi, old)
    kodi.shelves.scan("")
    home.missing(f"{ROOT}/{old}")
    with home.shelf() as shelf:
        shelf.link(film, shelf.file(new), role=FileRole.MAIN, copy=2)
    del kodi.shelves.disk[f"{THEIRS}/{old}"]
    laid(kodi, new)
    (told,) = home.sync(film)["groups"]
    assert (told["removed"], told["added"]) == (1, 1)
    assert [row["file"] for row in kodi.shelves.rows["movie"].values()] == [f"{THEIRS}/{new}"]


def test_a_file_that_moved_does_not_stand_there_twice(home: Home) -> None:
    kodi = home.kodi("One", of=home.group())
    film = home.film("Paper Lanterns", "new/p.mkv", tmdb="1")
    for path in ("old/p.mkv", "new/p.mkv"):
        laid(kodi, path)
    kodi.shelves.unlisted.clear()
    kodi.shelves.scan(f"{THEIRS}/old/")
    assert shown(kodi) == ["Paper Lanterns"]
    (told,) = home.sync(film)["groups"]
    assert (told["added"], told["removed"]) == (1, 1)
    assert [row["file"] for row in kodi.shelves.rows["movie"].values()] == [f"{THEIRS}/new/p.mkv"]


def test_the_same_film_elsewhere_stays(home: Home) -> None:
    kodi = home.kodi("One", of=home.group())
    kodi.shelves.add("movie", title="Paper Lanterns", year=2019, file="/usb/paper.mkv", uniqueid={"tmdb": "1"})
    film = home.film("Paper Lanterns", LANTERNS, tmdb="1")
    other = home.film("Paper Lanterns", "4k/paper.mkv", tmdb="1")
    kodi.shelves.add("movie", title="Paper Lanterns", year=2019, file=f"{THEIRS}/4k/paper.mkv", uniqueid={"tmdb": "1"})
    laid(kodi)
    (told,) = home.sync(film)["groups"]
    assert (told["added"], told["removed"]) == (1, 0)
    assert len(shown(kodi)) == 3
    assert other


def test_a_film_deleted_here_leaves_the_player(home: Home) -> None:
    kodi = home.kodi("One", of=home.group())
    film = home.film("Paper Lanterns", LANTERNS, tmdb="1")
    laid(kodi)
    kodi.shelves.scan("")
    with home.database.transaction() as uow:
        uow.session.execute(sa.text("UPDATE media_items SET deleted_at = updated_at WHERE id = :key"), {"key": film})
    (told,) = home.sync(film)["groups"]
    assert (told["removed"], told["scanned"], shown(kodi)) == (1, [], [])


@pytest.mark.parametrize(
    ("asked", "scanned"),
    [
        ({}, [f"{THEIRS}/"]),
        ({"folder": f"{ROOT}/Paper Lanterns (2019)"}, [f"{THEIRS}/Paper Lanterns (2019)/"]),
        ({"folder": f"{ROOT}/Nothing known"}, [f"{THEIRS}/Nothing known/"]),
        ({"folder": "/elsewhere"}, []),
    ],
    ids=["a library", "a folder", "an unknown folder", "a folder of no library"],
)
def test_what_is_scanned(home: Home, asked: dict[str, Any], scanned: list[str]) -> None:
    kodi = home.kodi("One", of=home.group())
    home.film("Paper Lanterns", LANTERNS, tmdb="1")
    laid(kodi)
    home.sync(**asked)
    assert scans(kodi) == scanned


def test_many_new_films_are_one_scan_of_their_root(home: Home) -> None:
    kodi = home.kodi("One", of=home.group())
    films = []
    for number in range(21):
        films.append(home.film(f"Film {number}", f"Film {number}/f.mkv", tmdb=str(number)))
        laid(kodi, f"Film {number}/f.mkv", title=f"Film {number}", tmdb=str(number))
    (told,) = home.sync(*films)["groups"]
    assert (told["added"], scans(kodi)) == (21, [f"{THEIRS}/"])
