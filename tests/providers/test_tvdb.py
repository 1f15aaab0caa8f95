"""TVDB: what it is asked, and that everything it says arrives in the catalog's terms."""

from datetime import date
from typing import Any

import pytest

from domain.catalog.enums import Department as D
from domain.catalog.enums import EntityKind as K
from domain.catalog.enums import EpisodeOrdering, ProductionStatus, StudioRole
from domain.kit.errors import Invalid, Unexpected
from domain.providers.model import (
    Candidate,
    Certificate,
    Id,
    OrderOnOffer,
    Organisation,
    OtherTitle,
    Picture,
    Query,
    Translation,
    Wishes,
)
from domain.providers.tvdb_reading import Reader
from domain.providers.tvdb_words import language_code, spoken
from tests.peers import tvdb, web
from tests.peers.tvdb import AT
from tests.providers.tvdb_place import ENGLISH, TVDB, Place, place

__all__ = ["place"]
POLISH = Wishes("pl-PL")
FILM = Candidate(
    "tvdb", K.MOVIE, "910101", "Paper Lanterns", "Lampiony", "pl", date(2019, 9, 20), "Two sisters rebuild a theatre.",
    f"{AT}/movies/910101/po.jpg",
)  # fmt: skip


def test_films_and_series_are_found_by_title(place: Place) -> None:
    assert place.search(Query(K.MOVIE, "Paper Lanterns", 2019)) == [FILM]
    assert place.peer.asked[-1].query == {"query": "Paper Lanterns", "type": "movie", "limit": "20", "year": "2019"}
    (found,) = place.search(Query(K.SERIES, "Latarnicy", 2021), POLISH)  # that year has none, any year counts
    assert (found.external_id, found.title, found.release_date, found.poster_url) == (
        "777001",
        "Latarnicy",
        date(2020, 1, 1),
        None,
    )
    assert place.search(Query(K.MOVIE, "Nothing of the kind")) == place.search(Query(K.PERSON, "C. Actor")) == []


@pytest.mark.parametrize(
    ("kind", "key", "found"),
    [
        (K.MOVIE, Id("tvdb", "movie", "910101"), "910101"), (K.MOVIE, Id("imdb", "title", "tt9900101"), "910101"),
        (K.SERIES, Id("tmdb", "tv", "880001"), "777001"), (K.MOVIE, Id("tmdb", "movie", "880001"), None),
        (K.SERIES, Id("tmdb", "tv", "5150"), None), (K.MOVIE, Id("tvdb", "movie", "5"), None), (K.MOVIE, Id("imdb", "",
        "tt11111"), None),
    ],
)  # fmt: skip
def test_a_thing_is_found_by_its_ids_and_numbers_of_others_are_looked_at_twice(
    place: Place, kind: K, key: Id, found: str | None
) -> None:
    assert [each.external_id for each in place.search(Query(kind, id=key))] == ([] if found is None else [found])


@pytest.mark.parametrize("key", [Id("tvdb", "", "../x"), Id("imdb", "", "tt1?x=y"), Id("isbn", "", "1"), Id("tmdb", "", "0")])
def test_what_is_no_id_is_not_asked_for(place: Place, key: Id) -> None:
    with pytest.raises(Invalid):
        place.search(Query(K.MOVIE, id=key))
    assert place.peer.asked == []


def test_a_film_arrives_whole(place: Place) -> None:
    film = place.details(K.MOVIE, "910101")
    assert (film.title, film.original_title, film.original_language, film.tagline, film.plot) == (
        "Paper Lanterns", "Lampiony", "pl", "Light.", "Two sisters rebuild a theatre.",
    )  # fmt: skip
    assert (film.release_date, film.runtime_ms, film.production_status, film.homepage, film.budget, film.revenue) == (
        date(2019, 9, 20), 6_240_000, ProductionStatus.RELEASED, "https://lampiony.example/", 2_500_000, None,
    )  # fmt: skip
    assert film.ids == (
        Id("tvdb", "movie", "910101"), Id("imdb", "title", "tt9900101"), Id("tmdb", "movie", "900101"), Id("wikidata", "",
        "Q900101"),
    )  # fmt: skip
    assert (film.genres, film.keywords, film.countries) == (("Drama",), ("theatre",), ("PL", "CZ"))
    assert film.studios == (Organisation("5", "Studio Lampa", StudioRole.STUDIO, "PL"),)
    assert (film.certificates, film.other_titles) == ((Certificate("US", "PG"),), (OtherTitle("Lampióny"),))
    assert film.translations == (
        Translation("pl", None, "Lampiony"), Translation("en", None, "Paper Lanterns", "Light.",
        "Two sisters rebuild a theatre."),
        Translation("pt", "BR", "Lanternas"),
    )  # fmt: skip
    assert film.collection is not None
    assert (film.collection.external_id, film.collection.title) == ("8001", "Lantern Collection")
    assert [(each.person_id, each.department, each.job, each.role, each.position) for each in film.participations] == [
        ("71", D.CAST, "", "Hanna", 0), ("74", D.CAST, "", "Ola", 1), ("72", D.DIRECTING, "Director", "", 0),
        ("72", D.WRITING, "Writer", "", 0), ("75", D.OTHER, "Crew", "", 0),
    ]  # fmt: skip
    assert film.pictures == (
        Picture("keyart", f"{AT}/movies/910101/b.jpg", "2", 680, 1000), Picture("poster", f"{AT}/movies/910101/a.jpg", "1",
        680, 1000, "en"),
        Picture("fanart", f"{AT}/movies/910101/bg.jpg", "3", 1920, 1080), Picture("landscape", f"{AT}/movies/910101/bgw.jpg",
        "4", 1920, 1080, "en"),
        Picture("clearlogo", f"{AT}/movies/910101/logo.png", "5", 800, 310, "pl"), Picture("poster",
        f"{AT}/movies/910101/po.jpg", "po.jpg"),
    )  # fmt: skip
    assert place.details(K.MOVIE, "910101", Wishes("pl")).plot is None  # no text in another language than the one asked for
    assert place.paths == ["/login", "/movies/910101/extended"]  # one answer for all languages


