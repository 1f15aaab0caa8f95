"""The closed sets of what other servers send us."""

import enum


class InboundStatus(enum.StrEnum):
    """What became of a webhook."""

    RECEIVED = "received"
    """It waits."""
    PROCESSED = "processed"
    """Work began, or a fact was told."""
    IGNORED = "ignored"
    """It is kept, and has no effect."""
    FAILED = "failed"


class InboundFailure(enum.StrEnum):
    """Why nothing could be done about a webhook."""

    NO_PATH = "no_path"
    """It names no folder and no file."""
    PATH_REFUSED = "path_refused"
    """The folder that it names is no path that anything is read at."""
    NO_LIBRARY = "no_library"
    """No library has the folder."""
    LIBRARY_DISABLED = "library_disabled"
    FOLDER_MISSING = "folder_missing"
    """A library would have the folder, but it is not there."""
    UNREADABLE = "unreadable"
    """It is another sender's."""
