"""Libraries are made, changed and scanned on request."""

from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, col, select

from domain.catalog.enums import Availability
from domain.jobs.enums import JobStatus
from domain.jobs.tables import Job, JobSchedule
from domain.kit.database import Database, UnitOfWork
from domain.kit.errors import Conflict, DomainError, Invalid, NotFound, PathUnusable, VersionConflict
from domain.libraries import service
from domain.libraries.tables import Library, LibraryDirectory, LibraryPath, MediaFile
from domain.libraries.timetable import Timetable
from domain.system.audit_tables import AuditEntry
from domain.system.tables import Event
from tests.factories import accounts, catalog
from tests.factories.shelves import ROOT, item, row, shelf

pytestmark = pytest.mark.both


def make(uow: UnitOfWork, name: str = "Films", *paths: str, **more: Any) -> Library:
    catalog.types(uow)
    return service.create_library(uow, name=name, media_type="movie", paths=paths or [f"/media/{name}"], **more)


def paths(session: Session, library_id: int) -> list[str]:
    query = select(LibraryPath.path).where(LibraryPath.library_id == library_id).order_by(col(LibraryPath.position))
    return list(session.exec(query))


def test_a_library_is_made(database: Database) -> None:
    with database.transaction(actor="usr_1") as uow:
        key = make(uow, " The  Films ", "/b//films/", "/a/../c", ignore_patterns=["*.part", "!sample*", "*.part"]).id
    with database.read() as session:
        library = row(session, Library, key)
        assert (library.name, library.sort_key, library.version, library.is_enabled) == ("The Films", "films", 1, True)
        assert library.ignore_patterns == ["*.part", "!sample*"]
        assert paths(session, key) == ["/b/films", "/c"]
        event = session.exec(select(Event)).one()
        assert (event.type, event.subject, event.audience) == ("library.created", f"lib_{key}", f"library:{key}")
        entry = session.exec(select(AuditEntry)).one()
        assert (entry.action, entry.actor, entry.subject) == ("library.created", "usr_1", f"lib_{key}")


REFUSED: list[tuple[dict[str, Any], type[DomainError], str]] = [
    ({"name": "films"}, Conflict, "name"),
    ({"name": " "}, Invalid, "name"),
    ({"name": "x" * 101}, Invalid, "name"),
    ({"name": "a\x00b"}, Invalid, "name"),
    ({"media_type": "music"}, Invalid, "mediaType"),
    ({"paths": []}, Invalid, "paths"),
    ({"paths": [f"/a{number}" for number in range(21)]}, Invalid, "paths"),
    ({"paths": ["media"]}, PathUnusable, "paths"),
    ({"paths": ["/"]}, PathUnusable, "paths"),
    ({"paths": ["//../"]}, PathUnusable, "paths"),
    ({"paths": ["/a\x00b"]}, PathUnusable, "paths"),
    ({"paths": ["/a", "/a/b"]}, PathUnusable, "paths"),
    ({"paths": ["/media/Films/more"]}, PathUnusable, "paths"),
    ({"paths": ["/media"]}, PathUnusable, "paths"),
    ({"ignore_patterns": ["x"] * 50 + [f"*{number}" for number in range(100)]}, Invalid, "ignorePatterns"),
    ({"ignore_patterns": ["!"]}, Invalid, "ignorePatterns"),
    ({"schedule": Timetable("0 0 30 2 *")}, Invalid, "schedule"),
    ({"schedule": Timetable("0 4 * * *", "Mars/Base")}, Invalid, "schedule"),
]


def test_what_is_no_library(database: Database) -> None:
    with database.transaction() as uow:
        make(uow)
    for wrong, kind, field in REFUSED:
        values: dict[str, Any] = {"name": "Other", "media_type": "movie", "paths": ["/media/Filmstrips"], **wrong}
        with pytest.raises(kind) as caught, database.transaction() as uow:
            service.create_library(uow, **values)
        assert caught.value.path[0] == field, wrong
    with database.read() as session:
        assert [library.name for library in session.exec(select(Library))] == ["Films"]
        assert session.exec(select(JobSchedule)).all() == []


