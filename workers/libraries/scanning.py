"""A whole scan: survey, moves, batches of units, vanished folders; it can be killed anywhere and goes on from there."""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Protocol

import sqlalchemy as sa
from sqlmodel import Session, col

from domain.artwork import embedding, preparing
from domain.artwork import service as artwork
from domain.identify import requesting
from domain.kit.database import UnitOfWork
from domain.kit.errors import NotFound
from domain.kit.ids import global_id
from domain.kit.spelling import counted
from domain.libraries import paths
from domain.libraries.applying.batch import apply_moves, apply_pieces, apply_vanished
from domain.libraries.applying.model import Applied, Scope
from domain.libraries.applying.namesakes import review_namesakes
from domain.libraries.scanning import known
from domain.libraries.scanning.known import ScannedLibrary
from domain.libraries.scanning.moves import Move
from domain.libraries.scanning.roots import LostRoot
from domain.libraries.scanning.survey import Survey, UnitPlace, survey
from domain.libraries.tables import Library, LibraryPath
from domain.libraries.understanding.gathering import gather
from domain.libraries.understanding.model import Piece, Readers
from domain.libraries.understanding.pieces import PIECE_FILES, split
from domain.libraries.understanding.reading import read_pieces
from domain.players import requesting as players
from domain.system import events

HOLDS: Final = "holds_library"
"""In a checkpoint: this job is the one that scans its library."""
_MOST_UNITS: Final = 100
"""Units in one transaction: empty folders count, too."""
_SHOWN: Final = 20
"""Problems and warnings that the result names; the rest is counted."""


class Work(Protocol):
    """The part of a job's context that a scan needs."""

    @property
    def saved(self) -> Mapping[str, Any] | None: ...
    def report(self, fraction: float | None, text: str = "", **counters: int | float) -> None: ...
    def checkpoint(self, state: Mapping[str, Any]) -> None: ...
    def transaction(self) -> AbstractContextManager[UnitOfWork]: ...
    def check_cancelled(self) -> None: ...


@dataclass(slots=True)
class _Scan:
    work: Work
    reading: Callable[[], AbstractContextManager[Session]]
    readers: Readers
    scope: Scope
    counts: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)
    piece_files: int = PIECE_FILES
    is_followed: bool = False
    again: list[tuple[int, str]] = field(default_factory=list)
    touched: set[int] = field(default_factory=set)
    """Items that players hear of at the end, as far as they are few enough to be named."""
    done: int = 0
    expected: int = 0

    def tell(self, text: str) -> None:
        share = self.done / self.expected if self.expected else 1.0
        shown = {name: count for name, count in self.counts.items() if count}
        self.work.report(min(1.0, share), text, files=self.done, **shown)


def scan_library(
    work: Work,
    reading: Callable[[], AbstractContextManager[Session]],
    readers: Readers,
    *,
    library_id: int,
    below: str | None = None,
    piece_files: int = PIECE_FILES,
    is_followed: bool = False,
) -> Mapping[str, Any]:
    """Bring a library, or what lies below one path, up to date with the disk; returns the summary.

    With `is_followed` it asks for nothing that comes after: somebody has.

    A transaction writes about `piece_files` files. Counters of an earlier attempt that was cut off go on from its
    checkpoint. Raises NotFound if there is no such library.
    """
    with reading() as session:
        library = known.library(session, library_id)
    if library is None:
        raise NotFound("There is no such library.")
    work.report(None, "looking at the folders")
    began = time.monotonic()
    found = survey(
        reading,
        library,
        check=work.check_cancelled,
        report=lambda directories, files: work.report(None, "looking at the folders", directories=directories, files=files),
        below=paths.stored(below) if below is not None else None,
    )
    survey_s = time.monotonic() - began
    scan = _Scan(work, reading, readers, Scope(library, found.vanished_paths), piece_files=piece_files, is_followed=is_followed)
    scan.counts.update((work.saved or {}).get("counts", {}))
    scan.touched.update((work.saved or {}).get("touched", []))
    scan.problems += [f"{problem.path}: {problem.message}" for problem in found.problems]
    scan.expected = sum(place.files for place in found.units)
    _note_roots(scan, found)
    _move(scan, found.moves)
    _write(scan, found.units)
    _apply_vanished(scan, found)
    _look_again(scan)
    return _finish(scan, found, survey_s)


def _move(scan: _Scan, moves: Sequence[Move]) -> None:
    """All moves come first: a batch must find a moved file under its new name, whichever of its folders it meets first."""
    if not moves:
        return
    with scan.work.transaction() as uow:
        _record(uow, scan, apply_moves(uow, scan.scope, moves))
        _save(scan)


def _write(scan: _Scan, places: Iterable[UnitPlace]) -> None:
    for pieces in _batches(scan, places):
        read_pieces(pieces, scan.readers, check=scan.work.check_cancelled)
        _apply(scan, pieces)


def _look_again(scan: _Scan) -> None:
    """Units in which an NFO has to be read after all, because that of another folder is gone."""
    roots = {root.id: root for root in scan.scope.library.roots}
    while scan.again:
        places = [UnitPlace(roots[root], path, 0) for root, path in dict.fromkeys(scan.again) if root in roots]
        scan.again.clear()
        _write(scan, places)


def _batches(scan: _Scan, places: Iterable[UnitPlace]) -> Iterator[list[Piece]]:
    """Pieces of the changed units in their order, up to a transaction's worth at a time."""
    waiting: list[Piece] = []
    size = 0
    for place in places:
        scan.work.check_cancelled()
        unit = gather(scan.reading, scan.scope.library, place, scan.readers.understand, check=scan.work.check_cancelled)
        for piece in split(unit, limit=scan.piece_files):
            if waiting and (size + len(piece.files) > scan.piece_files or len(waiting) >= _MOST_UNITS):
                yield waiting
                waiting, size = [], 0
            waiting.append(piece)
            size += len(piece.files)
        scan.done += place.files
        scan.tell(place.path or place.root.path)
    if waiting:
        yield waiting


