"""What an NFO said goes with it: whoever told a field, a list, an id or a score is known, and falls silent alone."""

import json
import shutil
from decimal import Decimal

import pytest

from domain.catalog import told
from domain.catalog.certificates import Certificate
from domain.catalog.enums import Department
from domain.catalog.facts import CatalogueId, Score
from domain.catalog.locking import lock_fields, unlock_fields
from domain.catalog.people import PersonName
from domain.catalog.resolving import store_values
from tests.libraries.scan.conftest import Disk
from tests.libraries.scan.test_nfo import FILM, FULL

CREDITS = (
    "SELECT p.name, c.department, c.role FROM credits c JOIN people p ON p.id = c.person_id"
    " WHERE NOT c.is_removed ORDER BY c.department, c.position"
)
SCORES = "SELECT source, votes FROM item_ratings ORDER BY source"
CERTIFICATES = "SELECT system, code, is_primary FROM item_certifications ORDER BY system"
IDS = "SELECT provider, external_id, is_primary FROM external_ids WHERE entity_kind = 'movie' ORDER BY provider, external_id"
SETS = "SELECT c.name FROM collection_members m JOIN collections c ON c.id = m.collection_id ORDER BY 1"
SAID = "<movie><title>{0}</title><plot>Plot {0}.</plot><genre>{0}</genre><actor><name>Actor {0}</name></actor></movie>"
EPISODE = "<episodedetails><title>{}</title><season>1</season><episode>{}</episode><director>D{}</director></episodedetails>"
PLOTS = "SELECT position, title FROM media_items WHERE kind = 'episode' ORDER BY position"


def shown(disk: Disk) -> list[list[tuple[object, ...]]]:
    return [disk.rows(query) for query in (CREDITS, SCORES, CERTIFICATES, IDS, SETS)]


def test_all_that_an_nfo_brought_goes_with_it_and_comes_back(films: Disk) -> None:
    films.put(f"{FILM}/{FILM}.mkv")
    nfo = films.put(f"{FILM}/movie.nfo", FULL)
    films.scan()
    before = shown(films)
    assert [len(rows) for rows in before] == [3, 1, 1, 2, 1]
    nfo.unlink()
    summary = films.scan()
    assert shown(films) == [[], [], [], [], []]
    assert films.rows("SELECT title, plot, min_age, identification FROM media_items") == [
        ("Paper Lanterns", None, None, "unidentified")
    ]
    assert summary["items_changed"] == 1
    assert films.one("SELECT count(*) FROM field_values WHERE source = 'nfo'") == 0
    ((fields,),) = films.rows("SELECT changed_fields FROM events WHERE type = 'item.changed'")
    assert {"cast", "ratings", "certifications", "collections", "externalIds", "genres", "plot"} <= set(_texts(fields))
    films.put(f"{FILM}/movie.nfo", FULL)
    films.scan()
    assert shown(films) == before


def _texts(value: object) -> list[str]:
    return list(json.loads(value)) if isinstance(value, str) else list(value)  # type: ignore[call-overload]


def test_an_nfo_that_says_less_takes_back_what_it_said(films: Disk) -> None:
    films.put(f"{FILM}/{FILM}.mkv")
    nfo = films.put(f"{FILM}/movie.nfo", FULL)
    films.scan()
    nfo.write_text(
        '<movie><title>Lampiony</title><uniqueid type="tmdb">900101</uniqueid><director>B. Director</director></movie>'
    )
    films.scan()
    assert shown(films) == [[("B. Director", "directing", "")], [], [], [("tmdb", "900101", True)], []]


def test_what_a_provider_says_is_shown_again_when_the_nfo_goes(films: Disk) -> None:
    films.put(f"{FILM}/{FILM}.mkv")
    nfo = films.put(f"{FILM}/movie.nfo", FULL)
    films.scan()
    item = films.one("SELECT id FROM media_items")
    actor = told.credit(PersonName("Provider's Actor"), Department.CAST, "Actor", "Ewa")
    values = {
        "cast": [actor],
        told.RATINGS: told.ratings([Score("imdb", Decimal("1.5"), 7), Score("tmdb", Decimal("7.1"), 50)]),
        told.CERTIFICATIONS: told.certifications([Certificate("16", "DE")]),
        told.EXTERNAL_IDS: told.external_ids([CatalogueId("tmdb", "movie", "5"), CatalogueId("tvdb", "movie", "6")]),
    }
    with films.database.transaction() as uow:
        store_values(uow, "tmdb", {item: values})
    assert films.rows(SCORES) == [("imdb", 1234), ("tmdb", 50)]
    assert films.rows(IDS) == [("imdb", "tt9900101", True), ("tmdb", "900101", True), ("tvdb", "6", True)]
    assert ("C. Actor", "cast", "Hanna") in films.rows(CREDITS)
    nfo.unlink()
    films.scan()
    assert shown(films) == [
        [("Provider's Actor", "cast", "Ewa")],
        [("imdb", 7), ("tmdb", 50)],
        [("fsk", "16", True)],
        [("tmdb", "5", True), ("tvdb", "6", True)],
        [],
    ]


