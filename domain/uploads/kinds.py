"""What each kind of upload may be: its size, and the types that its first bytes may say."""

from dataclasses import dataclass
from typing import Final

from domain.uploads.enums import UploadKind

HEAD: Final = 16
"""Bytes that tell the type."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Of one kind."""

    most_bytes: int
    types: frozenset[str]


RULES: Final = {
    UploadKind.IMAGE: Rule(25 * 1024 * 1024, frozenset({"image/jpeg", "image/png", "image/webp", "image/avif"})),
    UploadKind.IMPORT: Rule(100 * 1024 * 1024, frozenset({"application/zip", "application/gzip", "text/plain"})),
}
"""Imports are text (JSON, CSV, XML), or that packed."""


def media_type_of(head: bytes) -> str | None:
    """The type that a file's first bytes say (RFC 9649 and the formats' own signatures); None for none of ours.

    Text is what has none of the control characters that no text has; whoever reads it looks closer.
    """
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head[4:12] in (b"ftypavif", b"ftypavis"):
        return "image/avif"
    if head.startswith(b"PK\x03\x04"):
        return "application/zip"
    if head.startswith(b"\x1f\x8b\x08"):
        return "application/gzip"
    if head and not any(byte < 32 and byte not in b"\t\n\r\f" for byte in head):
        return "text/plain"
    return None
