"""The index follows what it is about, in the same transaction."""

import pytest
import sqlalchemy as sa

import domain.registry
from domain.catalog.deleting import delete_item, restore_item
from domain.catalog.editing import update_item
from domain.catalog.people import person
from domain.catalog.tables import Entity, MediaItem
from domain.kit.database import Database, triggers
from domain.kit.policy import SYSTEM
from domain.search.documents import SOURCES
from domain.search.finding import find
from domain.search.keeping import CHANGES, DOCUMENTS
from domain.search.rebuilding import differing, rebuild
from tests.factories import catalog

pytestmark = pytest.mark.both
assert domain.registry


def keys(database: Database, text: str) -> list[int]:
    with database.read() as session:
        return [hit.key for hit in find(session, SYSTEM, text)]


@pytest.fixture
def film(database: Database) -> int:
    with database.transaction() as uow:
        catalog.types(uow)
        return catalog.movie(uow, "Nosferatu", year=1922)


def test_it_follows_edits_deletions_and_restores(database: Database, film: int) -> None:
    assert keys(database, "nosferatu 1922") == [film]
    with database.transaction() as uow:
        update_item(uow, item_id=film, changes={"title": "Vampyr", "original_title": "Der Traum"})
    assert (keys(database, "nosferatu"), keys(database, "vampyr"), keys(database, "traum")) == ([], [film], [film])
    with database.transaction() as uow:
        delete_item(uow, item_id=film)
    assert keys(database, "vampyr") == []
    with database.transaction() as uow:
        restore_item(uow, item_id=film)
    assert keys(database, "vampyr") == [film]
    with database.transaction() as uow:
        uow.session.connection().execute(sa.delete(Entity).where(sa.column("id") == film))
    assert keys(database, "vampyr") == []


def test_a_bulk_statement_does_not_slip_past(database: Database, film: int) -> None:
    with database.transaction() as uow:
        uow.session.connection().execute(sa.update(MediaItem).where(sa.column("id") == film).values(title="Sunrise"))
    assert keys(database, "sunrise") == [film]
    with database.read() as session:
        assert session.connection().execute(sa.select(CHANGES)).all() == []


def test_what_is_rolled_back_is_not_found(database: Database, film: int) -> None:
    def change_and_fail() -> None:
        with database.transaction() as uow:
            update_item(uow, item_id=film, changes={"title": "Vampyr"})
            raise RuntimeError

    with pytest.raises(RuntimeError):
        change_and_fail()
    assert (keys(database, "nosferatu"), keys(database, "vampyr")) == ([film], [])


def test_who_was_merged_is_found_no_more_until_parted(database: Database) -> None:
    with database.transaction() as uow:
        kept, merged = person(uow, "Max Schreck"), person(uow, "Maximilian Schreck")
    entities = sa.update(Entity).where(sa.column("id") == merged)
    with database.transaction() as uow:
        uow.session.connection().execute(entities.values(merged_into_id=kept))
    assert keys(database, "schreck") == [kept]
    with database.transaction() as uow:
        uow.session.connection().execute(entities.values(merged_into_id=None))
    assert set(keys(database, "schreck")) == {kept, merged}


def test_numbered_episodes_are_not_in_it(database: Database, film: int) -> None:
    with database.transaction() as uow:
        series, *_ = catalog.series(uow, "Fargo", episodes=3)
    assert (keys(database, "fargo"), keys(database, "episode 2")) == ([series], [])


def test_a_lost_document_is_noticed_and_mended(database: Database, film: int) -> None:
    with database.read() as session:
        assert differing(session) == 0
    with database.transaction() as uow:
        uow.session.connection().execute(sa.delete(DOCUMENTS).where(DOCUMENTS.c.entity_id == film))
    with database.read() as session:
        assert differing(session) == 1
    assert (keys(database, "nosferatu"), rebuild(database), rebuild(database)) == ([], 1, 0)
    assert keys(database, "nosferatu") == [film]


def test_every_source_is_watched(database: Database) -> None:
    """A migration that rebuilds a table on SQLite drops its triggers: it must call `triggers.watch` again."""
    wanted = {name for table in SOURCES for name in triggers.names(table, "search_changes")}
    with database.engine.connect() as connection:
        found = triggers.present(connection, "search_changes")
    assert found == wanted | {"search_changes_entities_update"}
