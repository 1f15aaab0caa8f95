"""Writes into the database what is on the disk now: our files, those of others that went to the recycle bin."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from domain.artwork import service as artwork
from domain.catalog.queries import chunks, rows_of
from domain.catalog.tables import MediaItem
from domain.kit.database import UnitOfWork
from domain.kit.ids import global_id
from domain.libraries import paths
from domain.libraries.applying.rows import insert_for_ids, insert_rows, update_rows
from domain.libraries.scanning.comparing import instant
from domain.libraries.tables import LibraryDirectory, LibraryPath, MediaFile, RecycledFile
from domain.libraries.understanding.kinds import kind_of_file
from domain.publish.applying import Outcome
from domain.publish.enums import CLEARING, WRITING, PublishAction
from domain.publish.model import THEIRS, Step
from domain.publish.tables import PublishedFile

KEPT: Final = timedelta(days=30)
"""How long the recycle bin keeps a file."""
_LONG_AGO: Final = datetime(1970, 1, 1, tzinfo=UTC)
PUBLISHED: Final[Any] = PublishedFile.__table__  # type: ignore[attr-defined]


def record_steps(uow: UnitOfWork, owned: Sequence[tuple[int | None, Outcome]]) -> dict[str, int]:
    """Note files that came and went, each with the item of its run; the keys of new rows in the recycle bin by their path."""
    outcomes = [outcome for _, outcome in owned]
    written = [one for one in outcomes if one.is_done and one.step.action in WRITING and one.now is not None]
    cleared = [one for one in outcomes if one.is_done and one.step.action in CLEARING]
    _clear(uow, [one.step.path for one in cleared])
    files = _write_files(uow, written)
    ours = [one for one in written if one.step.action is not PublishAction.RESTORE]
    measured = [(replace(one.step, digest=one.digest), one.now) for one in ours]
    note_ours(uow, [(step, files[step.path], instant(now.mtime_ns)) for step, now in measured if now is not None])
    restored = [one.step for one in written if one.step.recycled_id is not None]
    _settle_restored(uow, restored)
    back = rows_of(uow.session, PublishedFile.media_file_id, [files[step.path] for step in restored])
    leave_theirs(uow, [row.id for row in back])
    gone = [one.step.ours_id for one in cleared if one.step.ours_id is not None]
    forget_ours(uow, gone)
    return _recycle(uow, [(item, one) for item, one in owned if one.bin_path is not None])


def note_ours(uow: UnitOfWork, files: Iterable[tuple[Step, int, Any]]) -> None:
    """Remember files as ours: (step, key of the media file, time of modification). Pictures in them are nobody's choice."""
    rows = {
        key: {
            "item_id": step.item_id, "media_file_id": key, "asset_id": step.asset_id, "asset_type": step.asset_type,
            "sha256": step.digest.sha256, "quick_hash": step.digest.quick_hash, "size_bytes": step.digest.size,
            "modified_at": modified_at, "published_at": uow.now(),
        }
        for step, key, modified_at in files if step.digest is not None
    }  # fmt: skip
    known = {row.media_file_id: row.id for row in rows_of(uow.session, PublishedFile.media_file_id, rows)}
    insert_rows(uow, PublishedFile, [row for key, row in rows.items() if key not in known])
    update_rows(uow, PublishedFile, [{"key": known[key], **row} for key, row in rows.items() if key in known])
    artwork.record_local(uow, [], files=list(rows))


def forget_ours(uow: UnitOfWork, keys: Iterable[int]) -> None:
    """These files are ours no more."""
    for piece in chunks(keys):
        uow.session.connection().execute(sa.delete(PUBLISHED).where(PUBLISHED.c.id.in_(piece)))


def leave_theirs(uow: UnitOfWork, keys: Iterable[int]) -> None:
    """What lies at these files of ours is a person's from now on: publishing lets it be, verifying does not ask again."""
    changes = {"sha256": THEIRS, "quick_hash": "", "modified_at": _LONG_AGO}
    update_rows(uow, PublishedFile, [{"key": key, **changes} for key in keys])


def files_at(uow: UnitOfWork, places: Iterable[str]) -> dict[str, int]:
    """The keys of the media files at these paths."""
    return {row.uri: row.id for row in rows_of(uow.session, MediaFile.uri, places)}


