"""What is not right about the files beside an item, and files of ours beside items that were deleted."""

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col

from domain.catalog.tables import MediaItem
from domain.libraries import paths
from domain.libraries.tables import LibraryPath, MediaFile
from domain.publish.disk import Disk, Trouble
from domain.publish.enums import WRITING, FileProblemKind, PublishAction
from domain.publish.model import THEIRS, Ours, Step, Subject
from domain.publish.places import ACTORS
from domain.publish.service import Publisher
from domain.publish.tables import PublishedFile


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is not right about a file: `path` is a stored one, of cached bytes that below the cache."""

    kind: FileProblemKind
    path: str
    library_id: int | None = None
    item_id: int | None = None
    published_file_id: int | None = None
    cached_file_id: int | None = None
    can_repair: bool = True


def problems_of(publisher: Publisher, subject: Subject, *, is_deep: bool) -> list[Problem] | None:
    """What is not right about an item's files; None while one of its folders is away, or cannot be read.

    Bytes are read only where size or time say that they are others, with `is_deep` all of them.
    """
    try:
        folders = publisher.look(subject)
        made = {one.place.folder for one in subject.wanted if one.place.is_made}
        if any(folder not in folders for folder in subject.folders if folder not in made and paths.last(folder) != ACTORS):
            return None
        steps = publisher.plan(subject, folders=folders)
    except Trouble:
        return None
    written = {step.asset_type for step in steps if step.action in WRITING and step.ours_id is None}
    found: list[Problem] = []
    for step in steps:
        ours = subject.ours.get(step.path)
        kind = None if ours is None else _kind(publisher.disk, step, ours, written, is_deep=is_deep)
        if kind is not None and ours is not None:
            found.append(Problem(kind, step.path, subject.library_id, subject.item_id, ours.id))
    return found


def orphans(session: Session, disk: Disk, *, after: int, limit: int) -> tuple[list[Problem], int | None]:
    """Files of ours that lie beside items that were deleted, by key from `after` on; the last key, None at the end."""
    query = (
        sa.select(
            col(PublishedFile.id), col(PublishedFile.item_id), col(MediaFile.uri), col(MediaFile.library_id)
        )  # unguarded: upkeep of every file
        .join(MediaItem, col(MediaItem.id) == col(PublishedFile.item_id))  # unguarded: upkeep of every file
        .join(MediaFile, col(MediaFile.id) == col(PublishedFile.media_file_id))  # unguarded: upkeep of every file
        .where(col(MediaItem.deleted_at).is_not(None), col(PublishedFile.id) > after, col(PublishedFile.sha256) != THEIRS)
        .order_by(col(PublishedFile.id))
        .limit(limit)
    )
    rows = session.execute(query).all()
    roots = {row.path for row in session.execute(sa.select(col(LibraryPath.path)))}  # unguarded: upkeep of every file
    found = [
        Problem(FileProblemKind.ORPHANED, row.uri, row.library_id, row.item_id, row.id)
        for row in rows
        if is_there(disk, row.uri, roots)
    ]
    return found, rows[-1].id if len(rows) == limit else None


def is_there(disk: Disk, path: str, roots: Iterable[str]) -> bool:
    """Whether a regular file lies at a path in one of the roots."""
    root = next((root for root in roots if paths.is_within(path, root)), None)
    try:
        seen = None if root is None else disk.look(root, paths.parent(path)).get(paths.last(path))
    except (Trouble, OSError):
        return False
    return seen is not None and seen.is_regular


def _kind(disk: Disk, step: Step, ours: Ours, written: set[str], *, is_deep: bool) -> FileProblemKind | None:
    match step.action:
        case PublishAction.WRITE:
            return FileProblemKind.MISSING
        case PublishAction.KEEP_CHANGED:
            return FileProblemKind.CHANGED if ours.sha256 != THEIRS else None
        case PublishAction.REMOVE if step.asset_type in written:
            return FileProblemKind.MISNAMED
        case PublishAction.KEEP if is_deep:
            lying = disk.measure(paths.real(step.path))
            return None if lying is None or lying.sha256 == ours.sha256 else FileProblemKind.CORRUPT
    return None
