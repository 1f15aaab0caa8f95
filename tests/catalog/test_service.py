"""Entities and items are made in few statements, in their place."""

import pytest
import sqlalchemy as sa
from sqlmodel import select

from domain.catalog import service
from domain.catalog.enums import EntityKind, ItemKind
from domain.catalog.tables import Entity, MediaItem
from domain.kit.database import Database
from domain.kit.errors import Invalid, NotFound
from tests.factories import catalog

pytestmark = pytest.mark.both


def test_entities_come_in_order_of_their_kinds(database: Database) -> None:
    kinds = [EntityKind.PERSON, EntityKind.MOVIE, EntityKind.STUDIO, EntityKind.PERSON]
    with database.transaction() as uow:
        keys = service.create_entities(uow, kinds)
        rows = {row.id: row.kind for row in uow.session.exec(select(Entity))}
    assert [rows[key] for key in keys] == kinds


def test_a_tree_is_made_in_one_batch(database: Database) -> None:
    with database.transaction() as uow:
        catalog.types(uow)
        library = catalog.library(uow, "TV", media_type="tv")
        show, season, first, second = catalog.series(uow, library_id=library)
        rows = {row.id: row for row in uow.session.exec(select(MediaItem))}
    assert (rows[show].level, rows[show].parent_id, rows[show].root_id) == (0, None, show)
    assert (rows[season].level, rows[season].parent_id, rows[season].root_id) == (1, show, show)
    assert (rows[first].level, rows[first].parent_level, rows[first].root_id) == (2, 1, show)
    assert [rows[key].library_id for key in (show, season, first, second)] == [library] * 4
    assert [rows[key].position for key in (first, second)] == [1, 2]


def test_a_thousand_films_take_a_handful_of_statements(database: Database) -> None:
    seen: list[str] = []
    sa.event.listen(database.engine, "before_cursor_execute", lambda *arguments: seen.append(arguments[2]))
    with database.transaction() as uow:
        media_type_id = catalog.types(uow)["movie"]
        items = [
            service.NewItem(media_type_id=media_type_id, kind=ItemKind.MOVIE, title=f"Film {n}", values={"year": 1990 + n % 9})
            for n in range(1000)
        ]
        seen.clear()
        keys = service.create_items(uow, items)
        assert len(seen) <= 6
    assert len(set(keys)) == 1000


def test_a_kind_out_of_place_is_refused(database: Database) -> None:
    with database.transaction() as uow:
        tv = catalog.types(uow)["tv"]
        show, *_ = catalog.series(uow)
        with pytest.raises(Invalid, match="episode cannot stand at level 1"):
            service.create_item(uow, media_type_id=tv, kind=ItemKind.EPISODE, title="x", parent_id=show)
        with pytest.raises(NotFound):
            service.create_item(uow, media_type_id=tv, kind=ItemKind.SEASON, title="x", parent_id=show + 10_000)


def test_children_inherit_the_age_limit(database: Database) -> None:
    with database.transaction() as uow:
        tv = catalog.types(uow)["tv"]
        show = service.create_item(uow, media_type_id=tv, kind=ItemKind.SERIES, title="Fargo", min_age=16)
        season = service.create_item(uow, media_type_id=tv, kind=ItemKind.SEASON, title="S1", parent_id=show, position=1)
        assert uow.session.exec(select(MediaItem.min_age).where(MediaItem.id == season)).one() == 16
