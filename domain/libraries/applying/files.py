"""Writes folders and files with what is inside them: streams, chapters, external subtitles."""

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from domain.catalog.queries import chunks
from domain.kit.database import UnitOfWork
from domain.libraries.applying.model import Batch
from domain.libraries.applying.rows import insert_for_ids, insert_rows, update_rows
from domain.libraries.enums import FileKind, MarkerKind, MarkerSource
from domain.libraries.scanning.known import OPEN
from domain.libraries.sidecars import SidecarRole, split_name
from domain.libraries.tables import AudioStream, LibraryDirectory, Marker, MediaFile, SubtitleStream, VideoStream
from domain.libraries.understanding.model import FoundFile, MediaFacts, Piece, Unit


def ensure_directories(uow: UnitOfWork, units: Iterable[Unit]) -> None:
    """Give every directory of the units its row; a new one counts as unread until `close_directories`."""
    missing = [(unit, directory) for unit in units for directory in unit.directories if directory.id is None]
    rows = [
        {"library_path_id": unit.root.id, "path": directory.path, "fingerprint": OPEN, "scanned_at": uow.now()}
        for unit, directory in missing
    ]
    for (_, directory), key in zip(missing, insert_for_ids(uow, LibraryDirectory, rows), strict=True):
        directory.id = key


def close_directories(uow: UnitOfWork, units: Iterable[Unit]) -> None:
    """Remember what the directories look like: the next scan passes them over while they look the same."""
    rows = [
        {
            "key": one.id,
            "fingerprint": one.fingerprint,
            "file_count": one.files,
            "modified_at": one.modified_at,
            "scanned_at": uow.now(),
        }
        for unit in units
        for one in unit.directories
    ]
    update_rows(uow, LibraryDirectory, rows)


def write_files(uow: UnitOfWork, batch: Batch, pieces: Sequence[Piece]) -> None:
    """Insert new files, update those that changed, came back or moved, and replace the streams of those read anew."""
    places = {(piece.unit.root.id, one.path): one.id for piece in pieces for one in piece.unit.directories}
    placed = [(file, places[piece.unit.root.id, file.directory]) for piece in pieces for file in piece.files]
    new = [(file, directory) for file, directory in placed if file.known is None]
    rows = [_new_row(uow, batch, file, directory) for file, directory in new]
    for (file, _), key in zip(new, insert_for_ids(uow, MediaFile, rows), strict=True):
        file.id = key
    batch.applied.counts["files_added"] += len(new)
    changes: list[dict[str, Any]] = []
    for file, directory in placed:
        if file.known is None:
            continue
        if _is_changed(file, directory):
            changes.append(_changes(uow, batch, file, directory))
            batch.applied.counts["files_restored"] += file.known.is_missing
            if file.known.is_missing and file.kind is FileKind.VIDEO:
                batch.applied.gone_pictures.append(file.known.id)
            batch.applied.counts["files_changed"] += file.is_new_content
    update_rows(uow, MediaFile, changes)
    _write_inside(uow, batch, [file for file, _ in placed])


def _new_row(uow: UnitOfWork, batch: Batch, file: FoundFile, directory: int | None) -> dict[str, Any]:
    return {
        "library_id": batch.library.id,
        "directory_id": directory,
        "uri": file.uri,
        "file_kind": file.kind,
        "size_bytes": file.size,
        "modified_at": file.modified_at,
        "quick_hash": file.quick_hash,
        "discovered_at": uow.now(),
        "verified_at": uow.now(),
    }


def _is_changed(file: FoundFile, directory: int | None) -> bool:
    row = file.known
    assert row is not None
    is_other = file.quick_hash is not None or row.directory_id != directory or row.kind != file.kind
    return is_other or row.is_missing or not row.is_settled


def _changes(uow: UnitOfWork, batch: Batch, file: FoundFile, directory: int | None) -> dict[str, Any]:
    assert file.known is not None
    return {
        "key": file.known.id,
        "library_id": batch.library.id,
        "directory_id": directory,
        "file_kind": file.kind,
        "size_bytes": file.size,
        "modified_at": file.modified_at,
        "quick_hash": file.quick_hash or file.known.quick_hash,
        "verified_at": uow.now(),
        "missing_since": None,
    }


