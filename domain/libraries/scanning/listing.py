"""One directory as it is now: its files with size and time, its folders, and what cannot be listed."""

import os
import stat
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, NamedTuple

from domain.libraries import paths

# Folders of systems and servers; nothing in them is anybody's media.
SYSTEM_DIRECTORIES: Final = frozenset(
    {"#recycle", "#snapshot", "@recycle", "$recycle.bin", "system volume information", "lost+found"}
)
Ignored = Callable[[str], bool]
"""Whether a directory of that name is passed over."""


class FileStat(NamedTuple):
    """A file's name, its size in bytes and its time of modification in nanoseconds since 1970."""

    name: str
    size: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that was left out, by its stored path, and why (for people)."""

    path: str
    message: str


@dataclass(frozen=True, slots=True)
class DirectoryListing:
    """What a directory holds. `path` is relative to the root ('' = the root), names are stored text, all lists sorted.

    With `is_unreadable` nothing is known about what lies there: it must not be taken for gone.
    """

    path: str
    files: tuple[FileStat, ...] = ()
    directories: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    is_unreadable: bool = False


def list_directory(root: str, relative: str, *, ignored: Ignored) -> DirectoryListing:
    """List `relative` below the stored path `root`; files follow links, `links` names the directories that are links.

    Never raises for what it finds: an unreadable directory, a broken link or a refused name is a problem in the listing.
    """
    files: list[FileStat] = []
    directories: list[str] = []
    links: list[str] = []
    problems: list[Problem] = []
    place = paths.join(root, relative)
    try:
        with os.scandir(paths.real(place)) as entries:
            for entry in entries:
                name = entry.name
                if not (name.isascii() and name.isprintable()):
                    if paths.is_refused(name):
                        problems.append(Problem(place, f"A name holds control characters: {name!a}"))
                        continue
                    name = paths.stored(name)
                if entry.is_dir(follow_symlinks=False):
                    if not _is_passed_over(name, ignored):
                        directories.append(name)
                    continue
                try:
                    facts = entry.stat()
                except OSError as error:
                    problems.append(Problem(paths.join(place, name), _reason(error)))
                    continue
                if stat.S_ISREG(facts.st_mode):
                    files.append(FileStat(name, facts.st_size, facts.st_mtime_ns))
                elif stat.S_ISDIR(facts.st_mode) and not _is_passed_over(name, ignored):
                    directories.append(name)
                    links.append(name)
    except OSError as error:
        return DirectoryListing(relative, problems=(Problem(place, _reason(error)),), is_unreadable=True)
    files.sort()
    directories.sort()
    links.sort()
    return DirectoryListing(relative, tuple(files), tuple(directories), tuple(links), tuple(problems))


def _is_passed_over(name: str, ignored: Ignored) -> bool:
    lower = name.casefold()
    if lower == ".actors":
        return False
    return name.startswith(".") or lower in SYSTEM_DIRECTORIES or ignored(name)


def _reason(error: OSError) -> str:
    return error.strerror or type(error).__name__
