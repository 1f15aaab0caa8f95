"""Surveys a whole library before anything is written: which folders changed, what moved, and whether a disk is gone."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from domain.libraries import paths
from domain.libraries.scanning import known
from domain.libraries.scanning.known import Root, ScannedLibrary
from domain.libraries.scanning.listing import Problem
from domain.libraries.scanning.moves import Move, match_moves
from domain.libraries.scanning.roots import Looking, LostRoot, Reading, RootSurvey, survey_root

BELIEVED_SHARE: Final = 0.2
"""The greatest share of a root's films and episodes that may vanish at once; more of it is a disk that is not there."""


@dataclass(frozen=True, slots=True)
class UnitPlace:
    """A unit of directories in which something changed; `files` is how many lie in the changed ones."""

    root: Root
    path: str
    files: int


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
        strays = known.strays(session, library.id)
    looking = Looking(reading, library, check, report, is_first_scan, strays)
    wanted = [(root, start) for root in library.roots if (start := _wanted(root, below)) is not None]
    surveyed = [survey_root(looking, root, start) for root, start in wanted]
    for file in looking.strays.values():
        looking.add_vanished(file, None)
    if any(found.start for found in surveyed):
        _look_elsewhere(looking)
    moves = match_moves(looking.vanished, looking.appeared, looking.hash_of)
    moved = {move.file.id for move in moves}
    for found in surveyed:
        _believe(looking, found, moved)
    return _collected(looking, surveyed, moves)


def _wanted(root: Root, below: str | None) -> str | None:
    """The part of a root that is asked for; None if `below` lies in another one."""
    if below is None or paths.is_within(root.path, below):
        return ""
    return below[len(root.path.rstrip("/")) + 1 :] if paths.is_within(below, root.path) else None


def _look_elsewhere(looking: Looking) -> None:
    """Where only a part of a library is looked at, a file may have come from outside: from a place that is empty now."""
    hashes = {digest for places in looking.appeared.values() for place in places if (digest := looking.hash_of(place))}
    with looking.reading() as session:
        alike = known.files_with(session, looking.library.id, hashes)
    seen = {file.id for file in looking.vanished}
    for file in alike:
        looking.check()
        if file.id not in seen and not file.is_missing and not Path(paths.real(file.uri)).exists():
            looking.add_vanished(file, None)


def _believe(looking: Looking, found: RootSurvey, moved: set[int]) -> None:
    """Refuse a root that lost more than a fifth of what it held: a single file may always vanish.

    Who asks for one folder and finds it gone is believed: the root is there, and somebody meant this folder.
    """
    gone = sum(1 for file in found.gone if file.kind in known.PLAYED and file.id not in moved)
    if found.lost is None and (gone <= 1 or found.start):
        return
    with looking.reading() as session:
        count = known.played_count(session, found.root.id)
    if found.lost is not None:
        found.lost = LostRoot(found.root, found.lost.message, count, count)
    elif gone > count * BELIEVED_SHARE:
        found.lost = LostRoot(found.root, f"{gone} of {count} media files are gone.", gone, count)


def _collected(looking: Looking, surveyed: Sequence[RootSurvey], moves: Sequence[Move]) -> Survey:
    result = Survey(problems=looking.problems, directories=looking.directories, files=looking.files)
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
    return result