def _write_files(uow: UnitOfWork, written: Sequence[Outcome]) -> dict[str, int]:
    """The rows of the files that were written, as the next scan will find them: it has nothing to read in them."""
    directories = _directories(uow, [one.step for one in written])
    known = files_at(uow, [one.step.path for one in written])
    rows: dict[str, dict[str, Any]] = {}
    for one in written:
        assert one.now is not None
        assert one.digest is not None
        library, directory = directories[one.step.path]
        rows[one.step.path] = {
            "library_id": library, "directory_id": directory, "file_kind": kind_of_file(paths.last(one.step.path)),
            "size_bytes": one.now.size, "modified_at": instant(one.now.mtime_ns), "quick_hash": one.digest.quick_hash,
            "missing_since": None, "verified_at": uow.now(), "probed_at": uow.now(), "probe_error": None,
        }  # fmt: skip
    restored = {one.step.path for one in written if one.step.action is PublishAction.RESTORE}
    for path in restored:  # somebody's own file: the next scan is to read it
        rows[path] |= {"quick_hash": None, "probed_at": None, "verified_at": None}
    update_rows(uow, MediaFile, [{"key": known[path], **row} for path, row in rows.items() if path in known])
    new = [path for path in rows if path not in known]
    made = insert_for_ids(uow, MediaFile, [{"uri": path, "discovered_at": uow.now(), **rows[path]} for path in new])
    return known | dict(zip(new, made, strict=True))


def _directories(uow: UnitOfWork, steps: Sequence[Step]) -> Mapping[str, tuple[int | None, int | None]]:
    """(library, directory) of each path; a directory that no scan has seen yet has no row."""
    if not steps:
        return {}
    roots = {row.path: row for row in rows_of(uow.session, LibraryPath.path, {step.root for step in steps})}
    wanted: dict[str, tuple[int | None, str]] = {}
    for step in steps:
        root = roots.get(step.root)
        wanted[step.path] = (root.id if root else None, paths.below(paths.parent(step.path), step.root.rstrip("/")))
    rows = rows_of(uow.session, LibraryDirectory.path, {relative for _, relative in wanted.values()})
    known = {(row.library_path_id, row.path): row.id for row in rows}
    return {
        step.path: (roots[step.root].library_id if step.root in roots else None, known.get(wanted[step.path])) for step in steps
    }


def _clear(uow: UnitOfWork, places: Sequence[str]) -> None:
    """Files that are not there any more are missing; pictures among them are shown no more."""
    if not places:
        return
    keys = list(files_at(uow, places).values())
    update_rows(uow, MediaFile, [{"key": key, "missing_since": uow.now()} for key in keys])
    artwork.refresh_files(uow, keys)


def _settle_restored(uow: UnitOfWork, steps: Sequence[Step]) -> None:
    update_rows(uow, RecycledFile, [{"key": step.recycled_id, "restored_at": uow.now()} for step in steps])


def _recycle(uow: UnitOfWork, owned: Sequence[tuple[int | None, Outcome]]) -> dict[str, int]:
    if not owned:
        return {}
    places = {one.step.root for _, one in owned}
    roots = {row.path: row.library_id for row in rows_of(uow.session, LibraryPath.path, places)}
    items = {row.id for row in rows_of(uow.session, MediaItem.id, {one.step.item_id or item or 0 for item, one in owned})}
    rows: list[dict[str, Any]] = []
    for item, one in owned:
        owner = one.step.item_id or item
        rows.append(
            {
                "library_id": roots.get(one.step.root),
                "item_id": owner if owner in items else None,
                "subject": None if owner is None else global_id("media_items", owner),
                "original_path": one.step.path,
                "bin_path": one.bin_path,
                "file_kind": kind_of_file(paths.last(one.step.path)),
                "size_bytes": one.binned.size if one.binned is not None else 0,
                "reason": one.step.reason,
                "deleted_at": uow.now(),
                "expires_at": uow.now() + KEPT,
            }
        )
    known = {row.bin_path for row in rows_of(uow.session, RecycledFile.bin_path, [row["bin_path"] for row in rows])}
    new = [row for row in rows if row["bin_path"] not in known]
    keys = insert_for_ids(uow, RecycledFile, new)
    return {row["bin_path"]: key for row, key in zip(new, keys, strict=True)}
