"""A person's word about an item wins over every source, locks its field, and can be taken back."""

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col, select

from domain.catalog import service
from domain.catalog.editing import update_item
from domain.catalog.enums import ItemKind, LockState, TagOrigin
from domain.catalog.locking import lock_fields, unlock_fields
from domain.catalog.resolving import store_values
from domain.catalog.sources import NAME, NFO
from domain.catalog.tables import FieldLock, FieldValue, Genre, ItemGenre, MediaItem, Tag
from domain.kit.database import Database, UnitOfWork
from domain.kit.errors import Conflict, Invalid, NotFound, VersionConflict
from domain.system.audit_tables import AuditEntry
from domain.system.tables import Event
from tests.factories import catalog

pytestmark = pytest.mark.both

LOCKED, UNLOCKED = LockState.LOCKED, LockState.UNLOCKED


def item(session: Session, key: int) -> MediaItem:
    session.expire_all()
    return session.exec(select(MediaItem).where(MediaItem.id == key)).one()


def locks(session: Session, key: int) -> dict[str, LockState]:
    return {row.field: row.state for row in session.exec(select(FieldLock).where(FieldLock.entity_id == key))}


def genres(session: Session, key: int) -> list[str]:
    query = select(Genre.name).join(ItemGenre, col(ItemGenre.genre_id) == Genre.id).where(ItemGenre.item_id == key)
    return list(session.exec(query.order_by(col(ItemGenre.position))))


def tags(session: Session, key: int) -> dict[str, TagOrigin]:
    session.expire_all()
    return {row.key: row.origin for row in session.exec(select(Tag).where(Tag.item_id == key))}


def film(uow: UnitOfWork, **said: Any) -> int:
    """A film of which an NFO says something."""
    catalog.types(uow)
    key = catalog.movie(uow, "alien 1979", library_id=catalog.library(uow))
    store_values(uow, NAME, {key: {"title": "alien 1979", "year": 1979}})
    store_values(uow, NFO, {key: {"title": "Alien", "plot": "In space.", **said}})
    return key


def test_a_persons_word_wins_and_locks(database: Database) -> None:
    with database.transaction(actor="usr_1") as uow:
        key = film(uow)
        before = item(uow.session, key)
        assert (before.title, before.version) == ("Alien", 1)
        uow.session.execute(sa.delete(Event))
        update_item(
            uow, item_id=key, changes={"title": " The  Alien ", "release_date": date(1979, 5, 25), "runtime_ms": 7_020_000}
        )
        store_values(uow, NFO, {key: {"title": "Another", "release_date": "2001-01-01", "plot": "Elsewhere."}})
        after = item(uow.session, key)
        assert (after.title, after.sort_key, after.version) == ("The Alien", "alien", 2)
        assert (after.release_date, after.runtime_ms, after.plot) == (date(1979, 5, 25), 7_020_000, "Elsewhere.")
        assert after.metadata_changed_at is not None
        assert locks(uow.session, key) == dict.fromkeys(("title", "release_date", "runtime_ms"), LOCKED)
        (event,) = uow.session.exec(select(Event)).all()
        assert (event.type, event.subject, event.audience) == ("item.changed", f"itm_{key}", f"library:{after.library_id}")
        assert event.changed_fields == ["releaseDate", "runtimeMs", "title"]
        (entry,) = uow.session.exec(select(AuditEntry)).all()
        assert (entry.action, entry.actor) == ("item.updated", "usr_1")
        assert entry.details == {"fields": ["release_date", "runtime_ms", "title"], "lock": True}


def test_without_a_lock_the_word_still_wins(database: Database) -> None:
    with database.transaction() as uow:
        key = film(uow)
        update_item(uow, item_id=key, changes={"plot": "Mine."}, lock=False)
        store_values(uow, NFO, {key: {"plot": "Theirs."}})
        assert item(uow.session, key).plot == "Mine."
        assert locks(uow.session, key) == {}


def test_a_word_taken_back_shows_the_best_source_and_unlocks(database: Database) -> None:
    with database.transaction() as uow:
        key = film(uow)
        update_item(uow, item_id=key, changes={"title": "Mine", "plot": "Mine.", "tagline": "Mine"})
        store_values(uow, NFO, {key: {"plot": "Heard while it was locked."}})
        update_item(uow, item_id=key, changes={"title": None, "plot": None, "tagline": None})
        after = item(uow.session, key)
        assert (after.title, after.sort_key, after.plot, after.tagline) == ("Alien", "alien", "Heard while it was locked.", None)
        assert locks(uow.session, key) == {}
        assert uow.session.exec(select(FieldValue).where(FieldValue.source == "user")).all() == []


