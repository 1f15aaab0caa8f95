"""Built-in data is added once and never overwrites what a person changed."""

import pytest
from sqlmodel import select

from domain.artwork import builtin as artwork
from domain.artwork.tables import AssetType
from domain.catalog import builtin
from domain.catalog.enums import ItemKind
from domain.catalog.fields import ARTWORK
from domain.catalog.tables import Country, MediaLevel, MediaType, RatingSystem
from domain.kit.database import Database
from tests.factories import catalog

pytestmark = pytest.mark.both


def test_the_types_and_their_levels(database: Database) -> None:
    with database.transaction() as uow:
        keys = catalog.types(uow)
        rows = uow.session.exec(select(MediaLevel)).all()
    found = {name: sorted((r.level, r.kind.value) for r in rows if r.media_type_id == key) for name, key in keys.items()}
    assert found.keys() == {"movie", "tv", "music", "book", "podcast", "anime", "broadcast"}
    assert found["tv"] == [(0, "series"), (1, "season"), (2, "episode")]
    assert found["anime"] == [(0, "movie"), (0, "series"), (1, "season"), (2, "episode")]
    assert found["podcast"] == [(0, "series"), (1, "episode")]
    assert len(found["broadcast"]) == 9
    assert {kind for levels in found.values() for _, kind in levels} == {kind.value for kind in ItemKind}


def test_a_second_time_nothing_happens(database: Database) -> None:
    models = (MediaType, MediaLevel, RatingSystem, Country, AssetType)
    with database.transaction() as uow:
        builtin.install_builtins(uow)
        artwork.install_builtins(uow)
        before = [catalog.count(uow.session, model) for model in models]
    with database.transaction() as uow:
        builtin.install_builtins(uow)
        artwork.install_builtins(uow)
        assert [catalog.count(uow.session, model) for model in models] == before
    assert before[3] == 249


def test_a_persons_changes_stay(database: Database) -> None:
    with database.transaction() as uow:
        catalog.types(uow)
        artwork.install_builtins(uow)
        kind = uow.session.exec(select(MediaType).where(MediaType.name == "movie")).one()
        kind.display_name, kind.is_enabled = "Filme", False
        poster = uow.session.exec(select(AssetType).where(AssetType.name == "poster")).one()
        poster.default_limit = 1
        age = uow.session.exec(select(RatingSystem).where(RatingSystem.system == "mpaa", RatingSystem.code == "PG")).one()
        age.min_age = 6
    with database.transaction() as uow:
        builtin.install_builtins(uow)
        artwork.install_builtins(uow)
        kind = uow.session.exec(select(MediaType).where(MediaType.name == "movie")).one()
        assert (kind.display_name, kind.is_enabled) == ("Filme", False)
        assert uow.session.exec(select(AssetType.default_limit).where(AssetType.name == "poster")).one() == 1
        query = select(RatingSystem.min_age).where(RatingSystem.system == "mpaa", RatingSystem.code == "PG")
        assert uow.session.exec(query).one() == 6


def test_every_type_of_picture_has_rules(database: Database) -> None:
    assert {rule.name for rule in artwork.RULES} >= ARTWORK.keys()
    with database.transaction() as uow:
        artwork.install_builtins(uow)
        rows = {row.name: row for row in uow.session.exec(select(AssetType))}
    poster = rows["poster"]
    assert (poster.ratio_width, poster.ratio_height, poster.ratio_tolerance_percent) == (2, 3, 10)
    assert (poster.min_width, poster.min_height, poster.default_limit, poster.max_limit) == (500, 750, 3, 10)
    assert poster.kinds == ["collection", "custom", "movie", "season", "series"]
    assert rows["trailer"].media.value == "video"
    assert len(rows) == 18
