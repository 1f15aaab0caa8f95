"""A loopback TMDB that knows the works of the identification corpus: searches and finds them, and tells their details."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from domain.catalog.enums import EntityKind
from domain.catalog.sorting import normal_name
from tests.identify.corpus.reading import Work, works
from tests.peers.tmdb import CONFIGURATION, KEY, error
from tests.peers.web import Asked, Given, Peer

PLACES = {"movie": EntityKind.MOVIE, "tv": EntityKind.SERIES}
WORKS = {(one.kind, one.id): one for one in works()}


def imdb_id(work: Work) -> str:
    return f"tt{int(work.id) + (10_000_000 if work.kind is EntityKind.SERIES else 20_000_000)}"


def _summary(work: Work) -> dict[str, Any]:
    is_film = work.kind is EntityKind.MOVIE
    day = f"{work.year}-06-15"
    named = {"title": work.title, "original_title": work.original_title, "release_date": day}
    shown = named if is_film else {"name": work.title, "original_name": work.original_title, "first_air_date": day}
    return {
        "id": int(work.id), **shown, "overview": f"What {work.title} is about.", "poster_path": f"/p{work.id}.jpg",
        "original_language": "en", "popularity": 10.0, "vote_average": 7.0, "vote_count": 100,
    }  # fmt: skip


def _details(work: Work) -> dict[str, Any]:
    others = {"results": [{"iso_3166_1": "DE", "title": title} for title in work.other_titles]}
    ids = {"external_ids": {"imdb_id": imdb_id(work)}}
    shown = {**_summary(work), **ids, "genres": [{"id": 1, "name": f"Genre of {work.id}"}], "credits": {}, "translations": {}}
    if work.kind is EntityKind.MOVIE:
        releases = [
            {"iso_3166_1": "CA", "release_dates": [{"type": 1, "release_date": f"{year}-09-10T00:00:00.000Z"}]}
            for year in sorted(work.years)
        ]
        return {
            **shown, "runtime": work.minutes, "status": "Released", "imdb_id": imdb_id(work),
            "alternative_titles": {"titles": others["results"]}, "release_dates": {"results": releases},
        }  # fmt: skip
    seasons = [
        {"id": int(work.id) * 100 + number, "season_number": number, "name": f"Season {number}", "episode_count": count}
        for number, count in sorted(work.seasons.items())
    ]
    ended = {"status": "Ended", "last_air_date": f"{work.last_year}-12-01"} if work.last_year else {"status": "Returning Series"}
    return {**shown, **ended, "seasons": seasons, "alternative_titles": others}


def _search(asked: Asked, kind: EntityKind) -> list[Work]:
    """As TMDB searches: all words of the query stand in one of the titles; the year is that of the first release."""
    words = set(normal_name(asked.query["query"]).split())
    year = asked.query.get("primary_release_year") or asked.query.get("first_air_date_year")
    return [
        work for work in WORKS.values()
        if work.kind is kind and year in (None, str(work.year))
        and any(words <= set(normal_name(title).split()) for title in work.titles)
    ]  # fmt: skip


def _document(asked: Asked) -> Any:
    match asked.path.removeprefix("/3/").split("/"):
        case ["configuration"]:
            return CONFIGURATION
        case ["search", place]:
            found = [_summary(work) for work in _search(asked, PLACES[place])]
            return {"page": 1, "results": found, "total_pages": 1, "total_results": len(found)}
        case ["find", key]:
            found = [work for work in WORKS.values() if imdb_id(work) == key]
            return {
                f"{place}_results": [_summary(work) for work in found if work.kind is kind] for place, kind in PLACES.items()
            }  # fmt: skip
        case [place, key] if (PLACES.get(place), key) in WORKS:
            return _details(WORKS[PLACES[place], key])
    return None


def answer(asked: Asked) -> Given:
    """The true answer to a request."""
    if asked.query.get("api_key") != KEY:
        return error(401, 7, "Invalid API key: You must be granted a valid key.")
    document = _document(asked)
    if document is None:
        return error(404, 34, "The resource you requested could not be found.")
    return Given(200, json.dumps(document).encode(), {"content-type": "application/json;charset=utf-8"})


@contextmanager
def tmdb_catalogue() -> Iterator[Peer]:
    """A running one."""
    with Peer(answer).running() as peer:
        yield peer
