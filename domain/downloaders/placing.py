"""Where a webhook's paths lie with us: mapped by the source's rules, and only inside a library's folders."""

import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import sqlalchemy as sa
from sqlmodel import Session, col

from domain.downloaders.reading import Reading
from domain.libraries.mapping import Rule, to_local
from domain.libraries.paths import is_refused, is_within, real
from domain.libraries.tables import Library, LibraryPath
from domain.system.enums import InboundFailure

MOST_PLACES: Final = 20
"""Folders that one webhook has read."""
_UP: Final = re.compile(r"(?:^|[\\/])\.\.(?:[\\/]|$)")


class Unplaced(Exception):
    """A path that leads nowhere of ours; the message says what was tried."""

    def __init__(self, failure: InboundFailure, message: str) -> None:
        super().__init__(message)
        self.failure = failure
        self.message = message


@dataclass(frozen=True, slots=True)
class Place:
    """A folder of a library to read (stored path), or a file in one of its roots."""

    library_id: int
    folder: str
    root: str
    is_file: bool = False

    @property
    def is_root(self) -> bool:
        return self.folder == self.root

    @property
    def directory(self) -> str:
        """The folder, or that of the file."""
        return self.folder.rpartition("/")[0] if self.is_file else self.folder


@dataclass(frozen=True, slots=True)
class _Root:
    library_id: int
    path: str
    is_enabled: bool


def places(session: Session, reading: Reading, rules: Sequence[Rule]) -> list[Place]:
    """The folders to read, none inside another. Raises Unplaced.

    The folder of the film or series, and of its files where they lie elsewhere. Where that folder is a library's root itself
    (a flat library), the files alone are read, if any is named.
    """
    given = reading.folder
    others = [_folder_of(path) for path in (*reading.files, *reading.gone)]
    wanted = [given] if given is not None else []
    if not wanted and not others:
        raise Unplaced(InboundFailure.NO_PATH, "It names no folder and no file.")
    roots = _roots(session)
    found: list[Place] = []
    for remote in wanted or others[:1]:
        place = _placed(remote, rules, roots)
        if place.is_root and given is not None and reading.files:
            found += [replace(_placed(file, rules, roots), is_file=True) for file in (*reading.files, *reading.gone)]
        else:
            found.append(place)
    for remote in others:
        if any(_covers(place, remote, rules) for place in found):
            continue
        try:
            elsewhere = _placed(remote, rules, roots)
        except Unplaced:
            continue  # the folder that it is about is ours: where a file lay before may not be
        if not elsewhere.is_root:
            found.append(elsewhere)
    return _outermost(found)[:MOST_PLACES]


def mapped(remote: str, rules: Sequence[Rule]) -> str:
    """Our path for a downloader's. Raises Unplaced for what is no path that anything is read at."""
    if is_refused(remote):
        raise Unplaced(InboundFailure.PATH_REFUSED, f"{remote[:200]!r} holds control characters.")
    if _UP.search(remote):
        raise Unplaced(InboundFailure.PATH_REFUSED, f"{remote[:200]!r} leads elsewhere: `..` is not followed.")
    local = to_local(remote, rules).rstrip("/") or "/"
    if _UP.search(local) or is_refused(local):
        raise Unplaced(InboundFailure.PATH_REFUSED, f"{remote[:200]!r} leads elsewhere.")
    return local


def _placed(remote: str, rules: Sequence[Rule], roots: Sequence[_Root]) -> Place:
    local = mapped(remote, rules)
    root = next((root for root in roots if is_within(local, root.path)), None)
    if root is None:
        message = f"No library has this folder: {remote[:300]}"
        if local != remote:
            message += f", which is {local[:300]} here"
        message += f" ({_told(rules)})."
        raise Unplaced(InboundFailure.NO_LIBRARY, message)
    if not root.is_enabled:
        raise Unplaced(InboundFailure.LIBRARY_DISABLED, f"The library with {local[:300]} is switched off.")
    if _is_anothers(local, root, roots):
        raise Unplaced(InboundFailure.PATH_REFUSED, f"{local[:300]} leads by a link into another library's folder.")
    return Place(root.library_id, local, root.path)


def _is_anothers(local: str, root: _Root, roots: Sequence[_Root]) -> bool:
    """Whether it lies in the folder of another library alone, links followed: a whole scan would not go there, either."""
    there = os.path.realpath(real(local))
    holders = {each.library_id for each in roots if is_within(there, os.path.realpath(real(each.path)))}
    return bool(holders) and root.library_id not in holders


def _told(rules: Sequence[Rule]) -> str:
    if not rules:
        return "the source has no path mappings"
    shown = "; ".join(f"{rule.remote} = {rule.local}" for rule in rules[:5])
    return f"tried: {shown}" + ("; …" if len(rules) > 5 else "")


def _covers(place: Place, remote: str, rules: Sequence[Rule]) -> bool:
    try:
        return is_within(mapped(remote, rules), place.folder)
    except Unplaced:
        return True  # refused: nothing is read there


def _folder_of(path: str) -> str:
    """The folder of a file, in whichever way its system writes paths."""
    cut = max(path.rfind("/"), path.rfind("\\"))
    return path[:cut] if cut > 0 else path


def _outermost(found: Iterable[Place]) -> list[Place]:
    """Those that lie in no other of them, in their order: that of the film or series itself comes first."""
    every = list(dict.fromkeys(found))

    def is_inside(place: Place) -> bool:
        return any(place.folder != other.folder and is_within(place.folder, other.folder) for other in every)

    return [place for place in every if not is_inside(place)]


def _roots(session: Session) -> list[_Root]:
    """The folders of all libraries, the longest first."""
    query = sa.select(col(LibraryPath.library_id), col(LibraryPath.path), col(Library.is_enabled)).join(
        Library, col(Library.id) == col(LibraryPath.library_id)
    )  # unguarded: what comes in is looked for in every library
    rows = [_Root(*row) for row in session.execute(query)]
    return sorted(rows, key=lambda root: (-len(root.path), root.path))
