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


class DownloadFailure(StrEnum):
    """Why a picture on offer is not here."""

    UNREACHABLE = "unreachable"
    RATE_LIMITED = "rate_limited"
    GONE = "gone"
    REFUSED = "refused"
    TOO_LARGE = "too_large"
    NOT_PICTURE = "not_picture"
    WRONG_SHAPE = "wrong_shape"
