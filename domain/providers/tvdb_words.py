"""TVDB's words as ours: three-letter languages and countries, statuses, trades, season types, types of artwork.

Source: TVDB's API v4, its type tables; the numbers of artwork types are those of `/artwork/types`.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

from domain.catalog.countries import ALPHA_3
from domain.catalog.enums import Department, EntityKind, EpisodeOrdering, ProductionStatus
from domain.libraries.sidecars.languages import normalise_language, three_letters
from domain.providers.reading import identifier, text

STATUSES: Final[Mapping[str, ProductionStatus]] = {
    "Continuing": ProductionStatus.RETURNING, "Ended": ProductionStatus.ENDED, "Upcoming": ProductionStatus.PLANNED,
    "Announced": ProductionStatus.PLANNED, "Pre-Production": ProductionStatus.PLANNED,
    "Filming / Post-Production": ProductionStatus.IN_PRODUCTION, "Completed": ProductionStatus.POST_PRODUCTION,
    "Released": ProductionStatus.RELEASED,
}  # fmt: skip
ORDERS: Final[Mapping[str, EpisodeOrdering]] = {
    "dvd": EpisodeOrdering.DVD, "absolute": EpisodeOrdering.ABSOLUTE, "alternate": EpisodeOrdering.ALTERNATE,
    "regional": EpisodeOrdering.REGIONAL,
}  # fmt: skip
"""Season types beside `official`, the aired one."""
TRADES: Final[Mapping[str, Department]] = {
    "Actor": Department.CAST, "Guest Star": Department.CAST, "Musical Guest": Department.CAST, "Host": Department.CAST,
    "Director": Department.DIRECTING, "Writer": Department.WRITING, "Creator": Department.WRITING,
    "Producer": Department.PRODUCTION, "Executive Producer": Department.PRODUCTION, "Showrunner": Department.PRODUCTION,
}  # fmt: skip
ARTWORK: Final[Mapping[int, str]] = {
    1: "banner", 2: "poster", 3: "fanart", 6: "banner", 7: "poster", 8: "fanart", 11: "thumb", 12: "thumb", 13: "actor_thumb",
    14: "poster", 15: "fanart", 16: "banner", 22: "clearart", 23: "clearlogo", 24: "clearart", 25: "clearlogo", 27: "poster",
}  # fmt: skip
_WITH_REGION: Final = {"pt": ("pt", "BR"), "zhtw": ("zh", "TW")}
"""Its two languages that name a country."""
_IMDB: Final = re.compile(r"(tt|nm)[0-9]{5,10}")
_SOURCES: Final = {
    "IMDB": "imdb", "TheMovieDB.com": "tmdb", "Wikidata": "wikidata", "Instagram": "instagram", "Twitter": "twitter",
    "Facebook": "facebook", "TV Maze": "tvmaze", "EIDR": "eidr",
}  # fmt: skip
_TMDB: Final = {EntityKind.SERIES: "tv"}


def language_code(tag: str) -> str:
    """What TVDB calls a language (BCP 47): pl-PL -> pol, pt-BR -> pt, zh-TW -> zhtw; English where it has no name for it."""
    spoken, _, region = tag.partition("-")
    known = next((code for code, pair in _WITH_REGION.items() if pair == (spoken, region.upper())), None)
    return known or three_letters(spoken) or "eng"


def spoken(value: Any) -> tuple[str, str | None] | None:
    """(language, region or None) of one of its codes: `pol` -> ("pl", None), `zhtw` -> ("zh", "TW")."""
    if not isinstance(value, str):
        return None
    if value in _WITH_REGION:
        return _WITH_REGION[value]
    known = normalise_language(value) if re.fullmatch(r"[a-z]{3}", value) else None
    return None if known is None else (known, None)


def country(value: Any) -> str | None:
    """The ISO 3166-1 code of two capitals of its three letters."""
    return ALPHA_3.get(value.upper()) if isinstance(value, str) else None


def remote_id(source: Any, value: Any, kind: EntityKind) -> tuple[str, str, str] | None:
    """(catalogue, space, id) of what another catalogue calls a thing; ids of TMDB may have a name behind them (603-the-film)."""
    provider, known = _SOURCES.get(text(source) or ""), identifier(value)
    if provider is None or known is None:
        return None
    if provider == "imdb":
        if not _IMDB.fullmatch(known):
            return None
        return provider, "person" if known.startswith("nm") else "title", known
    if provider == "tmdb":
        number = re.match(r"[1-9][0-9]{0,9}(?![0-9])", known)
        return None if number is None else (provider, _TMDB.get(kind, kind.value), number[0])
    if provider == "tvmaze":
        return (provider, kind.value, known) if re.fullmatch(r"[1-9][0-9]{0,9}", known) else None
    if provider == "wikidata" and not re.fullmatch(r"Q[1-9][0-9]{0,11}", known):
        return None
    return provider, "", known
