"""Streaming a body to disk: length, type and digest are looked at while it comes, and nothing half stays."""

import asyncio
import contextlib
import errno
import hashlib
import os
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import BinaryIO, Final

import structlog
from starlette.requests import ClientDisconnect

from api.kit.reading import Refused
from domain.kit.errors import NotFound
from domain.uploads.kinds import HEAD, RULES, media_type_of
from domain.uploads.sweeping import remove_parts
from domain.uploads.tables import Upload

log = structlog.get_logger()

BITE: Final = 1024 * 1024
"""Bytes that go to disk at once, in a thread."""
SILENCE_S: Final = 30.0
"""For which a sender may send nothing."""
BEAT_S: Final = 30.0
"""So often a sender that sends is told of: it keeps its hold, and learns that the upload was deleted or is too late."""
FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})

Still = Callable[[], Awaitable[None]]


async def receive(
    chunks: AsyncIterator[bytes], upload: Upload, place: Path, *, still: Still, silence_s: float = SILENCE_S
) -> str:
    """Write the body to `<place>/<id>` and return its media type. Raises Refused, NotFound when the upload was deleted,
    and whatever `still` does; then nothing of it is left.

    `still` is called now and then, and before the file gets its name: whether this is still the one who may send it.
    Two who send one file never share a part, so that neither can spoil the other's.
    """
    part = place / f"{upload.id}.{secrets.token_hex(8)}.part"
    try:
        file = await asyncio.to_thread(_opened, part, upload.id)
        try:
            media_type = await _written(_telling(_patiently(chunks, silence_s), still), upload, file)
            await asyncio.to_thread(os.fsync, file.fileno())
            await still()
            file.close()
            await asyncio.to_thread(part.replace, place / str(upload.id))
        except BaseException:
            with contextlib.suppress(OSError):  # a full disk may say so again
                file.close()
            part.unlink(missing_ok=True)
            raise
    except FileNotFoundError:
        raise NotFound("There is no such upload, or its time is over.") from None
    except OSError as error:
        if error.errno not in FULL:
            raise
        log.warning("uploads_disk_full")
        raise Refused(507, "INSUFFICIENT_STORAGE", "The server has no room for this file now. Send it again later.") from None
    return media_type


async def _telling(chunks: AsyncIterator[bytes], still: Still) -> AsyncIterator[bytes]:
    """The chunks; every half minute `still` hears of it."""
    loop = asyncio.get_running_loop()
    due = loop.time() + BEAT_S
    async for chunk in chunks:
        if loop.time() >= due:
            await still()
            due = loop.time() + BEAT_S
        yield chunk


async def _written(chunks: AsyncIterator[bytes], upload: Upload, file: BinaryIO) -> str:
    digest, size, waiting, media_type = hashlib.sha256(), 0, bytearray(), ""
    async for chunk in chunks:
        size += len(chunk)
        if size > upload.size_bytes:
            raise Refused(413, "REQUEST_TOO_LARGE", f"{upload.size_bytes} bytes were announced, and more came.")
        waiting += chunk
        if not media_type and (len(waiting) >= HEAD or size == upload.size_bytes):
            media_type = _allowed(bytes(waiting[:HEAD]), upload)
        if len(waiting) >= BITE:
            await asyncio.to_thread(_write, file, digest, bytes(waiting))
            waiting.clear()
    if size < upload.size_bytes:
        raise Refused(400, "UPLOAD_INCOMPLETE", f"{upload.size_bytes} bytes were announced, and {size} came. Send it again.")
    await asyncio.to_thread(_write, file, digest, bytes(waiting))
    if digest.hexdigest() != upload.sha256:
        raise Refused(422, "UPLOAD_DIGEST_MISMATCH", "What came has another SHA-256 than was announced. Send it again.")
    return media_type


async def _patiently(chunks: AsyncIterator[bytes], silence_s: float) -> AsyncIterator[bytes]:
    try:
        while True:
            async with asyncio.timeout(silence_s):
                yield await anext(chunks)
    except StopAsyncIteration:
        return
    except TimeoutError:
        message = f"Nothing came for {silence_s:g} s. Send it again."
        raise Refused(408, "REQUEST_TIMEOUT", message, headers={"Connection": "close"}) from None
    except ClientDisconnect:
        raise Refused(400, "UPLOAD_INCOMPLETE", "The connection ended early.") from None


def _allowed(head: bytes, upload: Upload) -> str:
    found, allowed = media_type_of(head), RULES[upload.kind].types
    if found not in allowed:
        is_ = found or "of no known type"
        raise Refused(
            415, "UNSUPPORTED_MEDIA_TYPE", f"This file is {is_}; for {upload.kind} it is one of {', '.join(sorted(allowed))}."
        )
    return found


def _opened(part: Path, upload_id: int) -> BinaryIO:
    part.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    remove_parts(part.parent, upload_id)
    return os.fdopen(os.open(part, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb", buffering=0)


def _write(file: BinaryIO, digest: "hashlib._Hash", data: bytes) -> None:
    digest.update(data)
    view = memoryview(data)
    while view:
        view = view[file.write(view) :]
