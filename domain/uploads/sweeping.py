"""Bytes of uploads that nobody knows any more."""

from datetime import datetime
from pathlib import Path
from typing import Final

import sqlalchemy as sa
from sqlmodel import col

from domain.kit.database import Database, database_time
from domain.system.retention import older_than
from domain.uploads.enums import UploadState
from domain.uploads.service import SILENT, folder
from domain.uploads.tables import Upload

RULES: Final = (older_than("uploads", Upload, "expires_at"),)


def remove(data_dir: Path, upload_id: int) -> None:
    """Delete the bytes of an upload that is no more, and what of it is just coming."""
    place = folder(data_dir)
    (place / str(upload_id)).unlink(missing_ok=True)
    remove_parts(place, upload_id)


def remove_parts(place: Path, upload_id: int) -> None:
    """Delete what earlier senders of an upload left unfinished."""
    for part in place.glob(f"{upload_id}.*"):
        part.unlink(missing_ok=True)


def sweep(database: Database, data_dir: Path) -> int:
    """Delete the files of uploads that have no row, and parts that nobody is sending; how many.

    A row is there, and says that it is being sent, before its first byte.
    """
    place = folder(data_dir)
    if not place.is_dir():
        return 0
    found = {path: path.name.partition(".") for path in place.iterdir() if path.is_file()}
    keys = sorted({int(name) for name, _, _ in found.values() if name.isdecimal()})
    states: dict[int, tuple[UploadState, datetime | None]] = {}
    with database.read() as session:
        now = database_time(session)
        for start in range(0, len(keys), 500):
            some = keys[start : start + 500]
            columns = col(Upload.id), col(Upload.state), col(Upload.received_at)
            query = sa.select(*columns).where(col(Upload.id).in_(some))  # unguarded: only whether a row is there
            states |= {key: (state, received_at) for key, state, received_at in session.execute(query)}
    stale = []
    for path, (name, dot, _) in found.items():
        state, received_at = states.get(int(name), (None, None)) if name.isdecimal() else (None, None)
        is_coming = state is UploadState.RECEIVING and received_at is not None and received_at > now - SILENT
        if state is None or (dot and not is_coming):
            stale.append(path)
    for path in stale:
        path.unlink(missing_ok=True)
    return len(stale)
