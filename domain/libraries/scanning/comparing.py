"""What changed in one directory: its listing against the files that are known of it."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from domain.libraries.enums import FileKind
from domain.libraries.scanning.listing import DirectoryListing, FileStat

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST: Final = -62_135_596_800_000_000
_LAST: Final = 253_402_300_799_999_999


@dataclass(frozen=True, slots=True)
class KnownFile:
    """What the database holds of a file.

    `is_missing`: it had vanished; `is_settled`: it was understood where it lies; `is_read`: its inside was looked at;
    `has_failed`: it could not be read or understood then.
    """

    id: int
    library_id: int | None
    directory_id: int | None
    name: str
    uri: str
    kind: FileKind
    size: int
    modified_at: datetime | None
    quick_hash: str | None
    is_missing: bool
    is_settled: bool
    is_read: bool
    has_failed: bool = False


@dataclass(slots=True)
class DirectoryDiff:
    """Names of one directory: new ones, changed ones (size or time differ), those that came back, and those gone."""

    added: list[FileStat] = field(default_factory=list)
    changed: list[tuple[KnownFile, FileStat]] = field(default_factory=list)
    restored: list[KnownFile] = field(default_factory=list)
    gone: list[KnownFile] = field(default_factory=list)


def instant(mtime_ns: int) -> datetime:
    """A file's time with microseconds; times that no calendar has (broken file systems) become the nearest that exists."""
    return _EPOCH + timedelta(microseconds=min(max(mtime_ns // 1000, _FIRST), _LAST))


def unsettled(known: KnownFile) -> KnownFile:
    """The file as one that is still to be understood."""
    return replace(known, is_settled=False)


def is_same(known: KnownFile, facts: FileStat) -> bool:
    """Whether size and time are as they were: the content is then taken to be, too."""
    return known.size == facts.size and known.modified_at == instant(facts.mtime_ns)


def compare(listing: DirectoryListing, known: Iterable[KnownFile]) -> DirectoryDiff:
    """The difference between a listing and what was known of the directory."""
    diff = DirectoryDiff()
    by_name = {file.name: file for file in known}
    for facts in listing.files:
        file = by_name.pop(facts.name, None)
        if file is None:
            diff.added.append(facts)
        elif not is_same(file, facts):
            diff.changed.append((file, facts))
        elif file.is_missing:
            diff.restored.append(file)
    diff.gone = [file for file in by_name.values() if not file.is_missing]
    return diff
