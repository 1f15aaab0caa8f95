"""Reads the names of local artwork: whose it is, which type, which number, and how it ranks among its like."""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from domain.libraries.sidecars.bases import Bases, base_key
from domain.libraries.sidecars.extensions import EXTENSIONS, FileSort
from domain.libraries.sidecars.model import (
    SEASON_ALL,
    SEASON_SPECIALS,
    AssetType,
    FolderFacts,
    FolderKind,
    ImageFacts,
)


class OwnedImage(NamedTuple):
    """An artwork file and the base of the video it belongs to (None: the folder's item)."""

    facts: ImageFacts
    base: str | None = None


class _Word(NamedTuple):
    asset_type: AssetType
    number: int
    alias: int


MAX_INDEX = 20
# Exact name first, then the aliases in order of preference.
_NAMES: Mapping[AssetType, Sequence[str]] = {
    AssetType.POSTER: ("poster", "folder", "cover", "default"),
    AssetType.FANART: ("fanart", "backdrop", "background", "art"),
    AssetType.BANNER: ("banner",),
    AssetType.CLEARLOGO: ("clearlogo", "logo"),
    AssetType.CLEARART: ("clearart",),
    AssetType.DISCART: ("discart", "cdart", "disc"),
    AssetType.LANDSCAPE: ("landscape",),
    AssetType.KEYART: ("keyart",),
    AssetType.THUMB: ("thumb",),
    AssetType.CHARACTERART: ("characterart", "character"),
}
_ARTIST = ("thumb", "folder", "cover", "jacket", "default", "albumart", "artist")
_ALBUM = ("cover", "folder", "thumb", "poster", "jacket", "default", "albumart", "album", "front")
_BY_KIND: Mapping[FolderKind, Mapping[AssetType, Sequence[str]]] = {
    FolderKind.MOVIE: {**_NAMES, AssetType.POSTER: (*_NAMES[AssetType.POSTER], "movie")},
    FolderKind.SERIES: {**_NAMES, AssetType.POSTER: (*_NAMES[AssetType.POSTER], "show")},
    FolderKind.ARTIST: {**_NAMES, AssetType.POSTER: ("poster",), AssetType.THUMB: _ARTIST},
    FolderKind.ALBUM: {**_NAMES, AssetType.POSTER: (), AssetType.THUMB: (), AssetType.COVER: _ALBUM},
}
_LAST_ALIAS = 9
_NUMBERED = re.compile(r"(.*?[^-0-9])(?:-?([0-9]{1,3}))?\Z", re.DOTALL)
_SEASON = re.compile(r"season[ _-]?(?P<which>[0-9]{1,4}|specials|all)(?:-(?P<type>.+))?\Z", re.DOTALL)
_SPECIALS = re.compile(r"specials-(?P<type>.+)\Z", re.DOTALL)


def read_image(stem: str, extension: str, folder: FolderFacts, bases: Bases, *, is_bare_allowed: bool) -> OwnedImage | None:
    """Facts of an artwork file beside videos or in an item's folder; None if its name means nothing there.

    `is_bare_allowed` is False where several items share the directory, and in folders of extras.
    """
    names = _BY_KIND.get(folder.kind, _NAMES)
    key = base_key(stem)
    if is_bare_allowed:
        if word := _word(key, names):
            return OwnedImage(_facts(word, extension, is_bare=True, season=folder.season_number))
        if folder.kind in (FolderKind.SERIES, FolderKind.SEASON, FolderKind.UNKNOWN) and (
            season := _season(key, names, extension)
        ):
            return OwnedImage(season)
    for cut in _last_hyphens(key):
        word = _word(key[cut + 1 :], names)
        prefix = key[:cut].rstrip()
        if word and (base := bases.get(prefix) or bases.get(key[:cut])):
            return OwnedImage(_facts(word, extension, is_bare=False), base)
        if word and is_bare_allowed and prefix and prefix == base_key(folder.name):
            return OwnedImage(_facts(word, extension, is_bare=False, season=folder.season_number))
    if base := bases.get(key):
        is_still = folder.kind not in (FolderKind.MOVIE, FolderKind.SHARED, FolderKind.UNKNOWN) or folder.path != ""
        alone = _Word(AssetType.THUMB if is_still else AssetType.POSTER, 0, _LAST_ALIAS)
        return OwnedImage(_facts(alone, extension, is_bare=False), base)
    return None


def actor_image(stem: str, extension: str) -> ImageFacts:
    """A portrait in `.actors`: `First_Last` is "First Last"."""
    person = " ".join(stem.replace("_", " ").split())
    return ImageFacts(AssetType.ACTOR_THUMB, person=person, preference=_extension_rank(extension))


def legacy_image(asset_type: AssetType, position: int, extension: str) -> ImageFacts:
    """The n-th file (1-based, in natural order) of `extrafanart` or `extrathumbs`, ranked after all other names."""
    return ImageFacts(asset_type, index=position, preference=2000 + _extension_rank(extension))


def natural_order(name: str) -> tuple[tuple[int, int | str], ...]:
    """A sort key that puts `fanart2` before `fanart10`."""
    parts = re.findall(r"[0-9]{1,18}|[^0-9]+", base_key(name))
    return tuple((0, int(part)) if part.isascii() and part.isdigit() else (1, part) for part in parts)


def _word(key: str, names: Mapping[AssetType, Sequence[str]]) -> _Word | None:
    match = _NUMBERED.match(key)
    if match is None:
        return None
    index = int(match[2]) if match[2] else 0
    if index > MAX_INDEX or (match[2] and index == 0):
        return None
    for asset_type, words in names.items():
        if match[1] in words:
            return _Word(asset_type, index, words.index(match[1]))
    return None


def _season(key: str, names: Mapping[AssetType, Sequence[str]], extension: str) -> ImageFacts | None:
    match = _SEASON.match(key) or _SPECIALS.match(key)
    if match is None:
        return None
    which = match.groupdict().get("which") or "specials"
    number = {"specials": SEASON_SPECIALS, "all": SEASON_ALL}.get(which)
    word = _word(match["type"], names) if match["type"] else _Word(AssetType.POSTER, 0, _LAST_ALIAS)
    return _facts(word, extension, is_bare=False, season=int(which) if number is None else number) if word else None


def _facts(word: _Word, extension: str, *, is_bare: bool, season: int | None = None) -> ImageFacts:
    preference = 1000 * is_bare + 10 * word.alias + _extension_rank(extension)
    return ImageFacts(word.asset_type, word.number, season, preference=preference)


def _extension_rank(extension: str) -> int:
    return EXTENSIONS[FileSort.IMAGE].index(extension)


def _last_hyphens(key: str) -> list[int]:
    """Where a prefix may end: at the last hyphen, or at the one before it (`<base>-fanart-1`)."""
    last = key.rfind("-")
    before = key.rfind("-", 0, last) if last > 0 else -1
    return [cut for cut in (before, last) if cut > 0]
