"""A loopback TMDB with the true wire format: search, find, details with their appended parts, keys, ETags."""

import hashlib
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from tests.peers.web import Asked, Given, Peer

KEY: Final = "0123456789abcdef0123456789abcdef"
TOKEN: Final = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI5MDAxMDEifQ.c2lnbmF0dXJlLXRoYXQtaXMtbm9uZQ"

PICTURE: Final = {"aspect_ratio": 0.667, "height": 3000, "width": 2000, "vote_average": 5.4, "vote_count": 7}
FILM: Final[dict[str, Any]] = {
    "adult": False, "backdrop_path": "/bd900101.jpg", "genres": [{"id": 18, "name": "Drama"}, {"id": 18, "name": "Drama"}],
    "belongs_to_collection": {"id": 7001, "name": "Lantern Collection", "poster_path": "/co7001.jpg", "backdrop_path": None},
    "id": 900101, "imdb_id": "tt9900101", "original_language": "pl", "original_title": "Lampiony", "budget": 2_500_000,
    "revenue": 0, "homepage": "https://lampiony.example/", "overview": "Two sisters rebuild a theatre.", "popularity": 3.2,
    "poster_path": "/po900101.jpg", "release_date": "2019-11-05", "runtime": 104, "status": "Released", "tagline": "",
    "title": "Paper Lanterns", "video": False, "vote_average": 7.2, "vote_count": 412, "origin_country": ["PL"],
    "production_companies": [{"id": 5, "name": "Studio Lampa", "logo_path": "/lo5.png", "origin_country": "PL"}],
    "production_countries": [{"iso_3166_1": "PL", "name": "Poland"}, {"iso_3166_1": "CZ", "name": "Czechia"}],
    "spoken_languages": [{"iso_639_1": "pl", "english_name": "Polish", "name": "Polski"}],
}  # fmt: skip
FILM_PARTS: Final[dict[str, Any]] = {
    "external_ids": {"imdb_id": "tt9900101", "wikidata_id": "Q900101", "facebook_id": None, "twitter_id": "lampiony"},
    "release_dates": {"results": [
        {"iso_3166_1": "US", "release_dates": [
            {"certification": "", "descriptors": [], "iso_639_1": "", "note": "Fest", "release_date": "2019-10-01T00:00:00.000Z",
             "type": 1},
            {"certification": "PG", "descriptors": [], "iso_639_1": "", "note": "", "release_date": "2019-11-05T00:00:00.000Z",
             "type": 3}]},
        {"iso_3166_1": "PL", "release_dates": [
            {"certification": "", "descriptors": [], "iso_639_1": "", "note": "", "release_date": "2019-09-20T00:00:00.000Z",
             "type": 9}]}]},
    "credits": {
        "cast": [
            {"id": 74, "name": "D. Second", "character": "Ola", "order": 1, "credit_id": "62", "gender": 1, "profile_path": None},
            {"id": 71, "name": "C. Actor", "character": "Hanna", "order": 0, "credit_id": "5f", "gender": 1,
             "profile_path": "/pr71.jpg"}],
        "crew": [
            {"id": 72, "name": "B. Director", "job": "Director", "department": "Directing", "credit_id": "60"},
            {"id": 72, "name": "B. Director", "job": "Screenplay", "department": "Writing", "credit_id": "61"},
            {"id": 73, "name": "E. Composer", "job": "Original Music Composer", "department": "Sound", "credit_id": "63"},
            {"id": 75, "name": "F. Wizard", "job": "Visual Effects", "department": "Visual Effects", "credit_id": "64"}]},
    "images": {
        "posters": [{**PICTURE, "file_path": "/po900101.jpg", "iso_639_1": "pl"}],
        "backdrops": [
            {**PICTURE, "file_path": "/bd900101.jpg", "iso_639_1": None, "width": 3840, "height": 2160},
            {**PICTURE, "file_path": "/bd2.jpg", "iso_639_1": "en", "width": 1920, "height": 1080, "vote_count": 0}],
        "logos": [
            {**PICTURE, "file_path": "/lg.png", "iso_639_1": "en"}, {**PICTURE, "file_path": "/../evil", "iso_639_1": "en"}]},
    "keywords": {"keywords": [{"id": 1, "name": "theatre"}, {"id": 2, "name": "sisters"}]},
    "alternative_titles": {"titles": [{"iso_3166_1": "CZ", "title": "Lampiony z papíru", "type": ""}]},
    "translations": {"translations": [
        {"iso_639_1": "pl", "iso_3166_1": "PL", "name": "Polski", "english_name": "Polish",
         "data": {"title": "Lampiony", "overview": "Dwie siostry odbudowują teatr.", "tagline": "", "runtime": 104}},
        {"iso_639_1": "de", "iso_3166_1": "DE", "name": "Deutsch", "english_name": "German",
         "data": {"title": "", "overview": "", "tagline": "", "homepage": "", "runtime": 0}}]},
    "recommendations": {"page": 1, "results": [{"id": 900102, "title": "Glass Kites", "media_type": "movie"}]},
}  # fmt: skip
EPISODE: Final[dict[str, Any]] = {
    "id": 330002, "name": "The Second Lamp", "overview": "It goes out.", "air_date": "2020-01-12", "episode_number": 2,
    "season_number": 1, "show_id": 880001, "runtime": 47, "still_path": "/st.jpg", "episode_type": "standard",
    "production_code": "", "vote_average": 8.0, "vote_count": 3,
    "crew": [{"id": 72, "name": "B. Director", "job": "Director", "department": "Directing", "credit_id": "70"}],
    "guest_stars": [{"id": 81, "name": "G. Guest", "character": "The Sexton", "order": 500, "credit_id": "71"}],
}  # fmt: skip
SERIES: Final[dict[str, Any]] = {
    "id": 880001, "name": "Lamplighters", "original_name": "Latarnicy", "original_language": "pl", "overview": "They keep light.",
    "tagline": "Night comes.", "status": "Ended", "type": "Scripted", "first_air_date": "2020-01-05",
    "last_air_date": "2021-02-20", "in_production": False, "episode_run_time": [], "number_of_seasons": 1,
    "number_of_episodes": 2, "origin_country": ["PL"], "languages": ["pl"], "genres": [{"id": 18, "name": "Drama"}],
    "networks": [{"id": 9, "name": "TV Latarnia", "logo_path": None, "origin_country": "PL"}], "production_companies": [],
    "created_by": [{"id": 72, "credit_id": "80", "name": "B. Director", "gender": 2, "profile_path": None}],
    "seasons": [{"id": 660001, "season_number": 1, "name": "Season 1", "overview": "", "air_date": "2020-01-05",
                 "episode_count": 2, "poster_path": "/se1.jpg", "vote_average": 0}],
    "vote_average": 8.1, "vote_count": 90, "homepage": "", "popularity": 12.5, "poster_path": "/po880001.jpg",
    "backdrop_path": None,
}  # fmt: skip
SERIES_PARTS: Final[dict[str, Any]] = {
    "aggregate_credits": {
        "cast": [{"id": 71, "name": "C. Actor", "order": 0, "total_episode_count": 2, "profile_path": None,
                  "roles": [{"credit_id": "1", "character": "Keeper", "episode_count": 2},
                            {"credit_id": "2", "character": "Ghost", "episode_count": 1}]}],
        "crew": [{"id": 76, "name": "W. Writer", "department": "Writing", "total_episode_count": 2,
                  "jobs": [{"job": "Writer", "episode_count": 2}]}]},
    "content_ratings": {"results": [{"iso_3166_1": "US", "rating": "TV-14", "descriptors": []},
                                    {"iso_3166_1": "PL", "rating": "", "descriptors": []}]},
    "external_ids": {"imdb_id": "tt9980001", "tvdb_id": 777001, "wikidata_id": None},
    "images": {"posters": [], "backdrops": [], "logos": []}, "keywords": {"results": [{"id": 3, "name": "lighthouse"}]},
    "alternative_titles": {"results": [{"iso_3166_1": "DE", "title": "Die Leuchtturmwärter", "type": ""}]},
    "translations": {"translations": []}, "recommendations": {"page": 1, "results": []},
    "episode_groups": {"results": [{"id": "5e0000aa", "name": "DVD order", "type": 3, "group_count": 1, "episode_count": 2}]},
}  # fmt: skip
PARTS: Final[dict[str, tuple[dict[str, Any], dict[str, Any]]]] = {
    "/3/movie/900101": (FILM, FILM_PARTS),
    "/3/tv/880001": (SERIES, SERIES_PARTS),
    "/3/tv/880001/season/1": (
        {"_id": "x", "id": 660001, "season_number": 1, "name": "Season 1", "overview": "", "air_date": "2020-01-05",
         "poster_path": "/se1.jpg", "vote_average": 0, "episodes": [EPISODE]},
        {"aggregate_credits": {"cast": [], "crew": []}, "external_ids": {"tvdb_id": 555001}, "translations": {"translations": []},
         "images": {"posters": [{**PICTURE, "file_path": "/se1.jpg", "iso_639_1": None}]}},
    ),
    "/3/tv/880001/season/1/episode/2": (
        EPISODE,
        {"credits": {"cast": [{"id": 71, "name": "C. Actor", "character": "Keeper", "order": 0}],
                     "crew": EPISODE["crew"], "guest_stars": EPISODE["guest_stars"]},
         "external_ids": {"imdb_id": "tt9933002", "tvdb_id": 444002}, "translations": {"translations": []},
         "images": {"stills": [{**PICTURE, "file_path": "/st.jpg", "iso_639_1": None, "width": 1920, "height": 1080}]}},
    ),
    "/3/person/71": (
        {"id": 71, "name": "C. Actor", "also_known_as": ["Ca. Actor"], "biography": "Acts.", "birthday": "1980-02-29",
         "deathday": None, "gender": 1, "homepage": None, "imdb_id": "nm0000071", "known_for_department": "Acting",
         "place_of_birth": "Łódź, Poland", "popularity": 1.5, "profile_path": "/pr71.jpg"},
        {"external_ids": {"imdb_id": "nm0000071", "wikidata_id": "Q71"}, "translations": {"translations": []},
         "images": {"profiles": [{**PICTURE, "file_path": "/pr71.jpg", "iso_639_1": None}]}},
    ),
    "/3/collection/7001": (
        {"id": 7001, "name": "Lantern Collection", "overview": "All lanterns.", "poster_path": "/co7001.jpg",
         "parts": [{"id": 900101, "title": "Paper Lanterns", "release_date": "2019-11-05", "media_type": "movie"}]},
        {"images": {"posters": [], "backdrops": []}, "translations": {"translations": []}},
    ),
}  # fmt: skip
CONFIGURATION: Final = {
    "images": {"base_url": "http://image.tmdb.org/t/p/", "secure_base_url": "https://image.tmdb.org/t/p/",
               "poster_sizes": ["w92", "w342", "original"]},
    "change_keys": ["adult"],
}  # fmt: skip


