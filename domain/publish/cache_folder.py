"""The folder of cached bytes, as clearing up sees it: what lies there, and the quarantine beside it.

`<cache>/quarantine/<day>/ab/cd/<sha256>.<ext>` is on the same file system: putting a file there, and back, copies nothing.
What changes a file goes through `CacheFolder.system`, so that tests can end the program, or fill the disk, at each call.
"""

import contextlib
import os
import secrets
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final, NamedTuple

from domain.publish.disk import pour

QUARANTINE: Final = "quarantine"
VARIANTS: Final = "variants"
_SCRATCH: Final = "scratch"
PREFIXES: Final = tuple(f"{number:02x}" for number in range(256))
"""The first two letters of a digest: one stretch of the cache at a time."""


class Found(NamedTuple):
    """A file: its path below the cache, size in bytes, time of modification in seconds since 1970."""

    path: str
    size: int
    mtime: float

    @property
    def is_part(self) -> bool:
        return self.path.endswith(".part")


class Quarantined(NamedTuple):
    """A file in quarantine since a day; `path` is where it came from."""

    day: date
    path: str
    size: int


@dataclass(frozen=True, slots=True)
class CacheFolder:
    """`root` is the cache; paths are relative to it."""

    root: Path
    system: Any = os

    def is_there(self) -> bool:
        return self.root.is_dir()

    def size(self, path: str) -> int | None:
        """The size of a file in bytes; None if it is not there."""
        try:
            return int(self.system.stat(self.root / path).st_size)
        except FileNotFoundError:
            return None

    def files(self, prefix: str, *, below: str = "") -> Iterator[Found]:
        """Regular files in `prefix/*/`; of variants with `below`."""
        top = self.root / below / prefix
        for folder in sorted(_names(top)):
            with contextlib.suppress(FileNotFoundError, NotADirectoryError), os.scandir(top / folder) as entries:
                for entry in entries:
                    if entry.is_file(follow_symlinks=False):
                        facts = entry.stat(follow_symlinks=False)
                        relative = "/".join(part for part in (below, prefix, folder, entry.name) if part)
                        yield Found(relative, facts.st_size, facts.st_mtime)

    def quarantine(self, path: str, day: date, *, unused_since: float) -> int | None:
        """Put a file into quarantine: its size. None for one that is gone, or was taken into use after `unused_since`.

        Raises OSError.
        """
        source, target = self.root / path, self.root / QUARANTINE / day.isoformat() / path
        with contextlib.suppress(FileNotFoundError):
            if self.system.stat(source).st_mtime > unused_since:
                return None
            self._make(target.parent)
            self.system.rename(source, target)
            facts = self.system.stat(target)
            if facts.st_mtime <= unused_since:
                return int(facts.st_size)
            self.bring_back(Quarantined(day, path, facts.st_size))  # whoever keeps bytes that are here touches them
        return None

    def quarantined(self) -> Iterator[Quarantined]:
        """What is in quarantine, oldest first."""
        top = self.root / QUARANTINE
        for name in sorted(_names(top)):
            with contextlib.suppress(ValueError):
                day = date.fromisoformat(name)
                for place in sorted(path for path in (top / name).rglob("*") if path.is_file()):
                    yield Quarantined(day, str(place.relative_to(top / name)), place.stat().st_size)

    def bring_back(self, one: Quarantined) -> None:
        """Put a file back where it was; bytes that lie there by now are the same ones, by their name. Raises OSError."""
        source, target = self._held(one), self.root / one.path
        with contextlib.suppress(FileNotFoundError):
            self._make(target.parent)
            if self.size(one.path) is not None:
                self.system.unlink(source)
            else:
                self.system.rename(source, target)

    def let_go(self, one: Quarantined) -> None:
        """Delete a file in quarantine for good."""
        self._unlink(self._held(one))

    def drop(self, path: str) -> None:
        """Delete a file that can be made again."""
        self._unlink(self.root / path)

    def put(self, path: str, pieces: Iterable[bytes], *, sha256: str) -> bool:
        """Write a file, whole and durable or not at all; False if its bytes are not those. Raises OSError."""
        target = self.root / path
        self._make(target.parent)
        part = target.with_name(f".{target.name}.{secrets.token_hex(6)}.part")
        try:
            descriptor = self.system.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
            if pour(self.system, descriptor, pieces).sha256 != sha256:
                return False
            self.system.rename(part, target)
            return True
        finally:
            self._unlink(part)

    def tidy(self, *, before: float) -> int:
        """Delete folders of unfinished work, and empty ones of the quarantine, older than `before`; how many."""
        count = 0
        for folder, is_emptied in ((self.root / _SCRATCH, True), (self.root / QUARANTINE, False)):
            for name in _names(folder):
                place = folder / name
                with contextlib.suppress(FileNotFoundError):
                    is_old = place.stat().st_mtime < before
                    if is_old and (is_emptied or not any(path.is_file() for path in place.rglob("*"))):
                        shutil.rmtree(place, ignore_errors=True)
                        count += is_emptied
        return count

    def _unlink(self, place: Path) -> None:
        with contextlib.suppress(FileNotFoundError):
            self.system.unlink(place)

    def _make(self, folder: Path) -> None:
        """Make a folder and those above it, below the cache. Raises FileNotFoundError if the cache itself is not there."""
        try:
            self.system.mkdir(folder, 0o700)
        except FileExistsError:
            return
        except FileNotFoundError:
            if folder.parent == self.root.parent:
                raise  # a disk that is not mounted: nobody is to write where its files would be
            self._make(folder.parent)
            self._make(folder)

    def _held(self, one: Quarantined) -> Path:
        return self.root / QUARANTINE / one.day.isoformat() / one.path


def _names(folder: Path) -> list[str]:
    try:
        with os.scandir(folder) as entries:
            return [entry.name for entry in entries]
    except (FileNotFoundError, NotADirectoryError):
        return []
