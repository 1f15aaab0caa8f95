"""Checks the folders of a library: first their text, then what the disk says of them."""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from domain.kit.errors import Invalid, PathUnusable
from domain.libraries.paths import is_refused, is_within, normal, real, stored

MOST: Final = 20
"""Folders of one library."""
_SYSTEM: Final = ("/proc", "/sys", "/dev")
_MEMORY: Final = "/dev/shm"  # noqa: S108 - nothing is written there
"""Anybody's files, kept in memory."""


def as_text(given: Sequence[str], *, field: str = "paths") -> list[str]:
    """Stored paths: absolute, without `..`, none inside another. Raises PathUnusable, and Invalid for none or too many."""
    if not 1 <= len(given) <= MOST:
        raise Invalid(f"A library has 1 to {MOST} folders.", path=(field,))
    found: list[str] = []
    for path in given:
        if is_refused(path):
            raise PathUnusable("A path holds no control characters.", path=(field,))
        if not path.startswith("/"):
            raise PathUnusable(f"{path!r} is not absolute: begin with a slash.", path=(field,))
        cleaned = stored("/" + normal(path).lstrip("/"))
        if cleaned == "/":
            raise PathUnusable("The whole disk is no library: name a folder.", path=(field,))
        for other in found:
            if is_within(cleaned, other) or is_within(other, cleaned):
                raise PathUnusable(f"{cleaned} and {other} overlap.", path=(field,))
        found.append(cleaned)
    return found


def check(given: Sequence[str], *, data_dir: Path) -> list[str]:
    """The stored paths of folders that are there and can be listed. Raises PathUnusable, Invalid for none or too many."""
    found = as_text(given)
    home = data_dir.resolve()
    places: list[Path] = []
    for path in found:
        _list(path)
        place = Path(real(path)).resolve()
        if any(place.is_relative_to(system) for system in _SYSTEM) and not place.is_relative_to(_MEMORY):
            raise PathUnusable(f"{path} holds the kernel's own files, no media.", path=("paths",))
        if _overlap(place, home):
            raise PathUnusable(f"{path} overlaps the server's own data folder.", path=("paths",))
        for other in places:
            if _overlap(place, other):
                raise PathUnusable(f"{path} leads into another of these folders.", path=("paths",))
        places.append(place)
    return found


def check_apart(given: Sequence[str], others: Iterable[str]) -> None:
    """Refuse folders that lead, by links, into one of the `others`, or hold one. Looks at the disk. Raises PathUnusable."""
    for path in given:
        if (other := overlapping(path, others)) is not None:
            raise PathUnusable(f"{path} leads into {other}, a folder of another library.", path=("paths",))


def overlapping(path: str, others: Iterable[str]) -> str | None:
    """The first of the stored paths `others` that is, lies in or holds the same folder as `path`, links followed.

    Those that do so by their text are left to whoever compares texts."""
    place = Path(real(path)).resolve()
    foreign = [other for other in others if not (is_within(path, other) or is_within(other, path))]
    return next((other for other in foreign if _overlap(place, Path(real(other)).resolve())), None)


def _list(path: str) -> None:
    try:
        with os.scandir(real(path)) as entries:
            next(entries, None)
    except FileNotFoundError:
        message = f"{path} does not exist, as this server sees it: name a folder of its own machine or container."
    except NotADirectoryError:
        message = f"{path} is not a folder."
    except PermissionError:
        message = f"The server may not read {path}."
    except OSError as error:
        message = f"{path} cannot be read: {error.strerror}."
    else:
        return
    raise PathUnusable(message, path=("paths",))


def _overlap(one: Path, other: Path) -> bool:
    return one.is_relative_to(other) or other.is_relative_to(one)
