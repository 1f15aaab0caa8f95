"""What kind of folder a name is: season, extras, disc or a shelf that says nothing about the title."""

import re

from domain.libraries.names import han

_SEASON = re.compile(
    r"(?:seasons?|saisons?|staffel|temporada|stagione|seizoen|sezon|сезон|sæson|säsong|sesong|kausi|évad)[ ._-]*"
    r"(?P<n>\d{1,4})(?![0-9x]).*"
    r"|series[ ._]*(?P<series>\d{1,2})"
    r"|s(?P<short>\d{1,4})|(?P<first>\d{1,2})(?:\.|ª|º|st|nd|rd|th)?[ ._](?:season|staffel|temporada|sezon|сезон|évad)"
    r"|第(?P<han>[0-9一二三四五六七八九十]{1,4})季",
    re.IGNORECASE,
)
_SPECIALS = frozenset({"specials", "special", "spéciaux", "especiales", "extras specials", "season specials"})
_EXTRA_WORDS = """
    extras extra featurettes featurette trailers trailer samples sample interviews interview scenes shorts clips bonus other
    others backdrops proof
"""
_EXTRAS = frozenset(_EXTRA_WORDS.split()) | {
    "behind the scenes",
    "deleted scenes",
    "bonus features",
    "special features",
    "theme-music",
}
_EXTRA_FILE = re.compile(
    r"[-.](?:trailer|sample|featurette|behindthescenes|deleted|deletedscene|interview|scene|short|other|extra)\d{0,2}$"
    r"|[ ._]-[ ._](?:trailer|sample|featurette)\d{0,2}$|^(?:sample|trailer)\d?$",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_DISC = re.compile(r"(?:cd|dis[ck]|dvd)[ ._-]?(?P<n>\d{1,2})|video_ts|bdmv|stream|hvdvd_ts", re.IGNORECASE)
_SHELF_WORDS = """
    movies movie films film series serien shows tv videos video media mnt home downloads download public share volumes unsorted
    test tmp data anime television complete completed incomplete sorted new watched temp
"""
_SHELVES = frozenset(_SHELF_WORDS.split()) | {
    "tv shows",
    "tv series",
    "tv-shows",
    "tv_shows",
    "tvshows",
    "tv drop",
    "downloads finished",
}


def season_number(folder: str) -> int | None:
    """Return the number of a season folder (0 for the specials), None for any other folder."""
    name = folder.strip().lower()
    if name in _SPECIALS:
        return 0
    match = _SEASON.fullmatch(folder.strip())
    if match is None:
        return None
    number = match["n"] or match["series"] or match["short"] or match["first"]
    return int(number) if number else han.number(match["han"])


def holds_extras(folder: str) -> bool:
    """Say whether media servers read the folder as extras (trailers, featurettes, samples, ...)."""
    return folder.strip().lower() in _EXTRAS


def is_extra_file(stem: str) -> bool:
    """Say whether a file name (without extension) ends like an extra: `Film (2001)-trailer`."""
    return _EXTRA_FILE.search(stem) is not None


def is_year(folder: str) -> bool:
    """Say whether the folder is only a year: the season of a daily show, or a shelf of films."""
    return _YEAR.fullmatch(folder.strip()) is not None


def disc_number(folder: str) -> int | None:
    """Return the number of a disc folder (`CD1`, `Disc 2`), 0 for the inner folders of a disc, None otherwise."""
    match = _DISC.fullmatch(folder.strip())
    if match is None:
        return None
    return int(match["n"] or 0)


def is_shelf(folder: str) -> bool:
    """Say whether the folder only sorts others (`Movies`, `TV Shows`, a drive, a single letter)."""
    name = folder.strip().lower()
    return name in _SHELVES or len(name) < 2 or name.endswith(":")
