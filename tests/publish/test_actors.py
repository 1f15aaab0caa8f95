"""Pictures of actors lie where Kodi looks for them: `.actors/First_Last.jpg` beside the film, in the folder of the series."""

from typing import Any

import pytest

from tests.publish.conftest import FILM, NFO, Shelf

SERIES = "<tvshow><title>Lanterns</title><actor><name>C. Actor</name></actor><actor><name>A/B: C?</name></actor></tvshow>"


def actors(shelf: Shelf) -> dict[str, bytes]:
    return {str(path.relative_to(shelf.root)): path.read_bytes() for path in sorted(shelf.root.rglob(".actors/*"))}


def person(shelf: Shelf, name: str) -> int:
    key: int = shelf.one("SELECT id FROM people WHERE name = :name", name=name)
    return key


@pytest.mark.both
def test_an_actors_picture_is_published_once_follows_its_change_and_goes_with_the_role(films: Shelf) -> None:
    films.put(f"{FILM}/{FILM}.mkv")
    films.put(f"{FILM}/{FILM}.nfo", NFO)
    films.put("Shared (2001).mkv")
    films.scan()
    films.publish()
    actor = person(films, "C. Actor")
    films.cached(actor, "actor_thumb", b"face")
    assert films.one("SELECT publication FROM media_items WHERE title = 'Lampiony'") == "outdated"
    films.publish()
    assert actors(films) == {f"{FILM}/.actors/C._Actor.jpg": b"face"}
    before = films.state()
    films.publish()
    assert films.state() == before
    films.scan()
    films.publish()
    assert films.state() == before
    assert films.one("SELECT count(*) FROM assets WHERE asset_type = 'actor_thumb'") == 1
    films.cached(actor, "actor_thumb", b"older face")
    films.publish()
    assert actors(films) == {f"{FILM}/.actors/C._Actor.jpg": b"older face"}
    assert b"face" in films.binned()

    def leave(uow: Any) -> None:
        uow.session.connection().exec_driver_sql("UPDATE credits SET is_removed = true WHERE department = 'cast'")

    films.database.perform(leave)
    films.publish()
    assert actors(films) == {}


def test_a_series_has_one_folder_and_names_that_no_file_can_have_are_mended(series: Shelf) -> None:
    series.put("Lanterns/tvshow.nfo", SERIES)
    series.put("Lanterns/Season 01/Lanterns S01E01.mkv")
    series.scan()
    series.cached(person(series, "C. Actor"), "actor_thumb", b"face")
    series.cached(person(series, "A/B: C?"), "actor_thumb", b"other face")
    series.publish()
    assert actors(series) == {"Lanterns/.actors/AB_C.jpg": b"other face", "Lanterns/.actors/C._Actor.jpg": b"face"}
    before = series.state()
    series.publish()
    assert series.state() == before


def test_names_that_are_one_file_on_a_disk_without_case_have_one_picture(series: Shelf) -> None:
    series.put("Lanterns/tvshow.nfo", SERIES.replace("C. Actor", "Ab/C?"))
    series.put("Lanterns/Season 01/Lanterns S01E01.mkv")
    series.scan()
    series.database.perform(
        lambda uow: uow.session.connection().exec_driver_sql("UPDATE people SET name = 'aBc' WHERE name = 'A/B: C?'")
    )
    series.cached(person(series, "Ab/C?"), "actor_thumb", b"first")
    series.cached(person(series, "aBc"), "actor_thumb", b"other")
    series.publish()
    assert actors(series) == {"Lanterns/.actors/AbC.jpg": b"first"}
    assert series.one("SELECT count(*) FROM media_items WHERE publication <> 'published'") == 0


def test_somebodys_own_picture_of_an_actor_stays_where_it_is(films: Shelf) -> None:
    films.put(f"{FILM}/{FILM}.mkv")
    films.put(f"{FILM}/{FILM}.nfo", NFO)
    films.put(f"{FILM}/.actors/C._Actor.jpg", b"theirs")
    films.scan()
    films.publish()
    assert actors(films) == {f"{FILM}/.actors/C._Actor.jpg": b"theirs"}
    assert films.plan()[f"{FILM}/.actors/C._Actor.jpg"] == ("in_place", "lies_where_players_look")
