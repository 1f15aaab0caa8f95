"""TMDB (themoviedb.org), API v3: what is asked. How its answers are read is in `tmdb_reading`."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from domain.catalog.enums import EntityKind
from domain.kit.errors import Invalid
from domain.providers import tmdb_changes
from domain.providers.model import Ask, Candidate, Details, Login, OrderOnOffer, Query, Request, Stretch, Wishes
from domain.providers.pacing import Pace
from domain.providers.reading import Row, row, rows, text
from domain.providers.tmdb_reading import IMAGES, Reader

_SEARCHES: Final = timedelta(days=1)
_SETTINGS: Final = timedelta(days=30)
_PLACES: Final = {EntityKind.MOVIE: "movie", EntityKind.SERIES: "tv"}
_SOURCES: Final = {"imdb": "imdb_id", "tvdb": "tvdb_id", "wikidata": "wikidata_id"}
_WITH: Final = {
    EntityKind.MOVIE: "credits,release_dates,external_ids,images,keywords,alternative_titles,translations,recommendations",
    EntityKind.SERIES: (
        "aggregate_credits,content_ratings,external_ids,images,keywords,alternative_titles,translations,recommendations,"
        "episode_groups"
    ),
    EntityKind.SEASON: "aggregate_credits,external_ids,images,translations",
    EntityKind.EPISODE: "credits,external_ids,images,translations",
    EntityKind.PERSON: "external_ids,images,translations",
    EntityKind.COLLECTION: "images,translations",
}
"""Parts that come with the details in one request; TMDB allows twenty."""


class Tmdb:
    """Keys: 32 hex digits (v3), or a read access token (v4), which v3 takes as well."""

    name = "tmdb"
    base_url = "https://api.themoviedb.org/3"
    hosts = frozenset({"api.themoviedb.org"})
    pace = Pace(20, 1.0)
    """TMDB's ceiling is some 40 a second."""
    remembers = tmdb_changes.REMEMBERS

    def check_key(self, key: str) -> None:
        """Raises Invalid."""
        if not re.fullmatch(r"[0-9a-f]{32}", key) and not _is_token(key):
            raise Invalid("A key of TMDB has 32 hex digits; its read access token begins with eyJ.", path=("key",))

    def login(self, key: str) -> Login | None:
        """None."""
        return None

    def authorized(self, credential: str) -> tuple[Mapping[str, str], Mapping[str, str]]:
        """The token in a header, the key as a parameter: that is where TMDB looks."""
        return ({}, {"authorization": f"Bearer {credential}"}) if _is_token(credential) else ({"api_key": credential}, {})

    def test(self, ask: Ask) -> None:
        """The configuration: small, and only for those with a key."""
        ask(_configuration())

    def search(self, ask: Ask, query: Query, wishes: Wishes) -> Sequence[Candidate]:
        """By id the one, or those of that id; by title those of the year, or of any where that year has none."""
        if query.kind not in _PLACES:
            return ()
        reader = Reader(self.name, wishes.language, _images(ask))
        if query.id is not None:
            return self._with_id(ask, query, wishes, reader)
        title = unicodedata.normalize("NFC", query.title).strip()
        found = _search(ask, query.kind, title, query.year, wishes)
        if not found and query.year is not None:
            found = _search(ask, query.kind, title, None, wishes)
        return reader.candidates(query.kind, found)

    def _with_id(self, ask: Ask, query: Query, wishes: Wishes, reader: Reader) -> Sequence[Candidate]:
        assert query.id is not None
        place = _PLACES[query.kind]
        if query.id.provider == self.name:
            if not re.fullmatch(r"[1-9][0-9]{0,9}", query.id.value):
                raise Invalid("An id of TMDB is a number.", path=("id",))
            params = {"language": wishes.language}
            answer = ask(Request(f"/{place}/{query.id.value}", params, wishes.language, media_type=place))
            return () if answer is None else reader.candidates(query.kind, [answer])
        source = _SOURCES.get(query.id.provider)
        if source is None:
            raise Invalid(f"TMDB finds ids of {', '.join((self.name, *_SOURCES))}.", path=("id",))
        if not re.fullmatch(r"[A-Za-z]{0,2}[0-9]{1,12}", query.id.value):
            raise Invalid(f"That is no id of {query.id.provider}.", path=("id",))
        params = {"external_source": source, "language": wishes.language}
        answer = row(ask(Request(f"/find/{query.id.value}", params, wishes.language, _SEARCHES, place)))
        return reader.candidates(query.kind, rows(answer.get(f"{place}_results")))

    def details(self, ask: Ask, kind: EntityKind, external_id: str, wishes: Wishes) -> Details | None:
        """`external_id` is TMDB's number; of a season `series/season`, of an episode `series/season/episode`."""
        path, media_type = _path(kind, external_id)
        languages = ",".join(dict.fromkeys((wishes.language.partition("-")[0], "en", "null")))
        params = {"append_to_response": _WITH[kind], "language": wishes.language, "include_image_language": languages}
        answer = ask(Request(path, params, wishes.language, media_type=media_type))
        if answer is None:
            return None
        return Reader(self.name, wishes.language, _images(ask)).details(kind, answer, external_id)

    def episodes(self, ask: Ask, order: OrderOnOffer, series_id: str, wishes: Wishes) -> Sequence[Details]:
        """TMDB's groups of episodes: the group's place is the season, the place in it the episode's number."""
        if not re.fullmatch(r"[0-9a-f]{8,40}", order.external_id):
            raise Invalid(f"TMDB has no order {order.external_id[:40]!r}.", path=("id",))
        params = {"language": wishes.language}
        path = f"/tv/episode_group/{order.external_id}"
        answer = row(ask(Request(path, params, wishes.language, media_type="tv")))
        return Reader(self.name, wishes.language, _images(ask)).ordered(answer)

    def changes(self, ask: Ask, since: datetime, now: datetime) -> Iterator[Stretch]:
        """Films, series and people, day by day; with a series all its seasons and episodes."""
        return tmdb_changes.stretches(ask, since, now)


