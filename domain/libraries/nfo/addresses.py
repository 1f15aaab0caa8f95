"""Finds catalogue ids in web addresses: an NFO may hold nothing but a link, or a link after its XML."""

import html
import re

from domain.libraries.nfo.document import NfoId

_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_MUSICBRAINZ = {"artist": "artist", "release": "release", "release-group": "release_group", "recording": "recording"}
_ADDRESSES = re.compile(
    r"(?:themoviedb|tmdb)\.org/(?P<tmdb>movie|tv|collection|person)/(?P<tmdb_id>[1-9][0-9]{0,10})"
    r"|imdb\.com/(?:[a-z]{2}(?:-[a-z]{2})?/)?(?P<imdb>(?:title/tt|name/nm)[0-9]{5,10})"
    r"|thetvdb\.com/[^\s<>\"'?]{0,100}\?[^\s<>\"'?]{0,200}?(?:\b|_)(?:series)?id=(?P<tvdb>[1-9][0-9]{0,10})"
    r"|thetvdb\.com/(?:dereferrer|deref(?:errer)?)/(?P<deref>series|movie|season|episode)/(?P<deref_id>[1-9][0-9]{0,10})"
    r"|thetvdb\.com/api/[^\s<>\"'/]{0,80}/series/(?P<tvdb_api>[1-9][0-9]{0,10})"
    r"|thetvdb\.com/(?P<slug_kind>series|movies)/(?P<slug>[a-z0-9][a-z0-9-]{0,120})"
    rf"|musicbrainz\.org/(?P<mb>artist|release-group|release|recording)/(?P<mb_id>{_UUID})"
    r"|tvmaze\.com/(?P<tvmaze>shows|episodes)/(?P<tvmaze_id>[1-9][0-9]{0,10})"
    r"|anidb\.net/(?:anime/|a)(?P<anidb>[1-9][0-9]{0,10})"
    r"|wikidata\.org/(?:wiki|entity)/(?P<wikidata>Q[1-9][0-9]{0,11})",
    re.IGNORECASE,
)
_SPOKEN_TMDB = re.compile(r"(?<![a-z0-9])tmdb(?:[ _-]?id)?\s{0,2}[:/=]\s{0,2}([1-9][0-9]{0,10})(?![0-9])", re.IGNORECASE)
_BARE_IMDB = re.compile(r"(?<![a-z0-9])tt([0-9]{7,10})(?![0-9])", re.IGNORECASE)


def ids_in_text(text: str) -> tuple[NfoId, ...]:
    """Distinct ids in order: those of addresses first, then bare `tt1234567`.

    `tmdb: 123` names no kind of thing, so it gets the namespace '' and the caller decides.
    """
    found: dict[NfoId, None] = {}
    plain = html.unescape(text)
    for match in _ADDRESSES.finditer(plain):
        found.setdefault(_from_address(match))
    for match in _BARE_IMDB.finditer(plain):
        found.setdefault(NfoId("imdb", "title", f"tt{match[1]}"))
    if not any(known.provider == "tmdb" for known in found):
        for match in _SPOKEN_TMDB.finditer(plain):
            found.setdefault(NfoId("tmdb", "", match[1]))
    return tuple(found)


def _from_address(match: re.Match[str]) -> NfoId:
    part = {name: value for name, value in match.groupdict().items() if value}
    if "tmdb" in part:
        return NfoId("tmdb", part["tmdb"].lower(), part["tmdb_id"])
    if "imdb" in part:
        folder, _, value = part["imdb"].lower().partition("/")
        return NfoId("imdb", "title" if folder == "title" else "person", value)
    if "deref" in part:
        return NfoId("tvdb", part["deref"].lower(), part["deref_id"])
    if "slug" in part:
        level = "movie" if part["slug_kind"].lower() == "movies" else "series"
        return NfoId("tvdb", f"{level}_slug", part["slug"].lower())
    if "mb" in part:
        return NfoId("musicbrainz", _MUSICBRAINZ[part["mb"].lower()], part["mb_id"].lower())
    if "tvmaze" in part:
        return NfoId("tvmaze", "series" if part["tvmaze"].lower() == "shows" else "episode", part["tvmaze_id"])
    if "anidb" in part:
        return NfoId("anidb", "", part["anidb"])
    if "wikidata" in part:
        return NfoId("wikidata", "", part["wikidata"].upper())
    return NfoId("tvdb", "series", part.get("tvdb") or part["tvdb_api"])
