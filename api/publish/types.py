"""Runs, plans and the recycle bin in the schema."""

from datetime import datetime

import strawberry

from api.catalog.types.items import MediaItem as Item
from api.jobs.types import Job
from api.kit.connections import Node
from api.kit.enums import expose
from api.kit.planner import column, entity, global_id, one
from api.kit.scalars import JSON, BigInt
from api.libraries.types import Library
from domain.libraries.enums import FileKind
from domain.libraries.tables import RecycledFile as RecycledFileRow
from domain.publish import tables as t
from domain.publish.enums import FileProblemKind, FileRepair, PublishAction, PublishFailure, PublishStatus

expose(
    PublishAction,
    "What is done about one file.",
    {
        "WRITE": "It is written.",
        "REPLACE": "It is ours, and is replaced by what is shown now.",
        "TAKE_OVER": "What lies there goes to the recycle bin, and ours is written.",
        "DISPLACE": "It goes to the recycle bin: players would read it in place of ours.",
        "REMOVE": "It is ours and no longer wanted; a picture goes to the recycle bin.",
        "RESTORE": "It comes back from the recycle bin.",
        "ADOPT": "It holds what ours would hold, and counts as ours from now on.",
        "FORGET": "It was ours; it is gone, or somebody changed it and it is theirs now.",
        "KEEP": "It is there as it should be.",
        "KEEP_CHANGED": "Somebody changed it since we wrote it; it stays.",
        "IN_PLACE": "The shown picture itself lies where players look for it.",
        "SKIP": "Nothing can be done; the reason says why.",
    },
)
expose(
    PublishStatus,
    "How far a run is.",
    {
        "RUNNING": "It is being done, or a crash left it open: the next job closes it.",
        "COMPLETED": "Done.",
        "FAILED": "It ended early; `failure` says why, `steps` what was to be done.",
        "INTERRUPTED": "A crash ended it; what was done was recorded, and what was half was cleared away.",
    },
)
expose(
    PublishFailure,
    "Why files could not be written.",
    {
        "DISK_FULL": "The disk is full.",
        "READ_ONLY": "The server may not write there.",
        "FOLDER_GONE": "The folder is not there.",
        "OUTSIDE_LIBRARY": "A link leads out of the library.",
        "SOURCE_CHANGED": "The picture changed while it was copied.",
        "IO_ERROR": "The disk failed.",
    },
)

expose(
    FileProblemKind,
    "What is not right about a file of ours.",
    {
        "MISSING": "We wrote it, and it is there no more.",
        "CHANGED": "Somebody changed it since we wrote it.",
        "CORRUPT": "Its bytes are others than we wrote, though nobody wrote it since: the disk lost them.",
        "MISNAMED": "It has the name that the video had before.",
        "ORPHANED": "It lies beside an item that was deleted.",
        "CACHE_MISSING": "It is not in the cache.",
        "CACHE_CORRUPT": "Its bytes in the cache are others than they were.",
    },
)
expose(
    FileRepair,
    "What can be done about a file that is not right.",
    {
        "PUBLISH": "Write it again: MISSING, MISNAMED.",
        "REPLACE": "It goes to the recycle bin, ours is written: CHANGED, CORRUPT.",
        "LEAVE": "It stays as it is, and is ours no more: CHANGED, CORRUPT, ORPHANED.",
        "REMOVE": "It goes to the recycle bin: ORPHANED.",
        "COPY_BACK": "A published copy of the same bytes is copied into the cache: CACHE_MISSING, CACHE_CORRUPT.",
        "DOWNLOAD": "It is downloaded again: CACHE_MISSING, CACHE_CORRUPT.",
    },
)


