"""Surveys a whole library before anything is written: which folders changed, what moved, and whether a disk is gone."""

from collections import defaultdict
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from sqlmodel import Session

from domain.libraries import paths
from domain.libraries.names import Hint
from domain.libraries.scanning import known
from domain.libraries.scanning.comparing import KnownFile, compare
from domain.libraries.scanning.hashing import fingerprint, quick_hash, salt
from domain.libraries.scanning.known import Root, ScannedLibrary
from domain.libraries.scanning.listing import DirectoryListing, Problem
from domain.libraries.scanning.moves import Appeared, Move, Vanished, match_moves
from domain.libraries.scanning.units import unit_of
from domain.libraries.scanning.walking import walk
from domain.libraries.sidecars import SYSTEM_IGNORE_PATTERNS, matches_ignore

BELIEVED_SHARE: Final = 0.2
"""The greatest share of a root's films and episodes that may vanish at once; more of it is a disk that is not there."""

_FOLDER_PATTERNS: Final = frozenset({"@eaDir"})
_PIECE: Final = 200
_FIRST_PROBLEMS: Final = 100

Reading = Callable[[], AbstractContextManager[Session]]


@dataclass(frozen=True, slots=True)
class UnitPlace:
    """A unit of directories in which something changed; `files` is how many lie in the changed ones."""

    root: Root
    path: str
    files: int


@dataclass(frozen=True, slots=True)
class LostRoot:
    """A root that vanished or lost too much to be believed; nothing below it is changed."""

    root: Root
    message: str
    gone: int
    known: int


@dataclass(slots=True)
class Survey:
    """What a scan will do. `directories` and `files` count what was looked at."""

    units: list[UnitPlace] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)
    vanished_directories: list[int] = field(default_factory=list)
    vanished_paths: set[str] = field(default_factory=set)
    lost: list[LostRoot] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    directories: int = 0
    files: int = 0


@dataclass(slots=True)
class _RootSurvey:
    root: Root
    changed: dict[str, int] = field(default_factory=dict)  # unit -> files of its changed directories
    gone: list[KnownFile] = field(default_factory=list)
    vanished_directories: dict[int, str] = field(default_factory=dict)
    lost: LostRoot | None = None


class _Candidates:
    """What may have moved, over all roots."""

    def __init__(self, stray: dict[str, KnownFile], *, is_first_scan: bool) -> None:
        self.stray = stray
        self.is_first_scan = is_first_scan
        self.vanished: list[Vanished] = []
        self.appeared: dict[int, list[Appeared]] = defaultdict(list)

    def add_vanished(self, file: KnownFile, root_id: int | None) -> None:
        if file.quick_hash is not None:
            self.vanished.append(Vanished(file.id, file.uri, file.size, file.quick_hash, root_id))


def survey(
    reading: Reading,
    library: ScannedLibrary,
    *,
    check: Callable[[], None],
    report: Callable[[int, int], None],
    below: str | None = None,
) -> Survey:
    """Compare a library's roots (or one stored path `below` them) with what is known; opens no unchanged file.

    `check` is called often and may raise to stop; `report` hears how many directories and files have been looked at.
    """
    with reading() as session:
        is_first_scan = not known.has_files(session, library.id)
        candidates = _Candidates(known.strays(session, library.id), is_first_scan=is_first_scan)
    result = Survey()
    roots = [(root, start) for root in library.roots if (start := _start(root, below)) is not None]
    surveyed = [_survey_root(reading, library, root, start, candidates, result, check, report) for root, start in roots]
    for file in candidates.stray.values():
        candidates.add_vanished(file, None)
    moves = match_moves(candidates.vanished, candidates.appeared, lambda place: _hash(place, check))
    moved = {move.file.id for move in moves}
    for found in surveyed:
        _believe(reading, found, moved)
    _collect(result, surveyed, moves)
    return result


def _start(root: Root, below: str | None) -> str | None:
    """Where to begin in a root; None if `below` lies in another one."""
    if below is None or paths.is_within(root.path, below):
        return ""
    if not paths.is_within(below, root.path):
        return None
    start = below[len(root.path.rstrip("/")) + 1 :]
    while start and not Path(paths.real(paths.join(root.path, start))).is_dir():
        start = paths.parent(start)  # a file, or what was deleted: the folder above tells
    return start


def _survey_root(
    reading: Reading,
    library: ScannedLibrary,
    root: Root,
    start: str,
    candidates: _Candidates,
    result: Survey,
    check: Callable[[], None],
    report: Callable[[int, int], None],
) -> _RootSurvey:
    found = _RootSurvey(root)
    hint = hint_of(library)
    salted = salt(ignore_patterns(library))
    with reading() as session:
        rows = known.directories(session, root.id)
    if start:
        rows = {path: row for path, row in rows.items() if paths.is_within(path, start)}
    unreadable: list[str] = []
    waiting: list[tuple[DirectoryListing, int | None]] = []
    for listing in walk(root.path, ignored=is_passed_over(library), start=start):
        check()
        result.problems += listing.problems[: max(0, _FIRST_PROBLEMS - len(result.problems))]
        if listing.is_unreadable:
            if listing.path == "":
                found.lost = LostRoot(root, listing.problems[0].message, 0, 0)
                return found
            unreadable.append(listing.path)
            continue
        if listing.path == "" and _holds_files(rows) and not (listing.files or listing.directories):
            found.lost = LostRoot(root, "The folder is empty.", 0, 0)
            return found
        result.directories += 1
        result.files += len(listing.files)
        row = rows.pop(listing.path, None)
        if row is not None and row[1] == fingerprint(listing, salt=salted):
            continue
        unit = unit_of(listing.path, hint=hint)
        found.changed[unit] = found.changed.get(unit, 0) + len(listing.files)
        if not candidates.is_first_scan:
            waiting.append((listing, row[0] if row else None))
            if len(waiting) >= _PIECE:
                _compare_known(reading, found, waiting, candidates, check)
                waiting = []
                report(result.directories, result.files)
    _compare_known(reading, found, waiting, candidates, check)
    report(result.directories, result.files)
    _find_vanished(reading, found, rows, unreadable, candidates)
    return found