def test_a_series_arrives_whole(place: Place) -> None:
    series = place.details(K.SERIES, "777001")
    assert (series.title, series.original_title, series.plot, series.release_date, series.end_date) == (
        "Lamplighters", "Latarnicy", "They keep light.", date(2020, 1, 5), date(2021, 2, 20),
    )  # fmt: skip
    assert series.ids == (
        Id("tvdb", "series", "777001"), Id("imdb", "title", "tt9980001"), Id("tmdb", "tv", "880001"), Id("tvmaze", "series",
        "5150"),
    )  # fmt: skip
    assert series.studios == (
        Organisation("5", "Studio Lampa", StudioRole.STUDIO, "PL"), Organisation("9", "TV Latarnia", StudioRole.NETWORK, "PL"),
    )  # fmt: skip
    assert [(each.name, each.role, each.job) for each in series.participations] == [
        ("C. Actor", "Keeper", ""), ("G. Guest", "The Sexton", ""), ("W. Writer", "", "Creator"),
    ]  # fmt: skip
    assert [(each.kind, each.season_number, each.external_id) for each in series.parts] == [
        (K.SEASON, 0, "500"),
        (K.SEASON, 1, "501"),
    ]
    assert series.orders == (
        OrderOnOffer(EpisodeOrdering.DVD, "dvd", "DVD Order"), OrderOnOffer(EpisodeOrdering.ABSOLUTE, "absolute", "Story"),
    )  # fmt: skip
    assert [(each.asset_type, each.provider_image_id, each.season_number) for each in series.pictures] == [
        ("poster", "21", None), ("fanart", "22", None), ("banner", "23", None), ("clearlogo", "24", None), ("clearart", "25",
        None),
        ("poster", "26", 1),
    ]  # fmt: skip


def numbered(parts: Any) -> list[Any]:
    return [(each.external_id, each.season_number, each.episode_number, each.title, each.plot) for each in parts]


def test_a_season_brings_its_episodes_from_all_pages(place: Place) -> None:
    season = place.details(K.SEASON, "777001/1", POLISH)
    assert [each.provider_image_id for each in season.pictures] == ["26", "501.jpg"]
    assert numbered(season.parts) == [("330001", 1, 1, "Pierwsza lampa", "Płonie."), ("330002", 1, 2, "Druga lampa", "Gaśnie.")]
    pages = [each.query["page"] for each in place.peer.asked if "episodes" in each.path]
    assert pages == ["0", "1"]
    (special,) = place.details(K.SEASON, "777001/0").parts
    assert numbered([special]) == [("330000", 0, 1, "Making of", None)]  # no English title
    assert (special.display_season, special.display_episode) == (1, 2)
    box = place.details(K.SEASON, "601")
    assert (box.title, box.season_number) == ("Box one", 1)
    assert numbered(box.parts) == [
        ("330002", 1, 1, "The Second Lamp", "It goes out."),
        ("330001", 1, 2, "The First Lamp", "It burns."),
    ]
    assert TVDB.details(place.ask, K.SEASON, "777001/9", ENGLISH) is None


def test_episodes_come_in_every_order_and_in_languages_that_have_none(place: Place) -> None:
    for order in place.details(K.SERIES, "777001").orders:
        found = TVDB.episodes(place.ask, order, "777001", ENGLISH)
        first = ("330002", 1, 1) if order.ordering is EpisodeOrdering.DVD else ("330001", 1, 1)
        assert numbered(found)[0][:3] == first
        assert [each.aired for each in found] == ([(1, 2), (1, 1)] if order.ordering is EpisodeOrdering.DVD else [(1, 1), (1, 2)])
    german = place.details(K.SEASON, "777001/1", Wishes("de"))
    assert numbered(german.parts)[0] == ("330001", 1, 1, "Pierwsza lampa", None)
    with pytest.raises(Invalid):
        TVDB.episodes(place.ask, OrderOnOffer(EpisodeOrdering.DVD, "../x", ""), "777001", ENGLISH)