def _write_inside(uow: UnitOfWork, batch: Batch, files: Sequence[FoundFile]) -> None:
    read = [file for file in files if file.is_read or file.failure or _is_void(file)]
    rows = [
        {
            "key": batch.id_of(file),
            "container": file.media.container if file.media else None,
            "duration_ms": file.media.duration_ms if file.media else None,
            "bitrate": file.media.bitrate if file.media else None,
            "probed_at": uow.now() if file.is_read else None,
            "probe_error": file.failure.code if file.failure else None,
        }
        for file in read
    ]
    update_rows(uow, MediaFile, rows)
    media = [(batch.id_of(file), file.media) for file in read if file.media is not None]
    _clear_streams(uow, [batch.id_of(f) for f in read if f.known is not None and f.kind in (FileKind.VIDEO, FileKind.AUDIO)])
    insert_rows(uow, VideoStream, [{"file_id": key, **stream} for key, facts in media for stream in facts.video])
    insert_rows(uow, AudioStream, [{"file_id": key, **stream} for key, facts in media for stream in facts.audio])
    insert_rows(uow, SubtitleStream, [{"file_id": key, **stream} for key, facts in media for stream in facts.subtitles])
    insert_rows(uow, Marker, [row for key, facts in media for row in _chapters(key, facts)])
    batch.applied.embedded |= {
        batch.id_of(file): file.media.embedded_pictures if file.media is not None else 0
        for file in read
        if file.kind is FileKind.VIDEO and (file.known is not None or (file.media is not None and file.media.embedded_pictures))
    }
    _write_external_subtitles(uow, batch, files)


def _is_void(file: FoundFile) -> bool:
    """Whether what was read of a file before does not count any more: it has other bytes, or its name lost its meaning."""
    if file.known is None:
        return False
    is_nameless = file.role is SidecarRole.UNKNOWN and file.kind in (FileKind.IMAGE, FileKind.NFO)
    return file.is_new_content or (is_nameless and file.known.is_read)


def _clear_streams(uow: UnitOfWork, file_ids: Iterable[int]) -> None:
    connection = uow.session.connection()
    for piece in chunks(file_ids):
        for model in (VideoStream, AudioStream, SubtitleStream):
            connection.execute(sa.delete(model).where(col(model.file_id).in_(piece)))
        connection.execute(sa.delete(Marker).where(col(Marker.file_id).in_(piece), col(Marker.source) == MarkerSource.FILE))


def _write_external_subtitles(uow: UnitOfWork, batch: Batch, files: Sequence[FoundFile]) -> None:
    """An external subtitle is stream 0 of its own file; its language and flags stand in its name."""
    named = [file for file in files if file.role is SidecarRole.SUBTITLE and file.needs_name]
    lost = [file for file in files if file.role is not SidecarRole.SUBTITLE and file.kind is FileKind.SUBTITLE]
    for piece in chunks(batch.id_of(file) for file in (*named, *lost) if file.known is not None):
        uow.session.connection().execute(sa.delete(SubtitleStream).where(col(SubtitleStream.file_id).in_(piece)))
    rows = []
    for file in named:
        facts = file.sidecar.subtitle
        rows.append(
            {
                "file_id": batch.id_of(file),
                "stream_index": 0,
                "codec": split_name(file.name)[1] or None,
                "language": file.language or "und",
                "title": (facts.title or _region(facts.language)) if facts else None,
                "is_default": facts is not None and facts.is_default,
                "is_forced": facts is not None and facts.is_forced,
                "is_hearing_impaired": facts is not None and facts.is_hearing_impaired,
                "is_external": True,
            }
        )
    insert_rows(uow, SubtitleStream, rows)


def _region(tag: str | None) -> str | None:
    """A tag that says more than a language ("pt-BR"): three letters do not keep it."""
    return tag if tag is not None and "-" in tag else None


def _chapters(file_id: int, facts: MediaFacts) -> list[dict[str, Any]]:
    by_start = {start: (end, title) for start, end, title in reversed(facts.chapters) if start >= 0}
    return [
        {
            "file_id": file_id,
            "kind": MarkerKind.CHAPTER,
            "start_ms": start,
            "end_ms": end if end > start else None,
            "label": title,
            "source": MarkerSource.FILE,
        }
        for start, (end, title) in sorted(by_start.items())
    ]