def test_lists(database: Database) -> None:
    with database.transaction() as uow:
        key = film(uow, genres=["Horror"], tags=["seen"])
        update_item(uow, item_id=key, changes={"genres": ["Science Fiction", "Horror", "horror"], "tags": ["mine", "seen"]})
        assert genres(uow.session, key) == ["Science Fiction", "Horror"]
        assert tags(uow.session, key) == {"mine": TagOrigin.USER, "seen": TagOrigin.USER}
        store_values(uow, NFO, {key: {"genres": ["Drama"], "tags": ["seen", "new"]}})
        assert genres(uow.session, key) == ["Science Fiction", "Horror"]
        assert tags(uow.session, key) == {"mine": TagOrigin.USER, "seen": TagOrigin.USER}
        update_item(uow, item_id=key, changes={"genres": None, "tags": None})
        assert genres(uow.session, key) == ["Drama"]
        assert tags(uow.session, key) == {"seen": TagOrigin.SIDECAR, "new": TagOrigin.SIDECAR}
        update_item(uow, item_id=key, changes={"genres": []})
        assert genres(uow.session, key) == []
        changed = uow.session.exec(select(Event.changed_fields).where(Event.type == "item.changed")).all()
        assert changed[-1] == ["genres"]


def test_an_edition_comes_back_as_the_name_said_it(database: Database) -> None:
    with database.transaction() as uow:
        catalog.types(uow)
        key = catalog.movie(uow, "Brazil", edition="Final Cut")
        update_item(uow, item_id=key, changes={"edition": "Director's Cut"})
        assert item(uow.session, key).edition == "Director's Cut"
        update_item(uow, item_id=key, changes={"edition": ""})
        assert item(uow.session, key).edition == ""
        update_item(uow, item_id=key, changes={"edition": None})
        assert item(uow.session, key).edition == "Final Cut"


def test_two_episodes_of_one_number_need_two_editions(database: Database) -> None:
    with database.transaction() as uow:
        tv = catalog.types(uow)["tv"]
        _, season, first, _ = catalog.series(uow)
        other = service.create_item(
            uow, media_type_id=tv, kind=ItemKind.EPISODE, title="Long", parent_id=season, position=1, edition="Extended"
        )
        with pytest.raises(Conflict) as caught:
            update_item(uow, item_id=other, changes={"edition": ""})
        assert caught.value.path == ("edition",)
        assert item(uow.session, first).edition == ""


def test_monitoring_is_no_field_of_a_source(database: Database) -> None:
    with database.transaction() as uow:
        key = film(uow)
        update_item(uow, item_id=key, changes={}, is_monitored=False)
        after = item(uow.session, key)
        assert (after.is_monitored, after.version) == (False, 2)
        assert locks(uow.session, key) == {}
        assert uow.session.exec(select(Event.changed_fields).where(Event.type == "item.changed")).one() == ["isMonitored"]


WRONG: list[tuple[str, Any]] = [
    ("title", ""), ("title", "  "), ("title", "a" * 501), ("title", "a\x00b"), ("title", 7), ("plot", "x" * 20_001),
    ("plot", "\ud800"), ("year", 0), ("year", True), ("year", 2201), ("year", "1979"), ("runtime_ms", -1),
    ("release_date", "1979-05-25"), ("is_kids_friendly", 1), ("genres", "Horror"), ("genres", ["", "x"]), ("genres", ["x"] * 101),
    ("tags", ["a\nb\x07"]), ("budget", 1), ("end_date", date(2001, 1, 1)), ("album_type", "album"), ("deleted_at", None),
    ("title; --", "x"), ("cast", ["Ana"]),
]  # fmt: skip


def test_what_breaks_a_rule_of_its_field_changes_nothing(database: Database) -> None:
    with database.transaction() as uow:
        key = film(uow)
        for field, value in WRONG:
            with pytest.raises(Invalid) as caught:
                update_item(uow, item_id=key, changes={"tagline": "fine", field: value})
            assert len(caught.value.path) == 1, field
        after = item(uow.session, key)
        assert (after.title, after.tagline, after.version) == ("Alien", None, 1)


