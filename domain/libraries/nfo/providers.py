"""Which catalogues exist, how their names are spelled in NFO files, and what their ids look like."""

import re
from collections.abc import Mapping

from domain.libraries.nfo.document import NfoId, NfoKind

_ALIASES: Mapping[str, str] = {
    "themoviedb": "tmdb",
    "moviedb": "tmdb",
    "thetvdb": "tvdb",
    "mal": "myanimelist",
}
_ONE_WORD = (
    "imdb tmdb tvdb tvmaze tvrage trakt anidb anilist myanimelist kitsu wikidata zap2it tvcom douban kinopoisk "
    "allocine filmaffinity audiodb discogs youtube facebook instagram twitter eidr isrc"
)
_KNOWN = frozenset(_ONE_WORD.split())
# Names that carry their namespace; the item's kind then plays no part.
_NAMED: Mapping[str, tuple[str, str]] = {
    "musicbrainzartist": ("musicbrainz", "artist"),
    "musicbrainzalbum": ("musicbrainz", "release"),
    "musicbrainzrelease": ("musicbrainz", "release"),
    "musicbrainzreleasegroup": ("musicbrainz", "release_group"),
    "musicbrainztrack": ("musicbrainz", "recording"),
    "musicbrainzrecording": ("musicbrainz", "recording"),
    "audiodbartist": ("audiodb", "artist"),
    "audiodbalbum": ("audiodb", "album"),
    "tmdbset": ("tmdb", "collection"),
    "tmdbcol": ("tmdb", "collection"),
    "tmdbcollection": ("tmdb", "collection"),
}
_BY_LEVEL = {
    NfoKind.MOVIE: "movie",
    NfoKind.MUSICVIDEO: "movie",
    NfoKind.SERIES: "series",
    NfoKind.SEASON: "season",
    NfoKind.EPISODE: "episode",
}
_SPACES: Mapping[str, Mapping[NfoKind, str]] = {
    "tmdb": {**_BY_LEVEL, NfoKind.SERIES: "tv", NfoKind.SET: "collection"},
    "imdb": dict.fromkeys(NfoKind, "title"),
    "tvdb": _BY_LEVEL,
    "tvmaze": _BY_LEVEL,
    "trakt": _BY_LEVEL,
    "anidb": {NfoKind.EPISODE: "episode"},
    "audiodb": {NfoKind.ARTIST: "artist", NfoKind.ALBUM: "album"},
    "musicbrainz": {NfoKind.ARTIST: "artist", NfoKind.ALBUM: "release", NfoKind.MUSICVIDEO: "recording"},
}
_PEOPLE_APART = frozenset({"tmdb", "imdb", "tvdb", "tvmaze", "trakt"})
_NUMERIC = frozenset({"tmdb", "tvdb", "tvmaze", "tvrage", "anidb", "anilist", "myanimelist", "audiodb"})
_NUMBER = re.compile(r"0{0,9}([1-9][0-9]{0,10})\Z")
_IMDB = re.compile(r"(tt|nm|co|ev)([0-9]{5,10})\Z", re.IGNORECASE)
_BARE_IMDB = re.compile(r"[0-9]{6,8}\Z")
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\Z")
_WIKIDATA = re.compile(r"[QqPp][1-9][0-9]{0,11}\Z")
_ANYTHING = re.compile(r"[^\s<>\x00-\x1f]{1,200}\Z")
_NOT_A_NAME = re.compile(r"[^a-z0-9]")


def provider_of(written: str) -> tuple[str, str | None] | None:
    """(provider, namespace if the name fixes it) of a known catalogue from `tmdb`, `TheTVDB`, `imdb_id`, `MusicBrainzAlbum`."""
    name = _NOT_A_NAME.sub("", written.lower())
    for candidate in (name, name.removesuffix("id")):
        if candidate in _NAMED:
            return _NAMED[candidate]
        provider = _ALIASES.get(candidate, candidate)
        if provider in _KNOWN:
            return provider, None
    return None


def catalogue_id(written: str, value: str | None, kind: NfoKind | None, *, is_default: bool = False) -> NfoId | None:
    """An id under a provider's written name; None if the value cannot be one (empty, 0, -1, wrong shape).

    `kind` None means a person. Unknown providers are kept under their own lower-case name. A `tt…` id is IMDb's
    whatever label it bears.
    """
    value = (value or "").strip()
    provider, namespace = provider_of(written) or (_NOT_A_NAME.sub("", written.lower())[:40], None)
    if match := _IMDB.match(value):
        provider, namespace, value = "imdb", None, match[1].lower() + match[2]
    if not provider or not (checked := _checked(provider, value, is_person=kind is None)):
        return None
    if namespace is None:
        namespace = namespace_for(provider, kind)
    return NfoId(provider, namespace, checked, is_default)


def namespace_for(provider: str, kind: NfoKind | None) -> str:
    """The id space of a provider for an item of this kind, or for a person (None)."""
    if kind is None:
        return "person" if provider in _PEOPLE_APART else ""
    return _SPACES.get(provider, {}).get(kind, "")


def _checked(provider: str, value: str, *, is_person: bool) -> str | None:
    if provider == "imdb":
        if _IMDB.match(value):
            return value.lower() if value[:2].lower() == ("nm" if is_person else "tt") else None
        return ("nm" if is_person else "tt") + value.zfill(7) if _BARE_IMDB.match(value) else None
    if provider in _NUMERIC:
        match = _NUMBER.match(value)
        return match[1] if match else None
    if provider == "musicbrainz":
        return value.lower() if _UUID.match(value.lower()) else None
    if provider == "wikidata":
        return value.upper() if _WIKIDATA.match(value) else None
    return value if _ANYTHING.match(value) and value not in ("0", "-1") else None