@pytest.mark.parametrize("key", ["330002", "777001/1/2"])
def test_an_episode_arrives_whole(place: Place, key: str) -> None:
    episode = place.details(K.EPISODE, key)
    assert (episode.external_id, episode.title, episode.plot, episode.release_date) == (
        "330002", "The Second Lamp", "It goes out.", date(2020, 1, 6),
    )  # fmt: skip
    assert episode.ids == (Id("tvdb", "episode", "330002"), Id("imdb", "title", "tt9933002"))
    assert [(each.name, each.department) for each in episode.participations] == [
        ("G. Guest", D.CAST),
        ("B. Director", D.DIRECTING),
    ]
    assert [each.asset_type for each in episode.pictures] == ["thumb"]


def test_a_person_and_a_collection_arrive(place: Place) -> None:
    person = place.details(K.PERSON, "71")
    assert (person.title, person.plot, person.birth_date, person.birthplace) == (
        "C. Actor",
        "Acts.",
        date(1980, 2, 29),
        "Łódź, Poland",
    )
    assert person.ids == (Id("tvdb", "person", "71"), Id("imdb", "person", "nm0000071"))
    assert [each.asset_type for each in person.pictures] == ["actor_thumb"]
    collection = place.details(K.COLLECTION, "8001")
    assert (collection.title, collection.plot) == ("Lantern Collection", "All lanterns.")
    assert [each.url for each in collection.pictures] == [f"{AT}/lists/8001.jpg"]


@pytest.mark.parametrize(
    ("kind", "key"),
    [(K.MOVIE, "1/2"), (K.SEASON, "1/2/3"), (K.EPISODE, "1/2"), (K.MOVIE, "x"), (K.ALBUM, "1"), (K.MOVIE, "1?a=b")],
)
def test_a_path_is_made_of_numbers_only(place: Place, kind: K, key: str) -> None:
    with pytest.raises(Invalid):
        place.details(kind, key)
    assert place.peer.asked == []


def test_what_it_does_not_have_is_nothing_and_half_an_answer_none(place: Place) -> None:
    assert TVDB.details(place.ask, K.MOVIE, "1", ENGLISH) is None
    place.peer.faults = [web.HTML]
    with pytest.raises(Unexpected):
        place.details(K.MOVIE, "910101")
    assert place.details(K.MOVIE, "910101").title == "Paper Lanterns"


def test_languages_are_tvdbs_own() -> None:
    pairs = {"en": "eng", "pl-PL": "pol", "de": "deu", "pt-BR": "pt", "pt": "por", "zh-TW": "zhtw", "zh": "zho", "qq": "eng"}
    assert {tag: language_code(tag) for tag in pairs} == pairs
    assert [spoken(code) for code in ("zhtw", "pt", "fra", "und", 5)] == [("zh", "TW"), ("pt", "BR"), ("fr", None), None, None]


HOSTILE: list[Any] = [
    None, True, -1, 1e308, "\ud800\x00", "x" * 100_000, [], [[]], [None, 1, "a", {}], {}, {"name": []}, {"nameTranslations": 5},
    {"nameTranslations": [{"language": [], "name": {}}]}, [{"id": [], "sourceName": [], "name": 1}], {"studio": 5,
    "network": [[]]},
    [{"type": {}, "image": "http://[x/", "score": "x"}], [{"image": "//evil.example/x", "id": 1, "type": 2}],
    [{"type": {"type": "official"}, "id": 1, "number": "x"}], [{"peopleType": {}, "peopleId": 1, "personName": "A",
    "sort": []}],
]  # fmt: skip


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_whatever_stands_in_an_answer_nothing_breaks(number: int) -> None:
    """Every field of every answer in turn holds something that it should not."""
    plain = {**tvdb.SERIES, **tvdb.FILM, **tvdb.ORDERS["official"][0], "birth": "", "biographies": [], "lists": []}
    reader = Reader("tvdb", "en")
    for name in plain:
        for kind in (K.MOVIE, K.SERIES, K.SEASON, K.EPISODE, K.PERSON, K.COLLECTION):
            found = reader.details(kind, {**plain, name: HOSTILE[number]})
            assert all(each.url.startswith(f"{AT}/") or each.url.startswith(AT[: -len("/banners")]) for each in found.pictures)
        reader.candidate(K.MOVIE, {**plain, name: HOSTILE[number]})
        reader.found(K.MOVIE, [{**tvdb.FOUND["movie"], name: HOSTILE[number]}])
