"""Reads the inside of a piece's new and changed files: hashes, NFO files, streams, pictures."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from domain.libraries import paths
from domain.libraries.enums import FileKind
from domain.libraries.nfo import NfoError, parse_nfo
from domain.libraries.scanning.hashing import quick_hash
from domain.libraries.scanning.known import OPEN
from domain.libraries.sidecars import SidecarRole, split_name
from domain.libraries.understanding.model import PLAYED_ROLES, Failure, FoundFile, MainIndex, Piece, Readers
from domain.libraries.understanding.nfos import nfos_by_video, unheard
from domain.libraries.understanding.pieces import index_mains, mains_of

VANISHED: Final = "vanished"
UNREADABLE: Final = "unreadable"
_MOST_NFO_BYTES: Final = 2_097_153
# Images of whole discs: no container that a probe reads.
_DISCS: Final = frozenset({"iso", "ifo", "bdmv"})


def read_pieces(pieces: Sequence[Piece], readers: Readers, *, check: Callable[[], None]) -> None:
    """Fill in what the files of the pieces hold. `check` is called between files and may raise to stop.

    A file that vanished in the meantime is taken out; the next scan sees what became of it. NFO files are also read
    again when what they say was never heard for an item: it is new, or another NFO spoke for it until now. What we published
    is read for the ids of new items only. A folder with
    a file that cannot be read stays open: the next scan tries again, whatever changed about its rights meanwhile.
    """
    for piece in pieces:
        for file in piece.files:
            check()
            _look_at(file)
        _read_small(piece, readers, check)
        _read_unheard(piece)
    _probe([file for piece in pieces for file in piece.files], readers)
    for piece in pieces:
        _leave_open(
            piece, {file.directory for file in piece.files if file.failure is not None and file.failure.code == UNREADABLE}
        )
    for piece in pieces:
        _drop_vanished(piece)


def _read_small(piece: Piece, readers: Readers, check: Callable[[], None]) -> None:
    has_new_item = any(file.role is SidecarRole.MAIN and file.needs_name for file in piece.unit.files)
    index = index_mains(piece.unit) if has_new_item else {}
    for file in piece.files:
        check()
        is_unread = file.is_new_content or not (file.known is not None and file.known.is_read)
        has_moved = file.known is not None and not file.known.is_settled
        if file.failure is not None:
            continue
        if file.role is SidecarRole.SUBTITLE:
            file.language = readers.language(file.sidecar.subtitle.language if file.sidecar.subtitle else None)
        elif file.is_ours and not (has_new_item and file.role is SidecarRole.NFO):
            continue  # we know what we wrote
        elif file.role is SidecarRole.NFO and (is_unread or has_new_item or has_moved or _has_failed(file)):
            _read_nfo(file)
        elif file.role is SidecarRole.IMAGE and (is_unread or (has_new_item and _is_of_new_item(index, piece, file))):
            measured = readers.measure(paths.real(file.uri))
            file.is_read = True
            if isinstance(measured, Failure):
                file.failure = measured
            else:
                file.picture = measured


def _has_failed(file: FoundFile) -> bool:
    return file.known is not None and file.known.has_failed


def _read_unheard(piece: Piece) -> None:
    """Read NFO files that begin to speak: one that cannot be read leaves its word to the next."""
    here = {file.uri for file in piece.files}
    while True:
        chosen = nfos_by_video(piece.unit, index_mains(piece.unit))
        unread = [file for file in unheard(piece.unit, chosen) if file.uri in here and file.nfo is None]
        for file in unread:
            _read_nfo(file)
        if not any(file.failure is not None for file in unread):
            return


def _is_of_new_item(index: MainIndex, piece: Piece, file: FoundFile) -> bool:
    """Whether a picture may be the first time that of an item: its video is new, or it names none (a new season's poster)."""
    if file.sidecar.base is None:
        return True
    return any(main.needs_name for main in mains_of(index, piece.unit, file))


def _drop_vanished(piece: Piece) -> None:
    vanished = [file for file in piece.files if file.failure is not None and file.failure.code == VANISHED]
    if vanished:
        gone = {file.uri for file in vanished}
        piece.files = [file for file in piece.files if file.uri not in gone]
        _leave_open(piece, {file.directory for file in vanished})


def _look_at(file: FoundFile) -> None:
    """Hash a file that is new, or whose size or time is another; an equal hash means that it was only touched."""
    row = file.known
    if row is not None and row.size == file.size and row.modified_at == file.modified_at and row.quick_hash is not None:
        return
    try:
        file.quick_hash = quick_hash(file.uri, file.size)
    except FileNotFoundError:
        file.failure = Failure(VANISHED, "no such file")
    except OSError as error:
        file.failure = Failure(UNREADABLE, error.strerror or "unreadable")
        file.is_new_content = row is None
    else:
        file.is_new_content = row is None or row.quick_hash != file.quick_hash


def _read_nfo(file: FoundFile) -> None:
    file.is_read = True
    try:
        with Path(paths.real(file.uri)).open("rb") as source:
            file.nfo = parse_nfo(source.read(_MOST_NFO_BYTES))
    except NfoError as error:
        file.failure = Failure(error.code.value, str(error))
    except FileNotFoundError:
        file.failure = Failure(VANISHED, "no such file")
    except OSError as error:
        file.failure = Failure(UNREADABLE, error.strerror or "unreadable")


def _probe(files: Sequence[FoundFile], readers: Readers) -> None:
    wanted = {paths.real(file.uri): file for file in files if _is_to_be_probed(file)}
    for path, answer in readers.probe(wanted):
        file = wanted[path]
        file.is_read = True
        if isinstance(answer, Failure):
            file.failure = answer
        else:
            file.media = answer


def _is_to_be_probed(file: FoundFile) -> bool:
    if file.failure is not None or file.kind not in (FileKind.VIDEO, FileKind.AUDIO) or file.role not in PLAYED_ROLES:
        return False
    is_unread = file.is_new_content or not (file.known is not None and file.known.is_read)
    return is_unread and split_name(file.name)[1] not in _DISCS


def _leave_open(piece: Piece, directories: set[str]) -> None:
    for directory in piece.unit.directories:
        if directory.path in directories:
            directory.fingerprint = OPEN
