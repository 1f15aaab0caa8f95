"""Where a path of ours lies: in which library's folder, whether something is there, and which file a scan knows by it."""

import stat
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from sqlmodel import Session, col, select

from domain.libraries.paths import is_refused, is_within, real
from domain.libraries.spellings import unicode_forms
from domain.libraries.tables import LibraryPath, MediaFile


class Entry(StrEnum):
    """What lies at a path."""

    FILE = "file"
    FOLDER = "folder"


@dataclass(frozen=True, slots=True)
class Place:
    """A path of ours. Without a library nobody looked at the disk."""

    path: str
    library_id: int | None = None
    root: str | None = None
    file_id: int | None = None


def locate(session: Session, path: str) -> Place:
    """The library's folder that a stored path lies in, and the file that is known by it, in whatever form of Unicode."""
    if not path.startswith("/") or is_refused(path):
        return Place(path)
    roots = session.exec(select(LibraryPath.library_id, LibraryPath.path)).all()  # unguarded: only admins ask
    for form in unicode_forms(path):
        for library_id, root in roots:
            if is_within(form, root):
                known = select(MediaFile.uri, MediaFile.id).where(  # unguarded: only admins ask
                    col(MediaFile.uri).in_(unicode_forms(path))
                )
                uri, file_id = session.exec(known.order_by(col(MediaFile.id))).first() or (form, None)
                return Place(uri, library_id, root, file_id)
    return Place(path)


def look(place: Place) -> tuple[str, Entry | None]:
    """What lies on the disk at a place in a library, and as what it is written there. Asks the disk."""
    if place.root is None:
        return place.path, None
    for form in dict.fromkeys((place.path, *unicode_forms(place.path))):
        try:
            mode = Path(real(form)).stat().st_mode
        except (OSError, ValueError):
            continue
        return form, Entry.FOLDER if stat.S_ISDIR(mode) else Entry.FILE
    return place.path, None


def libraries_at(session: Session, paths: Iterable[str]) -> dict[str, list[int]]:
    """For each of our paths the libraries that have a folder there, above or below it."""
    roots = session.exec(select(LibraryPath.library_id, LibraryPath.path)).all()  # unguarded: only admins ask
    return {
        path: sorted({key for key, root in roots if is_within(path, root) or is_within(root, path)})
        for path in dict.fromkeys(paths)
    }
