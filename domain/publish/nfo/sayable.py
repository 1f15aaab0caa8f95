"""What of an item an NFO can say: the model that our reader gives back."""

from collections.abc import Iterable
from datetime import date
from typing import Final

from domain.libraries.nfo import NfoCollection, NfoItem, NfoKind, NfoSeasonName
from domain.libraries.nfo.providers import catalogue_id
from domain.publish.nfo.certificates import certificate_text, certifications
from domain.publish.nfo.characters import entry, line, long
from domain.publish.nfo.facts import credits, ids, ratings

KINDS: Final = frozenset({NfoKind.MOVIE, NfoKind.SERIES, NfoKind.SEASON, NfoKind.EPISODE})
_FIRST_YEAR: Final = 1000
_NO_DATES: Final = frozenset({date(1601, 1, 1), date(1969, 12, 31)})
"""Kodi writes these for "no date"."""
_LONGEST_MINUTES: Final = 99_999
_MOST: Final = 999_999_999


def sayable(item: NfoItem) -> NfoItem:
    """The item as an NFO can say it: texts without what XML forbids, no entry twice, numbers and ids within their bounds.

    Raises ValueError for a kind that is not written: films, series, seasons and episodes are.
    """
    kind = item.kind
    if kind not in KINDS:
        raise ValueError(f"No NFO is written of {kind.value}.")
    is_episode, is_series = kind is NfoKind.EPISODE, kind is NfoKind.SERIES
    rated = certifications(item.certifications)
    premiered = _day(item.premiered)
    return NfoItem(
        kind=kind,
        title=line(item.title),
        original_title=line(item.original_title),
        sort_title=line(item.sort_title),
        show_title=line(item.show_title) if is_episode else None,
        edition=_edition(item.edition),
        year=premiered.year if premiered else _year(item.year),
        premiered=premiered,
        aired=_day(item.aired),
        end_date=_day(item.end_date) if is_series else None,
        outline=long(item.outline),
        plot=long(item.plot),
        tagline=line(item.tagline),
        runtime_minutes=item.runtime_minutes if 0 < (item.runtime_minutes or 0) <= _LONGEST_MINUTES else None,
        mpaa=certificate_text(rated[0]) if rated else None,
        certifications=rated,
        status=line(item.status),
        original_language=line(item.original_language),
        season=_number(item.season) if kind in (NfoKind.EPISODE, NfoKind.SEASON) else None,
        episode=_number(item.episode) if is_episode else None,
        display_season=_number(item.display_season) if is_episode else None,
        display_episode=_number(item.display_episode) if is_episode else None,
        display_after_season=_number(item.display_after_season) if is_episode else None,
        named_seasons=_season_names(item.named_seasons) if is_series else (),
        genres=_entries(item.genres),
        countries=_entries(item.countries),
        studios=_entries(item.studios),
        tags=_entries(item.tags),
        credits=credits(item.credits),
        ratings=ratings(item.ratings),
        external_ids=ids(item.external_ids, kind),
        collection=_collection(item.collection) if kind is NfoKind.MOVIE else None,
    )


def _edition(text: str | None) -> str | None:
    """Kodi's words for the usual cut say nothing."""
    said = line(text)
    return said if said is not None and said.lower() not in ("none", "normal") else None


def _day(day: date | None) -> date | None:
    return day if day is not None and day.year >= _FIRST_YEAR and day not in _NO_DATES else None


def _year(year: int | None) -> int | None:
    return year if year is not None and _FIRST_YEAR <= year <= date.max.year else None


def _number(number: int | None) -> int | None:
    return number if number is not None and 0 <= number <= _MOST else None


def _entries(names: Iterable[str]) -> tuple[str, ...]:
    found: dict[str, str] = {}
    for name in names:
        if said := entry(name):
            found.setdefault(said.casefold(), said)
    return tuple(found.values())


def _season_names(names: Iterable[NfoSeasonName]) -> tuple[NfoSeasonName, ...]:
    found: dict[int, NfoSeasonName] = {}
    for one in names:
        title = line(one.title)
        if title is not None and _number(one.number) is not None:
            found.setdefault(one.number, NfoSeasonName(one.number, title))
    return tuple(found.values())


def _collection(collection: NfoCollection | None) -> NfoCollection | None:
    if collection is None or (name := line(collection.name)) is None:
        return None
    known = catalogue_id("tmdbcol", line(collection.tmdb_id), NfoKind.SET)
    return NfoCollection(name, long(collection.overview), known.id if known else None)
