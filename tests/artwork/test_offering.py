"""What providers offer: upserted and scored, with people's decisions about it left alone."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import col

from domain.artwork.offering import MOST_OFFERS, offer
from domain.artwork.tables import ImageCandidate
from domain.kit.database import Database
from domain.providers.builtin import install_builtins
from domain.providers.model import Picture
from domain.providers.tables import ProviderConfig
from tests.artwork.conftest import Gallery

pytestmark = pytest.mark.both
POSTER = Picture("poster", "https://img.example/a.jpg", "a", 2000, 3000, "de", Decimal("8.25"), 40)
PLAIN = Picture("poster", "https://img.example/b.jpg", "b", None, None)


def offered(gallery: Gallery, *pictures: Picture, provider: str = "tmdb") -> frozenset[int]:
    with gallery.house.database.transaction() as uow:
        return offer(uow, provider, {gallery.key: pictures})


def rows(database: Database, provider: str = "tmdb") -> dict[str, Any]:
    with database.read() as session:
        query = sa.select(ImageCandidate.__table__).where(col(ImageCandidate.provider) == provider)  # type: ignore[attr-defined]
        return {row.url.rpartition("/")[2]: row for row in session.execute(query)}


async def test_offers_are_scored_listed_and_written_once(gallery: Gallery) -> None:
    database = gallery.house.database
    with database.transaction() as uow:
        install_builtins(uow)
        uow.session.execute(sa.update(ProviderConfig).where(col(ProviderConfig.name) == "tmdb").values(language="de-AT"))
    strange = [
        Picture("characterart", "https://img.example/c.png", "c"),  # a film has none
        Picture("sculpture", "https://img.example/d.png", "d"),
        Picture("poster", "javascript:alert(1)", "e"),
        replace(POSTER, width=1),  # the same address again
    ]
    assert offered(gallery, POSTER, PLAIN, *strange) == {gallery.key}
    before = rows(database)
    assert sorted(before) == ["a.jpg", "b.jpg"]
    assert before["a.jpg"].score_breakdown == {
        "resolution": 30.0, "aspect": 20.0, "language": 20.0, "votes": 15.2, "provider": 10.0,
    }  # fmt: skip
    assert (before["a.jpg"].score, before["b.jpg"].score) == (95.2, 63.0)
    assert offered(gallery, POSTER, PLAIN, *strange) == frozenset()
    assert rows(database) == before
    data = await gallery.candidates()
    assert {node["provider"] for node in data.values()} == {"local", "tmdb"}
    assert offered(gallery, replace(POSTER, votes=41), PLAIN) == {gallery.key}
    assert rows(database)["a.jpg"].vote_count == 41


async def test_what_is_offered_no_longer_goes_unless_it_is_blocked(gallery: Gallery) -> None:
    database = gallery.house.database
    offered(gallery, POSTER, PLAIN)
    offered(gallery, PLAIN, replace(PLAIN, url="https://fan.example/1.jpg"), provider="fanarttv")
    assert sorted(rows(database, "fanarttv")) == ["1.jpg"]  # the other's address stays the other's
    blocked = await gallery.act("blockArtwork", "images { rank }", candidate=f"cnd_{rows(database)['a.jpg'].id}")
    assert blocked["errors"] == []
    assert offered(gallery) == {gallery.key}
    assert [(name, row.is_blocked) for name, row in rows(database).items()] == [("a.jpg", True)]
    assert offered(gallery, POSTER) == frozenset()
    assert rows(database)["a.jpg"].is_blocked
    assert sorted(rows(database, "fanarttv")) == ["1.jpg"]
    assert offered(gallery, provider="tvdb") == frozenset()


def many(count: int) -> Sequence[Picture]:
    return [replace(POSTER, url=f"https://img.example/{n}.jpg", votes=n) for n in range(count)]


async def test_the_best_of_a_type_are_kept(gallery: Gallery) -> None:
    offered(gallery, *many(MOST_OFFERS + 5))
    kept = sorted(row.vote_count for row in rows(gallery.house.database).values())
    assert kept == list(range(5, MOST_OFFERS + 5))
    with gallery.house.database.transaction() as uow:
        uow.session.execute(sa.update(ImageCandidate).where(col(ImageCandidate.vote_count) == 5).values(is_blocked=True))
    offered(gallery, *many(MOST_OFFERS + 6))
    kept = sorted(row.vote_count for row in rows(gallery.house.database).values())
    assert kept == list(range(5, MOST_OFFERS + 6))
