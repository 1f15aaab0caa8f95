"""The cache of pictures on disk: `<data>/cache/ab/cd/<sha256>.<ext>`, written whole or not at all."""

import hashlib
import os
import secrets
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Final

from domain.artwork.cache import folder, place_of

_BITE: Final = 1024 * 1024


class ChangedError(Exception):
    """Raised when the file is not the one that was looked at any more."""


def store(data_dir: Path, source: Path, *, sha256: str, extension: str) -> str:
    """Copy a file into the cache and return its path there; nothing is done where it is already, whole.

    Raises ChangedError when the file's bytes are others than `sha256`, OSError for a full disk or a vanished file.
    """
    relative = place_of(sha256, extension)
    target = folder(data_dir) / relative
    with suppress(FileNotFoundError):
        if target.stat().st_size == source.stat().st_size:
            os.utime(target)  # clearing up leaves bytes alone that were touched lately
            return relative
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = target.with_name(f".{target.name}.{secrets.token_hex(6)}.part")
    try:
        digest = hashlib.sha256()
        with source.open("rb") as reading, part.open("xb") as writing:
            while data := reading.read(_BITE):
                digest.update(data)
                writing.write(data)
            writing.flush()
            os.fsync(writing.fileno())
        if digest.hexdigest() != sha256:
            raise ChangedError("the file changed while it was read")
        part.replace(target)
        sync_folder(target.parent)
    finally:
        part.unlink(missing_ok=True)
    return relative


def sync_folder(path: Path) -> None:
    """Make the names in a folder durable; a file system that cannot is left alone."""
    with suppress(OSError):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def make_scratch(data_dir: Path) -> Path:
    """A fresh folder beside the cache's files, on the same file system."""
    scratch = folder(data_dir) / "scratch" / secrets.token_hex(8)
    scratch.mkdir(parents=True, mode=0o700)
    return scratch


def drop_scratch(scratch: Path) -> None:
    """Delete a scratch folder with whatever is in it."""
    shutil.rmtree(scratch, ignore_errors=True)