def _apply(scan: _Scan, pieces: Sequence[Piece]) -> None:
    scan.work.check_cancelled()
    with scan.work.transaction() as uow:
        applied = apply_pieces(uow, scan.scope, pieces)
        _record(uow, scan, applied)
        _save(scan)


def _apply_vanished(scan: _Scan, found: Survey) -> None:
    """Mark what vanished folders held, unless their root is not there any more, either."""
    if not found.vanished_directories or any(_is_empty(root.path) for root in scan.scope.library.roots):
        return
    keys = found.vanished_directories
    for start in range(0, len(keys), _MOST_UNITS):
        scan.work.check_cancelled()
        piece = keys[start : start + _MOST_UNITS]
        with scan.reading() as session:
            files = [file for held in known.files_in(session, piece).values() for file in held if not file.is_missing]
        with scan.work.transaction() as uow:
            _record(uow, scan, apply_vanished(uow, scan.scope, files, piece))
            _save(scan)


def _record(uow: UnitOfWork, scan: _Scan, applied: Applied) -> None:
    """Hand the pictures to the artwork feature in the same transaction, and count what was done."""
    pictures = [
        artwork.LocalPicture(
            one.entity_id,
            one.asset_type,
            one.file_id,
            one.uri,
            one.index,
            one.preference,
            one.season_number,
            one.size.width if one.size is not None else None,
            one.size.height if one.size is not None else None,
        )
        for one in applied.pictures
    ]
    if pictures or applied.picture_files:
        applied.counts["pictures_added"] += artwork.record_local(uow, pictures, files=applied.picture_files)
    if applied.embedded:
        embedding.note(uow, applied.embedded)
    if applied.gone_pictures:
        artwork.refresh_files(uow, applied.gone_pictures)
    scan.counts.update(applied.counts)
    scan.again += applied.again
    if len(scan.touched) <= players.MOST_ITEMS:
        scan.touched.update(applied.touched)


def _save(scan: _Scan) -> None:
    """Folders that were written carry their fingerprints: what is left to remember is what was counted."""
    counts = {name: count for name, count in sorted(scan.counts.items()) if count}
    scan.work.checkpoint({HOLDS: True, "counts": counts, "touched": sorted(scan.touched)})


def _note_roots(scan: _Scan, found: Survey) -> None:
    lost = {one.root.id: one for one in found.lost}
    with scan.work.transaction() as uow:
        seen = [root.id for root in scan.scope.library.roots if root.id not in lost]
        uow.session.execute(
            sa.update(LibraryPath).where(col(LibraryPath.id).in_(seen)).values(last_seen_at=uow.now(), missing_since=None)
        )
        for one in found.lost:
            _warn(uow, scan.scope.library, one)
            unset = col(LibraryPath.missing_since).is_(None)
            is_root = col(LibraryPath.id) == one.root.id
            uow.session.execute(sa.update(LibraryPath).where(is_root, unset).values(missing_since=uow.now()))


def _warn(uow: UnitOfWork, library: ScannedLibrary, lost: LostRoot) -> None:
    payload = {"path": lost.root.path, "message": lost.message, "gone": lost.gone, "known": lost.known}
    audience = events.for_library(library.id)
    events.emit(uow, "library.warning", global_id("libraries", library.id), topic="libraries", audience=audience, payload=payload)


def _finish(scan: _Scan, found: Survey, survey_s: float) -> Mapping[str, Any]:
    """Write when the library was scanned, tell it, and sum up."""
    counts = {name: count for name, count in sorted(scan.counts.items()) if count}
    summary: dict[str, Any] = {
        "directories": found.directories,
        "files": found.files,
        "survey_s": round(survey_s, 3),
        **counts,
        "warnings": [f"{one.root.path}: {one.message}" for one in found.lost],
        "problems": scan.problems[:_SHOWN],
        "problem_count": len(scan.problems),
    }
    library = scan.scope.library
    with scan.reading() as session:  # it may take a while: not in the transaction
        has_new_pictures = preparing.is_waiting(session, library_id=library.id)
    with scan.work.transaction() as uow:
        review_namesakes(uow, library.id)
        if has_new_pictures:
            preparing.request_for_library(uow, library.id)
        if not scan.is_followed:
            requesting.request_after_scan(uow, library.id)
            players.follow(uow, library.id, sorted(scan.touched))
        uow.session.execute(sa.update(Library).where(col(Library.id) == library.id).values(last_scanned_at=uow.now()))
        payload = {**counts, "files": found.files, "directories": found.directories, "warnings": summary["warnings"]}
        subject = global_id("libraries", library.id)
        events.emit(uow, "library.scanned", subject, topic="libraries", audience=events.for_library(library.id), payload=payload)
    scan.work.report(1.0, _in_words(found.files, counts), files=found.files, **counts)
    return summary


def _in_words(files: int, counts: Mapping[str, int]) -> str:
    """The last words of a scan: what there is, and what is other than before."""
    said = {"items_added": "new", "items_changed": "changed", "items_missing": "missing", "items_restored": "back"}
    told = [f"{counts[name]:,} {word}" for name, word in said.items() if counts.get(name)]
    if moved := counts.get("files_moved"):
        told.append(f"{counted(moved, 'file')} moved")
    return f"{counted(files, 'file')}; " + (", ".join(told) if told else "nothing changed")


def _is_empty(root: str) -> bool:
    try:
        return next(Path(paths.real(root)).iterdir(), None) is None
    except OSError:
        return True
