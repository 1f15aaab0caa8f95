"""How TVDB's answers are read: its records as ours (reference: TVDB's API v4, thetvdb.github.io/v4-api)."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from domain.catalog.enums import EntityKind, ProductionStatus
from domain.providers.model import Candidate, Certificate, Details, Id, OrderOnOffer, OtherTitle, Translation
from domain.providers.reading import Row, day, identifier, names, positive, row, rows, text, whole
from domain.providers.tvdb_people import organisations, participations
from domain.providers.tvdb_pictures import address, pictures
from domain.providers.tvdb_words import ORDERS, STATUSES, country, language_code, remote_id, spoken

_MINUTE_MS: Final = 60_000


@dataclass(frozen=True, slots=True)
class Reader:
    """Of one answer. `language` is the one that is wished for (BCP 47)."""

    provider: str
    language: str

    def found(self, kind: EntityKind, several: Iterable[Row]) -> tuple[Candidate, ...]:
        """What a search found: its ids are texts, its translations stand beside the name."""
        return tuple(each for one in several if (each := self._found(kind, one)) is not None)

    def _found(self, kind: EntityKind, one: Row) -> Candidate | None:
        key, name, code = identifier(one.get("tvdb_id")), text(one.get("name")), language_code(self.language)
        title = text(row(one.get("translations")).get(code)) or name
        if key is None or title is None or text(one.get("type")) not in (None, kind.value):
            return None
        plot = text(row(one.get("overviews")).get(code)) or text(one.get("overview"))
        said = spoken(one.get("primary_language"))
        return Candidate(
            self.provider, kind, key, title, name, None if said is None else said[0],
            day(one.get("first_air_time")) or _year(one.get("year")), plot, address(one.get("image_url")),
        )  # fmt: skip

    def candidate(self, kind: EntityKind, one: Row) -> Candidate | None:
        """A whole record, or its base, as a candidate."""
        details = self.details(kind, one)
        title = details.title or details.original_title
        if title is None or not details.external_id:
            return None
        return Candidate(
            self.provider, kind, details.external_id, title, details.original_title, details.original_language,
            details.release_date or _year(one.get("year")), details.plot, address(one.get("image")),
        )  # fmt: skip

    def details(self, kind: EntityKind, one: Row) -> Details:
        """Of any kind. Texts are those of the language; where it has no title, the one that the record goes by."""
        code, texts = language_code(self.language), _texts(one)
        own, base = texts.get(code, {}), text(one.get("name"))
        original = text(one.get("originalLanguage"))
        said = spoken(original)
        status = STATUSES.get(text(row(one.get("status")).get("name")) or "")
        key = identifier(one.get("id")) or ""
        shown_at = _shown_at(one) if kind is EntityKind.EPISODE else (None, None)
        seasons = dict(_seasons(one)) if kind is EntityKind.SERIES else {}
        return Details(
            provider=self.provider, kind=kind, external_id=key, language=self.language,
            title=own.get("title") or base, original_title=texts.get(original or "", {}).get("title") or base,
            original_language=None if said is None else said[0], tagline=own.get("tagline"),
            plot=own.get("plot") or _biography(one, code) or (None if texts else text(one.get("overview"))),
            release_date=_first_day(one), end_date=day(one.get("lastAired")) if status is ProductionStatus.ENDED else None,
            runtime_ms=_runtime(one), production_status=status, homepage=_homepage(one), budget=_money(one.get("budget")),
            revenue=_money(one.get("boxOffice")),
            season_number=whole(one.get("seasonNumber")) if kind is EntityKind.EPISODE else _number(kind, one),
            episode_number=whole(one.get("number")) if kind is EntityKind.EPISODE else None,
            display_season=shown_at[0], display_episode=shown_at[1],
            birth_date=day(one.get("birth")), death_date=day(one.get("death")), birthplace=text(one.get("birthPlace")),
            collection=next(iter(self._collections(one)), None), ids=self._ids(kind, one, key), genres=names(one.get("genres")),
            keywords=names(one.get("tagOptions")) or names(one.get("tags")), countries=_countries(one),
            studios=organisations(one), certificates=tuple(_certificates(one)), participations=participations(one),
            pictures=pictures(kind, one, seasons), other_titles=tuple(_other_titles(one)),
            translations=tuple(_translations(texts)), parts=self._parts(kind, one), orders=tuple(_orders(one)),
        )  # fmt: skip

    def _ids(self, kind: EntityKind, one: Row, key: str) -> tuple[Id, ...]:
        found = {(self.provider, kind.value): key} if key else {}
        for each in rows(one.get("remoteIds")):
            known = remote_id(each.get("sourceName"), each.get("id"), kind)
            if known is not None:
                found.setdefault(known[:2], known[2])
        return tuple(Id(provider, space, value) for (provider, space), value in found.items())

    def _collections(self, one: Row) -> Iterator[Candidate]:
        for each in rows(one.get("lists")):
            key, name = identifier(each.get("id")), text(each.get("name"))
            if each.get("isOfficial") is True and key is not None and name is not None:
                yield Candidate(self.provider, EntityKind.COLLECTION, key, name, poster_url=address(each.get("image")))

    def _parts(self, kind: EntityKind, one: Row) -> tuple[Details, ...]:
        if kind is EntityKind.SERIES:
            aired = [each for each in rows(one.get("seasons")) if _is_aired(each) and identifier(each.get("id")) is not None]
            return tuple(self.details(EntityKind.SEASON, each) for each in aired)
        return ()


def _texts(one: Row) -> Mapping[str, dict[str, str]]:
    """Title, tagline and plot by its codes of languages; other names of the thing are left out."""
    said = row(one.get("translations"))
    stated = (*rows(said.get("nameTranslations")), *rows(said.get("overviewTranslations")), *rows(one.get("translations")))
    found: dict[str, dict[str, str]] = {}
    for each in stated:
        code = text(each.get("language"))
        if code is None or each.get("isAlias") is True:
            continue
        for field, value in (("title", each.get("name")), ("tagline", each.get("tagline")), ("plot", each.get("overview"))):
            words = text(value)
            if words is not None:
                found.setdefault(code, {}).setdefault(field, words)
    return found


def _translations(texts: Mapping[str, Mapping[str, str]]) -> Iterator[Translation]:
    for code, each in texts.items():
        known = spoken(code)
        if known is not None:
            yield Translation(*known, each.get("title"), each.get("tagline"), each.get("plot"))


def _biography(one: Row, code: str) -> str | None:
    found = {text(each.get("language")): text(each.get("biography")) for each in rows(one.get("biographies"))}
    return found.get(code)


def _is_aired(season: Row) -> bool:
    return text(row(season.get("type")).get("type")) == "official"


def _seasons(one: Row) -> Iterator[tuple[str, int]]:
    for each in rows(one.get("seasons")):
        key, number = identifier(each.get("id")), whole(each.get("number"))
        if _is_aired(each) and key is not None and number is not None:
            yield key, number


def _number(kind: EntityKind, one: Row) -> int | None:
    return whole(one.get("number")) if kind is EntityKind.SEASON else None


def _shown_at(one: Row) -> tuple[int | None, int | None]:
    """(season, episode) before which a special stands; `airsAfterSeason` wins, as with Kodi. 0 and less say nothing."""
    after, before = positive(one.get("airsAfterSeason")), positive(one.get("airsBeforeSeason"))
    if after is not None or before is None:
        return after, None
    return before, positive(one.get("airsBeforeEpisode")) or 1


def _first_day(one: Row) -> date | None:
    return day(one.get("firstAired")) or day(row(one.get("first_release")).get("date")) or day(one.get("aired"))


def _year(value: Any) -> date | None:
    return day(f"{value}-01-01") if isinstance(value, str) and re.fullmatch(r"[12][0-9]{3}", value) else None


def _runtime(one: Row) -> int | None:
    minutes = positive(one.get("runtime")) or positive(one.get("averageRuntime"))
    return None if minutes is None or minutes > 10_000 else minutes * _MINUTE_MS


def _money(value: Any) -> int | None:
    """Its amounts are texts."""
    known = text(value)
    return int(known) or None if known is not None and re.fullmatch(r"[0-9]{1,15}", known) else None


def _homepage(one: Row) -> str | None:
    for each in rows(one.get("remoteIds")):
        known = text(each.get("id"))
        if text(each.get("sourceName")) == "Official Website" and known is not None and known.startswith(("https://", "http://")):
            return known
    return None


def _countries(one: Row) -> tuple[str, ...]:
    said = [
        country(one.get("originalCountry")),
        *(country(each.get("country")) for each in rows(one.get("production_countries"))),
    ]
    return tuple(dict.fromkeys(each for each in said if each is not None))


def _certificates(one: Row) -> Iterator[Certificate]:
    for each in rows(one.get("contentRatings")):
        place, code = country(each.get("country")), text(each.get("name"))
        if place is not None and code is not None:
            yield Certificate(place, code)


def _other_titles(one: Row) -> Iterator[OtherTitle]:
    for title in dict.fromkeys(text(each.get("name")) for each in rows(one.get("aliases"))):
        if title is not None:
            yield OtherTitle(title)


def _orders(one: Row) -> Iterator[OrderOnOffer]:
    for each in rows(one.get("seasonTypes")):
        kind = text(each.get("type")) or ""
        if kind in ORDERS:
            yield OrderOnOffer(ORDERS[kind], kind, text(each.get("alternateName")) or text(each.get("name")) or kind)
