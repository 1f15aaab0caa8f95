"""The catalogue ids of one item, the most trusted way of writing them first."""

import re
from collections.abc import Iterator
from dataclasses import replace

import orjson

from domain.libraries.nfo.document import NfoId, NfoKind
from domain.libraries.nfo.fields import Fields, attribute, text, whole_text
from domain.libraries.nfo.providers import catalogue_id, provider_of
from domain.libraries.nfo.values import boolean, one_line

_OLD_GUIDE = re.compile(r"thetvdb\.com/[^\s<>]{0,120}?/series/([1-9][0-9]{0,9})", re.IGNORECASE)
_LONGEST_GUIDE = 4096
_OF_COLLECTION = ("tmdb", "collection")
# In an album these name its artist, in a music video's parent chain its album: not the item itself.
_BELONGS: dict[str, NfoKind] = {"artist": NfoKind.ARTIST, "release": NfoKind.ALBUM, "release_group": NfoKind.ALBUM}


def item_ids(fields: Fields, kind: NfoKind) -> tuple[NfoId, ...]:
    """Distinct ids of the item itself: `uniqueid`, then `<tmdbid>` and the like, then a bare `<id>` or `<episodeguide>`.

    At most one is marked as default. The id of a film's collection is not among them (see `collections`).
    """
    found: dict[tuple[str, str, str], NfoId] = {}
    has_default = False
    for known in _all(fields, kind):
        if (known.provider, known.namespace) == _OF_COLLECTION and kind is not NfoKind.SET:
            continue
        if known.provider in ("musicbrainz", "audiodb") and _BELONGS.get(known.namespace, kind) is not kind:
            continue
        only_default = replace(known, is_default=known.is_default and not has_default)
        has_default = has_default or known.is_default
        found.setdefault((known.provider, known.namespace, known.id), only_default)
    if not found and (last_resort := _bare_id(fields, kind)):
        return (last_resort,)
    return tuple(found.values())


def collection_id(fields: Fields) -> str | None:
    """The TMDB id of the collection an item says it belongs to, by `uniqueid type="tmdbSet"` or Jellyfin's elements."""
    for element in fields.get("uniqueid", ()):
        label = attribute(element, "type") or ""
        if provider_of(label) == _OF_COLLECTION and (known := catalogue_id(label, whole_text(element), NfoKind.SET)):
            return known.id
    written = [attribute(element, "tmdbcolid") for element in fields.get("set", ())]
    for value in (*written, text(fields, "tmdbcolid"), text(fields, "collectionnumber"), text(fields, "tmdbcollectionid")):
        if value and (known := catalogue_id("tmdbcol", value, NfoKind.SET)):
            return known.id
    return None


def is_id_element(name: str) -> bool:
    """Whether a lower-case element name is a known provider's, with or without `id`."""
    return provider_of(name) is not None


def _all(fields: Fields, kind: NfoKind) -> Iterator[NfoId]:
    for element in fields.get("uniqueid", ()):
        label = attribute(element, "type") or ""
        default = boolean(attribute(element, "default")) or False
        if known := catalogue_id(label, one_line(whole_text(element)), kind, is_default=default):
            yield known
    for name, elements in fields.items():
        if is_id_element(name):
            for element in elements:
                if known := catalogue_id(name, one_line(whole_text(element)), kind):
                    yield known
    for element in fields.get("id", ()):
        for provider in ("tmdb", "imdb", "tvdb"):
            if known := catalogue_id(provider, attribute(element, provider), kind):
                yield known
        source = attribute(element, "source") or attribute(element, "moviedb")
        if source and (known := catalogue_id(source, one_line(whole_text(element)), kind)):
            yield known
    if kind is NfoKind.SERIES:
        yield from _guide(fields)


def _bare_id(fields: Fields, kind: NfoKind) -> NfoId | None:
    """`tt…` is IMDb's; digits are TMDB's for a movie and TVDB's for a series, as Radarr and Sonarr write them."""
    label = {NfoKind.MOVIE: "tmdb", NfoKind.SERIES: "tvdb"}.get(kind, "imdb")
    value = text(fields, "id")
    if value is None or (label == "imdb" and not value.lower().startswith("tt")):
        return None
    return catalogue_id(label, value, kind)


def _guide(fields: Fields) -> Iterator[NfoId]:
    for element in fields.get("episodeguide", ()):
        content = whole_text(element)[:_LONGEST_GUIDE].strip()
        if content.startswith("{"):
            try:
                ids = orjson.loads(content)
            except ValueError:
                continue
            for provider, value in ids.items():
                if (
                    provider_of(provider)
                    and isinstance(value, str | int)
                    and (known := catalogue_id(provider, str(value), NfoKind.SERIES))
                ):
                    yield known
        elif match := _OLD_GUIDE.search(content):
            yield NfoId("tvdb", "series", match[1])
