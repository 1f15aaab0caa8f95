"""What sort of file an extension makes, and what sort of folder a unit is."""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from domain.catalog.sorting import normal_name
from domain.libraries import paths
from domain.libraries.enums import FileKind
from domain.libraries.names import Hint, ParsedName, parse_path, parse_release
from domain.libraries.names.folders import season_number
from domain.libraries.scanning.listing import DirectoryListing
from domain.libraries.sidecars import FileSort, FolderFacts, FolderKind, SidecarRole, classify, sort_of, split_name

_KINDS: Final = {
    FileSort.VIDEO: FileKind.VIDEO,
    FileSort.AUDIO: FileKind.AUDIO,
    FileSort.IMAGE: FileKind.IMAGE,
    FileSort.SUBTITLE: FileKind.SUBTITLE,
    FileSort.LYRICS: FileKind.TEXT,
    FileSort.NFO: FileKind.NFO,
}
_OTHERS: Final = {
    FileKind.TEXT: "txt md log pdf html htm url rtf doc docx csv json xml yml yaml sfv md5 sha1 cue",
    FileKind.ARCHIVE: "zip rar 7z tar gz bz2 xz zst tgz r00 r01 par2",
    FileKind.VIDEO: "ifo bdmv",
}
_BY_EXTENSION: Final = {extension: kind for kind, words in _OTHERS.items() for extension in words.split()}
_PART: Final = re.compile(r"[ ._-]*[(\[]?(?:cd|dvd|part|pt|dis[ck])[ ._-]*(?:[0-9]{1,2}|[a-d])(?![a-z0-9])[)\]]?", re.IGNORECASE)
_GUESSED: Final = 20
"""So many names of one folder are guessed to find out whether it holds one film or several."""

Understand = Callable[[str, Hint], ParsedName]


def kind_of_file(name: str) -> FileKind:
    """The sort of a file by its extension."""
    extension = split_name(name)[1]
    sort = sort_of(extension)
    return _KINDS[sort] if sort is not None else _BY_EXTENSION.get(extension, FileKind.OTHER)


def without_part(stem: str) -> str:
    """A name without the number of its part: what the parts of one copy share."""
    return _PART.sub("", stem)


def kind_of_unit(path: str, hint: Hint, listings: Sequence[DirectoryListing], understand: Understand) -> FolderKind:
    """Whose bare names (`poster.jpg`) a unit's folder holds: a film's, a series', a season's or, shared, nobody's."""
    own = next((listing for listing in listings if listing.path == path), DirectoryListing(path))
    if hint == "movie":
        return _kind_of_film_folder(path, own, listings, understand)
    if path == "":
        return FolderKind.SERIES if any(season_number(name) is not None for name in own.directories) else FolderKind.SHARED
    named = parse_release(paths.last(path), hint=hint)
    if named is not None and named.kind == "episode":
        return FolderKind.SHARED
    return FolderKind.SEASON if named is not None and named.kind == "season" else FolderKind.SERIES


def _kind_of_film_folder(
    path: str, own: DirectoryListing, listings: Sequence[DirectoryListing], understand: Understand
) -> FolderKind:
    if path == "":
        return FolderKind.SHARED
    named = parse_release(paths.last(path), hint="movie")
    is_films_own = named is not None and named.kind == "movie" and named.year is not None
    inner = {paths.below(listing.path, path).split("/")[0] for listing in listings}
    if not is_films_own and any(name not in inner for name in own.directories):
        return FolderKind.SHARED
    mains = _main_names(path, listings)
    works = _works(mains, lambda relative: parse_path(relative, hint="movie"))
    if not works and len(mains) > 1:
        works = _works(mains[:_GUESSED], lambda relative: understand(relative, "movie"))
    if len(works) > 1:
        return FolderKind.SHARED
    return FolderKind.MOVIE if mains or is_films_own else FolderKind.UNKNOWN


def _main_names(path: str, listings: Sequence[DirectoryListing]) -> list[str]:
    found: list[str] = []
    for listing in listings:
        folder = FolderFacts(FolderKind.UNKNOWN, paths.last(path), paths.below(listing.path, path))
        for sidecar in classify([file.name for file in listing.files], folder=folder):
            if sidecar.role is SidecarRole.MAIN:
                found.append(paths.join_relative(listing.path, sidecar.name))
    return found


def _works(mains: Iterable[str], parse: Callable[[str], ParsedName | None]) -> set[tuple[str, int | None]]:
    works: set[tuple[str, int | None]] = set()
    for relative in mains:
        parsed = parse(relative)
        if parsed is not None and parsed.kind == "movie":
            works.add((normal_name(parsed.title), parsed.year))
            if len(works) > 1:
                break
    return works
