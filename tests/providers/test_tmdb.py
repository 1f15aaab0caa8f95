"""TMDB: what it is asked, and that everything it says arrives in the catalog's terms."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from domain.catalog.enums import Department as D
from domain.catalog.enums import EntityKind as K
from domain.catalog.enums import EpisodeOrdering, ProductionStatus, ReleaseType, StudioRole
from domain.kit.errors import Invalid
from domain.providers.known import provider_named
from domain.providers.model import (
    Candidate,
    Certificate,
    Details,
    Id,
    OrderOnOffer,
    Organisation,
    OtherTitle,
    Picture,
    Query,
    Release,
    Translation,
    Wishes,
)
from domain.providers.tmdb_reading import IMAGES, Reader
from tests.peers import tmdb, web
from tests.peers.web import Asked, Given
from tests.providers.conftest import World

TMDB = provider_named("tmdb")
ENGLISH = Wishes()
AT = "https://image.tmdb.org/t/p"
FILM = Candidate(
    "tmdb", K.MOVIE, "900101", "Paper Lanterns", "Lampiony", "pl", date(2019, 11, 5), "Two sisters rebuild a theatre.",
    f"{AT}/w342/po900101.jpg", Decimal("7.2"), 412, 3.2,
)  # fmt: skip


def search(world: World, query: Query, wishes: Wishes = ENGLISH) -> list[Candidate]:
    return list(TMDB.search(world.asking(), query, wishes))


def details(world: World, kind: K, key: str, wishes: Wishes = ENGLISH) -> Details:
    found = TMDB.details(world.asking(), kind, key, wishes)
    assert found is not None
    return found


def asked(world: World) -> list[tuple[str, dict[str, str]]]:
    """What TMDB was asked, without the key and the configuration."""
    found = []
    for each in world.peer.asked:
        if each.path != "/3/configuration":
            found.append((each.path, {name: value for name, value in each.query.items() if name != "api_key"}))
    return found


def test_a_film_is_found_by_title_and_year(world: World) -> None:
    assert search(world, Query(K.MOVIE, "Paper Lanterns", 2019), Wishes("pl", "PL")) == [FILM]
    params = {
        "query": "Paper Lanterns", "include_adult": "false", "language": "pl", "page": "1", "region": "PL",
        "primary_release_year": "2019",
    }  # fmt: skip
    assert asked(world) == [("/3/search/movie", params)]


def test_a_title_is_asked_for_in_composed_form(world: World) -> None:
    search(world, Query(K.MOVIE, "Ame\u0301lie"))
    assert asked(world)[0][1]["query"] == "Am\u00e9lie"


def test_where_the_year_has_none_any_year_is_taken(world: World) -> None:
    assert search(world, Query(K.MOVIE, "Lampiony", 2020)) == [FILM]
    assert [params.get("primary_release_year") for _, params in asked(world)] == ["2020", None]
    assert search(world, Query(K.MOVIE, "Nothing of the kind", 2020)) == []


def test_a_series_is_found(world: World) -> None:
    (found,) = search(world, Query(K.SERIES, "Lamplighters", 2020))
    assert (found.kind, found.external_id, found.title, found.release_date) == (
        K.SERIES, "880001", "Lamplighters", date(2020, 1, 5),
    )  # fmt: skip
    assert asked(world)[0][1]["first_air_date_year"] == "2020"


@pytest.mark.parametrize(
    ("kind", "key", "found"),
    [
        (K.MOVIE, Id("tmdb", "movie", "900101"), "900101"), (K.MOVIE, Id("imdb", "title", "tt9900101"), "900101"),
        (K.SERIES, Id("tvdb", "series", "777001"), "880001"), (K.SERIES, Id("tmdb", "tv", "880001"), "880001"),
        (K.MOVIE, Id("tmdb", "movie", "5"), None), (K.SERIES, Id("imdb", "title", "tt9900101"), None),
    ],
)  # fmt: skip
def test_a_thing_is_found_by_its_ids(world: World, kind: K, key: Id, found: str | None) -> None:
    assert [each.external_id for each in search(world, Query(kind, id=key))] == ([] if found is None else [found])


@pytest.mark.parametrize(
    "key", [Id("tmdb", "", "../account"), Id("imdb", "", "tt1?api_key=x"), Id("isbn", "", "1"), Id("tmdb", "", "0")]
)
def test_what_is_no_id_is_not_asked_for(world: World, key: Id) -> None:
    with pytest.raises(Invalid):
        search(world, Query(K.MOVIE, id=key))
    assert asked(world) == []


def test_a_film_arrives_whole(world: World) -> None:
    film = details(world, K.MOVIE, "900101", Wishes("pl-PL"))
    assert asked(world) == [(
        "/3/movie/900101",
        {"language": "pl-PL", "include_image_language": "pl,en,null", "append_to_response":
         "credits,release_dates,external_ids,images,keywords,alternative_titles,translations,recommendations"},
    )]  # fmt: skip
    assert (film.kind, film.external_id, film.language, film.title, film.original_title, film.original_language) == (
        K.MOVIE, "900101", "pl-PL", "Paper Lanterns", "Lampiony", "pl",
    )  # fmt: skip
    assert (film.tagline, film.plot, film.release_date, film.end_date) == (
        None, "Two sisters rebuild a theatre.", date(2019, 11, 5), None,
    )  # fmt: skip
    assert (film.runtime_ms, film.production_status, film.homepage) == (
        6_240_000, ProductionStatus.RELEASED, "https://lampiony.example/",
    )  # fmt: skip
    assert (film.budget, film.revenue, film.popularity, film.score, film.votes) == (2_500_000, None, 3.2, Decimal("7.2"), 412)
    assert film.ids == (
        Id("tmdb", "movie", "900101"), Id("imdb", "title", "tt9900101"),
        Id("wikidata", "", "Q900101"), Id("twitter", "", "lampiony"),
    )  # fmt: skip
    assert (film.genres, film.keywords, film.countries) == (("Drama",), ("theatre", "sisters"), ("PL", "CZ"))
    assert film.studios == (Organisation("5", "Studio Lampa", StudioRole.STUDIO, "PL", f"{AT}/original/lo5.png"),)
    assert film.certificates == (Certificate("US", "PG"),)
    assert film.releases == (
        Release("US", ReleaseType.PREMIERE, date(2019, 10, 1), "Fest"), Release("US", ReleaseType.THEATRICAL, date(2019, 11, 5)),
    )  # fmt: skip
    assert film.other_titles == (OtherTitle("Lampiony z papíru", "CZ"),)
    assert film.translations == (Translation("pl", "PL", "Lampiony", None, "Dwie siostry odbudowują teatr."),)
    assert film.collection is not None
    assert (film.collection.external_id, film.collection.title) == ("7001", "Lantern Collection")
    assert [(each.external_id, each.title) for each in film.related] == [("900102", "Glass Kites")]


def test_people_arrive_in_their_order_and_trades(world: World) -> None:
    film = details(world, K.MOVIE, "900101")
    found = [(each.person_id, each.department, each.job, each.role, each.position) for each in film.participations]
    assert found == [
        ("71", D.CAST, "", "Hanna", 0), ("74", D.CAST, "", "Ola", 1), ("72", D.DIRECTING, "Director", "", 0),
        ("72", D.WRITING, "Screenplay", "", 0), ("73", D.MUSIC, "Original Music Composer", "", 0),
        ("75", D.OTHER, "Visual Effects", "", 0),
    ]  # fmt: skip
    assert film.participations[0].picture_url == f"{AT}/original/pr71.jpg"


def test_pictures_arrive_with_what_is_known_of_them(world: World) -> None:
    score = Decimal("5.4")
    assert details(world, K.MOVIE, "900101").pictures == (
        Picture("poster", f"{AT}/original/po900101.jpg", "/po900101.jpg", 2000, 3000, "pl", score, 7),
        Picture("fanart", f"{AT}/original/bd900101.jpg", "/bd900101.jpg", 3840, 2160, None, score, 7),
        Picture("landscape", f"{AT}/original/bd2.jpg", "/bd2.jpg", 1920, 1080, "en", None, 0),
        Picture("clearlogo", f"{AT}/original/lg.png", "/lg.png", 2000, 3000, "en", score, 7),
    )


def test_a_series_arrives_whole(world: World) -> None:
    series = details(world, K.SERIES, "880001")
    assert (series.title, series.original_title, series.release_date, series.end_date, series.production_status) == (
        "Lamplighters", "Latarnicy", date(2020, 1, 5), date(2021, 2, 20), ProductionStatus.ENDED,
    )  # fmt: skip
    assert series.ids == (Id("tmdb", "tv", "880001"), Id("imdb", "title", "tt9980001"), Id("tvdb", "series", "777001"))
    assert (series.certificates, series.keywords, series.countries) == ((Certificate("US", "TV-14"),), ("lighthouse",), ("PL",))
    assert series.studios == (Organisation("9", "TV Latarnia", StudioRole.NETWORK, "PL"),)
    assert series.orders == (OrderOnOffer(EpisodeOrdering.DVD, "5e0000aa", "DVD order"),)
    found = [(each.person_id, each.department, each.job, each.role, each.episode_count) for each in series.participations]
    assert found == [
        ("71", D.CAST, "", "Keeper", 2), ("71", D.CAST, "", "Ghost", 1), ("72", D.WRITING, "Creator", "", None),
        ("76", D.WRITING, "Writer", "", 2),
    ]  # fmt: skip
    (season,) = series.parts
    assert (season.kind, season.season_number, season.title, season.ids) == (
        K.SEASON, 1, "Season 1", (Id("tmdb", "season", "660001"),),
    )  # fmt: skip


def test_a_season_brings_its_episodes(world: World) -> None:
    season = details(world, K.SEASON, "880001/1")
    assert season.ids == (Id("tmdb", "season", "660001"), Id("tvdb", "season", "555001"))
    assert [(each.asset_type, each.provider_image_id) for each in season.pictures] == [("poster", "/se1.jpg")]
    (episode,) = season.parts
    assert (episode.kind, episode.external_id, episode.season_number, episode.episode_number, episode.runtime_ms) == (
        K.EPISODE, "330002", 1, 2, 2_820_000,
    )  # fmt: skip


def test_episodes_come_in_another_order(world: World) -> None:
    (order,) = details(world, K.SERIES, "880001").orders
    found = TMDB.episodes(world.asking(), order, "880001", ENGLISH)
    assert [(each.external_id, each.season_number, each.episode_number, each.title) for each in found] == [
        ("330002", 1, 1, "The Second Lamp"), ("330001", 1, 2, "The First Lamp"),
    ]  # fmt: skip
    with pytest.raises(Invalid):
        TMDB.episodes(world.asking(), OrderOnOffer(EpisodeOrdering.DVD, "../x", ""), "880001", ENGLISH)


def test_an_episode_arrives_whole(world: World) -> None:
    episode = details(world, K.EPISODE, "880001/1/2")
    assert episode.ids == (
        Id("tmdb", "episode", "330002"), Id("imdb", "title", "tt9933002"), Id("tvdb", "episode", "444002"),
    )  # fmt: skip
    assert (episode.title, episode.release_date, episode.score) == ("The Second Lamp", date(2020, 1, 12), Decimal(8))
    assert [(each.name, each.department, each.role) for each in episode.participations] == [
        ("C. Actor", D.CAST, "Keeper"), ("G. Guest", D.CAST, "The Sexton"), ("B. Director", D.DIRECTING, ""),
    ]  # fmt: skip
    assert [each.asset_type for each in episode.pictures] == ["thumb"]


def test_a_person_and_a_collection_arrive(world: World) -> None:
    person = details(world, K.PERSON, "71")
    assert (person.title, person.plot, person.birth_date, person.death_date, person.birthplace) == (
        "C. Actor", "Acts.", date(1980, 2, 29), None, "Łódź, Poland",
    )  # fmt: skip
    assert person.ids == (Id("tmdb", "person", "71"), Id("imdb", "person", "nm0000071"), Id("wikidata", "", "Q71"))
    assert [each.asset_type for each in person.pictures] == ["actor_thumb"]
    collection = details(world, K.COLLECTION, "7001")
    assert (collection.title, collection.plot) == ("Lantern Collection", "All lanterns.")
    assert [each.external_id for each in collection.related] == ["900101"]


def test_what_it_does_not_have_is_nothing(world: World) -> None:
    assert TMDB.details(world.asking(), K.MOVIE, "1", Wishes()) is None


@pytest.mark.parametrize(
    ("kind", "key"), [(K.MOVIE, "1/2"), (K.SEASON, "1"), (K.EPISODE, "1/2"), (K.MOVIE, "x"), (K.ALBUM, "1"), (K.MOVIE, "1?a=b")]
)
def test_a_path_is_made_of_numbers_only(world: World, kind: K, key: str) -> None:
    with pytest.raises(Invalid):
        TMDB.details(world.asking(), kind, key, Wishes())
    assert world.peer.asked == []


HOSTILE: list[Any] = [
    None, True, -1, 1e308, "\ud800\x00", "x" * 100_000, [], [[]], [None, 1, "a", {}], {}, {"results": 5}, {"results": [[]]},
    [{"id": {}, "name": []}], {"cast": [{"id": 1, "name": "A", "roles": "x"}], "crew": [{"id": [], "jobs": 3}]},
    {"results": [{"iso_3166_1": "XXX", "release_dates": [{"type": "3", "release_date": "2019-99-99"}]}]},
    {"posters": [{"file_path": "//evil.example/x", "width": "w"}]}, {"translations": [{"iso_639_1": 1, "data": []}]},
]  # fmt: skip


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_whatever_stands_in_an_answer_nothing_breaks(number: int) -> None:
    """Every field of every answer in turn holds something that it should not."""
    plain = {**tmdb.FILM, **tmdb.FILM_PARTS, **tmdb.SERIES, **tmdb.SERIES_PARTS, **tmdb.EPISODE}
    for name in plain:
        for kind in (K.MOVIE, K.SERIES, K.SEASON, K.EPISODE, K.PERSON, K.COLLECTION):
            Reader("tmdb", "en", IMAGES).details(kind, {**plain, name: HOSTILE[number]}, "1")
        Reader("tmdb", "en", IMAGES).candidates(K.MOVIE, [{**plain, name: HOSTILE[number]}])


def test_pictures_come_from_where_tmdb_says_unless_that_is_nonsense(world: World) -> None:
    bases = iter(['"https://img.example.org/p/"', '"javascript:alert(1)"'])

    def answer(asked: Asked) -> Given:
        if asked.path == "/3/configuration":
            return web.json_answer(b'{"images": {"secure_base_url": %s}}' % next(bases).encode())
        return tmdb.answer(asked)

    world.peer.answer = answer
    assert search(world, Query(K.MOVIE, "Lampiony"))[0].poster_url == "https://img.example.org/p/w342/po900101.jpg"
    world.clock.advance(40 * 86_400)
    assert search(world, Query(K.MOVIE, "Lampiony"))[0].poster_url == f"{AT}/w342/po900101.jpg"
