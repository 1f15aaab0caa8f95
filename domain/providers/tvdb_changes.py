"""TVDB's feed of changes: every record that was touched since a moment, one type after the other."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

from domain.catalog.enums import EntityKind
from domain.providers.model import Ask, Changed, Request, Stretch
from domain.providers.reading import Row, identifier, row, rows, text

REMEMBERS: Final = timedelta(days=14)
"""It names no limit; after longer than that it is cheaper to ask for what is needed."""
_OVERLAP: Final = timedelta(minutes=5)
"""Read twice, for clocks that differ."""
_TYPES: Final = {
    "series": EntityKind.SERIES, "movies": EntityKind.MOVIE, "episodes": EntityKind.EPISODE, "seasons": EntityKind.SEASON,
    "people": EntityKind.PERSON, "lists": EntityKind.COLLECTION,
}  # fmt: skip
_MOST_PAGES: Final = 1_000


def stretches(ask: Ask, since: datetime, now: datetime) -> Iterator[Stretch]:
    """One: the feed has no end but now."""
    yield Stretch(now, _pages(ask, int((since - _OVERLAP).timestamp())))


def _pages(ask: Ask, since: int) -> Iterator[Sequence[Changed]]:
    for name, kind in _TYPES.items():
        for number in range(_MOST_PAGES):
            params = {"since": str(since), "type": name, "page": str(number)}
            answer = row(ask(Request("/updates", params, kept=timedelta(0))))
            several = list(rows(answer.get("data")))
            yield [found for one in several if (found := _changed(name, kind, one)) is not None]
            if not several or text(row(answer.get("links")).get("next")) is None:
                break


def _changed(name: str, kind: EntityKind, one: Row) -> Changed | None:
    key, series = identifier(one.get("recordId")), identifier(one.get("seriesId"))
    if key is None:
        return None
    is_part = series is not None and kind in (EntityKind.EPISODE, EntityKind.SEASON)
    return Changed(kind, key, (f"/{name}/{key}/", *([f"/series/{series}/"] if is_part else [])))
