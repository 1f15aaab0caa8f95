"""Looking for an item in a Plex: in the libraries of its kind, by its title first, then page after page."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from domain.kit.errors import Unreachable
from domain.kit.http import Limits
from domain.players.enums import MediaKind
from domain.players.looking import Entry, Glance, among
from domain.players.model import Media, Section
from domain.players.plex.items import entry_of
from domain.players.plex.speaking import Query, Speaker
from domain.players.reading import is_within, number, shares_id

PAGE: Final = 500
_PAGES: Final = Limits(total_s=60.0, connect_s=4.0, read_s=50.0, body_bytes=8 * 2**20)
_MOST_S: Final = 300.0
_SHOWS: Final = ("show", 2)
_PLACES: Final = {
    MediaKind.MOVIE: (("movie", 1),), MediaKind.MUSIC_VIDEO: (("movie", 1),), MediaKind.SERIES: (_SHOWS,),
    MediaKind.EPISODE: (("show", 4),), MediaKind.TRACK: (("artist", 10),),
    MediaKind.UNKNOWN: (("movie", 1), ("show", 4), ("artist", 10)),
}  # fmt: skip
"""The kind of library, and the number of the items in it."""


def find(speaker: Speaker, glance: Glance, sections: Sequence[Section], wanted: Media) -> Media | None:
    """By ids, of an episode also by its series' ids and its numbers, then by path. Raises Upstream."""
    if wanted.kind is MediaKind.EPISODE and (found := _numbered(speaker, sections, wanted)) is not None:
        return found.seen_at(wanted.path)
    for kind, level in _PLACES.get(wanted.kind, ()):
        for section in _likely(sections, kind, wanted):
            found = _in_section(speaker, glance, section, level, wanted)
            if found is not None:
                return _series_at(speaker, found, wanted) if level == _SHOWS[1] else found.seen_at(wanted.path)
    return None


def _in_section(speaker: Speaker, glance: Glance, section: Section, level: int, wanted: Media) -> Entry | None:
    part = f"{section.key}/{level}"
    if glance.lacks(part, wanted):
        return None
    path, query = f"/library/sections/{section.key}/all", {"type": level, "includeGuids": 1}
    if wanted.title and (found := among(_pages(speaker, path, {**query, "title": wanted.title}), wanted)) is not None:
        return found
    return among(glance.through(part, _pages(speaker, path, query)), wanted)


def _numbered(speaker: Speaker, sections: Sequence[Section], wanted: Media) -> Entry | None:
    """The episode with the numbers in the show with the ids."""
    if wanted.season is None or wanted.episode is None or not wanted.show_ids:
        return None
    for section in _likely(sections, _SHOWS[0], wanted):
        show = _show(speaker, section, wanted)
        if show is None:
            continue
        leaves = _pages(speaker, f"/library/metadata/{show}/allLeaves", {"includeGuids": 1})
        for page in leaves:
            for each in page:
                if (each.media.season, each.media.episode) == (wanted.season, wanted.episode):
                    return each
    return None


def _show(speaker: Speaker, section: Section, wanted: Media) -> str | None:
    path, query = f"/library/sections/{section.key}/all", {"type": _SHOWS[1], "includeGuids": 1}
    for narrowed in ({"title": wanted.show_title}, {}) if wanted.show_title else ({},):
        for page in _pages(speaker, path, {**query, **narrowed}):
            for each in page:
                key = each.media.key
                if key is not None and key.isdecimal() and shares_id(wanted.show_ids, each.media.ids):
                    return key
    return None


def _series_at(speaker: Speaker, found: Entry, wanted: Media) -> Media:
    """A show has no file: it lies where its episodes do."""
    if wanted.path is not None and found.media.key is not None and found.media.key.isdecimal():
        for page in _pages(speaker, f"/library/metadata/{found.media.key}/allLeaves", {}):
            if any(is_within(path, wanted.path) for each in page for path in each.paths):
                return replace(found.media, path=wanted.path)
    return found.media


def _likely(sections: Sequence[Section], kind: str, wanted: Media) -> list[Section]:
    """Those of a kind, first the one that the path lies in."""
    found = [each for each in sections if each.kind == kind and each.key.isdecimal()]
    here = wanted.path
    return sorted(found, key=lambda each: here is None or not any(is_within(here, path) for path in each.paths))


def _pages(speaker: Speaker, path: str, query: Query) -> Iterator[Sequence[Entry]]:
    start, ends_at = 0, time.monotonic() + _MOST_S
    while True:
        answer = speaker.get(path, query, page=(start, PAGE), limits=_PAGES)
        items = answer.get("Metadata")
        items = items if isinstance(items, list) else []
        yield [entry_of(each) for each in items if isinstance(each, dict)]
        start += len(items)
        total = number(answer.get("totalSize"))
        if not items or (start >= total if total is not None else len(items) != PAGE):
            return
        if time.monotonic() > ends_at:
            raise Unreachable(f"{speaker.target.host} takes too long to go through its library.")