def _holds_files(rows: dict[str, tuple[int, str]]) -> bool:
    return any(print_of_last_scan != known.GONE for _, print_of_last_scan in rows.values())


def _compare_known(
    reading: Reading,
    found: _RootSurvey,
    listings: list[tuple[DirectoryListing, int | None]],
    candidates: _Candidates,
    check: Callable[[], None],
) -> None:
    """Compare changed directories with their known files: what is gone, what is new, what is another file than before."""
    if not listings:
        return
    with reading() as session:
        files = known.files_in(session, [key for _, key in listings if key is not None])
    for listing, key in listings:
        rows = {file.name: file for file in files.get(key, ())} if key is not None else {}
        for facts in listing.files:
            stray = candidates.stray.pop(paths.join(found.root.path, listing.path, facts.name), None)
            if stray is not None:
                rows[facts.name] = stray
        diff = compare(listing, rows.values())
        for file in diff.gone:
            found.gone.append(file)
            candidates.add_vanished(file, found.root.id)
        for facts in diff.added:
            uri = paths.join(found.root.path, listing.path, facts.name)
            place = Appeared(uri, found.root.id, listing.path, facts.size, facts.mtime_ns)
            candidates.appeared[facts.size].append(place)
        for file, facts in diff.changed:
            place = Appeared(file.uri, found.root.id, listing.path, facts.size, facts.mtime_ns, file.id)
            if _hash(place, check) not in (file.quick_hash, None):
                candidates.add_vanished(file, found.root.id)
                candidates.appeared[facts.size].append(place)


def _find_vanished(
    reading: Reading, found: _RootSurvey, rows: dict[str, tuple[int, str]], unreadable: list[str], candidates: _Candidates
) -> None:
    hidden = tuple(unreadable)
    for path, (key, print_of_last_scan) in rows.items():
        if print_of_last_scan != known.GONE and not any(paths.is_within(path, place) for place in hidden):
            found.vanished_directories[key] = path
    with reading() as session:
        for files in known.files_in(session, found.vanished_directories).values():
            for file in files:
                if not file.is_missing:
                    found.gone.append(file)
                    candidates.add_vanished(file, found.root.id)


def _believe(reading: Reading, found: _RootSurvey, moved: set[int]) -> None:
    """Refuse a root that lost more than a fifth of what it held: a single file may always vanish."""
    gone = sum(1 for file in found.gone if file.kind in known.PLAYED and file.id not in moved)
    if found.lost is not None or gone > 1:
        with reading() as session:
            count = known.played_count(session, found.root.id)
        if found.lost is not None:
            found.lost = LostRoot(found.root, found.lost.message, count, count)
        elif gone > count * BELIEVED_SHARE:
            found.lost = LostRoot(found.root, f"{gone} of {count} media files are gone.", gone, count)


def _collect(result: Survey, surveyed: list[_RootSurvey], moves: list[Move]) -> None:
    lost = {found.root.id for found in surveyed if found.lost is not None}
    result.moves = [move for move in moves if move.to.root_id not in lost and move.file.root_id not in lost]
    for found in surveyed:
        if found.lost is not None:
            result.lost.append(found.lost)
            continue
        places = (UnitPlace(found.root, path, files) for path, files in found.changed.items())
        result.units += sorted(places, key=lambda place: paths.order(place.path))
        result.vanished_directories += sorted(found.vanished_directories)
        result.vanished_paths |= {paths.join(found.root.path, path) for path in found.vanished_directories.values()}


def _hash(place: Appeared, check: Callable[[], None]) -> str | None:
    check()
    try:
        return quick_hash(place.uri, place.size)
    except OSError:
        return None


def hint_of(library: ScannedLibrary) -> Hint:
    """What names in this library mean where they can mean two things."""
    return "movie" if library.media_type == "movie" else "tv"


def is_passed_over(library: ScannedLibrary) -> Callable[[str], bool]:
    """Whether a folder of that name is not looked into: the library's own patterns, of the system's those for folders.

    The others are about files: `*ETRG*` would hide every folder of that group's releases.
    """
    patterns = [one for one in ignore_patterns(library) if one in _FOLDER_PATTERNS or one not in SYSTEM_IGNORE_PATTERNS]
    return lambda name: matches_ignore(name, patterns)


def ignore_patterns(library: ScannedLibrary) -> tuple[str, ...]:
    """The patterns of a library: the system's, those it takes back with `!` left out, and its own."""
    taken_back = {pattern[1:] for pattern in library.ignore_patterns if pattern.startswith("!")}
    own = [pattern for pattern in library.ignore_patterns if not pattern.startswith("!")]
    return (*(pattern for pattern in SYSTEM_IGNORE_PATTERNS if pattern not in taken_back), *own)
