"""Fingerprints of directories and quick hashes of files."""

import hashlib
import os
from typing import Final

from domain.libraries import paths
from domain.libraries.scanning.listing import DirectoryListing

RULES_VERSION: Final = 2
"""Grows when a scan would understand the same files differently: every directory is then looked at once more."""

EDGE: Final = 65_536
"""Bytes that a quick hash reads at each end of a file; a file of up to two edges is read whole."""


def salt(patterns: tuple[str, ...]) -> str:
    """What fingerprints depend on beside the files: the version of the rules and the library's ignore patterns."""
    return hashlib.blake2b("\n".join((str(RULES_VERSION), *patterns)).encode(), digest_size=8).hexdigest()


def fingerprint(listing: DirectoryListing, *, salt: str) -> str:
    """32 hex digits over the names, sizes and times of the files of one directory; equal as long as none changed."""
    lines = [f"{name}/{size}/{mtime_ns}" for name, size, mtime_ns in listing.files]
    lines.append(salt)
    return hashlib.blake2b("\n".join(lines).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def quick_hash(path: str, size: int) -> str:
    """32 hex digits over the size, the first and the last 64 KiB of a file. Raises OSError."""
    digest = hashlib.blake2b(f"{size}\n".encode(), digest_size=16)
    with open(paths.real(path), "rb", buffering=0) as file:
        digest.update(_read(file.fileno(), 0, min(size, 2 * EDGE) if size <= 2 * EDGE else EDGE))
        if size > 2 * EDGE:
            digest.update(_read(file.fileno(), size - EDGE, EDGE))
    return digest.hexdigest()


def _read(descriptor: int, start: int, length: int) -> bytes:
    pieces: list[bytes] = []
    while length > 0 and (piece := os.pread(descriptor, length, start)):
        pieces.append(piece)
        start += len(piece)
        length -= len(piece)
    return b"".join(pieces)