def test_changes(database: Database) -> None:
    with database.transaction() as uow:
        key, other = make(uow).id, make(uow, "Shows").id
    with database.transaction() as uow:
        changes = {"name": "Cinema", "auto_publish": True, "ignore_patterns": ["*.nfo~"]}
        service.update_library(uow, library_id=key, changes=changes, expected_version=1)
    with database.transaction() as uow:
        library = row(uow.session, Library, key)
        assert (library.name, library.sort_key, library.auto_publish, library.version) == ("Cinema", "cinema", True, 2)
        event = uow.session.exec(select(Event).where(Event.type == "library.updated")).one()
        assert event.changed_fields == ["autoPublish", "ignorePatterns", "name"]
        with pytest.raises(VersionConflict) as caught:
            service.update_library(uow, library_id=key, changes={"name": "X"}, expected_version=1)
        assert (caught.value.current, caught.value.entity_id) == (2, f"lib_{key}")
        with pytest.raises(Conflict):
            service.update_library(uow, library_id=key, changes={"name": "SHOWS"})
        with pytest.raises(PathUnusable):
            service.update_library(uow, library_id=key, changes={"paths": ["/media/Shows/a"]})
        with pytest.raises(NotFound):
            service.update_library(uow, library_id=other + 100, changes={"name": "X"})
        service.update_library(uow, library_id=key, changes={"name": "cinema"})  # its own name in another spelling


def test_what_lay_in_a_folder_that_is_left_out_is_missing(database: Database) -> None:
    with database.transaction() as uow:
        here = shelf(uow)
        film, both = here.film("Alien", "Alien/a.mkv"), here.film("Brazil", "Brazil/b.mkv")
        (file,) = uow.session.exec(select(MediaFile.id).where(MediaFile.uri == f"{ROOT}/Alien/a.mkv"))
        service.update_library(uow, library_id=here.library, changes={"paths": [ROOT, "/media/more"]})
        (second,) = uow.session.exec(select(LibraryPath.id).where(LibraryPath.path == "/media/more"))
        directory = LibraryDirectory(library_path_id=second, path="", fingerprint="f", scanned_at=uow.now())
        uow.session.add(directory)
        uow.session.flush()
        copy = MediaFile(
            library_id=here.library, directory_id=directory.id, uri="/media/more/b.mkv", file_kind="video", size_bytes=1
        )
        uow.session.add(copy)
        uow.session.flush()
        here.link(both, copy.id, copy=2)
        service.update_library(uow, library_id=here.library, changes={"paths": ["/media/more"]})
        assert paths(uow.session, here.library) == ["/media/more"]
        gone = row(uow.session, MediaFile, file)
        assert gone.missing_since is not None
        assert gone.directory_id is None
        assert item(uow.session, film).availability is Availability.MISSING
        assert item(uow.session, both).availability is Availability.PRESENT


def test_a_series_is_missing_when_all_its_episodes_are(database: Database) -> None:
    with database.transaction() as uow:
        here = shelf(uow, media_type="tv")
        gone = catalog.series(uow, "Gone", library_id=here.library)
        stays = catalog.series(uow, "Stays", library_id=here.library)
        for key in (gone[2], gone[3], stays[2]):
            here.link(key, here.file(f"{key}.mkv"))
        more = here.with_root("/media/more")
        more.link(stays[3], more.file("x.mkv"))
        service.update_library(uow, library_id=here.library, changes={"paths": ["/media/more"]})
        states = [item(uow.session, key).availability for key in (*gone, *stays)]
        missing, present = Availability.MISSING, Availability.PRESENT
        assert states == [missing, missing, missing, missing, present, present, missing, present]
        assert {item(uow.session, key).missing_since for key in gone} == {uow.now()}


