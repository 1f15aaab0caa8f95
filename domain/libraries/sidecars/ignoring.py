"""Name patterns of files that nobody wants to see: the system's sixteen and the matching of any."""

import re
from collections.abc import Iterable
from functools import lru_cache

SYSTEM_IGNORE_PATTERNS: tuple[str, ...] = (
    ".DS_Store",
    "Thumbs.db",
    "desktop.ini",
    "@eaDir",
    "*.tmp",
    "*.!ut",
    "*.crdownload",
    "*.part",
    "*.sample.*",
    "*-sample.*",
    "*.proof.*",
    "*-proof.*",
    "RARBG*",
    "*ETRG*",
    "*.torrent",
    "*.nzb",
)


def matches_ignore(name: str, patterns: Iterable[str]) -> bool:
    """Whether a file or directory name matches one of the globs (`*`, `?`; nothing else is special), whatever the case."""
    return any(_compiled(pattern).match(name) for pattern in patterns)


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> re.Pattern[str]:
    first, *others = (_without_stars(part) for part in pattern.strip().split("*"))
    if not others:
        return re.compile(first + r"\Z", re.IGNORECASE | re.DOTALL)
    *middle, last = others
    # Atomic groups: `*a*a*a*b` would otherwise try every way to spread the stars over a long name.
    between = "".join(f"(?>.*?{part})" for part in middle if part)
    return re.compile(rf"{first}{between}.*{last}\Z", re.IGNORECASE | re.DOTALL)


def _without_stars(part: str) -> str:
    return ".".join(map(re.escape, part.split("?")))
