"""A loopback TVDB with the true wire format of v4: login, search, extended records, pages of episodes, changes."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from tests.peers.web import Asked, Given, Peer

KEY: Final = "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"
PIN: Final = "ABCD1234"
AT: Final = "https://artworks.thetvdb.com/banners"
PAGE: Final = 2
"""Episodes of one page; TVDB has 500."""


def art(key: int, kind: int, name: str, lang: str | None = None, score: int = 100_000, **more: Any) -> dict[str, Any]:
    """One artwork."""
    return {
        "id": key, "image": f"{AT}/{name}", "thumbnail": f"{AT}/{name}_t", "language": lang, "type": kind, "score": score,
        "width": 680, "height": 1000, "includesText": lang is not None, **more,
    }  # fmt: skip


def person(key: int, name: str, trade: str, role: str | None = None, sort: int = 0) -> dict[str, Any]:
    """One character."""
    return {
        "id": key * 10, "name": role, "peopleId": key, "personName": name, "peopleType": trade, "sort": sort, "type": 3,
        "personImgURL": f"{AT}/person/{key}.jpg", "isFeatured": True, "image": f"{AT}/", "url": "x", "aliases": None,
    }  # fmt: skip


FILM: Final[dict[str, Any]] = {
    "id": 910101, "name": "Lampiony", "slug": "lampiony", "image": f"{AT}/movies/910101/po.jpg", "score": 1200, "runtime": 104,
    "nameTranslations": ["pol", "eng"], "overviewTranslations": ["eng"], "aliases": [{"language": "ces", "name": "Lampióny"}],
    "status": {"id": 5, "name": "Released", "recordType": "movie", "keepUpdated": True}, "year": "2019", "budget": "2500000",
    "boxOffice": "", "boxOfficeUS": None, "originalCountry": "pol", "originalLanguage": "pol", "genres": [{"id": 12,
    "name": "Drama"}],
    "first_release": {"country": "pol", "date": "2019-09-20", "detail": None},
    "releases": [{"country": "pol", "date": "2019-09-20", "detail": None}],
    "production_countries": [{"id": 1, "country": "pol", "name": "Poland"}, {"id": 2, "country": "cze", "name": "Czechia"}],
    "remoteIds": [{"id": "tt9900101", "type": 2, "sourceName": "IMDB"}, {"id": "900101-lampiony", "type": 12,
    "sourceName": "TheMovieDB.com"},
                  {"id": "https://lampiony.example/", "type": 4, "sourceName": "Official Website"},
                  {"id": "Q900101", "type": 18, "sourceName": "Wikidata"}, {"id": "nonsense", "type": 2, "sourceName": "IMDB"}],
    "companies": {"studio": None, "network": [], "production": [{"id": 5, "name": "Studio Lampa", "country": "pol"}],
                  "distributor": [{"id": 6, "name": "Distro", "country": "usa"}], "special_effects": None},
    "contentRatings": [{"id": 1, "name": "PG", "country": "usa", "contentType": "movie", "order": 2},
                       {"id": 2, "name": "", "country": "pol"}],
    "characters": [person(71, "C. Actor", "Actor", "Hanna", 1), person(74, "D. Second", "Actor", "Ola", 2),
                   person(72, "B. Director", "Director"), person(72, "B. Director", "Writer"), person(75, "F. Wizard", "Crew")],
    "artworks": [art(1, 14, "movies/910101/a.jpg", "eng"), art(2, 14, "movies/910101/b.jpg", None, 100_005),
                 art(3, 15, "movies/910101/bg.jpg", None, width=1920, height=1080),
                 art(4, 15, "movies/910101/bgw.jpg", "eng", width=1920, height=1080),
                 art(5, 25, "movies/910101/logo.png", "pol", width=800, height=310), art(6, 18, "movies/910101/icon.png"),
                 {**art(7, 14, "x"), "image": "http://10.0.0.1/evil.jpg"}],
    "lists": [{"id": 8001, "name": "Lantern Collection", "isOfficial": True, "image": "/banners/lists/8001.jpg"},
              {"id": 8002, "name": "My favourites", "isOfficial": False}],
    "tagOptions": [{"id": 2, "tag": 3, "tagName": "Theme", "name": "theatre"}], "trailers": [],
    "lastUpdated": "2025-01-31 10:20:30",
    "translations": {
        "nameTranslations": [{"name": "Lampiony (2019)", "language": "pol", "isAlias": True}, {"name": "Lampiony",
        "language": "pol", "isPrimary": True},
                             {"name": "Paper Lanterns", "language": "eng"}, {"name": "Lanternas", "language": "pt"}],
        "overviewTranslations": [{"overview": "Two sisters rebuild a theatre.", "language": "eng", "tagline": "Light."}],
        "alias": []},
}  # fmt: skip
SERIES: Final[dict[str, Any]] = {
    "id": 777001, "name": "Latarnicy", "slug": "latarnicy", "image": f"{AT}/v4/series/777001/po.jpg",
    "firstAired": "2020-01-05",
    "lastAired": "2021-02-20", "nextAired": "", "score": 1204, "originalCountry": "pol", "originalLanguage": "pol",
    "status": {"id": 2, "name": "Ended", "recordType": "series", "keepUpdated": False}, "defaultSeasonType": 1,
    "isOrderRandomized": False, "averageRuntime": 47, "year": "2020", "overview": "Pilnują światła.",
    "aliases": [{"language": "deu", "name": "Die Leuchtturmwärter"}], "genres": [{"id": 12, "name": "Drama", "slug": "drama"}],
    "remoteIds": [{"id": "tt9980001", "type": 2, "sourceName": "IMDB"}, {"id": "880001", "type": 12,
    "sourceName": "TheMovieDB.com"},
                  {"id": "5150", "type": 19, "sourceName": "TV Maze"}],
    "companies": [{"id": 9, "name": "TV Latarnia", "country": "pol", "companyType": {"companyTypeId": 1,
    "companyTypeName": "Network"}},
                  {"id": 5, "name": "Studio Lampa", "country": "pol", "companyType": {"companyTypeId": 3,
                  "companyTypeName": "Production Company"}}],
    "originalNetwork": {"id": 9, "name": "TV Latarnia", "country": "pol"}, "latestNetwork": {"id": 9, "name": "TV Latarnia",
    "country": "pol"},
    "contentRatings": [{"id": 3, "name": "TV-14", "country": "usa"}], "tags": None, "lists": [], "trailers": [],
    "characters": [person(81, "G. Guest", "Guest Star", "The Sexton", 0), person(71, "C. Actor", "Actor", "Keeper", 1),
                   person(76, "W. Writer", "Creator")],
    "seasons": [
        {"id": 500, "seriesId": 777001, "type": {"id": 1, "name": "Aired Order", "type": "official"}, "number": 0,
        "name": "Specials"},
        {"id": 501, "seriesId": 777001, "type": {"id": 1, "name": "Aired Order", "type": "official"}, "number": 1, "name": None,
         "image": f"{AT}/seasons/501.jpg"},
        {"id": 601, "seriesId": 777001, "type": {"id": 2, "name": "DVD Order", "type": "dvd"}, "number": 1}],
    "seasonTypes": [{"id": 1, "name": "Aired Order", "type": "official", "alternateName": None},
                    {"id": 2, "name": "DVD Order", "type": "dvd", "alternateName": None},
                    {"id": 3, "name": "Absolute Order", "type": "absolute", "alternateName": "Story"}],
    "artworks": [art(21, 2, "v4/series/777001/po.jpg", "eng"), art(22, 3, "v4/series/777001/bg.jpg"), art(23, 1,
    "g/777001.jpg", "eng"),
                 art(24, 23, "v4/series/777001/logo.png", "eng"), art(25, 22, "v4/series/777001/art.png", "eng"),
                 art(26, 7, "seasons/501b.jpg", "eng", seasonId=501), art(27, 7, "seasons/601.jpg", "eng", seasonId=601)],
    "translations": {"nameTranslations": [{"name": "Lamplighters", "language": "eng"}, {"name": "Latarnicy",
    "language": "pol"}],
                     "overviewTranslations": [{"overview": "They keep light.", "language": "eng"}], "alias": None},
}  # fmt: skip


def episode(key: int, season: int, number: int, name: str | None, overview: str | None = None) -> dict[str, Any]:
    """One episode in an order."""
    return {
        "id": key, "seriesId": 777001, "name": name, "aired": f"2020-01-{number + 4:02}", "runtime": 47, "overview": overview,
        "image": f"{AT}/episodes/{key}.jpg", "imageType": 11, "isMovie": 0, "number": number, "seasonNumber": season,
        "seasons": None,
        "finaleType": None, "lastUpdated": "2025-01-31 10:20:30", "year": "2020",
    }  # fmt: skip


ORDERS: Final[dict[str, list[dict[str, Any]]]] = {
    "official": [{**episode(330000, 0, 1, "Making of"), "airsBeforeSeason": 1, "airsBeforeEpisode": 2},
                 episode(330001, 1, 1, "Pierwsza lampa", "Płonie."),
                 episode(330002, 1, 2, "Druga lampa", "Gaśnie.")],
    "dvd": [episode(330002, 1, 1, "Druga lampa"), episode(330001, 1, 2, "Pierwsza lampa")],
    "absolute": [episode(330001, 1, 1, "Pierwsza lampa"), episode(330002, 1, 2, "Druga lampa")],
}  # fmt: skip
ENGLISH: Final = {330001: ("The First Lamp", "It burns."), 330002: ("The Second Lamp", "It goes out.")}
RECORDS: Final[dict[str, dict[str, Any]]] = {
    "/v4/movies/910101/extended": FILM,
    "/v4/series/777001/extended": SERIES,
    "/v4/seasons/601/extended": {
        **SERIES["seasons"][2], "artwork": [], "episodes": [],
        "translations": [{"name": "Box one", "language": "eng", "overview": "All of it."}]},
    "/v4/episodes/330002/extended": {
        **ORDERS["official"][2], "characters": [person(81, "G. Guest", "Guest Star", "The Sexton"), person(72, "B. Director",
        "Director")],
        "remoteIds": [{"id": "tt9933002", "type": 2, "sourceName": "IMDB"}], "productionCode": "102",
        "translations": {"nameTranslations": [{"name": "The Second Lamp", "language": "eng"}],
                         "overviewTranslations": [{"overview": "It goes out.", "language": "eng"}]}},
    "/v4/people/71/extended": {
        "id": 71, "name": "C. Actor", "image": f"{AT}/person/71.jpg", "birth": "1980-02-29", "death": None,
        "birthPlace": "Łódź, Poland",
        "gender": 2, "biographies": [{"biography": "Acts.", "language": "eng"}], "remoteIds": [{"id": "nm0000071",
        "sourceName": "IMDB"}],
        "aliases": [{"language": "eng", "name": "Ca. Actor"}], "translations": {"nameTranslations": None,
        "overviewTranslations": None}},
    "/v4/lists/8001/extended": {
        "id": 8001, "name": "Lantern Collection", "overview": "All lanterns.", "image": "/banners/lists/8001.jpg",
        "isOfficial": True,
        "entities": [{"order": 1, "movieId": 910101, "seriesId": None}]},
}  # fmt: skip
FOUND: Final = {
    "movie": {"objectID": "movie-910101", "id": "movie-910101", "tvdb_id": "910101", "type": "movie", "name": "Lampiony",
              "aliases": ["Paper Lanterns"], "year": "2019", "first_air_time": "2019-09-20", "primary_language": "pol",
              "overview": "Dwie siostry.",
              "translations": {"eng": "Paper Lanterns", "pol": "Lampiony"},
              "overviews": {"eng": "Two sisters rebuild a theatre."},
              "image_url": f"{AT}/movies/910101/po.jpg", "remote_ids": [{"id": "tt9900101", "type": 2, "sourceName": "IMDB"}]},
    "series": {"objectID": "series-777001", "id": "series-777001", "tvdb_id": "777001", "type": "series", "name": "Latarnicy",
               "aliases": [], "year": "2020", "primary_language": "pol", "translations": {"eng": "Lamplighters"},
               "overviews": None,
               "image_url": f"{AT}/", "status": "Ended"},
}  # fmt: skip
REMOTE: Final = {
    "tt9900101": [{"movie": {"id": 910101, "name": "Lampiony"}}], "tt9980001": [{"series": {"id": 777001,
    "name": "Latarnicy"}}],
    "880001": [{"series": {"id": 777001, "name": "Latarnicy"}}, {"movie": {"id": 910101, "name": "Lampiony"}}],
    "5150": [{"series": {"id": 777001, "name": "Latarnicy"}}],
}  # fmt: skip


class Tvdb(Peer):
    """A running one. Tokens that it gave are counted: `tokens` of them, the last is good; `changes` by type."""

    def __init__(self) -> None:
        super().__init__(self.answered)
        self.tokens = 0
        self.pin: str | None = None
        self.changes: list[dict[str, Any]] = []

    @property
    def token(self) -> str:
        """The one that is good now."""
        return f"eyJhbGciOiJSUzI1NiJ9.{self.tokens}.c2lnbmF0dXJl"

    def answered(self, asked: Asked) -> Given:
        """The true answer to a request."""
        if asked.path == "/v4/login":
            wanted = {"apikey": KEY} | ({} if self.pin is None else {"pin": self.pin})
            if json.loads(asked.body) != wanted:
                return _failure(401, "Unauthorized")
            self.tokens += 1
            return _given({"token": self.token})
        if not self.tokens or asked.headers.get("authorization") != f"Bearer {self.token}":
            return _failure(401, "Unauthorized")
        return self._record(asked)

    def _record(self, asked: Asked) -> Given:
        query = asked.query
        if asked.path in RECORDS:
            assert query == {} if "/lists/" in asked.path else query == {"meta": "translations"}
            return _given(RECORDS[asked.path])
        if asked.path == "/v4/movies/statuses":
            return _given([{"id": 5, "name": "Released"}])
        if asked.path == "/v4/search":
            one = FOUND[query["type"]]
            names = {one["name"], *one["aliases"], *one["translations"].values()}
            return _given([one] if query["query"] in names and query.get("year") in (None, one["year"]) else [])
        if match := re.fullmatch(r"/v4/search/remoteid/(\w+)", asked.path):
            return _given(REMOTE.get(match[1], None))
        if match := re.fullmatch(r"/v4/series/777001/episodes/(\w+)(?:/(\w+))?", asked.path):
            return _episodes(ORDERS[match[1]], match[2], int(query["page"]))
        if asked.path == "/v4/updates":
            since = int(query["since"])
            found = [each for each in self.changes if each["timeStamp"] >= since and each["entityType"] == query["type"]]
            return _paged(found, int(query["page"]), lambda several: several)
        return _failure(404, "NotFoundException: not found")


def _episodes(order: list[dict[str, Any]], language: str | None, page: int) -> Given:
    found = order
    if language is not None:
        said = ENGLISH if language == "eng" else {}
        if language not in ("eng", "pol"):
            return _failure(404, "NotFoundException: no translation")
        if language == "eng":
            found = [
                {**each, **dict(zip(("name", "overview"), said.get(each["id"], (None, None)), strict=True))} for each in order
            ]
    return _paged(found, page, lambda several: {"series": {"id": 777001}, "episodes": several})


def _paged(found: list[dict[str, Any]], page: int, shape: Any) -> Given:
    part, more = found[page * PAGE : (page + 1) * PAGE], len(found) > (page + 1) * PAGE
    links = {
        "prev": None,
        "self": "x",
        "next": "https://api4.thetvdb.com/v4/x?page=1" if more else None,
        "total_items": len(found),
    }
    return _given(shape(part), links={**links, "page_size": PAGE})


def _given(data: Any, **more: Any) -> Given:
    body = json.dumps({"status": "success", "data": data, **more}).encode()
    return Given(200, body, {"content-type": "application/json; charset=utf-8"})


def _failure(status: int, message: str) -> Given:
    body = json.dumps({"status": "failure", "message": message, "data": None}).encode()
    return Given(status, body, {"content-type": "application/json"})


@contextmanager
def tvdb() -> Iterator[Tvdb]:
    """A running one."""
    peer = Tvdb()
    with peer.running():
        yield peer