@entity(t.PublishRun, description="The files of one item being written, and what came of it.")
class PublishRun(Node):
    id: strawberry.ID = global_id()
    status: PublishStatus = column(t.PublishRun.status, description="How far it is.")
    failure: PublishFailure | None = column(t.PublishRun.failure, description="Why it failed.")
    error: str | None = column(t.PublishRun.error, description="The failure, for people.")
    steps: JSON = column(
        t.PublishRun.steps, as_=JSON, description="What was to be done, in order: path, action, reason, type of each file."
    )
    written_count: int = column(t.PublishRun.written_count, description="Files that were written.")
    removed_count: int = column(t.PublishRun.removed_count, description="Files that were taken away.")
    displaced_count: int = column(t.PublishRun.displaced_count, description="Files that went to the recycle bin.")
    created_at: datetime = column(t.PublishRun.created_at, description="When it began.")
    finished_at: datetime | None = column(t.PublishRun.finished_at, description="When it ended.")
    item: Item | None = one(t.PublishRun.item_id, description="The item.")
    job: Job | None = one(t.PublishRun.job_id, description="The job that did it; null when you may not see it.")


@entity(RecycledFileRow, description="A file that was displaced, and can be restored until it is let go.")
class RecycledFile(Node):
    id: strawberry.ID = global_id()
    original_path: str = column(RecycledFileRow.original_path, description="Where it was, as this server sees it.")
    kind: FileKind = column(RecycledFileRow.file_kind, description="What sort of file it is.")
    size_bytes: BigInt = column(RecycledFileRow.size_bytes, as_=BigInt, description="Size in bytes.")
    reason: str | None = column(RecycledFileRow.reason, description="Why it was displaced: a code of `PlannedFile.reason`.")
    deleted_at: datetime = column(RecycledFileRow.deleted_at, description="When it was displaced.")
    expires_at: datetime = column(
        RecycledFileRow.expires_at, description="When it is let go; earlier if the bin grows over its limit."
    )
    restored_at: datetime | None = column(RecycledFileRow.restored_at, description="When it was restored.")
    purged_at: datetime | None = column(RecycledFileRow.purged_at, description="When it was let go.")
    item: Item | None = one(RecycledFileRow.item_id, description="The item that it lay beside.")


@entity(t.FileProblem, description="A file of ours that is not as it should be.")
class FileProblem(Node):
    id: strawberry.ID = global_id()
    kind: FileProblemKind = column(t.FileProblem.kind, description="What is not right.")
    path: str = column(t.FileProblem.path, description="Its path, as this server sees it; of the cache's files below the cache.")
    repair: FileRepair | None = column(t.FileProblem.repair, description="The usual repair; null when only a person can help.")
    error: str | None = column(t.FileProblem.error, description="Why the last repair failed.")
    created_at: datetime = column(t.FileProblem.created_at, description="When it was found.")
    checked_at: datetime = column(t.FileProblem.checked_at, description="When it was last seen.")
    item: Item | None = one(t.FileProblem.item_id, description="The item beside which it lies.")
    library: Library | None = one(t.FileProblem.library_id, description="The library that it lies in.")


@strawberry.type(description="What would be done about one file.")
class PlannedFile:
    path: str = strawberry.field(description="Its path, as this server sees it.")
    action: PublishAction = strawberry.field(description="What would be done.")
    reason: str = strawberry.field(description="Why: missing, outdated, not_ours, changed_by_somebody … stable, for programs.")
    explanation: str = strawberry.field(description="Why, for people.")
    asset_type: str = strawberry.field(description="nfo, or the type of the picture: poster, fanart …")
    size_bytes: BigInt | None = strawberry.field(description="Size of what would be written; null when nothing would.")


@strawberry.type(description="What publishing an item would do, file by file. Nothing was changed.")
class PublishPlan:
    item: Item | None = strawberry.field(description="The item.")
    is_current: bool = strawberry.field(description="Whether nothing on the disk would change.")
    files: list[PlannedFile] = strawberry.field(description="Each file, in the order of doing.")
    problem: str | None = strawberry.field(description="Why its folders cannot be looked at, for people; null when they can.")
