"""The closed sets of libraries and their files, stored as their text."""

from enum import StrEnum


class AccessRight(StrEnum):
    """What a user or group may do with a library."""

    VIEW = "view"
    EDIT = "edit"


class SourceKind(StrEnum):
    """What sort of server or program a source is."""

    FILESYSTEM = "filesystem"
    PLEX = "plex"
    JELLYFIN = "jellyfin"
    EMBY = "emby"
    TMM = "tmm"
    RADARR = "radarr"
    SONARR = "sonarr"
    LIDARR = "lidarr"
    METARR = "metarr"
    RETROVUE = "retrovue"
    CHRONICLE = "chronicle"


class ConnectionStatus(StrEnum):
    """How the last contact with another server went."""

    UNKNOWN = "unknown"
    CONNECTED = "connected"
    DISCONNECTED = "disconnected"
    ERROR = "error"


class FileKind(StrEnum):
    """What sort of file it is."""

    VIDEO = "video"
    AUDIO = "audio"
    IMAGE = "image"
    SUBTITLE = "subtitle"
    NFO = "nfo"
    TEXT = "text"
    ARCHIVE = "archive"
    OTHER = "other"


class FileRole(StrEnum):
    """What a file is to an item."""

    MAIN = "main"
    EXTRA = "extra"
    TRAILER = "trailer"
    SAMPLE = "sample"
    THEME = "theme"
    SUBTITLE = "subtitle"


class MarkerKind(StrEnum):
    """What begins or lies at a marker."""

    CHAPTER = "chapter"
    AD_BREAK = "ad_break"
    CUE = "cue"
    AVAIL = "avail"
    BUMPER = "bumper"
    INTRO = "intro"
    OUTRO = "outro"
    CREDITS = "credits"


class MarkerSource(StrEnum):
    """Who set a marker."""

    FILE = "file"
    MANUAL = "manual"
    DETECTED = "detected"


class ReviewStatus(StrEnum):
    """Whether a person has decided."""

    PENDING = "pending"
    RESOLVED = "resolved"
    REJECTED = "rejected"
