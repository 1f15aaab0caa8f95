"""NFO files: every shape is heard, what contradicts or attacks is not, and people's own words stand above."""

import pytest

from domain.catalog.resolving import store_values
from domain.catalog.sources import USER
from tests.libraries.scan.conftest import Disk

FILM = "Paper Lanterns (2019)"
FULL = """<?xml version="1.0" encoding="UTF-8"?>
<movie><title>Lampiony</title><originaltitle>Paper Lanterns</originaltitle><sorttitle>Lampiony 1</sorttitle>
<ratings><rating name="imdb" max="10"><value>7.9</value><votes>1,234</votes></rating></ratings>
<plot>Two sisters rebuild a theatre.</plot><tagline>Light it again.</tagline><runtime>104</runtime><mpaa>PG-13</mpaa>
<uniqueid type="tmdb" default="true">900101</uniqueid><uniqueid type="imdb">tt9900101</uniqueid>
<genre>Drama</genre><genre>Music</genre><country>Poland</country><tag>theatre</tag><studio>Northlight</studio>
<set><name>Lantern Collection</name><overview>All lanterns.</overview></set>
<credits>A. Writer</credits><director>B. Director</director><premiered>2019-11-05</premiered>
<actor><name>C. Actor</name><role>Hanna</role><order>0</order></actor></movie>"""
TITLE = "SELECT title, plot FROM media_items"


def decide(disk: Disk, statement: str) -> None:
    """A person's act, in SQL."""
    with disk.database.transaction() as uow:
        uow.session.connection().exec_driver_sql(statement)


def test_a_full_nfo_fills_fields_lists_people_scores_and_collection(films: Disk) -> None:
    films.put(f"{FILM}/{FILM}.mkv")
    films.put(f"{FILM}/movie.nfo", FULL)
    films.scan()
    columns = "title, original_title, sort_title, plot, tagline, year, runtime_ms, min_age, identification"
    assert films.rows(f"SELECT {columns} FROM media_items") == [
        (
            "Lampiony",
            "Paper Lanterns",
            "Lampiony 1",
            "Two sisters rebuild a theatre.",
            "Light it again.",
            2019,
            6_240_000,
            13,
            "identified",
        )
    ]
    assert str(films.one("SELECT release_date FROM media_items")) == "2019-11-05"
    genres = "SELECT g.name FROM item_genres l JOIN genres g ON g.id = l.genre_id ORDER BY l.position"
    assert films.rows(genres) == [("Drama",), ("Music",)]
    assert films.rows("SELECT s.name FROM item_studios l JOIN studios s ON s.id = l.studio_id") == [("Northlight",)]
    assert films.rows("SELECT c.name FROM item_countries l JOIN countries c ON c.id = l.country_id") == [("Poland",)]
    assert films.rows("SELECT key, origin FROM tags") == [("theatre", "sidecar")]
    assert films.rows("SELECT source, votes FROM item_ratings") == [("imdb", 1234)]
    credits = "SELECT p.name, c.department, c.role FROM credits c JOIN people p ON p.id = c.person_id ORDER BY p.name"
    assert films.rows(credits) == [("A. Writer", "writing", ""), ("B. Director", "directing", ""), ("C. Actor", "cast", "Hanna")]
    assert films.rows("SELECT name, plot FROM collections") == [("Lantern Collection", "All lanterns.")]
    ids = "SELECT provider, namespace, external_id, is_default FROM external_ids WHERE entity_kind = 'movie' ORDER BY provider"
    assert films.rows(ids) == [("imdb", "title", "tt9900101", False), ("tmdb", "movie", "900101", True)]


@pytest.mark.parametrize(
    "text",
    [
        "https://www.themoviedb.org/movie/900101",
        "<movie><title>Lampiony</title></movie>\nhttps://www.themoviedb.org/movie/900101",
        '<movie><uniqueid type="tmdb">900101</uniqueid></movie>',
    ],
)
def test_addresses_and_xml_with_an_address_give_ids(films: Disk, text: str) -> None:
    films.put(f"{FILM}/{FILM}.mkv")
    films.put(f"{FILM}/{FILM}.nfo", text)
    films.scan()
    assert films.rows("SELECT provider, namespace, external_id FROM external_ids") == [("tmdb", "movie", "900101")]


def test_hostile_xml_is_refused_and_put_up_for_review_while_the_film_stands(films: Disk) -> None:
    films.put(f"{FILM}/{FILM}.mkv")
    films.put(f"{FILM}/movie.nfo", '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><movie><title>&a;</title></movie>')
    films.scan()
    assert films.rows(TITLE) == [("Paper Lanterns", None)]
    assert films.rows("SELECT reason, status FROM review_queue") == [("nfo_refused", "pending")]
    assert films.one("SELECT probe_error FROM media_files WHERE file_kind = 'nfo'") == "forbidden_declaration"