def test_an_album_has_a_type_of_release(database: Database) -> None:
    with database.transaction() as uow:
        music = catalog.types(uow)["music"]
        artist = service.create_item(uow, media_type_id=music, kind=ItemKind.ARTIST, title="Ana")
        album = service.create_item(uow, media_type_id=music, kind=ItemKind.ALBUM, title="One", parent_id=artist)
        update_item(uow, item_id=album, changes={"album_type": "live"})
        assert item(uow.session, album).album_type == "live"
        with pytest.raises(Invalid):
            update_item(uow, item_id=album, changes={"album_type": "tape"})
        update_item(uow, item_id=album, changes={"album_type": None})
        assert item(uow.session, album).album_type is None


def test_versions_and_absence(database: Database) -> None:
    with database.transaction() as uow:
        key = film(uow)
        update_item(uow, item_id=key, changes={"year": 1980}, expected_version=1)
        with pytest.raises(VersionConflict) as caught:
            update_item(uow, item_id=key, changes={"year": 1981}, expected_version=1)
        assert (caught.value.current, caught.value.entity_id) == (2, f"itm_{key}")
        with pytest.raises(Invalid):
            update_item(uow, item_id=key, changes={})
        with pytest.raises(NotFound):
            update_item(uow, item_id=key + 10_000, changes={"year": 1981})
        uow.session.execute(sa.update(MediaItem).values(deleted_at=uow.now()))
        with pytest.raises(NotFound):
            update_item(uow, item_id=key, changes={"year": 1981})


def test_locks_by_either_spelling(database: Database) -> None:
    with database.transaction() as uow:
        key = film(uow)
        lock_fields(uow, item_id=key, fields=["plot", "sortTitle", "sort_title", "artwork.poster", "trailer", "cast"])
        fields = ("plot", "sort_title", "artwork.poster", "trailer", "cast")
        assert locks(uow.session, key) == dict.fromkeys(fields, LOCKED)
        store_values(uow, NFO, {key: {"plot": "Other."}})
        assert item(uow.session, key).plot == "In space."
        unlock_fields(uow, item_id=key, fields=["plot", "trailer"], expected_version=2)
        assert item(uow.session, key).plot == "Other."
        assert item(uow.session, key).version == 3
        assert locks(uow.session, key).keys() == {"sort_title", "artwork.poster", "cast"}
        events = uow.session.exec(select(Event.changed_fields).where(Event.type == "item.changed").order_by(Event.sequence)).all()
        assert events == [[], ["plot"]]


def test_an_unknown_field_is_invalid(database: Database) -> None:
    with database.transaction() as uow:
        key = film(uow)
        for name in ("budget", "deleted_at", "title'; DROP TABLE media_items; --", "artwork.nonsense", "", "albumType"):
            for act in (lock_fields, unlock_fields):
                with pytest.raises(Invalid) as caught:
                    act(uow, item_id=key, fields=["plot", name])
                assert caught.value.path == ("fields",)
        assert locks(uow.session, key) == {}
        assert item(uow.session, key).version == 1


def test_below_a_locked_series_an_episode_can_be_unlocked(database: Database) -> None:
    with database.transaction() as uow:
        catalog.types(uow)
        show, _, first, second = catalog.series(uow)
        lock_fields(uow, item_id=show, fields=["plot"])
        unlock_fields(uow, item_id=first, fields=["plot", "tagline"])
        assert locks(uow.session, first) == {"plot": UNLOCKED}
        store_values(uow, NFO, {first: {"plot": "One."}, second: {"plot": "Two."}})
        assert (item(uow.session, first).plot, item(uow.session, second).plot) == ("One.", None)
        unlock_fields(uow, item_id=show, fields=["plot"])
        unlock_fields(uow, item_id=first, fields=["plot"])
        assert locks(uow.session, show) == locks(uow.session, first) == {}


def test_a_persons_word_stays_when_its_field_is_unlocked(database: Database) -> None:
    with database.transaction() as uow:
        key = film(uow)
        update_item(uow, item_id=key, changes={"plot": "Mine."})
        unlock_fields(uow, item_id=key, fields=["plot"])
        store_values(uow, NFO, {key: {"plot": "Theirs."}})
        assert item(uow.session, key).plot == "Mine."
