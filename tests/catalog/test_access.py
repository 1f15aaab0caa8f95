"""Who sees which row of catalog, libraries and artwork."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session

import domain.registry
from domain.accounts.tables import Group, GroupMember, User
from domain.artwork import builtin as artwork
from domain.artwork.tables import Asset, CachedFile, ImageCandidate
from domain.catalog import linking
from domain.catalog.enums import Department, EntityKind, RelationshipType, TagOrigin
from domain.catalog.facts import CatalogueId, CreditFact, add_external_ids, set_credits
from domain.catalog.people import person
from domain.catalog.tables import (
    Credit,
    Entity,
    ExternalId,
    FieldLock,
    ItemGenre,
    MediaItem,
    MediaRelationship,
    MergeLog,
    Person,
    Tag,
)
from domain.kit import policy
from domain.kit.database import Database, UnitOfWork
from domain.kit.policy import SYSTEM, Viewer
from domain.libraries.tables import (
    ItemFile,
    Library,
    LibraryAccess,
    LibraryPath,
    MediaFile,
    ReviewItem,
    Source,
    VideoStream,
)
from tests.factories import catalog

pytestmark = pytest.mark.both
NOW = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass
class World:
    """Two libraries; a film in each, one tracked and one deleted; ages 6, 16, none; everything hangs on each of them."""

    open: int
    closed: int
    child: int
    adult: int
    tracked: int
    deleted: int
    user: int
    member: int
    stranger: int

    def viewer(self, user: int | None, **more: Any) -> Viewer:
        return Viewer(user_id=user, **more)


def seen(session: Session, model: Any, viewer: Viewer, column: str = "id") -> set[int]:
    table = model.__table__.alias()
    query = sa.select(table.c[column])
    condition = policy.visible(table, viewer.shape)
    if condition is not None:
        query = query.where(condition)
    return set(session.connection().execute(query, viewer.binds).scalars())


def user(uow: UnitOfWork, name: str) -> int:
    row = User(username=name, username_key=name, password_hash="x")
    uow.session.add(row)
    uow.session.flush()
    return row.id


def hang(uow: UnitOfWork, item: int, library: int | None, somebody: int) -> None:
    """A file, artwork, a genre, a tag, a credit, an id, a lock and a question on an item."""
    add = uow.session.add
    file = MediaFile(library_id=library, uri=f"/media/{item}.mkv", file_kind="video", size_bytes=1)
    cached = CachedFile(kind="text", sha256=f"{item:064}", path=f"{item}", size_bytes=1, format="srt")
    add(file)
    add(cached)
    uow.session.flush()
    add(ItemFile(item_id=item, file_id=file.id, is_default=True))
    add(VideoStream(file_id=file.id, stream_index=0))
    add(ReviewItem(file_id=file.id, reason="ambiguous"))
    add(Asset(entity_id=item, asset_type="poster", cached_file_id=cached.id, token=f"t{item}", source_type="local"))
    add(ImageCandidate(entity_id=item, asset_type="poster", provider="tmdb", url=f"u{item}"))
    add(FieldLock(entity_id=item, field="title"))
    linking.set_genres(uow, {item: ["Horror"]})
    linking.set_tags(uow, {item: ["space"]}, origin=TagOrigin.USER)
    set_credits(uow, {item: [CreditFact(somebody, Department.CAST, "Actor")]})
    add_external_ids(uow, {item: (EntityKind.MOVIE, [CatalogueId("tmdb", "movie", f"{item}")])})


@pytest.fixture
def world(database: Database) -> World:
    with database.transaction() as uow:
        catalog.types(uow)
        artwork.install_builtins(uow)
        open_, closed = catalog.library(uow, "Open"), catalog.library(uow, "Closed")
        somebody = person(uow, "Ana")
        made = World(
            open=open_,
            closed=closed,
            child=catalog.movie(uow, "Child", library_id=open_, min_age=6),
            adult=catalog.movie(uow, "Adult", library_id=closed, min_age=16),
            tracked=catalog.movie(uow, "Tracked"),
            deleted=catalog.movie(uow, "Deleted", library_id=open_, deleted_at=NOW),
            user=user(uow, "user"),
            member=user(uow, "member"),
            stranger=user(uow, "stranger"),
        )
        for item, library in [(made.child, open_), (made.adult, closed), (made.tracked, None), (made.deleted, open_)]:
            hang(uow, item, library, somebody)
        group = Group(name="Family", owner_user_id=made.user)
        uow.session.add(group)
        uow.session.flush()
        uow.session.add(GroupMember(group_id=group.id, user_id=made.member, joined_at=NOW))
        uow.session.add(LibraryAccess(library_id=open_, user_id=made.user))
        uow.session.add(LibraryAccess(library_id=closed, group_id=group.id))
        uow.session.add(LibraryPath(library_id=open_, path="/open"))
        uow.session.add(LibraryPath(library_id=closed, path="/closed"))
        uow.session.add(MediaRelationship(from_item_id=made.child, to_item_id=made.adult, type=RelationshipType.SEQUEL))
    return made


def test_items_by_library(database: Database, world: World) -> None:
    with database.read() as session:

        def items(viewer: Viewer) -> set[int]:
            return seen(session, MediaItem, viewer)

        assert items(world.viewer(world.user)) == {world.child, world.tracked}
        assert items(world.viewer(world.member)) == {world.adult, world.tracked}
        assert items(world.viewer(world.stranger)) == {world.tracked}
        assert items(world.viewer(world.stranger, all_libraries=True)) == {world.child, world.adult, world.tracked}
        assert items(world.viewer(world.user, is_admin=True)) == {world.child, world.adult, world.tracked}
        assert items(SYSTEM) == {world.child, world.adult, world.tracked}
        assert items(world.viewer(None)) == set()


def test_items_by_age(database: Database, world: World) -> None:
    with database.read() as session:

        def items(**limits: Any) -> set[int]:
            return seen(session, MediaItem, world.viewer(world.user, all_libraries=True, **limits))

        assert items(max_age=12) == {world.child, world.tracked}
        assert items(max_age=16) == {world.child, world.adult, world.tracked}
        assert items(max_age=12, sees_unrated=False) == {world.child}
        assert items(max_age=5, sees_unrated=False) == set()
        assert items(sees_unrated=False) == {world.child, world.adult, world.tracked}


def test_a_disabled_type_hides_its_items_and_keeps_them(database: Database, world: World) -> None:
    with database.transaction() as uow:
        uow.session.connection().execute(sa.text("UPDATE media_types SET is_enabled = :off"), {"off": False})
    with database.read() as session:
        assert seen(session, MediaItem, world.viewer(world.user, is_admin=True)) == set()
        assert seen(session, Tag, world.viewer(world.user), "item_id") == set()
        assert seen(session, MediaItem, SYSTEM) == {world.child, world.adult, world.tracked}


VIEWERS: list[dict[str, Any]] = [
    {},
    {"all_libraries": True},
    {"all_libraries": True, "max_age": 12},
    {"all_libraries": True, "max_age": 12, "sees_unrated": False},
    {"max_age": 3},
]
OF_ITEMS = [
    (Credit, "item_id"), (ItemGenre, "item_id"), (Tag, "item_id"), (ItemFile, "item_id"), (ExternalId, "entity_id"),
    (FieldLock, "entity_id"), (Asset, "entity_id"), (ImageCandidate, "entity_id"),
]  # fmt: skip


@pytest.mark.parametrize("limits", VIEWERS)
def test_what_hangs_on_an_item_is_as_visible_as_the_item(database: Database, world: World, limits: dict[str, Any]) -> None:
    with database.read() as session:
        for viewer in (world.viewer(world.user, **limits), world.viewer(None, **limits), SYSTEM):
            items = seen(session, MediaItem, viewer)
            for model, column in OF_ITEMS:
                assert seen(session, model, viewer, column) == items, model.__name__
            people = seen(session, Person, viewer)
            assert len(people) == (viewer.user_id is not None or viewer is SYSTEM)
            groups = {world.child, world.adult, world.tracked, world.deleted}
            assert seen(session, Entity, viewer) & groups == items


def test_files_by_library_and_by_the_age_of_their_items(database: Database, world: World) -> None:
    with database.read() as session:
        items = {file: item for item, file in session.connection().execute(sa.text("SELECT item_id, file_id FROM item_files"))}

        def files(viewer: Viewer) -> set[int]:
            found = seen(session, MediaFile, viewer)
            assert seen(session, VideoStream, viewer, "file_id") == found
            return {items[file] for file in found}

        assert files(world.viewer(world.user)) == {world.child, world.deleted}
        assert files(world.viewer(world.member)) == {world.adult}
        assert files(world.viewer(world.stranger)) == set()
        assert files(world.viewer(world.stranger, all_libraries=True)) == set(items.values())
        assert files(world.viewer(world.user, all_libraries=True, max_age=12)) == {world.child, world.tracked}
        assert files(world.viewer(None)) == set()


def test_libraries_and_their_folders(database: Database, world: World) -> None:
    with database.read() as session:
        for viewer, expected in [
            (world.viewer(world.user), {world.open}),
            (world.viewer(world.member), {world.closed}),
            (world.viewer(world.stranger), set()),
            (world.viewer(world.stranger, all_libraries=True), {world.open, world.closed}),
            (world.viewer(None), set()),
        ]:
            assert seen(session, Library, viewer) == expected
            assert seen(session, LibraryPath, viewer, "library_id") == expected
        assert seen(session, LibraryAccess, world.viewer(world.user), "library_id") == {world.open}
        assert seen(session, LibraryAccess, world.viewer(world.member), "library_id") == {world.closed}


def test_questions_and_relationships(database: Database, world: World) -> None:
    with database.read() as session:
        assert len(seen(session, ReviewItem, world.viewer(world.user))) == 2
        assert seen(session, ReviewItem, world.viewer(world.stranger)) == set()
        assert len(seen(session, ReviewItem, world.viewer(world.user, is_admin=True))) == 4
        assert seen(session, MediaRelationship, world.viewer(world.user)) == set()
        assert len(seen(session, MediaRelationship, world.viewer(world.user, all_libraries=True))) == 1
        assert seen(session, MediaRelationship, world.viewer(world.user, all_libraries=True, max_age=12)) == set()


def test_only_admins_see_the_machinery(database: Database, world: World) -> None:
    with database.transaction() as uow:
        uow.session.add(Source(kind="plex", name="Plex"))
        uow.session.add(MergeLog(kept_id=world.child, merged_id=world.adult))
    with database.read() as session:
        for model in (Source, MergeLog, CachedFile):
            assert seen(session, model, world.viewer(world.user, all_libraries=True)) == set()
            assert seen(session, model, SYSTEM)


def test_every_table_of_these_features_has_a_rule(engine: str) -> None:
    assert engine
    public = {"media_types", "media_levels", "rating_systems", "asset_types"}
    ours = {
        name
        for name, table in domain.registry.metadata.tables.items()
        for mapper in MediaItem._sa_registry.mappers
        if mapper.local_table is table and mapper.class_.__module__.split(".")[1] in ("catalog", "libraries", "artwork")
    }
    assert len(ours) > 40
    assert {name for name in ours if not policy.is_guarded(name)} == public