def error(status: int, code: int, message: str) -> Given:
    """As TMDB words it."""
    body = json.dumps({"success": False, "status_code": code, "status_message": message}).encode()
    return Given(status, body, {"content-type": "application/json;charset=utf-8"})


def _summary(one: dict[str, Any]) -> dict[str, Any]:
    left_out = (
        "genres",
        "budget",
        "revenue",
        "belongs_to_collection",
        "production_companies",
        "seasons",
        "networks",
        "created_by",
    )
    return {key: value for key, value in one.items() if key not in left_out}


def _document(asked: Asked) -> dict[str, Any] | None:
    if asked.path == "/3/configuration":
        return dict(CONFIGURATION)
    if asked.path == "/3/tv/episode_group/5e0000aa":
        first = {**EPISODE, "id": 330001, "episode_number": 1, "name": "The First Lamp"}
        group = {
            "id": "g1",
            "name": "Box 1",
            "order": 1,
            "locked": True,
            "episodes": [{**EPISODE, "order": 0}, {**first, "order": 1}],
        }
        return {"id": "5e0000aa", "name": "DVD order", "type": 3, "episode_count": 2, "group_count": 1, "groups": [group]}
    if asked.path in PARTS:
        one, parts = PARTS[asked.path]
        wanted = [name for name in asked.query.get("append_to_response", "").split(",") if name]
        assert len(wanted) <= 20
        return {**one, **{name: parts[name] for name in wanted}}
    if match := re.fullmatch(r"/3/search/(movie|tv)", asked.path):
        one, year = (FILM, "2019") if match[1] == "movie" else (SERIES, "2020")
        names = {one.get("title"), one.get("original_title"), one.get("name"), one.get("original_name")}
        wanted_year = asked.query.get("primary_release_year") or asked.query.get("first_air_date_year")
        found = [_summary(one)] if asked.query["query"] in names and wanted_year in (None, year) else []
        return {"page": 1, "results": found, "total_pages": 1, "total_results": len(found)}
    if match := re.fullmatch(r"/3/find/(\w+)", asked.path):
        films = [_summary(FILM)] if (match[1], asked.query["external_source"]) == ("tt9900101", "imdb_id") else []
        shows = [_summary(SERIES)] if (match[1], asked.query["external_source"]) == ("777001", "tvdb_id") else []
        return {
            "movie_results": films, "tv_results": shows, "person_results": [], "tv_episode_results": [], "tv_season_results": [],
        }  # fmt: skip
    return None


def answer(asked: Asked) -> Given:
    """The true answer to a request."""
    if asked.query.get("api_key") != KEY and asked.headers.get("authorization") != f"Bearer {TOKEN}":
        return error(401, 7, "Invalid API key: You must be granted a valid key.")
    document = _document(asked)
    if document is None:
        return error(404, 34, "The resource you requested could not be found.")
    body = json.dumps(document).encode()
    etag = f'W/"{hashlib.md5(body).hexdigest()}"'
    headers = {"content-type": "application/json;charset=utf-8", "etag": etag, "cache-control": "public, max-age=600"}
    if asked.headers.get("if-none-match") == etag:
        return Given(304, b"", headers)
    return Given(200, body, headers)


@contextmanager
def tmdb() -> Iterator[Peer]:
    """A running one."""
    with Peer(answer).running() as peer:
        yield peer
