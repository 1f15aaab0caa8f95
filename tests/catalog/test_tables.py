"""How trees and entities move and go, as the foreign keys have it."""

from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import col, select

from domain.catalog.enums import EntityKind, ItemKind
from domain.catalog.facts import CatalogueId, add_external_ids
from domain.catalog.people import person
from domain.catalog.service import create_entity
from domain.catalog.tables import Entity, ExternalId, MediaGroup, MediaItem, Person
from domain.kit.database import Database, UnitOfWork
from domain.libraries.tables import Library
from tests.factories import catalog

pytestmark = pytest.mark.both


def field(uow: UnitOfWork, column: Any, items: list[int]) -> list[Any]:
    uow.session.expire_all()
    found = dict(uow.session.exec(select(MediaItem.id, column)).all())
    return [found[item] for item in items]


def test_a_film_becomes_an_episode_in_one_transaction(database: Database) -> None:
    with database.transaction() as uow:
        tv = catalog.types(uow)["tv"]
        show, season, *_ = catalog.series(uow)
        film = catalog.movie(uow)
    with database.transaction() as uow:
        run = uow.session.connection().execute
        run(sa.update(Entity).where(col(Entity.id) == film).values(kind=EntityKind.EPISODE))
        place = {"media_type_id": tv, "level": 2, "parent_id": season, "root_id": show, "position": 9}
        run(sa.update(MediaItem).where(col(MediaItem.id) == film).values(**place))
    with database.transaction() as uow:
        row = uow.session.get(MediaItem, film)
        assert row is not None
        assert (row.kind, row.level, row.parent_level, row.position) == (ItemKind.EPISODE, 2, 1, 9)


def test_a_half_done_change_of_kind_is_refused_at_the_end(database: Database) -> None:
    with database.transaction() as uow:
        catalog.types(uow)
        film = catalog.movie(uow)
    with pytest.raises(sa.exc.IntegrityError), database.transaction() as uow:
        uow.session.connection().execute(sa.update(Entity).where(col(Entity.id) == film).values(kind=EntityKind.EPISODE))


def test_a_season_moves_with_its_episodes_to_another_series(database: Database) -> None:
    with database.transaction() as uow:
        catalog.types(uow)
        _, season, first, second = catalog.series(uow)
        other, *_ = catalog.series(uow, "Other", episodes=0)
        uow.session.connection().execute(
            sa.update(MediaItem).where(col(MediaItem.id) == season).values(parent_id=other, root_id=other, position=2)
        )
        assert field(uow, MediaItem.root_id, [season, first, second]) == [other] * 3


def test_the_tree_moves_with_its_top_to_another_library(database: Database) -> None:
    with database.transaction() as uow:
        catalog.types(uow)
        one, two = (catalog.library(uow, name, media_type="tv") for name in ("One", "Two"))
        tree = catalog.series(uow, library_id=one)
        uow.session.connection().execute(sa.update(MediaItem).where(col(MediaItem.id) == tree[0]).values(library_id=two))
        assert field(uow, MediaItem.library_id, tree) == [two] * 4


def test_a_library_that_goes_leaves_its_items(database: Database) -> None:
    with database.transaction() as uow:
        catalog.types(uow)
        library = catalog.library(uow, media_type="tv")
        tree = catalog.series(uow, library_id=library)
        uow.session.connection().execute(sa.delete(Library).where(col(Library.id) == library))
        assert field(uow, MediaItem.library_id, tree) == [None] * 4


def test_a_group_that_goes_leaves_its_versions(database: Database) -> None:
    with database.transaction() as uow:
        movie_type = catalog.types(uow)["movie"]
        group = create_entity(uow, EntityKind.GROUP)
        uow.session.add(MediaGroup(id=group, media_type_id=movie_type, name="Alien"))
        uow.session.flush()
        film = catalog.movie(uow, media_group_id=group)
    with database.transaction() as uow:
        uow.session.connection().execute(sa.delete(Entity).where(col(Entity.id) == group))
    with database.transaction() as uow:
        assert field(uow, MediaItem.media_group_id, [film]) == [None]
        assert field(uow, MediaItem.media_type_id, [film]) == [movie_type]
        assert catalog.count(uow.session, MediaGroup) == 0


def test_what_hangs_on_an_entity_goes_with_it(database: Database) -> None:
    with database.transaction() as uow:
        catalog.types(uow)
        somebody = person(uow, "Ana")
        add_external_ids(uow, {somebody: (EntityKind.PERSON, [CatalogueId("tmdb", "person", "1")])})
        uow.session.connection().execute(sa.delete(Entity).where(col(Entity.id) == somebody))
        assert [catalog.count(uow.session, model) for model in (Entity, Person, ExternalId)] == [0, 0, 0]


def test_a_tree_goes_with_its_top(database: Database) -> None:
    with database.transaction() as uow:
        catalog.types(uow)
        show, *_ = catalog.series(uow)
        uow.session.connection().execute(sa.delete(Entity).where(col(Entity.id) == show))
        assert catalog.count(uow.session, MediaItem) == 0


def test_an_id_is_never_given_twice(database: Database) -> None:
    with database.transaction() as uow:
        first = create_entity(uow, EntityKind.PERSON)
    with database.transaction() as uow:
        uow.session.connection().execute(sa.delete(Entity))
    with database.transaction() as uow:
        assert create_entity(uow, EntityKind.PERSON) > first


def test_a_list_stands_in_the_same_order_on_both_engines(database: Database) -> None:
    titles = ["Zoo", "Étoile", "the Apple", "10 Things", "9 Lives", "ガンダム", "Ärger", "_Underscore", "apple b"]
    with database.transaction() as uow:
        catalog.types(uow)
        for title in titles:
            catalog.movie(uow, title)
        found = uow.session.exec(select(MediaItem.title).order_by(MediaItem.sort_key, MediaItem.id)).all()
    assert found == [
        "9 Lives", "10 Things", "the Apple", "apple b", "Ärger", "Étoile", "_Underscore", "Zoo", "ガンダム"
    ]  # fmt: skip
