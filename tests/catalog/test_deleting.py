"""Items are deleted with their parts, and come back with exactly those."""

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col, select

from domain.catalog import service
from domain.catalog.deleting import delete_item, restore_item
from domain.catalog.enums import EntityKind, ItemKind
from domain.catalog.tables import MediaGroup, MediaItem
from domain.kit.database import Database
from domain.kit.errors import Conflict, NotFound, VersionConflict
from domain.system.tables import Event
from tests.factories import catalog

pytestmark = pytest.mark.both


def live(session: Session) -> set[int]:
    return set(session.exec(select(MediaItem.id).where(col(MediaItem.deleted_at).is_(None))))


def test_a_series_goes_and_comes_back_with_its_parts(database: Database) -> None:
    with database.transaction() as uow:
        catalog.types(uow)
        library = catalog.library(uow, media_type="tv")
        show, season, first, second = catalog.series(uow, library_id=library)
        other = catalog.movie(uow)
        delete_item(uow, item_id=second)
    with database.transaction() as uow:
        tree = delete_item(uow, item_id=show)
        assert (list(tree.keys), list(tree.leaves)) == ([show, season, first], [first])
        assert live(uow.session) == {other}
        with pytest.raises(NotFound):
            delete_item(uow, item_id=show)
        with pytest.raises(Conflict, match="belongs to"):
            restore_item(uow, item_id=first)
    with database.transaction() as uow:
        restore_item(uow, item_id=show)
        assert live(uow.session) == {other, show, season, first}
        with pytest.raises(Conflict, match="not deleted"):
            restore_item(uow, item_id=show)
        restore_item(uow, item_id=second)
        assert live(uow.session) == {other, show, season, first, second}
        events = uow.session.exec(select(Event.type, Event.subject, Event.audience).order_by(Event.sequence)).all()
        told = [("item.deleted", second), ("item.deleted", show), ("item.restored", show), ("item.restored", second)]
        assert [tuple(event) for event in events] == [(kind, f"itm_{key}", f"library:{library}") for kind, key in told]


def test_versions_and_what_was_purged(database: Database) -> None:
    with database.transaction() as uow:
        catalog.types(uow)
        key = catalog.movie(uow)
        with pytest.raises(VersionConflict):
            delete_item(uow, item_id=key, expected_version=7)
        delete_item(uow, item_id=key, expected_version=1)
        uow.session.execute(sa.update(MediaItem).values(purged_at=uow.now()))
        with pytest.raises(Conflict, match="history"):
            restore_item(uow, item_id=key)
        with pytest.raises(NotFound):
            restore_item(uow, item_id=key + 10_000)


def test_a_number_that_was_taken_meanwhile(database: Database) -> None:
    with database.transaction() as uow:
        tv = catalog.types(uow)["tv"]
        _, season, first, _ = catalog.series(uow)
        delete_item(uow, item_id=first)
        new = service.create_item(uow, media_type_id=tv, kind=ItemKind.EPISODE, title="New", parent_id=season, position=1)
        with pytest.raises(Conflict, match="number"):
            restore_item(uow, item_id=first)
        delete_item(uow, item_id=new)
        restore_item(uow, item_id=first)
        assert first in live(uow.session)


def test_a_folder_and_a_preference_that_another_took_stay_with_it(database: Database) -> None:
    with database.transaction() as uow:
        movie_type = catalog.types(uow)["movie"]
        group = service.create_entity(uow, EntityKind.GROUP)
        uow.session.add(MediaGroup(id=group, media_type_id=movie_type, name="Alien"))
        uow.session.flush()
        place = {"directory_path": "/films/Alien", "media_group_id": group, "is_preferred": True}
        old = catalog.movie(uow, "Alien", **place)
        delete_item(uow, item_id=old)
        new = catalog.movie(uow, "Alien", **place)
        restore_item(uow, item_id=old)
        rows = {row.id: row for row in uow.session.exec(select(MediaItem))}
        assert (rows[old].directory_path, rows[old].is_preferred) == (None, False)
        assert (rows[new].directory_path, rows[new].is_preferred) == ("/films/Alien", True)
