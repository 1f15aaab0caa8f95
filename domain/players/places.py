"""Which folders of ours players have to read anew for some items, and what of each item they should then know."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Session, col

from domain.catalog.enums import ItemKind
from domain.catalog.queries import rows_of
from domain.catalog.tables import ExternalId, MediaItem
from domain.jobs.kinds import SyncPlayers
from domain.libraries import paths
from domain.libraries.below import in_folder
from domain.libraries.enums import FileRole
from domain.libraries.tables import ItemFile, LibraryPath, MediaFile
from domain.players.enums import MediaKind
from domain.players.model import Media

MOST: Final = 2_000
"""Items below a folder that are looked at one by one; of more only the folder is read."""
_KINDS: Final = {ItemKind.MOVIE: MediaKind.MOVIE, ItemKind.EPISODE: MediaKind.EPISODE, ItemKind.TRACK: MediaKind.TRACK}
_DISC_FOLDERS: Final = frozenset({"video_ts", "bdmv"})


@dataclass(slots=True)
class Subject:
    """What of one item lies in one folder, as players should know it; paths are stored ones of ours."""

    item_id: int
    media: Media
    present: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    """Where files of it were."""
    is_told: bool = False
    """Files for players were written beside it: one that reads the folder has to have it then."""


@dataclass(slots=True)
class Place:
    """A folder to be read, and the root of the library that it lies in."""

    folder: str
    root: str
    subjects: list[Subject] = field(default_factory=list)


def places(session: Session, payload: SyncPlayers) -> list[Place]:
    """What has to be read for items, for what is below a folder, or for a library: its roots, then."""
    roots = sorted(row.path for row in rows_of(session, LibraryPath.library_id, [payload.library_id]))
    keys: Sequence[int] = payload.items
    if not keys and payload.folder is not None:
        keys = below(session, payload.library_id, payload.folder)
    if keys:
        found = _of_items(session, keys, roots, library_id=payload.library_id)
        if found or payload.items:
            return found
    if payload.folder is not None:
        root = _root(payload.folder, roots)
        return [Place(payload.folder, root)] if root is not None else []
    return [Place(root, root) for root in roots]


def below(session: Session, library_id: int, folder: str) -> list[int]:
    """The items with files at or below a folder, unless they are too many to be looked at one by one."""
    query = (
        sa.select(col(ItemFile.item_id)).distinct()
        .join(MediaFile, col(MediaFile.id) == col(ItemFile.file_id))
        .where(col(MediaFile.library_id) == library_id, in_folder(folder), col(ItemFile.role) == FileRole.MAIN)
        .limit(MOST + 1)
    )  # unguarded: what is read is the same for everybody  # fmt: skip
    found = sorted(session.execute(query).scalars())
    return found if len(found) <= MOST else []


def _of_items(session: Session, keys: Iterable[int], roots: Sequence[str], *, library_id: int) -> list[Place]:
    items = {row.id: row for row in rows_of(session, MediaItem.id, keys) if row.library_id == library_id}
    tops = {row.id: row for row in rows_of(session, MediaItem.id, {row.root_id for row in items.values()})}
    seasons = {row.id: row for row in rows_of(session, MediaItem.id, {row.parent_id for row in items.values() if row.parent_id})}
    ids = _ids(session, {*items, *tops})
    files = _files(session, items)
    found: dict[str, Place] = {}

    def at(folder: str) -> Place | None:
        root = _root(folder, roots)
        return None if root is None else found.setdefault(folder, Place(folder, root))

    for _, row in sorted(items.items()):
        top = tops[row.root_id]
        if row.kind in (ItemKind.SERIES, ItemKind.SEASON):
            place = at(top.directory_path) if top.directory_path is not None else None
            if place is not None and all(one.item_id != top.id for one in place.subjects):
                series = Media(MediaKind.SERIES, top.title, ids=ids[top.id], year=top.year)
                place.subjects.insert(0, Subject(top.id, series, [top.directory_path], is_told=_is_told(top)))
            continue
        if row.kind not in _KINDS:
            continue
        media = Media(
            _KINDS[row.kind], row.title, ids=ids[row.id], year=row.year if row.kind is ItemKind.MOVIE else None,
            **_numbers(row, top, seasons.get(row.parent_id), ids) if row.kind is ItemKind.EPISODE else {},
        )  # fmt: skip
        parts: dict[str, Subject] = {}
        for file in files[row.id]:
            folder = _folder(file.uri, top.directory_path if row.kind is ItemKind.EPISODE else None)
            part = parts.setdefault(folder, Subject(row.id, media, is_told=_is_told(row)))
            (part.gone if file.missing_since is not None or row.deleted_at is not None else part.present).append(file.uri)
        for folder, part in parts.items():
            place = at(folder)
            if place is not None:
                place.subjects.append(part)
    return list(found.values())


def _numbers(row: Any, top: Any, season: Any, ids: dict[int, dict[str, str]]) -> dict[str, Any]:
    return {
        "show_title": top.title, "show_ids": ids[top.id], "season": season.position if season is not None else None,
        "episode": row.position,
    }  # fmt: skip


def _ids(session: Session, keys: Iterable[int]) -> dict[int, dict[str, str]]:
    """Catalogues' ids of each; of several of one catalogue the primary one."""
    found: dict[int, dict[str, str]] = defaultdict(dict)
    for row in sorted(rows_of(session, ExternalId.entity_id, keys), key=lambda row: (row.is_primary, row.id)):
        found[row.entity_id][row.provider] = row.external_id
    return found


def _files(session: Session, keys: Iterable[int]) -> dict[int, list[Any]]:
    """The files of each item: of a copy in parts the first, which stands for all."""
    links = rows_of(session, ItemFile.item_id, keys, col(ItemFile.role) == FileRole.MAIN)
    files = {row.id: row for row in rows_of(session, MediaFile.id, {row.file_id for row in links})}
    found: dict[int, list[Any]] = defaultdict(list)
    seen: set[tuple[int, int, bool]] = set()
    for link in sorted(links, key=lambda link: (link.copy_number, link.part_number, link.file_id)):
        file = files[link.file_id]
        copy = (link.item_id, link.copy_number, file.missing_since is None)
        # One whose uri is no path has lost its place to another file.
        if file.uri.startswith("/") and copy not in seen:
            seen.add(copy)
            found[link.item_id].append(file)
    return found


def is_gone(session: Session, path: str) -> bool:
    """Whether a path of ours lies in a library, and no file is known there any more."""
    roots = session.execute(sa.select(col(LibraryPath.path))).scalars()  # unguarded: of paths, for the house
    if _root(path, list(roots)) is None:
        return False
    here = (col(MediaFile.uri) == path, col(MediaFile.missing_since).is_(None))
    there = sa.select(col(MediaFile.id)).where(*here)  # unguarded: whether it is there
    return session.execute(there).first() is None


def _is_told(row: Any) -> bool:
    return row.last_published_at is not None and row.deleted_at is None


def _folder(path: str, series: str | None) -> str:
    """The folder that is read for a file: that of its series, which players read as a whole; that of a disc."""
    folder = paths.parent(path)
    if series is not None and paths.is_within(folder, series):
        return series
    return paths.parent(folder) if paths.last(folder).casefold() in _DISC_FOLDERS else folder


def _root(path: str, roots: Sequence[str]) -> str | None:
    return next((root for root in sorted(roots, key=len, reverse=True) if paths.is_within(path, root)), None)
