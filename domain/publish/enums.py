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
NOTING: Final = frozenset({PublishAction.ADOPT, PublishAction.FORGET})
"""Change what the database knows, and nothing on the disk."""


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
