"""Who holds a file already: the items of files that are known, and whether those items have other files."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from domain.catalog.enums import ItemKind
from domain.catalog.queries import rows_of
from domain.catalog.tables import MediaItem
from domain.kit.database import UnitOfWork
from domain.libraries.applying.doubts import IDENTITY
from domain.libraries.applying.model import Batch
from domain.libraries.applying.rows import update_rows
from domain.libraries.enums import FileRole, ReviewStatus
from domain.libraries.expiring import bring_back
from domain.libraries.sidecars import FolderKind, SidecarRole
from domain.libraries.tables import ItemFile, MediaFile, ReviewItem
from domain.libraries.understanding.model import FoundFile, Piece, Unit


@dataclass(frozen=True, slots=True)
class Holders:
    """The live items of known main files. `items` are their rows by id."""

    items: Mapping[int, Any]
    by_file: Mapping[int, Sequence[int]]
    with_other_files: frozenset[int]
    decided: frozenset[int] = frozenset()
    """Files whose items a person has named: no rename undoes that."""

    def of_file(self, file_id: int) -> list[int]:
        """The items of a file, a season's episodes in their order."""
        return list(self.by_file.get(file_id, ()))

    def is_settled(self, file: FoundFile) -> bool:
        """Whether a main file keeps the items it has: nothing about it is new, or a person has said what it is."""
        return file.id in self.by_file and (not file.needs_name or file.id in self.decided)

    def may_become_another(self, item_id: int) -> bool:
        """Whether an item can take on what a renamed file says: no other file of its own still says what it was."""
        return item_id not in self.with_other_files


def load_holders(uow: UnitOfWork, batch: Batch, pieces: Sequence[Piece], kind: ItemKind) -> Holders:
    """Read the holders of the pieces' known main files."""
    mains = [file for piece in pieces for file in piece.files if file.role is SidecarRole.MAIN and file.known is not None]
    open_files = {file.known.id for file in mains if file.known is not None and file.needs_name}
    is_main = ItemFile.role == FileRole.MAIN
    links = rows_of(uow.session, ItemFile.file_id, [file.known.id for file in mains if file.known is not None], is_main)
    rows = rows_of(uow.session, MediaItem.id, [link.item_id for link in links])
    if bring_back(uow, [row for row in rows if row.kind == kind and row.library_id == batch.library.id]):
        rows = rows_of(uow.session, MediaItem.id, [link.item_id for link in links])
    items = {row.id: row for row in rows if row.kind == kind and row.deleted_at is None and row.library_id == batch.library.id}
    every = rows_of(uow.session, ItemFile.item_id, items, is_main)
    files = {row.id: row for row in rows_of(uow.session, MediaFile.id, [link.file_id for link in every])}
    settled = {key for key, row in files.items() if row.missing_since is None and row.verified_at is not None}
    by_file: dict[int, list[int]] = defaultdict(list)
    for link in links:
        if link.item_id in items:
            by_file[link.file_id].append(link.item_id)
    for held in by_file.values():
        held.sort(key=lambda key: (items[key].position or 0, key))
    others = frozenset(link.item_id for link in every if link.file_id in settled - open_files)
    return Holders(items, by_file, others, decided(uow.session, by_file))


def leave_old_folders(uow: UnitOfWork, batch: Batch, pieces: Sequence[Piece]) -> None:
    """A folder that a film moved out of is its home no more, unless it is also present outside of the batch's folders."""
    units = {id(piece.unit): piece.unit for piece in pieces}.values()
    leaving = _out_of_folders(batch, units) - batch.added.keys()
    if not leaving:
        return
    here = {file.id for unit in units for file in unit.files}
    links = rows_of(uow.session, ItemFile.item_id, leaving, ItemFile.role == FileRole.MAIN)
    outside = [link for link in links if link.file_id not in here]
    files = rows_of(uow.session, MediaFile.id, {link.file_id for link in outside})
    present = {row.id for row in files if row.missing_since is None}
    elsewhere = {link.item_id for link in outside if link.file_id in present}
    for row in rows_of(uow.session, MediaItem.id, leaving - elsewhere):
        if row.directory_path is not None:
            update_rows(uow, MediaItem, [{"key": row.id, "directory_path": None}])
            batch.change(row.id, "directory_path")


def _out_of_folders(batch: Batch, units: Iterable[Unit]) -> set[int]:
    """Films of folders that are no film's own."""
    lying: dict[bool, set[int]] = {True: set(), False: set()}
    for unit in units:
        for file in unit.mains if unit.hint == "movie" else ():
            lying[unit.kind is FolderKind.MOVIE].update(batch.items_of.get(batch.id_of(file), ()) if file.id is not None else ())
    return lying[False] - lying[True]


def decided(session: Session, by_file: Mapping[int, Sequence[int]]) -> frozenset[int]:
    """The files, with the items that they hold, of which a person has said what they are."""
    files = {row.file_id for row in rows_of(session, ReviewItem.file_id, by_file) if _is_said(row)}
    every = {item for items in by_file.values() for item in items}
    items = {row.item_id for row in rows_of(session, ReviewItem.item_id, every) if _is_said(row)}
    return frozenset(key for key, held in by_file.items() if key in files or items.intersection(held))


def _is_said(row: Any) -> bool:
    by = (row.resolution or {}).get("by")
    return row.reason in IDENTITY and row.status == ReviewStatus.RESOLVED and by == "user"


def claim_directories(uow: UnitOfWork, batch: Batch, claims: Mapping[str, Sequence[int]]) -> None:
    """Give each folder to one of the items that claim it, best first: the one that has it already, else the first."""
    holding = {
        row.directory_path: row.id for row in rows_of(uow.session, MediaItem.directory_path, claims) if row.deleted_at is None
    }
    wanted = {items[0]: path for path, items in claims.items() if items and holding.get(path) not in items}
    rows = {row.id: row for row in rows_of(uow.session, MediaItem.id, wanted)}
    leaving = [{"key": holding[path], "directory_path": None} for path in wanted.values() if path in holding]
    leaving += [{"key": key, "directory_path": None} for key, row in rows.items() if row.directory_path is not None]
    update_rows(uow, MediaItem, leaving)
    update_rows(uow, MediaItem, [{"key": key, "directory_path": path} for key, path in wanted.items()])
    for key, row in rows.items():
        if row.directory_path is not None:
            batch.change(key, "directory_path")
