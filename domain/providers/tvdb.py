"""TVDB (thetvdb.com), API v4: what is asked. How its answers are read is in `tvdb_reading`."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from domain.catalog.enums import EntityKind
from domain.kit.errors import Invalid
from domain.providers import tvdb_changes
from domain.providers.model import Ask, Candidate, Details, Id, Login, OrderOnOffer, Query, Request, Stretch, Wishes
from domain.providers.pacing import Pace
from domain.providers.reading import Row, identifier, row, rows, text
from domain.providers.tvdb_reading import Reader
from domain.providers.tvdb_words import ORDERS, language_code

_SEARCHES: Final = timedelta(days=1)
_TABLES: Final = timedelta(days=30)
_KEY: Final = re.compile(r"([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})(?::([0-9A-Za-z]{4,32}))?")
_NUMBER: Final = "[1-9][0-9]{0,9}"
_REMOTE: Final = {"imdb": r"tt[0-9]{5,10}", "tmdb": _NUMBER, "wikidata": r"Q[1-9][0-9]{0,11}"}
_PLACES: Final = {
    EntityKind.MOVIE: "movies", EntityKind.SERIES: "series", EntityKind.SEASON: "seasons", EntityKind.EPISODE: "episodes",
    EntityKind.PERSON: "people", EntityKind.COLLECTION: "lists",
}  # fmt: skip
_COUNTED: Final = {EntityKind.MOVIE: "movie", EntityKind.SERIES: "tv", EntityKind.SEASON: "tv", EntityKind.EPISODE: "tv"}
_MOST_PAGES: Final = 20
"""Of 500 episodes each."""


class Tvdb:
    """Keys: a UUID; with a user's own key, a colon and the subscriber's PIN behind it."""

    name = "tvdb"
    base_url = "https://api4.thetvdb.com/v4"
    hosts = frozenset({"api4.thetvdb.com"})
    pace = Pace(10, 1.0)
    """No figure is published; other clients keep to this."""
    remembers = tvdb_changes.REMEMBERS

    def check_key(self, key: str) -> None:
        """Raises Invalid."""
        if not _KEY.fullmatch(key):
            raise Invalid("A key of TVDB is a UUID, with a subscriber's PIN as UUID:PIN.", path=("key",))

    def login(self, key: str) -> Login | None:
        """For a token that lives a month."""
        found = _KEY.fullmatch(key)
        assert found is not None
        pin = {} if found[2] is None else {"pin": found[2]}
        return Login("/login", {"apikey": found[1], **pin}, ("data", "token"))

    def authorized(self, credential: str) -> tuple[Mapping[str, str], Mapping[str, str]]:
        """In a header."""
        return {}, {"authorization": f"Bearer {credential}"}

    def test(self, ask: Ask) -> None:
        """A small table: only for those with a token."""
        ask(Request("/movies/statuses", kept=_TABLES))

    def search(self, ask: Ask, query: Query, wishes: Wishes) -> Sequence[Candidate]:
        """By id the one, or those of that id; by title those of the year, or of any where that year has none."""
        if query.kind not in (EntityKind.MOVIE, EntityKind.SERIES):
            return ()
        if query.id is not None:
            return _with_id(ask, query.kind, query.id, Reader(self.name, wishes.language))
        title = unicodedata.normalize("NFC", query.title).strip()
        found = _search(ask, query.kind, title, query.year)
        if not found and query.year is not None:
            found = _search(ask, query.kind, title, None)
        return Reader(self.name, wishes.language).found(query.kind, found)

    def details(self, ask: Ask, kind: EntityKind, external_id: str, wishes: Wishes) -> Details | None:
        """`external_id` is TVDB's number; of seasons and episodes also `series/season` and `series/season/episode`, as aired."""
        series, *numbers = external_id.split("/")
        most = {EntityKind.SEASON: 1, EntityKind.EPISODE: 2}.get(kind, 0)
        if kind not in _PLACES or not re.fullmatch(rf"{_NUMBER}(/[0-9]{{1,5}}){{0,2}}", external_id):
            raise Invalid(f"TVDB has no {kind.value} {external_id[:40]!r}.", path=("id",))
        if len(numbers) not in (0, most):
            raise Invalid(f"TVDB has no {kind.value} {external_id[:40]!r}.", path=("id",))
        reader = Reader(self.name, wishes.language)
        if kind is EntityKind.SEASON:
            return _season(ask, external_id, reader)
        if kind is EntityKind.EPISODE and numbers:
            found = _episode(ask, series, int(numbers[0]), int(numbers[1]), reader)
            return None if found is None else self.details(ask, kind, found, wishes)
        answer = _record(ask, kind, external_id)
        if answer is None:
            return None
        return reader.details(kind, answer)

    def episodes(self, ask: Ask, order: OrderOnOffer, series_id: str, wishes: Wishes) -> Sequence[Details]:
        """By the type of its seasons: dvd, absolute, alternate, regional; official = as aired."""
        if order.external_id not in (*ORDERS, "official") or not re.fullmatch(_NUMBER, series_id):
            raise Invalid("TVDB has no such order.", path=("id",))
        reader = Reader(self.name, wishes.language)
        told = _episodes(ask, series_id, order.external_id, reader)
        if order.external_id == "official":
            return told
        aired = {each.external_id: _numbers(each) for each in _episodes(ask, series_id, "official", reader)}
        return [replace(each, aired=aired.get(each.external_id)) for each in told]

    def changes(self, ask: Ask, since: datetime, now: datetime) -> Iterator[Stretch]:
        """Everything that has pages here, one type after the other."""
        return tvdb_changes.stretches(ask, since, now)


