"""The closed sets of artwork, stored as their text."""

from enum import StrEnum


class CachedKind(StrEnum):
    """What sort of bytes a cached file holds."""

    IMAGE = "image"
    VIDEO = "video"
    AUDIO = "audio"
    TEXT = "text"


class AssetSource(StrEnum):
    """Where a use of bytes came from."""

    PROVIDER = "provider"
    LOCAL = "local"
    USER = "user"
    UPLOAD = "upload"
