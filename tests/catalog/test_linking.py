"""Genres, studios, countries and tags on many items at once."""

from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col, select

from domain.catalog import linking
from domain.catalog.enums import StudioRole, TagOrigin
from domain.catalog.tables import Country, Genre, ItemCountry, ItemGenre, ItemStudio, Studio, Tag
from domain.kit.database import Database
from tests.factories import catalog

pytestmark = pytest.mark.both


def names(session: Session, link: Any, key: Any, target: Any, item: int) -> list[str]:
    query = select(target.name).join(link, key == target.id).where(link.item_id == item).order_by(link.position)
    return list(session.exec(query))


def test_genres_are_set_in_order_and_shared(database: Database) -> None:
    with database.transaction() as uow:
        catalog.types(uow)
        first, second = catalog.movie(uow), catalog.movie(uow, "Aliens")
        linking.set_genres(uow, {first: ["Horror", "Sci-Fi", "horror"], second: ["sci fi"]})
        assert names(uow.session, ItemGenre, ItemGenre.genre_id, Genre, first) == ["Horror", "Sci-Fi"]
        assert names(uow.session, ItemGenre, ItemGenre.genre_id, Genre, second) == ["Sci-Fi"]
        linking.set_genres(uow, {first: ["Sci-Fi", "Drama"], second: []})
        assert names(uow.session, ItemGenre, ItemGenre.genre_id, Genre, first) == ["Sci-Fi", "Drama"]
        assert names(uow.session, ItemGenre, ItemGenre.genre_id, Genre, second) == []


def test_an_unchanged_list_is_not_written(database: Database) -> None:
    with database.transaction() as uow:
        catalog.types(uow)
        items = [catalog.movie(uow, f"Film {n}") for n in range(20)]
        linking.set_genres(uow, {item: ["Horror", "Drama"] for item in items})
        seen: list[str] = []
        sa.event.listen(database.engine, "before_cursor_execute", lambda *arguments: seen.append(arguments[2]))
        linking.set_genres(uow, {item: ["Horror", "Drama"] for item in items})
        written = list(seen)  # before the commit, which brings the search up to date
    assert [text for text in written if not text.startswith("SELECT")] == []
    assert len(written) <= 3


def test_studios_keep_their_roles_apart(database: Database) -> None:
    with database.transaction() as uow:
        catalog.types(uow)
        show, *_ = catalog.series(uow)
        linking.set_studios(uow, {show: ["MGM", "FX"]})
        linking.set_studios(uow, {show: ["FX"]}, role=StudioRole.NETWORK)
        linking.set_studios(uow, {show: ["MGM"]})
        rows = uow.session.exec(
            select(Studio.name, ItemStudio.role).join(ItemStudio, col(ItemStudio.studio_id) == Studio.id).order_by(Studio.name)
        ).all()
    assert [tuple(row) for row in rows] == [("FX", StudioRole.NETWORK), ("MGM", StudioRole.STUDIO)]


def test_countries_by_code_name_and_alias(database: Database) -> None:
    with database.transaction() as uow:
        catalog.types(uow)
        item = catalog.movie(uow)
        linking.set_countries(uow, {item: ["USA", "gb", "Germany", "United States of America", "Atlantis"]})
        found = names(uow.session, ItemCountry, ItemCountry.country_id, Country, item)
        codes = dict(uow.session.exec(select(Country.name, Country.code).where(col(Country.name).in_(found))).all())
    assert found == ["United States of America", "United Kingdom", "Germany", "Atlantis"]
    assert [codes[name] for name in found] == ["US", "GB", "DE", None]


def test_automation_removes_only_its_own_tags(database: Database) -> None:
    with database.transaction() as uow:
        catalog.types(uow)
        item = catalog.movie(uow)
        linking.set_tags(uow, {item: ["favourite", "space"]}, origin=TagOrigin.USER)
        linking.set_tags(uow, {item: ["space", "android", "cat"]}, origin=TagOrigin.PROVIDER)
        linking.set_tags(uow, {item: ["cat"]}, origin=TagOrigin.PROVIDER)
        rows = uow.session.exec(select(Tag.key, Tag.origin).order_by(Tag.sort_key)).all()
    assert [tuple(row) for row in rows] == [
        ("cat", TagOrigin.PROVIDER),
        ("favourite", TagOrigin.USER),
        ("space", TagOrigin.USER),
    ]
