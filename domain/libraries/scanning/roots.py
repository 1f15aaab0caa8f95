"""Surveys one root: walks it, compares folders with their fingerprints and changed ones with their known files."""

import os
from collections import defaultdict
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from sqlmodel import Session

from domain.libraries import paths
from domain.libraries.roots import overlapping
from domain.libraries.scanning import known
from domain.libraries.scanning.comparing import KnownFile, compare
from domain.libraries.scanning.hashing import fingerprint, quick_hash, salt
from domain.libraries.scanning.known import Root, ScannedLibrary
from domain.libraries.scanning.listing import DirectoryListing, Problem, list_directory
from domain.libraries.scanning.moves import Appeared, Vanished
from domain.libraries.scanning.rules import hint_of, ignore_patterns, is_passed_over
from domain.libraries.scanning.units import unit_of
from domain.libraries.scanning.walking import walk

_PIECE: Final = 200
_FIRST_PROBLEMS: Final = 100

Reading = Callable[[], AbstractContextManager[Session]]
Rows = dict[str, tuple[int, str]]
"""(id, fingerprint) of known directories by their relative path."""


@dataclass(frozen=True, slots=True)
class LostRoot:
    """A root that vanished or lost too much to be believed; nothing below it is changed."""

    root: Root
    message: str
    gone: int
    known: int


@dataclass(slots=True)
class RootSurvey:
    """What was found in a root, from `start` on ('' = all of it). `changed` counts the files of changed directories by unit."""

    root: Root
    start: str = ""
    changed: dict[str, int] = field(default_factory=dict)
    gone: list[KnownFile] = field(default_factory=list)
    vanished_directories: dict[int, str] = field(default_factory=dict)
    lost: LostRoot | None = None


@dataclass(slots=True)
class Looking:
    """What a survey works with: the database, its candidates for moves over all roots, and how it reports."""

    reading: Reading
    library: ScannedLibrary
    check: Callable[[], None]
    report: Callable[[int, int], None]
    is_first_scan: bool
    strays: dict[str, KnownFile]
    vanished: list[Vanished] = field(default_factory=list)
    appeared: dict[int, list[Appeared]] = field(default_factory=lambda: defaultdict(list))
    problems: list[Problem] = field(default_factory=list)
    directories: int = 0
    files: int = 0

    def add_vanished(self, file: KnownFile, root_id: int | None) -> None:
        """A file that is not where it was: it may have come up elsewhere."""
        if file.quick_hash is not None:
            self.vanished.append(Vanished(file.id, file.uri, file.size, file.quick_hash, root_id))

    def hash_of(self, place: Appeared) -> str | None:
        """The quick hash of a file that came up; None if it cannot be read."""
        self.check()
        try:
            return quick_hash(place.uri, place.size)
        except OSError:
            return None


def survey_root(looking: Looking, root: Root, wanted: str) -> RootSurvey:
    """Survey what lies below `wanted` ('' = the whole root); what is gone below it is found, too."""
    with looking.reading() as session:
        rows = known.directories(session, root.id)
    found = RootSurvey(root, _nearest(root, wanted, rows))
    if (foreign := _foreign(looking.library, root)) is not None:
        found.lost = LostRoot(root, f"A link leads into {foreign}, a folder of another library.", 0, 0)
        return found
    rows = {path: row for path, row in rows.items() if not found.start or paths.is_within(path, found.start)}
    if found.start:
        found.lost = _loss(root, list_directory(root.path, "", ignored=is_passed_over(looking.library)), rows)
    is_there = found.lost is None and (not found.start or _is_there(root, found.start))
    unreadable = _walk(looking, found, rows) if is_there else []
    looking.report(looking.directories, looking.files)
    if found.lost is None:
        _find_vanished(looking, found, rows, unreadable)
    return found


def _foreign(library: ScannedLibrary, root: Root) -> str | None:
    """The root of another library that this one leads into by a link of its own."""
    is_by_link = os.path.realpath(paths.real(root.path)) != paths.real(root.path)
    return overlapping(root.path, library.others) if is_by_link else None


