"""How files, their streams and their places go, as the foreign keys have it."""

from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import SQLModel, col, select

from domain.catalog.tables import MediaItem
from domain.kit.database import Database, UnitOfWork
from domain.libraries.tables import (
    ItemFile,
    Library,
    LibraryDirectory,
    LibraryPath,
    Marker,
    MediaFile,
    PathMapping,
    RecycledFile,
    ReviewItem,
    Source,
    SourceCollection,
    SourceRef,
    VideoStream,
)
from tests.factories import catalog

pytestmark = pytest.mark.both
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def add(uow: UnitOfWork, *rows: SQLModel) -> None:
    uow.session.add_all(rows)
    uow.session.flush()


def remove(uow: UnitOfWork, model: Any, key: int) -> None:
    uow.session.connection().execute(sa.delete(model).where(col(model.id) == key))
    uow.session.expire_all()


def a_file(uow: UnitOfWork, library: int | None = None, **values: Any) -> MediaFile:
    file = MediaFile(library_id=library, uri="/films/alien.mkv", file_kind="video", size_bytes=5_000_000_000, **values)
    add(uow, file)
    return file


def test_a_file_goes_with_its_streams_marks_and_places(database: Database) -> None:
    with database.transaction() as uow:
        catalog.types(uow)
        film, file = catalog.movie(uow), a_file(uow)
        add(
            uow,
            ItemFile(item_id=film, file_id=file.id),
            VideoStream(file_id=file.id, stream_index=0, frame_rate_numerator=24_000, frame_rate_denominator=1001),
            Marker(file_id=file.id, kind="chapter", start_ms=0, source="file"),
            ReviewItem(file_id=file.id, reason="ambiguous", candidates=[{"title": "Alien", "confidence": 0.6}]),
        )
        remove(uow, MediaFile, file.id)
        assert [catalog.count(uow.session, model) for model in (ItemFile, VideoStream, Marker, ReviewItem)] == [0] * 4
        assert catalog.count(uow.session, MediaItem) == 1


def test_sizes_and_positions_are_long(database: Database) -> None:
    with database.transaction() as uow:
        file = a_file(uow, duration_ms=3_000_000_000, keyframe_index=[0, 5_000, 2_999_999_999])
        add(uow, Marker(file_id=file.id, kind="cue", start_ms=2_999_999_999, source="manual"))
        uow.session.expire_all()
        row = uow.session.exec(select(MediaFile)).one()
        assert (row.size_bytes, row.duration_ms, row.keyframe_index) == (5_000_000_000, 3_000_000_000, [0, 5_000, 2_999_999_999])
        assert uow.session.exec(select(Marker.start_ms)).one() == 2_999_999_999


def test_a_library_goes_with_its_folders_and_files(database: Database) -> None:
    with database.transaction() as uow:
        catalog.types(uow)
        library = catalog.library(uow)
        root = LibraryPath(library_id=library, path="/films")
        add(uow, root)
        folder = LibraryDirectory(library_path_id=root.id, path="alien", fingerprint="x", scanned_at=NOW)
        add(uow, folder)
        a_file(uow, library, directory_id=folder.id)
        add(uow, RecycledFile(library_id=library, original_path="/a", bin_path="/b", file_kind="nfo", size_bytes=1,
                              deleted_at=NOW, expires_at=NOW))  # fmt: skip
        remove(uow, Library, library)
        assert [catalog.count(uow.session, model) for model in (LibraryPath, LibraryDirectory, MediaFile)] == [0] * 3
        assert uow.session.exec(select(RecycledFile.library_id)).one() is None


def test_a_folder_that_is_forgotten_leaves_its_files(database: Database) -> None:
    with database.transaction() as uow:
        catalog.types(uow)
        root = LibraryPath(library_id=catalog.library(uow), path="/films")
        add(uow, root)
        folder = LibraryDirectory(library_path_id=root.id, path="", fingerprint="x", scanned_at=NOW)
        add(uow, folder)
        a_file(uow, directory_id=folder.id)
        remove(uow, LibraryDirectory, folder.id)
        assert uow.session.exec(select(MediaFile.directory_id)).one() is None


def test_a_source_goes_with_its_sections_mappings_and_names(database: Database) -> None:
    with database.transaction() as uow:
        catalog.types(uow)
        film = catalog.movie(uow)
        source = Source(kind="plex", name="Plex", external_id="machine")
        add(uow, source)
        section = SourceCollection(source_id=source.id, external_id="1", name="Films")
        add(uow, section)
        assert section.is_enabled is False
        add(
            uow,
            PathMapping(source_id=source.id, remote_path="/data", local_path="/films"),
            PathMapping(source_collection_id=section.id, remote_path="/data", local_path="/films"),
            SourceRef(source_collection_id=section.id, kind="item", key="7", item_id=film, seen_at=NOW),
        )
        remove(uow, Source, source.id)
        assert [catalog.count(uow.session, model) for model in (SourceCollection, PathMapping, SourceRef)] == [0] * 3
        assert catalog.count(uow.session, MediaItem) == 1


def test_defaults(database: Database) -> None:
    with database.transaction() as uow:
        catalog.types(uow)
        library = uow.session.get(Library, catalog.library(uow))
        film = uow.session.get(MediaItem, catalog.movie(uow))
        assert library is not None
        assert film is not None
        assert (library.is_enabled, library.auto_enrich, library.auto_publish, library.ignore_patterns) == (True, True, False, [])
        assert (film.enrichment_priority, film.is_monitored, film.is_preferred, film.edition) == (5, True, True, "")
        assert (film.identification, film.enrichment, film.publication, film.availability) == (
            "unidentified", "never", "never", "none"
        )  # fmt: skip
