"""Closed sets of uploads."""

from enum import StrEnum


class UploadKind(StrEnum):
    """What a file is meant for."""

    IMAGE = "image"
    IMPORT = "import"


class UploadState(StrEnum):
    """Where an upload stands."""

    WAITING = "waiting"
    RECEIVING = "receiving"
    COMPLETE = "complete"
