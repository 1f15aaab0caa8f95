"""Looking for an item in a Jellyfin, which knows no filter by external id: by its title first, then page after page."""

import time
from collections.abc import Iterator
from typing import Final

from domain.kit.errors import Unexpected, Unreachable
from domain.kit.http import Limits
from domain.players.enums import MediaKind
from domain.players.jellyfin.items import media_of
from domain.players.jellyfin.speaking import Speaker
from domain.players.looking import Entry, Glance, among
from domain.players.model import Media
from domain.players.reading import number, objects, place, shares_id
from domain.providers.reading import Row, row

PAGE: Final = 500
"""Items of one request; no more are held at once."""
_PAGES: Final = Limits(total_s=60.0, connect_s=4.0, read_s=50.0, body_bytes=8 * 2**20)
_MOST_S: Final = 300.0
_TYPES: Final = {
    MediaKind.MOVIE: "Movie", MediaKind.EPISODE: "Episode", MediaKind.TRACK: "Audio", MediaKind.MUSIC_VIDEO: "MusicVideo",
    MediaKind.SERIES: "Series", MediaKind.UNKNOWN: "Movie,Episode,Audio,MusicVideo,Video",
}  # fmt: skip


def find(speaker: Speaker, glance: Glance, wanted: Media) -> Media | None:
    """By ids, of an episode also by its series' ids and its numbers, then by path. Raises Upstream."""
    types = _TYPES.get(wanted.kind)
    if types is None:
        return None
    if wanted.kind is MediaKind.EPISODE and (found := _numbered(speaker, wanted)) is not None:
        return _with_versions(speaker, found, wanted)
    if glance.lacks(types, wanted):
        return None
    query = {"includeItemTypes": types}
    entry = among(_pages(speaker, {**query, "searchTerm": wanted.title}), wanted) if wanted.title else None
    entry = entry or among(glance.through(types, _pages(speaker, query)), wanted)
    return None if entry is None else _with_versions(speaker, entry, wanted)


def _with_versions(speaker: Speaker, entry: Entry, wanted: Media) -> Media:
    """An item that has several files is listed with the first alone."""
    key = entry.media.key
    if wanted.path is not None and key is not None and wanted.kind is not MediaKind.SERIES and not entry.is_at(wanted.path):
        sources = objects(row(speaker.get(f"/Items/{key}")).get("MediaSources"))
        paths = [path for each in sources if (path := place(each.get("Path"))) is not None]
        return Entry(entry.media, paths).seen_at(wanted.path)
    return entry.seen_at(wanted.path)


def _numbered(speaker: Speaker, wanted: Media) -> Entry | None:
    """The episode with the numbers in the series with the ids."""
    if wanted.season is None or wanted.episode is None or not wanted.show_ids:
        return None
    series = _series(speaker, wanted)
    if series is None:
        return None
    for page in _pages(speaker, {"includeItemTypes": "Episode", "parentId": series}):
        for each in page:
            first, last = each.media.episode, each.last_episode
            if each.media.season == wanted.season and first is not None and first <= wanted.episode <= max(first, last or 0):
                return each
    return None


def _series(speaker: Speaker, wanted: Media) -> str | None:
    queries = [{"includeItemTypes": "Series"}]
    if wanted.show_title:
        queries.insert(0, {"includeItemTypes": "Series", "searchTerm": wanted.show_title})
    for query in queries:
        for page in _pages(speaker, query):
            for each in page:
                if shares_id(wanted.show_ids, each.media.ids):
                    return each.media.key
    return None


def _pages(speaker: Speaker, query: dict[str, str]) -> Iterator[list[Entry]]:
    """Page after page of those that have a file."""
    start, ends_at = 0, time.monotonic() + _MOST_S
    fixed: dict[str, str | int] = {
        **query, "recursive": "true", "fields": "ProviderIds,Path", "enableUserData": "false", "enableImages": "false",
        "sortBy": "DateCreated", "sortOrder": "Descending", "limit": PAGE,
    }  # fmt: skip
    while True:
        answer = row(speaker.get("/Items", {**fixed, "startIndex": start}, limits=_PAGES))
        items = answer.get("Items")
        if not isinstance(items, list):
            raise Unexpected(f"{speaker.target.host} answered without items.")
        yield [_entry(each) for each in items if isinstance(each, dict) and each.get("LocationType") != "Virtual"]
        start += len(items)
        if not items or start >= (number(answer.get("TotalRecordCount")) or 0):
            return
        if time.monotonic() > ends_at:
            raise Unreachable(f"{speaker.target.host} takes too long to go through its library.")


def _entry(item: Row) -> Entry:
    media = media_of(item)
    return Entry(media, () if media.path is None else (media.path,), number(item.get("IndexNumberEnd")))
