"""A deleted library leaves what somebody tracked, and nothing of its own; on the disk nothing happens."""

import pytest
import sqlalchemy as sa
from sqlmodel import select

from domain.catalog.enums import Availability
from domain.catalog.tables import MediaItem
from domain.catalog.tracked import is_tracked
from domain.jobs.enums import JobStatus
from domain.jobs.tables import Job, JobSchedule
from domain.kit.database import Database
from domain.kit.errors import NotFound
from domain.kit.types import Key
from domain.libraries import removal, service
from domain.libraries.applying.doubts import UNCERTAIN_NAME
from domain.libraries.removal import Removal
from domain.libraries.tables import ItemFile, Library, LibraryDirectory, LibraryPath, MediaFile, ReviewItem
from domain.libraries.timetable import Timetable
from domain.system.audit_tables import AuditEntry, AuditSeverity
from domain.system.tables import Event
from tests.factories import catalog
from tests.factories.shelves import ROOT, item, row, shelf

pytestmark = pytest.mark.both

OWN = (Library, LibraryPath, LibraryDirectory, MediaFile, ItemFile, ReviewItem, JobSchedule)


@pytest.fixture
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Several transactions for a few rows."""
    monkeypatch.setattr(removal, "STEP", 2)


@pytest.fixture
def history(database: Database, monkeypatch: pytest.MonkeyPatch) -> sa.Table:
    """A table of a higher feature that holds items on, as history will."""
    metadata = sa.MetaData()
    sa.Table("media_items", metadata, sa.Column("id", Key, primary_key=True))
    table = sa.Table("plays", metadata, sa.Column("item_id", Key, sa.ForeignKey("media_items.id", ondelete="RESTRICT")))
    table.create(database.engine)
    monkeypatch.setattr(removal, "is_tracked", lambda key: is_tracked(key, metadata=metadata))
    return table


def test_everything_goes(database: Database, small_steps: None) -> None:
    with database.transaction() as uow:
        here = shelf(uow)
        films = [here.film(f"Film {number}", f"{number}/a.mkv", f"{number}/b.mkv") for number in range(5)]
        here.file("unknown.bin")
        here.review(UNCERTAIN_NAME, item=films[0])
        service.update_library(uow, library_id=here.library, changes={"schedule": Timetable("0 4 * * *")})
        scan = service.request_scan(uow, library_id=here.library).id
        other = catalog.movie(uow, "Elsewhere", library_id=catalog.library(uow, "Other"))
    with database.read() as session:
        assert removal.preview(session, here.library) == Removal(5, 0, 11)
    assert removal.delete_library(database, here.library, actor="usr_1") == Removal(5, 0, 11)
    with database.read() as session:
        assert [len(session.exec(select(model)).all()) for model in OWN] == [1, 0, 0, 0, 0, 0, 0]
        rows = {one.id: one for one in session.exec(select(MediaItem))}
        assert all(rows[key].deleted_at is not None and rows[key].library_id is None for key in films)
        assert {rows[key].availability for key in films} == {Availability.NONE}
        assert rows[other].deleted_at is None
        assert row(session, Job, scan).status is JobStatus.CANCELLED
        entry = session.exec(select(AuditEntry).where(AuditEntry.action == "library.deleted")).one()
        assert (entry.actor, entry.severity) == ("usr_1", AuditSeverity.CRITICAL)
        assert entry.details == {"name": "Films", "deleted": 5, "kept": 0, "files": 11}
        assert session.exec(select(Event.subject).where(Event.type == "library.deleted")).all() == [f"lib_{here.library}"]


def test_a_tree_with_a_tracked_part_stays_whole(database: Database, history: sa.Table, small_steps: None) -> None:
    with database.transaction() as uow:
        here = shelf(uow, media_type="tv")
        seen = catalog.series(uow, "Seen", library_id=here.library)
        unseen = catalog.series(uow, "Unseen", library_id=here.library)
        uow.session.execute(sa.update(MediaItem).where(MediaItem.id == seen[0]).values(directory_path=f"{ROOT}/Seen"))
        here.link(seen[2], here.file("Seen/1.mkv"))
        uow.session.execute(sa.insert(history).values(item_id=seen[2]))
    with database.read() as session:
        assert removal.preview(session, here.library) == Removal(4, 4, 1)
    assert removal.delete_library(database, here.library, actor="usr_1") == Removal(4, 4, 1)
    with database.transaction() as uow:
        for key in seen:
            kept = item(uow.session, key)
            assert (kept.deleted_at, kept.library_id, kept.availability) == (None, None, Availability.NONE)
        assert all(item(uow.session, key).deleted_at is not None for key in unseen)
        again = shelf(uow, media_type="tv")  # the same folders under a new library
        uow.session.execute(sa.update(MediaItem).where(MediaItem.id == again.film("New")).values(directory_path=f"{ROOT}/Seen"))


def test_broken_off_it_can_be_ended(database: Database, small_steps: None, monkeypatch: pytest.MonkeyPatch) -> None:
    with database.transaction() as uow:
        here = shelf(uow)
        for number in range(4):
            here.film(f"Film {number}", f"{number}/a.mkv")
    calls = iter([True, True, False])

    def fail(uow: object, library_id: int) -> bool:
        if not next(calls):
            raise RuntimeError("killed")
        return release(uow, library_id)  # type: ignore[arg-type]

    release = removal._release_items
    with monkeypatch.context() as patch:
        patch.setattr(removal, "_release_items", fail)
        with pytest.raises(RuntimeError):
            removal.delete_library(database, here.library, actor="usr_1")
    with database.read() as session:
        assert row(session, Library, here.library).is_enabled is False
    assert removal.delete_library(database, here.library, actor="usr_1").forgotten_files == 4
    with database.read() as session:
        assert session.exec(select(Library)).all() == []
        assert all(one.deleted_at is not None for one in session.exec(select(MediaItem)))


def test_a_library_that_is_not_there(database: Database) -> None:
    with pytest.raises(NotFound):
        removal.delete_library(database, 7, actor="usr_1")


def test_only_restricting_keys_hold_an_item(engine: str) -> None:
    assert engine
    metadata = sa.MetaData()
    sa.Table("media_items", metadata, sa.Column("id", Key, primary_key=True))
    for name, rule in (("lists", "RESTRICT"), ("hints", "CASCADE"), ("notes", "SET NULL")):
        sa.Table(name, metadata, sa.Column("item_id", Key, sa.ForeignKey("media_items.id", ondelete=rule)))
    text = str(is_tracked(sa.column("id"), metadata=metadata))
    assert "lists" in text
    assert "hints" not in text
    assert "notes" not in text
