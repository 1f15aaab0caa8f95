"""Tells which item an NFO file describes by its name."""

from typing import NamedTuple

from domain.libraries.sidecars.bases import Bases, base_key
from domain.libraries.sidecars.model import FolderFacts, FolderKind


class NfoName(NamedTuple):
    """The base of the video an NFO describes (None: the folder's item) and its rank among such files, lowest first."""

    base: str | None
    preference: int


_OF_VIDEO, _OF_FOLDER, _ANY = 0, 1, 2
_FOLDER_NAMES = {
    FolderKind.MOVIE: "movie",
    FolderKind.SERIES: "tvshow",
    FolderKind.SEASON: "season",
    FolderKind.ARTIST: "artist",
    FolderKind.ALBUM: "album",
    FolderKind.SET: "set",
}


def read_nfo_name(stem: str, folder: FolderFacts, bases: Bases, *, is_items_own: bool) -> NfoName | None:
    """The owner of `<stem>.nfo`; None if the name says nothing here.

    In a movie's own folder any other NFO may be read last. `movie.nfo` means nothing in a folder of several movies.
    """
    key = base_key(stem)
    if base := bases.get(key):
        return NfoName(base, _OF_VIDEO)
    if not is_items_own:
        return None
    if key == _FOLDER_NAMES.get(folder.kind):
        return NfoName(None, _OF_FOLDER)
    if folder.kind is FolderKind.UNKNOWN and key in _FOLDER_NAMES.values():
        return NfoName(None, _OF_FOLDER)
    return NfoName(None, _ANY) if folder.kind is FolderKind.MOVIE and key not in _FOLDER_NAMES.values() else None
