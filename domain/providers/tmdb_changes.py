"""TMDB's feeds of changes: for each day (UTC) the ids of films, series and people that changed, a hundred a page."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Final

from domain.catalog.enums import EntityKind
from domain.providers.model import Ask, Changed, Request, Stretch
from domain.providers.reading import identifier, row, rows, whole

REMEMBERS: Final = timedelta(days=14)
_FEEDS: Final = {EntityKind.MOVIE: "movie", EntityKind.SERIES: "tv", EntityKind.PERSON: "person"}
_MOST_PAGES: Final = 500
"""TMDB gives no more."""


def stretches(ask: Ask, since: datetime, now: datetime) -> Iterator[Stretch]:
    """A stretch for each day, the day that is not over included."""
    day = since.astimezone(UTC).date()
    while day <= now.date():
        over = datetime.combine(day + timedelta(days=1), time(), UTC)
        yield Stretch(min(over, now), _pages(ask, day.isoformat()))
        day += timedelta(days=1)


def _pages(ask: Ask, day: str) -> Iterator[Sequence[Changed]]:
    for kind, place in _FEEDS.items():
        number = most = 1
        while number <= most:
            params = {"start_date": day, "end_date": day, "page": str(number)}
            answer = row(ask(Request(f"/{place}/changes", params, kept=timedelta(0))))
            yield [_changed(kind, place, key) for one in rows(answer.get("results")) if (key := identifier(one.get("id")))]
            most = min(whole(answer.get("total_pages")) or 1, _MOST_PAGES)
            number += 1


def _changed(kind: EntityKind, place: str, key: str) -> Changed:
    return Changed(kind, key, (f"/{place}/{key}?", f"/{place}/{key}/"))
