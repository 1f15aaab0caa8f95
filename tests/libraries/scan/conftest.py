"""A library on a temporary disk, scanned in this thread with readers that open nothing but what the test made."""

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from domain.artwork.builtin import install_builtins as install_artwork
from domain.catalog.builtin import install_builtins as install_catalog
from domain.catalog.queries import media_type_id
from domain.catalog.sorting import sort_key
from domain.kit.database import Database, UnitOfWork
from domain.libraries.tables import Library, LibraryPath
from domain.libraries.understanding.model import Failure, MediaFacts, PictureSize, Readers
from workers.libraries.guessing import understand
from workers.libraries.probing.languages import normalise_language
from workers.libraries.scanning import scan_library


class Work:
    """A job's context without a job: remembers what it was told, and stops when the test wants it."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.reports: list[tuple[float | None, str, Mapping[str, Any]]] = []
        self.saved: Mapping[str, Any] | None = None
        self.transactions = 0
        self.stop_after: int | None = None
        """Raise at the first check after so many transactions."""

    def report(self, fraction: float | None, text: str = "", **counters: int | float) -> None:
        self.reports.append((fraction, text, counters))

    def checkpoint(self, state: Mapping[str, Any]) -> None:
        self.saved = state

    @contextlib.contextmanager
    def transaction(self) -> Iterator[UnitOfWork]:
        with self.database.transaction(actor="test") as uow:
            yield uow
        self.transactions += 1

    def check_cancelled(self) -> None:
        if self.stop_after is not None and self.transactions >= self.stop_after:
            raise Stopped


class Stopped(BaseException):
    """The test's own way to end a scan in the middle."""


class Eyes:
    """Readers that count: every video is 90 minutes of H.264 unless the test says otherwise by its file's name."""

    def __init__(self) -> None:
        self.media: dict[str, MediaFacts | Failure] = {}
        self.probed: list[str] = []

    def readers(self) -> Readers:
        return Readers(lambda name, hint: understand(name, hint=hint), self.probe, self.measure, normalise_language)

    def probe(self, paths: Iterable[str]) -> Iterator[tuple[str, MediaFacts | Failure]]:
        for path in paths:
            self.probed.append(path)
            name = path.rpartition("/")[2]
            stream = {"stream_index": 0, "codec": "h264", "width": 1920, "height": 1080}
            yield path, self.media.get(name, MediaFacts("matroska", 5_400_000, 1_000_000, video=(stream,)))

    def measure(self, path: str) -> PictureSize | Failure:
        return PictureSize("jpeg", 1000, 1500)


class Disk:
    """A library and its folder."""

    def __init__(self, database: Database, root: Path, *, media_type: str = "movie", name: str = "Films") -> None:
        self.database = database
        self.root = root
        self.eyes = Eyes()
        self.work = Work(database)
        root.mkdir(parents=True, exist_ok=True)
        with database.transaction() as uow:
            row = Library(name=name, sort_key=sort_key(name), media_type_id=media_type_id(uow.session, media_type))
            uow.session.add(row)
            uow.session.flush()
            uow.session.add(LibraryPath(library_id=row.id, path=str(root)))
            self.id = row.id

    def put(self, relative: str, content: str | bytes | None = None) -> Path:
        """Write a file; without content its own name stands for it."""
        path = self.root / relative
        path.parent.mkdir(parents=True, exist_ok=True)
        data = relative if content is None else content
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return path

    def scan(self, *, below: str | None = None) -> Mapping[str, Any]:
        summary = scan_library(self.work, self.database.read, self.eyes.readers(), library_id=self.id, below=below)
        self.work.saved = None  # a job that ended leaves no checkpoint to the next
        return summary

    def rows(self, statement: str, **values: Any) -> list[tuple[Any, ...]]:
        """Plain rows of a query."""
        with self.database.read() as session:
            return [tuple(row) for row in session.execute(sa.text(statement), values)]

    def one(self, statement: str, **values: Any) -> Any:
        """The one value of a query."""
        ((value,),) = self.rows(statement, **values)
        return value


def install(database: Database) -> None:
    with database.transaction() as uow:
        install_catalog(uow)
        install_artwork(uow)


@pytest.fixture
def films(database: Database, tmp_path: Path) -> Disk:
    install(database)
    return Disk(database, tmp_path / "films")


@pytest.fixture
def series(database: Database, tmp_path: Path) -> Disk:
    install(database)
    return Disk(database, tmp_path / "series", media_type="tv", name="Series")