def test_what_a_person_locked_or_removed_stays_when_the_nfo_goes(films: Disk) -> None:
    films.put(f"{FILM}/{FILM}.mkv")
    nfo = films.put(f"{FILM}/movie.nfo", FULL)
    films.scan()
    item = films.one("SELECT id FROM media_items")
    with films.database.transaction() as uow:
        lock_fields(uow, item_id=item, fields=["cast", "certifications", "collections"])
        uow.session.connection().exec_driver_sql("UPDATE credits SET is_removed = TRUE WHERE department = 'writing'")
    nfo.unlink()
    films.scan()
    assert shown(films) == [
        [("C. Actor", "cast", "Hanna")],
        [],
        [("mpaa", "PG-13", True)],
        [],
        [("Lantern Collection",)],
    ]
    films.put(f"{FILM}/movie.nfo", FULL.replace("C. Actor", "D. Actor"))
    films.scan()
    assert films.rows(CREDITS) == [("C. Actor", "cast", "Hanna"), ("B. Director", "directing", "")]
    with films.database.transaction() as uow:
        unlock_fields(uow, item_id=item, fields=["cast"])
    assert films.rows(CREDITS) == [("D. Actor", "cast", "Hanna"), ("B. Director", "directing", "")]


@pytest.mark.parametrize("how", ["removed", "moved", "renamed", "broken"])
def test_of_two_nfos_the_other_is_heard_when_the_preferred_one_goes(films: Disk, how: str) -> None:
    films.put(f"{FILM}/{FILM}.mkv")
    films.put("Other (2001)/notes.txt")
    preferred = films.put(f"{FILM}/{FILM}.nfo", SAID.format("First"))
    films.put(f"{FILM}/movie.nfo", SAID.format("Second"))
    films.scan()
    assert films.rows("SELECT title, plot FROM media_items") == [("First", "Plot First.")]
    match how:
        case "removed":
            preferred.unlink()
        case "moved":
            preferred.rename(films.root / "Other (2001)" / preferred.name)
        case "renamed":
            preferred.rename(preferred.with_name("x.txt"))
        case _:
            preferred.write_text("<!DOCTYPE x [<!ENTITY a 'b'>]><movie><title>&a;</title></movie>")
    films.scan()
    assert films.rows("SELECT title, plot FROM media_items") == [("Second", "Plot Second.")]
    assert films.rows(CREDITS) == [("Actor Second", "cast", "")]
    assert films.rows("SELECT g.name FROM item_genres l JOIN genres g ON g.id = l.genre_id") == [("Second",)]


def test_a_film_in_two_folders_hears_the_other_folders_nfo_when_its_own_goes(films: Disk) -> None:
    films.put(f"A/{FILM}/{FILM}.mkv", "one")
    films.put(f"B/{FILM}/{FILM}.mkv", "two, longer")
    nfo = films.put(f"A/{FILM}/movie.nfo", SAID.format("First"))
    films.put(f"B/{FILM}/movie.nfo", SAID.format("Second"))
    films.scan()
    assert films.rows("SELECT title FROM media_items") == [("First",)]
    nfo.unlink()
    films.scan()
    assert films.rows("SELECT title, plot FROM media_items") == [("Second", "Plot Second.")]
    films.put(f"A/{FILM}/movie.nfo", SAID.format("Third"))
    films.scan()
    assert films.rows("SELECT title FROM media_items") == [("Third",)]
    shutil.rmtree(films.root / "A")
    films.scan()
    assert films.rows("SELECT title, availability FROM media_items") == [("Second", "present")]


def test_a_double_episodes_nfo_that_comes_to_tell_of_one_leaves_the_other_to_its_name(series: Disk) -> None:
    series.put("Show (2010)/Season 01/Show S01E03-E04.mkv")
    nfo = series.put("Show (2010)/Season 01/Show S01E03-E04.nfo", EPISODE.format("Third", 3, 3) + EPISODE.format("Fourth", 4, 4))
    series.scan()
    assert series.rows(PLOTS) == [(3, "Third"), (4, "Fourth")]
    nfo.write_text(EPISODE.format("Still third", 3, 3))
    series.scan()
    assert series.rows(PLOTS) == [(3, "Still third"), (4, "Episode 4")]
    assert series.rows(CREDITS) == [("D3", "directing", "")]
    nfo.write_text(EPISODE.format("Third again", 3, 3) + EPISODE.format("Fourth again", 4, 4))
    series.scan()
    assert series.rows(PLOTS) == [(3, "Third again"), (4, "Fourth again")]


def test_a_seasons_name_and_nfo_go_with_what_said_them(series: Disk) -> None:
    series.put("Show (2010)/Season 01/Show S01E01.mkv")
    show = series.put(
        "Show (2010)/tvshow.nfo", '<tvshow><title>The Show</title><namedseason number="1">Beginnings</namedseason></tvshow>'
    )
    season = series.put("Show (2010)/Season 01/season.nfo", "<season><title>Own name</title><plot>Once.</plot></season>")
    title = "SELECT title, plot FROM media_items WHERE kind = 'season'"
    series.scan()
    assert series.rows(title) == [("Own name", "Once.")]
    season.unlink()
    series.scan()
    assert series.rows(title) == [("Beginnings", None)]
    show.write_text("<tvshow><title>The Show</title></tvshow>")
    series.scan()
    assert series.rows(title) == [("Season 1", None)]


def test_an_nfo_that_comes_to_contradict_the_name_is_forgotten_until_a_person_decides(films: Disk) -> None:
    films.put(f"{FILM}/{FILM}.mkv")
    nfo = films.put(f"{FILM}/movie.nfo", SAID.format("First"))
    films.scan()
    nfo.write_text("<movie><title>Another</title><year>1987</year></movie>")
    films.scan()
    assert films.rows("SELECT title, plot FROM media_items") == [("Paper Lanterns", None)]
    assert films.rows("SELECT reason, status FROM review_queue") == [("nfo_contradicts_name", "pending")]
