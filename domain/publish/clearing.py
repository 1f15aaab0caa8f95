"""Clears up the cache: what nothing refers to goes into quarantine, and from there for good; with an account of it."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from domain.kit.database import Database, database_time
from domain.kit.errors import PathUnusable
from domain.publish import unused
from domain.publish.cache_folder import PREFIXES, VARIANTS, CacheFolder
from domain.publish.unused import GRACE

QUARANTINED: Final = timedelta(days=14)
"""How long quarantine keeps a file."""
FRESH: Final = timedelta(days=1)
"""Files younger than this may be somebody's work that is not written down yet."""
MOST_MISSING: Final = 0.2
"""With a larger share of the bytes gone, the disk is taken for away."""


class CacheAway(PathUnusable):
    """The cache is not where it was, or much of it is missing: nothing is changed."""


@dataclass(slots=True)
class Cleared:
    """What was done, or would be: files and bytes."""

    released_files: int = 0
    quarantined_files: int = 0
    quarantined_bytes: int = 0
    stray_files: int = 0
    stray_bytes: int = 0
    temporary_files: int = 0
    deleted_files: int = 0
    deleted_bytes: int = 0
    restored_files: int = 0
    missing_files: int = 0
    missing_bytes: int = 0

    def counts(self) -> dict[str, int]:
        return asdict(self)


@dataclass(slots=True)
class Clearing:
    """One clearing up. `check` is called between bites and may raise."""

    database: Database
    folder: CacheFolder
    is_dry: bool = False
    grace: timedelta = GRACE
    check: Callable[[], None] = lambda: None
    done: Cleared = field(default_factory=Cleared)
    now: datetime = field(init=False)

    def __post_init__(self) -> None:
        with self.database.read() as session:
            self.now = database_time(session)

    def run(self) -> Cleared:
        """Clear up. Raises CacheAway."""
        if not self.is_dry:
            self._settle()
        self._survey()
        self._release()
        self._quarantine()
        for prefix in PREFIXES:
            self.check()
            self._clear_strays(prefix)
            self._clear_variants(prefix)
        self._purge()
        return self.done

    def restore(self) -> Cleared:
        """Put everything in quarantine back; what nobody uses has its time of grace anew. Raises CacheAway."""
        with self.database.read() as session:
            if not self.folder.is_there() and unused.quarantined(session, after=0):
                raise CacheAway(f"{self.folder.root} is not there: is its disk mounted? Nothing was changed.")
        for one in list(self.folder.quarantined()):
            self.check()
            self.folder.bring_back(one)
            self.done.restored_files += 1
            with self.database.transaction(actor="system") as uow:
                row = unused.at(uow.session, [one.path]).get(one.path)
                if row is not None:
                    unused.unmark(uow, [row.id], released_at=uow.now())
        self._settle_rows(is_released=True)
        return self.done

    @property
    def _unused_since(self) -> float:
        return (self.now - FRESH).timestamp()

    def _survey(self) -> None:
        self.done.missing_files, self.done.missing_bytes = require_cache(self.database, self.folder, check=self.check)

    def _settle(self) -> None:
        """Make quarantine and rows agree, whatever an earlier clearing up that was cut off left."""
        self._settle_rows(is_released=False)
        for one in list(self.folder.quarantined()):
            with self.database.read() as session:
                row = unused.at(session, [one.path]).get(one.path)
            if row is not None and row.quarantined_at is None:
                self.folder.bring_back(one)
                self.done.restored_files += 1

    def _settle_rows(self, *, is_released: bool) -> None:
        """Bytes in their place are not in quarantine, whatever their rows say; `is_released`: their grace begins anew."""
        after = 0
        while True:
            self.check()
            with self.database.read() as session:
                rows = unused.quarantined(session, after=after)
            if not rows:
                return
            after = rows[-1].id
            here = [row.id for row in rows if self.folder.size(row.path) is not None]
            if here:
                with self.database.transaction(actor="system") as uow:
                    unused.unmark(uow, here, released_at=uow.now() if is_released else None)

    def _release(self) -> None:
        """Rows that a cascade deleted told nobody that they let go of bytes: from now on the grace of those runs."""
        for find, write in ((unused.claimed, unused.reclaim), (unused.unclaimed, unused.release)):
            after = 0
            while True:
                self.check()
                with self.database.read() as session:
                    keys = find(session, after=after)
                if not keys:
                    break
                after = keys[-1]
                count = len(keys)
                if not self.is_dry:
                    with self.database.transaction(actor="system") as uow:
                        count = write(uow, keys)
                self.done.released_files += count if find is unused.unclaimed else 0

    def _quarantine(self) -> None:
        after = 0
        while True:
            self.check()
            with self.database.read() as session:
                rows = unused.due(session, released_before=self.now - self.grace, after=after)
            if not rows:
                return
            after = rows[-1].id
            if self.is_dry:
                self._count([row.size_bytes for row in rows])
                continue
            with self.database.transaction(actor="system") as uow:
                rows, variants = unused.mark(uow, [row.id for row in rows])
            sizes: dict[int, int | None] = {row.id: None for row in rows}
            try:
                for path in variants:
                    self.folder.drop(path)
                for row in rows:
                    sizes[row.id] = self._set_aside(row.path)
            finally:  # also where the disk is full: what was not moved is not in quarantine
                self._count([size for size in sizes.values() if size is not None])
                with self.database.transaction(actor="system") as uow:
                    unused.unmark(uow, [key for key, size in sizes.items() if size is None])

    def _count(self, sizes: list[int]) -> None:
        self.done.quarantined_files += len(sizes)
        self.done.quarantined_bytes += sum(sizes)

    def _clear_strays(self, prefix: str) -> None:
        """Files that no row knows, and those that were never finished."""
        found = [one for one in self.folder.files(prefix) if one.mtime <= self._unused_since]
        with self.database.read() as session:
            known = unused.at(session, [one.path for one in found])
        for one in found:
            if one.is_part:
                self.done.temporary_files += 1
                if not self.is_dry:
                    self.folder.drop(one.path)
            elif one.path not in known:
                size = one.size if self.is_dry else self._set_aside(one.path)
                self.done.stray_files += size is not None
                self.done.stray_bytes += size or 0

    def _set_aside(self, path: str) -> int | None:
        return self.folder.quarantine(path, self.now.date(), unused_since=self._unused_since)

    def _clear_variants(self, prefix: str) -> None:
        found = [one for one in self.folder.files(prefix, below=VARIANTS) if one.mtime <= self._unused_since]
        if not found:
            return
        with self.database.read() as session:
            known = unused.variants_with_prefix(session, prefix)
        for one in found:
            if one.path not in known:
                self.done.temporary_files += 1
                if not self.is_dry:
                    self.folder.drop(one.path)

    def _purge(self) -> None:
        """Let go of what was in quarantine for its time."""
        before = self.now - QUARANTINED
        for one in [one for one in self.folder.quarantined() if one.day < before.date()]:
            self.check()
            with self.database.read() as session:
                row = unused.at(session, [one.path]).get(one.path)
            if not self.is_dry:
                if row is not None:
                    with self.database.transaction(actor="system") as uow:
                        if row.id not in unused.forget(uow, [row.id]):
                            continue
                self.folder.let_go(one)
            self.done.deleted_files += 1
            self.done.deleted_bytes += one.size
        if self.is_dry:
            return
        with self.database.read() as session:
            lost = unused.lost(session, quarantined_before=before - FRESH)
        with self.database.transaction(actor="system") as uow:
            unused.forget(uow, lost)
        self.done.temporary_files += self.folder.tidy(before=self._unused_since)