def test_a_library_is_scanned_by_itself(database: Database) -> None:
    with database.transaction() as uow:
        key = make(uow, schedule=Timetable("30 4 * * *", "Europe/Berlin")).id
    with database.transaction() as uow:
        schedule = uow.session.exec(select(JobSchedule)).one()
        assert (schedule.kind, schedule.settings) == ("libraries.scan", {"library_id": key, "path": None, "is_followed": False})
        assert (schedule.cron, schedule.zone, schedule.is_enabled) == ("30 4 * * *", "Europe/Berlin", True)
        service.update_library(uow, library_id=key, changes={"is_enabled": False})
        assert row(uow.session, JobSchedule, schedule.id).is_enabled is False
        service.update_library(uow, library_id=key, changes={"schedule": Timetable("0 5 * * *")})
        changed = row(uow.session, JobSchedule, schedule.id)
        assert (changed.cron, changed.zone, changed.is_enabled) == ("0 5 * * *", "UTC", False)
        service.update_library(uow, library_id=key, changes={"is_enabled": True})
        assert row(uow.session, JobSchedule, schedule.id).is_enabled is True
        service.update_library(uow, library_id=key, changes={"schedule": None})
        assert uow.session.exec(select(JobSchedule)).all() == []
        assert row(uow.session, Library, key).schedule_id is None


def test_the_same_scan_is_asked_for_once(database: Database) -> None:
    user = accounts.make_user(database)
    with database.transaction() as uow:
        key = make(uow).id
        first = service.request_scan(uow, library_id=key, requested_by_user_id=user.id)
        again = service.request_scan(uow, library_id=key)
        part = service.request_scan(uow, library_id=key, path="/media/Films/Alien/")
        deep = service.request_scan(uow, library_id=key, path="/media/Films/" + "x" * 4000)
        assert first.id == again.id
        assert len({first.id, part.id, deep.id}) == 3
        jobs = {job.id: job for job in uow.session.exec(select(Job))}
        assert (jobs[first.id].kind, jobs[first.id].priority, jobs[first.id].subject) == ("libraries.scan", 2, f"lib_{key}")
        assert jobs[first.id].payload == {"library_id": key, "path": None, "is_followed": False}
        assert jobs[first.id].requested_by_user_id == user.id
        assert jobs[part.id].payload == {"library_id": key, "path": "/media/Films/Alien", "is_followed": False}
        assert {job.status for job in jobs.values()} == {JobStatus.PENDING}


def test_scans_that_cannot_be(database: Database) -> None:
    with database.transaction() as uow:
        key, rests = make(uow).id, make(uow, "Rests", is_enabled=False).id
        for path in ("/media/Other", "/media/Films2", "/media/Films/../x", "Films", "/"):
            with pytest.raises(PathUnusable) as caught:
                service.request_scan(uow, library_id=key, path=path)
            assert caught.value.path == ("path",)
        with pytest.raises(Conflict):
            service.request_scan(uow, library_id=rests)
        with pytest.raises(NotFound):
            service.request_scan(uow, library_id=rests + 100)
        assert uow.session.exec(select(Job)).all() == []


def test_folders_are_looked_at(engine: str, tmp_path: Path) -> None:
    assert engine
    data, films = tmp_path / "data", tmp_path / "films"
    for folder in (data / "cache", films / "Älien", tmp_path / "shut"):
        folder.mkdir(parents=True)
    (tmp_path / "file").write_text("x")
    (tmp_path / "link").symlink_to(films)
    (tmp_path / "inside").symlink_to(data / "cache")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    assert service.check_paths([f"{films}/"], data_dir=data) == [str(films)]
    assert service.check_paths([str(films / "Älien"), str(tmp_path / "shut")], data_dir=data)[0] == str(films / "Älien")
    for wrong in ("nowhere", "file", "data", "data/cache", ".", "inside", "loop"):
        with pytest.raises(PathUnusable) as caught:
            service.check_paths([str(tmp_path / wrong)], data_dir=data)
        assert caught.value.path == ("paths",), wrong
    with pytest.raises(PathUnusable, match="leads into another"):
        service.check_paths([str(films), str(tmp_path / "link")], data_dir=data)


def test_a_folder_that_may_not_be_read(engine: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert engine

    def refuse(path: str) -> None:
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr("os.scandir", refuse)  # root may read everything, so the refusal is made here
    with pytest.raises(PathUnusable, match="may not read"):
        service.check_paths([str(tmp_path)], data_dir=tmp_path / "data")
