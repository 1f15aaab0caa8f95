"""Announcing a file, taking hold of its place, and saying that it came."""

import contextlib
import re
import secrets
from datetime import timedelta
from pathlib import Path
from typing import Final

from sqlmodel import col, func, select

from domain.kit.database import UnitOfWork, serialize
from domain.kit.errors import Conflict, Invalid, NotFound
from domain.kit.secrets import keyed_hash
from domain.uploads.enums import UploadKind, UploadState
from domain.uploads.kinds import RULES
from domain.uploads.tables import Upload

TO_SEND: Final = timedelta(hours=1)
"""From announcing a file to having sent it."""
TO_USE: Final = timedelta(days=1)
"""From having sent it to its use."""
SILENT: Final = timedelta(minutes=2)
"""A sender that vanished without a word may be followed by another after this; one that sends says so (`go_on`)."""
MOST: Final = 100
"""Files of one user at a time."""
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")


def folder(data_dir: Path) -> Path:
    """Where the bytes are."""
    return data_dir / "uploads"


def announce(
    uow: UnitOfWork, *, key: bytes, user_id: int, kind: UploadKind, filename: str, size_bytes: int, sha256: str, quota_bytes: int
) -> tuple[Upload, str]:
    """(row, token of its address). Raises Invalid, and Conflict when the user's files would be too many or too large."""
    most = RULES[kind].most_bytes
    if not 1 <= len(filename) <= 255 or not filename.isprintable() or {"/", "\\"} & set(filename) or not filename.strip("."):
        raise Invalid("A file's name has 1 to 255 printable characters and no path.", path=("filename",))
    if not 1 <= size_bytes <= most:
        raise Invalid(f"A file of this kind has 1 to {most:,} bytes.", path=("sizeBytes",))
    if not _DIGEST.fullmatch(sha256.lower()):
        raise Invalid("A SHA-256 has 64 hex digits.", path=("sha256",))
    serialize(uow.session, f"uploads of {user_id}")
    mine = select(func.count(), func.coalesce(func.sum(Upload.size_bytes), 0)).where(
        col(Upload.user_id) == user_id, col(Upload.expires_at) > uow.now()
    )  # unguarded: all of one's own
    count, total = uow.session.exec(mine).one()
    if count >= MOST or total + size_bytes > quota_bytes:
        message = (
            f"You have {count} files of {int(total):,} bytes waiting; {MOST} of {quota_bytes:,} are allowed. Delete one first."
        )
        raise Conflict(message, path=("sizeBytes",))
    token = secrets.token_urlsafe(32)
    upload = Upload(
        user_id=user_id, kind=kind, filename=filename, size_bytes=size_bytes, sha256=sha256.lower(),
        token_hash=keyed_hash(key, "upload", token), expires_at=uow.now() + TO_SEND,
    )  # fmt: skip
    uow.session.add(upload)
    uow.session.flush()
    return upload, token


def take_hold(uow: UnitOfWork, *, key: bytes, token: str) -> Upload:
    """The upload behind a token, for one sender. Raises NotFound (unknown, expired), Conflict (came, or is coming)."""
    if not token.isascii() or not token.isprintable() or len(token) > 100:
        raise NotFound("There is no such upload, or its time is over.")
    digest = keyed_hash(key, "upload", token)
    query = select(Upload).where(col(Upload.token_hash) == digest).with_for_update()  # unguarded: the token is the permission
    upload = uow.session.exec(query).first()
    if upload is None or upload.expires_at <= uow.now():
        raise NotFound("There is no such upload, or its time is over.")
    if upload.state is UploadState.COMPLETE:
        raise Conflict("This file has been sent already.")
    if upload.state is UploadState.RECEIVING and upload.received_at is not None and upload.received_at > uow.now() - SILENT:
        raise Conflict("This file is being sent.")
    upload.state, upload.received_at = UploadState.RECEIVING, uow.now()
    uow.session.flush()
    return upload


def go_on(uow: UnitOfWork, *, held: Upload) -> Upload:
    """The sender is still sending. Raises NotFound (deleted, or its hour is over), Conflict when another took hold of it."""
    upload = _still_held(uow, held)
    upload.received_at = uow.now()
    uow.session.flush()
    return upload


def complete(uow: UnitOfWork, *, held: Upload, media_type: str) -> Upload:
    """The bytes are on disk, whole and as announced. Raises as `go_on`."""
    upload = _still_held(uow, held)
    upload.state, upload.media_type = UploadState.COMPLETE, media_type
    upload.received_at, upload.expires_at = uow.now(), uow.now() + TO_USE
    uow.session.flush()
    return upload


def let_go(uow: UnitOfWork, *, held: Upload) -> None:
    """What came was not what was announced: it may be sent again. Nothing, where the sender does not hold it any more."""
    with contextlib.suppress(NotFound, Conflict):
        upload = _still_held(uow, held)
        upload.state, upload.received_at = UploadState.WAITING, None
        uow.session.flush()


def _still_held(uow: UnitOfWork, held: Upload) -> Upload:
    """The row as this sender left it. By the token: on SQLite the next upload may get the id of one that was deleted."""
    query = select(Upload).where(col(Upload.token_hash) == held.token_hash).with_for_update()  # unguarded: the sender holds it
    upload = uow.session.exec(query).first()
    if upload is None or upload.expires_at <= uow.now():
        raise NotFound("There is no such upload, or its time is over.")
    if (upload.state, upload.received_at) != (UploadState.RECEIVING, held.received_at):
        raise Conflict("Another sender has taken over.")
    return upload


def delete(uow: UnitOfWork, *, upload_id: int, user_id: int | None) -> None:
    """Forget an upload of `user_id` (None: anybody's, for admins); its bytes are for `sweeping.remove`. Raises NotFound."""
    upload = uow.session.get(Upload, upload_id)  # unguarded: checked on the next line
    if upload is None or (user_id is not None and upload.user_id != user_id):
        raise NotFound("There is no such upload. `viewer { uploads }` lists yours.", path=("id",))
    uow.session.delete(upload)