def test_an_nfo_that_contradicts_the_name_is_asked_about_and_heard_when_a_person_says_so(films: Disk) -> None:
    films.put(f"{FILM}/{FILM}.mkv")
    nfo = films.put(f"{FILM}/movie.nfo", "<movie><title>Another Film</title><year>1987</year></movie>")
    films.scan()
    assert films.rows("SELECT title, year FROM media_items") == [("Paper Lanterns", 2019)]
    assert films.rows("SELECT reason, status FROM review_queue") == [("nfo_contradicts_name", "pending")]
    resolution = """'{"source": "nfo"}'"""
    decide(films, f"UPDATE review_queue SET status = 'resolved', resolved_at = created_at, resolution = {resolution}")
    nfo.write_text("<movie><title>Another Film </title><year>1987</year></movie>")
    films.scan()
    assert films.rows("SELECT title, year FROM media_items") == [("Another Film", 1987)]


def test_a_changed_nfo_is_read_again_and_one_that_went_away_is_forgotten(films: Disk) -> None:
    films.put(f"{FILM}/{FILM}.mkv")
    nfo = films.put(f"{FILM}/movie.nfo", "<movie><title>Lampiony</title><plot>One.</plot></movie>")
    films.scan()
    nfo.write_text("<movie><title>Lampiony</title><plot>Two, longer.</plot></movie>")
    films.scan()
    assert films.rows(TITLE) == [("Lampiony", "Two, longer.")]
    nfo.unlink()
    films.scan()
    assert films.rows(TITLE) == [("Paper Lanterns", None)]
    assert films.one("SELECT count(*) FROM media_items") == 1


def test_an_edit_stands_above_the_nfo_and_a_lock_above_everything(films: Disk) -> None:
    films.put(f"{FILM}/{FILM}.mkv")
    nfo = films.put(f"{FILM}/movie.nfo", "<movie><title>Lampiony</title><plot>One.</plot><genre>Drama</genre></movie>")
    films.scan()
    item = films.one("SELECT id FROM media_items")
    with films.database.transaction() as uow:
        store_values(uow, USER, {item: {"title": "My title"}})
    for field in ("plot", "genres"):
        decide(
            films,
            "INSERT INTO field_locks (entity_id, field, state, locked_at, created_at, updated_at)"
            f" SELECT id, '{field}', 'locked', created_at, created_at, updated_at FROM media_items",
        )
    nfo.write_text("<movie><title>Other</title><plot>Two.</plot><genre>Comedy</genre></movie>")
    films.scan()
    assert films.rows(TITLE) == [("My title", "One.")]
    assert films.rows("SELECT g.name FROM item_genres l JOIN genres g ON g.id = l.genre_id") == [("Drama",)]
    said = films.rows("SELECT source, value FROM field_values WHERE field = 'title' ORDER BY source")
    assert [source for source, _ in said] == ["name", "nfo", "user"]


def test_episodes_of_one_file_each_get_their_part_of_the_nfo(series: Disk) -> None:
    series.put("Show (2010)/Season 01/Show S01E03-E04.mkv")
    one = "<episodedetails><title>{}</title><season>1</season><episode>{}</episode></episodedetails>"
    series.put("Show (2010)/Season 01/Show S01E03-E04.nfo", one.format("Third", 3) + "\n" + one.format("Fourth", 4))
    series.put(
        "Show (2010)/tvshow.nfo", '<tvshow><title>The Show</title><namedseason number="1">Beginnings</namedseason></tvshow>'
    )
    series.scan()
    rows = series.rows("SELECT kind, position, title FROM media_items ORDER BY level, position")
    assert rows == [("series", None, "The Show"), ("season", 1, "Beginnings"), ("episode", 3, "Third"), ("episode", 4, "Fourth")]


def test_a_cast_without_all_its_numbers_keeps_the_order_that_kodi_gives_it(films: Disk) -> None:
    films.put(f"{FILM}/{FILM}.mkv")
    cast = [
        ("Third", "<order>2</order>"),
        ("First", "<order>0</order>"),
        ("Ann", ""),
        ("Ben", ""),
        ("Second", "<order>1</order>"),
    ]
    actors = "".join(f"<actor><name>{name}</name>{order}</actor>" for name, order in cast)
    films.put(f"{FILM}/movie.nfo", f"<movie><title>Lampiony</title><director>D</director>{actors}</movie>")
    films.scan()
    billed = "SELECT p.name FROM credits c JOIN people p ON p.id = c.person_id WHERE c.department = 'cast' ORDER BY c.position"
    assert [name for (name,) in films.rows(billed)] == ["First", "Second", "Third", "Ann", "Ben"]


def test_an_episode_nfo_with_other_numbers_is_asked_about(series: Disk) -> None:
    series.put("Show (2010)/Season 01/Show S01E03.mkv")
    nfo = "<episodedetails><title>Wrong</title><season>2</season><episode>9</episode></episodedetails>"
    series.put("Show (2010)/Season 01/Show S01E03.nfo", nfo)
    series.scan()
    assert series.rows("SELECT position, title FROM media_items WHERE kind = 'episode'") == [(3, "Episode 3")]
    assert series.rows("SELECT reason FROM review_queue") == [("nfo_contradicts_name",)]
