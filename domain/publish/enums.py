"""The closed sets of publishing, stored as their text."""

from enum import StrEnum
from typing import Final


class PublishAction(StrEnum):
    """What is done about one file."""

    WRITE = "write"
    REPLACE = "replace"
    TAKE_OVER = "take_over"
    DISPLACE = "displace"
    REMOVE = "remove"
    RESTORE = "restore"
    ADOPT = "adopt"
    FORGET = "forget"
    KEEP = "keep"
    KEEP_CHANGED = "keep_changed"
    IN_PLACE = "in_place"
    SKIP = "skip"


WRITING: Final = frozenset({PublishAction.WRITE, PublishAction.REPLACE, PublishAction.TAKE_OVER, PublishAction.RESTORE})
"""Put bytes at the path."""
CLEARING: Final = frozenset({PublishAction.DISPLACE, PublishAction.REMOVE})
"""Take away what lies at the path."""
ON_DISK: Final = WRITING | CLEARING


class PublishStatus(StrEnum):
    """How far a run is."""

    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"
    INTERRUPTED = "interrupted"


class PublishFailure(StrEnum):
    """Why files could not be written."""

    DISK_FULL = "disk_full"
    READ_ONLY = "read_only"
    FOLDER_GONE = "folder_gone"
    OUTSIDE_LIBRARY = "outside_library"
    SOURCE_CHANGED = "source_changed"
    IO_ERROR = "io_error"


class FileProblemKind(StrEnum):
    """What is not right about a file of ours."""

    MISSING = "missing"
    CHANGED = "changed"
    CORRUPT = "corrupt"
    MISNAMED = "misnamed"
    ORPHANED = "orphaned"
    CACHE_MISSING = "cache_missing"
    CACHE_CORRUPT = "cache_corrupt"


class FileRepair(StrEnum):
    """What can be done about it."""

    PUBLISH = "publish"
    REPLACE = "replace"
    LEAVE = "leave"
    REMOVE = "remove"
    COPY_BACK = "copy_back"
    DOWNLOAD = "download"


REPAIRS: Final = {
    FileProblemKind.MISSING: (FileRepair.PUBLISH,),
    FileProblemKind.CHANGED: (FileRepair.LEAVE, FileRepair.REPLACE),
    FileProblemKind.CORRUPT: (FileRepair.REPLACE, FileRepair.LEAVE),
    FileProblemKind.MISNAMED: (FileRepair.PUBLISH,),
    FileProblemKind.ORPHANED: (FileRepair.REMOVE, FileRepair.LEAVE),
    FileProblemKind.CACHE_MISSING: (FileRepair.COPY_BACK, FileRepair.DOWNLOAD),
    FileProblemKind.CACHE_CORRUPT: (FileRepair.COPY_BACK, FileRepair.DOWNLOAD),
}
"""What may be done about each, the usual first."""
OF_CACHE: Final = frozenset({FileProblemKind.CACHE_MISSING, FileProblemKind.CACHE_CORRUPT})
BY_ITSELF: Final = OF_CACHE | {FileProblemKind.MISSING, FileProblemKind.MISNAMED, FileProblemKind.CORRUPT}
"""Ours and unambiguous: automation repairs them, beside the media where it publishes."""
