"""What a library's settings mean for a scan: how names are read, and what is passed over."""

from collections.abc import Callable
from typing import Final

from domain.libraries.names import Hint
from domain.libraries.scanning.known import ScannedLibrary
from domain.libraries.sidecars import SYSTEM_IGNORE_PATTERNS, matches_ignore

_FOLDER_PATTERNS: Final = frozenset({"@eaDir"})


def hint_of(library: ScannedLibrary) -> Hint:
    """What names in this library mean where they can mean two things."""
    return "movie" if library.media_type == "movie" else "tv"


def ignore_patterns(library: ScannedLibrary) -> tuple[str, ...]:
    """The patterns of a library: the system's, those it takes back with `!` left out, and its own."""
    taken_back = {pattern[1:] for pattern in library.ignore_patterns if pattern.startswith("!")}
    own = [pattern for pattern in library.ignore_patterns if not pattern.startswith("!")]
    return (*(pattern for pattern in SYSTEM_IGNORE_PATTERNS if pattern not in taken_back), *own)


def is_passed_over(library: ScannedLibrary) -> Callable[[str], bool]:
    """Whether a folder of that name is not looked into: the library's own patterns, of the system's those for folders.

    The others are about files: `*ETRG*` would hide every folder of that group's releases.
    """
    patterns = [one for one in ignore_patterns(library) if one in _FOLDER_PATTERNS or one not in SYSTEM_IGNORE_PATTERNS]
    return lambda name: matches_ignore(name, patterns)