def require_cache(database: Database, folder: CacheFolder, *, check: Callable[[], None]) -> tuple[int, int]:
    """The cache is what the rows say: how many files, and bytes, are missing all the same. Raises CacheAway."""
    total = files = size = 0
    is_there = folder.is_there()
    for prefix in PREFIXES:
        check()
        with database.read() as session:
            rows = [row for row in unused.with_prefix(session, prefix) if row.quarantined_at is None]
        present = {found.path for found in folder.files(prefix)} if is_there and rows else set()
        total += sum(row.size_bytes for row in rows)
        lost = [row.size_bytes for row in rows if row.path not in present]
        files += len(lost)
        size += sum(lost)
    if files and (not is_there or size > MOST_MISSING * total):
        share = f"{files} files ({size} of {total} bytes)"
        raise CacheAway(f"{share} of the cache are not in {folder.root}: is its disk mounted? Nothing was changed.")
    return files, size


def clear(
    database: Database, cache: Path, *, is_dry: bool = False, check: Callable[[], None] = lambda: None, grace: timedelta = GRACE
) -> dict[str, int]:
    """Clear up the cache, or say what that would do (`is_dry`); the numbers. Raises CacheAway."""
    return Clearing(database, CacheFolder(cache), is_dry, grace, check).run().counts()


def restore(database: Database, cache: Path, *, check: Callable[[], None] = lambda: None) -> dict[str, int]:
    """Put everything in quarantine back; the numbers. Raises CacheAway."""
    return Clearing(database, CacheFolder(cache), check=check).restore().counts()
