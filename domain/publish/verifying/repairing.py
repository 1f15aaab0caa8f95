"""Repairs what verifying found, one problem at a time: by publishing, from another copy, or from whoever offers it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Session, col

from domain.artwork.enums import AssetSource
from domain.artwork.showing import is_of_person
from domain.artwork.tables import Asset, CachedFile, ImageCandidate
from domain.catalog.queries import rows_of
from domain.catalog.tables import MediaItem
from domain.jobs import service as jobs
from domain.jobs.kinds import FETCH_ARTWORK, FetchArtwork
from domain.kit.errors import Conflict, NotFound, PathUnusable
from domain.libraries import paths
from domain.libraries.tables import LibraryPath, MediaFile
from domain.publish import journal
from domain.publish.applying import perform
from domain.publish.cache_folder import CacheFolder
from domain.publish.disk import Trouble, chunks_of, trouble
from domain.publish.enums import REPAIRS, FileProblemKind, FileRepair, PublishAction
from domain.publish.model import Step
from domain.publish.recording import PUBLISHED, forget_ours, leave_theirs
from domain.publish.service import Publisher
from domain.publish.tables import FileProblem, PublishedFile
from domain.publish.verifying import noting
from domain.publish.verifying.cached import is_offered

ORPHAN: Final = "item_was_deleted"
_LONG_AGO: Final = datetime(1970, 1, 1, tzinfo=UTC)


def repair(publisher: Publisher, key: int, wanted: FileRepair | None = None) -> FileRepair:
    """Repair a problem, in the usual way unless another is named; what was done. The problem is gone afterwards.

    Raises NotFound; Conflict for a repair that does not fit, or when others are at work there; PathUnusable if the disk
    does not let us.
    """
    with publisher.reading() as session:
        row = next(iter(rows_of(session, FileProblem.id, [key])), None)
    if row is None:
        raise NotFound("There is no such problem any more.", path=("problems",))
    chosen = wanted or row.repair
    if chosen is None or chosen not in REPAIRS[row.kind]:
        raise Conflict("That does not repair this problem.", path=("repair",))
    try:
        _ACTS[chosen](_Repair(publisher, row))
    except OSError as error:
        raise PathUnusable(trouble(error, row.path).message) from error
    except Trouble as error:
        raise PathUnusable(error.message) from error
    with publisher.writing() as uow:
        noting.forget(uow, [key])
    return FileRepair(chosen)


@dataclass(frozen=True, slots=True)
class _Repair:
    publisher: Publisher
    row: Any

    def publish(self) -> None:
        done = self.publisher.publish(self.row.item_id, replace={self.row.path})
        if done is None:
            raise Conflict("The item is just being published: try again in a moment.")
        if done.trouble is not None:
            raise done.trouble

    def replace(self) -> None:
        """Theirs goes into the bin. A file whose bytes went bad has our size and time: those must not speak for it."""
        with self.publisher.writing() as uow:
            is_it = PUBLISHED.c.id == self.row.published_file_id
            uow.session.connection().execute(sa.update(PUBLISHED).where(is_it).values(modified_at=_LONG_AGO))
        self.publish()

    def leave(self) -> None:
        with self.publisher.writing() as uow:
            settle = forget_ours if self.row.kind is FileProblemKind.ORPHANED else leave_theirs
            settle(uow, [self.row.published_file_id])

    def remove(self) -> None:
        """Into the recycle bin, by way of the journal."""
        row, disk = self.row, self.publisher.disk
        with self.publisher.reading() as session:
            ours = next(iter(rows_of(session, PublishedFile.id, [row.published_file_id])), None)
            root_id = next((one.root_id for one in rows_of(session, MediaItem.id, [row.item_id])), None)
            root = _root_of(session, row.path, self.publisher.sets)
        if ours is None or root is None:
            raise Conflict("The file is ours no more.")
        seen = disk.look(root, paths.parent(row.path)).get(paths.last(row.path))
        if seen is None or not seen.is_regular:
            raise Conflict("The file is not there any more.")
        action, kind = PublishAction.DISPLACE, ours.asset_type
        step = Step(row.path, action, ORPHAN, root, row.item_id, kind, seen=seen, ours_id=ours.id)
        with self.publisher.writing() as uow:
            run_id = journal.begin(uow, [step], item_id=row.item_id, root_id=root_id, job_id=self.publisher.job_id)
        if run_id is None:
            raise Conflict("The item is just being published: try again in a moment.")
        result = perform(disk, run_id, [step])
        with self.publisher.writing() as uow:
            journal.finish(uow, journal.Open(run_id, row.item_id, root_id, [step]), result)
        if result.trouble is not None:
            raise result.trouble

    def copy_back(self) -> None:
        """A published copy with the same bytes brings those of the cache back."""
        folder = CacheFolder(self.publisher.cache)
        with self.publisher.reading() as session:
            file = next(iter(rows_of(session, CachedFile.id, [self.row.cached_file_id])), None)
            copies = [] if file is None else rows_of(session, PublishedFile.sha256, [file.sha256])
            uris = [row.uri for row in rows_of(session, MediaFile.id, [copy.media_file_id for copy in copies])]
            places = [(uri, root) for uri in uris if (root := _root_of(session, uri, self.publisher.sets)) is not None]
        for uri, root in places:
            with self.publisher.disk.folder(root, paths.parent(uri)):
                is_same = file is not None and folder.put(file.path, chunks_of(paths.real(uri)), sha256=file.sha256)
            if is_same:
                return
        raise Conflict("No published copy has these bytes any more.")

    def download(self) -> None:
        """What is on offer is fetched again; a picture that automation chose makes room for it, a person's choice stands."""
        key = self.row.cached_file_id
        with self.publisher.writing() as uow:
            offers = [row for row in rows_of(uow.session, ImageCandidate.cached_file_id, [key]) if is_offered(row)]
            uses = rows_of(uow.session, Asset.cached_file_id, [key])
            free = [row.id for row in uses if row.source_type is AssetSource.PROVIDER and not is_of_person(row)]
            if not offers:
                raise Conflict("Nobody offers this picture.")
            mine = col(ImageCandidate.id).in_([row.id for row in offers])
            uow.session.execute(sa.update(ImageCandidate).where(mine).values(cached_file_id=None))
            uow.session.execute(sa.delete(Asset).where(col(Asset.id).in_(free)))
            entities = tuple(sorted({row.entity_id for row in (*offers, *uses)}))
            jobs.enqueue(uow, FETCH_ARTWORK, FetchArtwork(entities=entities))
        CacheFolder(self.publisher.cache).drop(self.row.path)  # bad bytes are not to be taken for those that come


_ACTS: Final[Mapping[FileRepair, Callable[[_Repair], None]]] = {
    FileRepair.PUBLISH: _Repair.publish,
    FileRepair.REPLACE: _Repair.replace,
    FileRepair.LEAVE: _Repair.leave,
    FileRepair.REMOVE: _Repair.remove,
    FileRepair.COPY_BACK: _Repair.copy_back,
    FileRepair.DOWNLOAD: _Repair.download,
}


def _root_of(session: Session, path: str, sets: str | None) -> str | None:
    roots = [*session.execute(sa.select(col(LibraryPath.path))).scalars()]  # unguarded: compared with one path
    roots += [sets] if sets is not None else []
    return next((root for root in roots if paths.is_within(path, root)), None)