def _record(ask: Ask, kind: EntityKind, key: str) -> Row | None:
    """The whole of one thing, with its texts in all languages."""
    params = {} if kind is EntityKind.COLLECTION else {"meta": "translations"}
    answer = ask(Request(f"/{_PLACES[kind]}/{key}/extended", params, media_type=_COUNTED.get(kind)))
    return None if answer is None else row(answer.get("data"))


def _search(ask: Ask, kind: EntityKind, title: str, year: int | None) -> list[Row]:
    params = {"query": title, "type": kind.value, "limit": "20", **({} if year is None else {"year": str(year)})}
    return list(rows(row(ask(Request("/search", params, kept=_SEARCHES, media_type=_COUNTED[kind]))).get("data")))


def _with_id(ask: Ask, kind: EntityKind, wanted: Id, reader: Reader) -> Sequence[Candidate]:
    """TMDB's numbers are not only TMDB's: whoever has one must say that it is."""
    if wanted.provider == "tvdb":
        if not re.fullmatch(_NUMBER, wanted.value):
            raise Invalid("An id of TVDB is a number.", path=("id",))
        keys = [wanted.value]
    else:
        form = _REMOTE.get(wanted.provider)
        if form is None:
            raise Invalid(f"TVDB finds ids of tvdb, {', '.join(_REMOTE)}.", path=("id",))
        if not re.fullmatch(form, wanted.value):
            raise Invalid(f"That is no id of {wanted.provider}.", path=("id",))
        request = Request(f"/search/remoteid/{wanted.value}", kept=_SEARCHES, media_type=_COUNTED[kind])
        found = rows(row(ask(request)).get("data"))
        known = [identifier(row(each.get(kind.value)).get("id")) for each in found]
        keys = list(dict.fromkeys(each for each in known if each is not None))[:3]
    candidates = []
    for key in keys:
        answer = _record(ask, kind, key)
        if answer is None:
            continue
        ids = {(each.provider, each.value) for each in reader.details(kind, answer).ids}
        candidate = reader.candidate(kind, answer)
        if candidate is not None and (wanted.provider, wanted.value) in ids:
            candidates.append(candidate)
    return candidates


def _season(ask: Ask, external_id: str, reader: Reader) -> Details | None:
    """With its episodes; by its own id it may be one of another order than the aired one."""
    key, _, number = external_id.partition("/")
    found = _aired_season(ask, key, int(number), reader) if number else None
    kind = "official"
    if not number:
        answer = _record(ask, EntityKind.SEASON, key)
        found = None if answer is None else reader.details(EntityKind.SEASON, answer)
        kind = text(row(row(answer).get("type")).get("type")) or ""
        key = identifier(row(answer).get("seriesId")) or ""
    if found is None or not key or kind not in (*ORDERS, "official"):
        return found
    parts = [each for each in _episodes(ask, key, kind, reader) if each.season_number == found.season_number]
    return replace(found, parts=tuple(parts))


def _aired_season(ask: Ask, series: str, number: int, reader: Reader) -> Details | None:
    """From its series' answer, which holds its pictures, too."""
    answer = _record(ask, EntityKind.SERIES, series)
    whole = None if answer is None else reader.details(EntityKind.SERIES, answer)
    found = None if whole is None else next((each for each in whole.parts if each.season_number == number), None)
    if whole is None or found is None:
        return None
    offered = [replace(each, season_number=None) for each in whole.pictures if each.season_number == number]
    own = [each for each in found.pictures if each.url not in {other.url for other in offered}]
    return replace(found, pictures=(*offered, *own))


def _episode(ask: Ask, series: str, season: int, number: int, reader: Reader) -> str | None:
    """The id of the episode with those numbers, as aired."""
    for each in _episodes(ask, series, "official", reader):
        if (each.season_number, each.episode_number) == (season, number):
            return each.external_id
    return None


def _episodes(ask: Ask, series: str, kind: str, reader: Reader) -> list[Details]:
    """All in one order, in the language; those without a title in it have the one that they go by."""
    path = f"/series/{series}/episodes/{kind}"
    found = _pages(ask, f"{path}/{language_code(reader.language)}")
    if not found or any(text(each.get("name")) is None for each in found):
        said = {identifier(each.get("id")): {name: value for name, value in each.items() if value is not None} for each in found}
        found = [{**each, "overview": None, **said.get(identifier(each.get("id")), {})} for each in _pages(ask, path)]
    return [reader.details(EntityKind.EPISODE, each) for each in found if identifier(each.get("id")) is not None]


def _numbers(episode: Details) -> tuple[int, int] | None:
    if episode.season_number is None or episode.episode_number is None:
        return None
    return episode.season_number, episode.episode_number


def _pages(ask: Ask, path: str) -> list[Row]:
    found: list[Row] = []
    for number in range(_MOST_PAGES):
        answer = row(ask(Request(path, {"page": str(number)}, media_type="tv")))
        several = list(rows(row(answer.get("data")).get("episodes")))
        found += several
        if not several or text(row(answer.get("links")).get("next")) is None:
            break
    return found
