"""A library with folders and files as rows, without a disk, for tests."""

from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, select

from domain.catalog.resolving import store_values
from domain.catalog.sources import NAME
from domain.catalog.tables import MediaItem
from domain.kit.database import UnitOfWork
from domain.libraries.applying.availability import refresh
from domain.libraries.enums import FileKind, FileRole
from domain.libraries.tables import ItemFile, LibraryDirectory, LibraryPath, MediaFile, ReviewItem
from tests.factories import catalog

ROOT = "/media/films"


@dataclass
class Shelf:
    """Makes rows of one library; `uow` is the test's own transaction."""

    uow: UnitOfWork
    library: int
    root: int
    media_type: str
    path: str = ROOT

    def with_root(self, path: str) -> "Shelf":
        """The same library with a root of its own."""
        row = LibraryPath(library_id=self.library, path=path)
        self.uow.session.add(row)
        self.uow.session.flush()
        return Shelf(self.uow, self.library, row.id, self.media_type, path)

    def file(self, path: str, *, kind: FileKind = FileKind.VIDEO, **values: Any) -> int:
        """A file below the root, understood by a scan, with its folder."""
        folder = path.rpartition("/")[0]
        known = select(LibraryDirectory).where(LibraryDirectory.library_path_id == self.root, LibraryDirectory.path == folder)
        directory = self.uow.session.exec(known).first()
        if directory is None:
            directory = LibraryDirectory(library_path_id=self.root, path=folder, fingerprint="f", scanned_at=self.uow.now())
            self.uow.session.add(directory)
            self.uow.session.flush()
        row = MediaFile(
            library_id=self.library, directory_id=directory.id, uri=f"{self.path}/{path}", file_kind=kind, size_bytes=1,
            verified_at=self.uow.now(), probed_at=self.uow.now(), **values,
        )  # fmt: skip
        self.uow.session.add(row)
        self.uow.session.flush()
        return row.id

    def link(self, item: int, *files: int, role: FileRole = FileRole.MAIN, copy: int = 1) -> None:
        """Tie files to an item."""
        for file in files:
            is_default = role is FileRole.MAIN and copy == 1
            row = ItemFile(item_id=item, file_id=file, role=role, copy_number=copy, is_default=is_default)
            self.uow.session.add(row)
        self.uow.session.flush()
        refresh(self.uow, [item])

    def film(self, title: str, *paths: str, year: int | None = None, **values: Any) -> int:
        """A film that its name tells of, with its files."""
        key = catalog.movie(self.uow, title, library_id=self.library, year=year, **values)
        store_values(self.uow, NAME, {key: {"title": title, "year": year}})
        for copy, path in enumerate(paths, start=1):
            self.link(key, self.file(path), copy=copy)
        return key

    def review(self, reason: str, *candidates: dict[str, Any], file: int | None = None, item: int | None = None) -> int:
        """An open question."""
        row = ReviewItem(file_id=file, item_id=item, reason=reason, confidence=0.5, candidates=list(candidates))
        self.uow.session.add(row)
        self.uow.session.flush()
        return row.id


def shelf(uow: UnitOfWork, *, media_type: str = "movie") -> Shelf:
    """An empty library with one root."""
    catalog.types(uow)
    library = catalog.library(uow, media_type=media_type)
    root = LibraryPath(library_id=library, path=ROOT)
    uow.session.add(root)
    uow.session.flush()
    return Shelf(uow, library, root.id, media_type)


def row(session: Session, model: Any, key: int) -> Any:
    """A row as the database has it."""
    session.expire_all()
    return session.exec(select(model).where(model.id == key)).one()


def item(session: Session, key: int) -> MediaItem:
    found: MediaItem = row(session, MediaItem, key)
    return found


def uses(session: Session, key: int) -> list[tuple[int, str, int]]:
    """(file, role, copy) of an item's files."""
    rows = session.exec(select(ItemFile).where(ItemFile.item_id == key).order_by(ItemFile.file_id)).all()
    return [(one.file_id, one.role.value, one.copy_number) for one in rows]