def _loss(root: Root, top: DirectoryListing, rows: Rows) -> LostRoot | None:
    """Why a root cannot be believed by its first listing: it is not there, or empty though something was known."""
    if top.is_unreadable:
        return LostRoot(root, top.problems[0].message, 0, 0)
    is_empty = not (top.files or top.directories) and any(mark != known.GONE for _, mark in rows.values())
    return LostRoot(root, "The folder is empty.", 0, 0) if is_empty else None


def _nearest(root: Root, wanted: str, rows: Rows) -> str:
    """Where to begin: the folder itself, there or known; of a file and of what nobody knows the folder above."""
    start = wanted
    while start and not _is_there(root, start) and not any(paths.is_within(path, start) for path in rows):
        start = paths.parent(start)
    return start


def _is_there(root: Root, relative: str) -> bool:
    return Path(paths.real(paths.join(root.path, relative))).is_dir()


def _walk(looking: Looking, found: RootSurvey, rows: Rows) -> list[str]:
    """Look at every directory and take it out of `rows`; returns those that could not be read."""
    hint, salted = hint_of(looking.library), salt(ignore_patterns(looking.library))
    unreadable: list[str] = []
    waiting: list[tuple[DirectoryListing, int | None]] = []
    walking = walk(found.root.path, ignored=is_passed_over(looking.library), start=found.start, others=looking.library.others)
    for listing in walking:
        looking.check()
        if listing.path == "" and (lost := _loss(found.root, listing, rows)) is not None:
            found.lost = lost
            break
        if listing.problems:
            looking.problems += listing.problems[: max(0, _FIRST_PROBLEMS - len(looking.problems))]
        if listing.is_unreadable:
            unreadable.append(listing.path)
            continue
        looking.directories += 1
        looking.files += len(listing.files)
        row = rows.pop(listing.path, None)
        if row is not None and row[1] == fingerprint(listing, salt=salted):
            continue
        unit = unit_of(listing.path, hint=hint)
        found.changed[unit] = found.changed.get(unit, 0) + len(listing.files)
        if looking.is_first_scan:
            continue
        waiting.append((listing, row[0] if row else None))
        if len(waiting) >= _PIECE:
            _compare_known(looking, found, waiting)
            waiting = []
            looking.report(looking.directories, looking.files)
    _compare_known(looking, found, waiting)
    return unreadable


def _compare_known(looking: Looking, found: RootSurvey, listings: list[tuple[DirectoryListing, int | None]]) -> None:
    """Compare changed directories with their known files: what is gone, what is new, what is another file than before."""
    if not listings:
        return
    with looking.reading() as session:
        files = known.files_in(session, [key for _, key in listings if key is not None])
    for listing, key in listings:
        rows = {file.name: file for file in files.get(key, ())} if key is not None else {}
        for facts in listing.files:
            stray = looking.strays.pop(paths.join(found.root.path, listing.path, facts.name), None)
            if stray is not None:
                rows[facts.name] = stray
        diff = compare(listing, rows.values())
        for file in diff.gone:
            found.gone.append(file)
            looking.add_vanished(file, found.root.id)
        for facts in diff.added:
            uri = paths.join(found.root.path, listing.path, facts.name)
            place = Appeared(uri, found.root.id, listing.path, facts.size, facts.mtime_ns)
            looking.appeared[facts.size].append(place)
        for file, facts in diff.changed:
            place = Appeared(file.uri, found.root.id, listing.path, facts.size, facts.mtime_ns, file.id)
            if looking.hash_of(place) not in (file.quick_hash, None):
                looking.add_vanished(file, found.root.id)
                looking.appeared[facts.size].append(place)


def _find_vanished(looking: Looking, found: RootSurvey, rows: Rows, unreadable: list[str]) -> None:
    """What is left in `rows` is not there any more, unless it lies in a directory that could not be read."""
    for path, (key, mark) in rows.items():
        if mark != known.GONE and not any(paths.is_within(path, place) for place in unreadable):
            found.vanished_directories[key] = path
    with looking.reading() as session:
        for files in known.files_in(session, found.vanished_directories).values():
            for file in files:
                if not file.is_missing:
                    found.gone.append(file)
                    looking.add_vanished(file, found.root.id)