def _is_token(key: str) -> bool:
    return re.fullmatch(r"eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{10,}", key, re.ASCII) is not None and len(key) < 2_000


def _configuration() -> Request:
    return Request("/configuration", kept=_SETTINGS)


def _images(ask: Ask) -> str:
    """Where pictures are: TMDB's own word, else its well-known address."""
    said = text(row(row(ask(_configuration())).get("images")).get("secure_base_url"))
    return said if said is not None and re.fullmatch(r"https://[a-z0-9.-]+/[\w/.-]*", said, re.ASCII) else IMAGES


def _search(ask: Ask, kind: EntityKind, title: str, year: int | None, wishes: Wishes) -> list[Row]:
    place = _PLACES[kind]
    params = {"query": title, "include_adult": "false", "language": wishes.language, "page": "1"}
    if wishes.region is not None and kind is EntityKind.MOVIE:
        params["region"] = wishes.region
    if year is not None:
        params["primary_release_year" if kind is EntityKind.MOVIE else "first_air_date_year"] = str(year)
    return list(rows(row(ask(Request(f"/search/{place}", params, wishes.language, _SEARCHES, place))).get("results")))


def _path(kind: EntityKind, external_id: str) -> tuple[str, str | None]:
    """(path, media type). Raises Invalid."""
    more = {EntityKind.SEASON: 1, EntityKind.EPISODE: 2}.get(kind, 0)
    if kind not in _WITH or not re.fullmatch(rf"[1-9][0-9]{{0,9}}(/[0-9]{{1,5}}){{{more}}}", external_id):
        raise Invalid(f"TMDB has no {kind.value} {external_id[:40]!r}.", path=("id",))
    if kind in _PLACES:
        return f"/{_PLACES[kind]}/{external_id}", _PLACES[kind]
    if kind in (EntityKind.PERSON, EntityKind.COLLECTION):
        return f"/{kind.value}/{external_id}", None
    series, *parts = external_id.split("/")
    places = [f"{word}/{part}" for word, part in zip(("season", "episode"), parts, strict=False)]
    return "/".join([f"/tv/{series}", *places]), "tv"
