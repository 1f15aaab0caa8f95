"""fanart.tv: its pictures in our types, with sizes, languages, likes and seasons."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from domain.catalog import builtin as catalog
from domain.catalog.enums import EntityKind as K
from domain.kit.database import Database
from domain.kit.errors import Invalid, KeyRefused
from domain.providers import service
from domain.providers.builtin import install_builtins
from domain.providers.desk import PERSON, Desk
from domain.providers.known import provider_named
from domain.providers.model import Ask, Details, Picture, Query, Wishes
from domain.providers.queries import setups
from tests.conftest import ManualClock
from tests.factories.accounts import KEY
from tests.peers import fanarttv
from tests.peers.fanarttv import AT
from tests.peers.web import Peer

FANART = provider_named("fanarttv")


@dataclass
class Place:
    """A desk that asks a loopback fanart.tv."""

    database: Database
    peer: Peer
    desk: Desk

    def put_key(self, key: str) -> None:
        with self.database.transaction() as uow:
            (row,) = [each for each in setups(uow.session) if each.name == "fanarttv"]
            service.update(uow, provider_id=row.id, changes={"key": key}, secret=KEY)

    @property
    def ask(self) -> Ask:
        with self.database.read() as session:
            (setup,) = [each for each in setups(session) if each.name == "fanarttv"]
        return self.desk.asking(FANART, setup, PERSON)

    def details(self, kind: K, key: str) -> Details | None:
        return FANART.details(self.ask, kind, key, Wishes())


@pytest.fixture
def place(database: Database, manual_clock: ManualClock) -> Iterator[Place]:
    with database.transaction() as uow:
        catalog.install_builtins(uow)
        install_builtins(uow)
    with fanarttv.fanarttv() as peer:
        addresses = {"fanarttv": f"{peer.url}/v3.2"}
        made = Place(database, peer, Desk(database, peer.egress(), key=KEY, pause=manual_clock.advance, addresses=addresses))
        made.put_key(fanarttv.KEY)
        yield made


@pytest.mark.parametrize("key", ["900101", "tt9900101"])
def test_a_films_pictures_arrive_the_better_and_more_liked_first(place: Place, key: str) -> None:
    found = place.details(K.MOVIE, key)
    assert found is not None
    assert found.pictures == (
        Picture("clearlogo", f"{AT}/movies/900101/hdmovielogo/c.png", "3", 800, 310, "pl", votes=9),
        Picture("clearlogo", f"{AT}/movies/900101/hdmovielogo/a%20b.png", "2", 800, 310, "en", votes=2),
        Picture("clearlogo", f"{AT}/movies/900101/movielogo/old.png", "1", 400, 155, "en", votes=1),
        Picture("fanart", f"{AT}/movies/900101/moviebackground/f.jpg", "6", votes=1),
        Picture("keyart", f"{AT}/movies/900101/movieposter/e.jpg", "5", 1000, 1426, None, votes=3),
        Picture("poster", f"{AT}/movies/900101/movieposter/d.jpg", "4", 1000, 1426, "en", votes=1),
        Picture("discart", f"{AT}/movies/900101/moviedisc/g.png", "7", 1000, 1000, "en", votes=1),
    )
    (asked,) = place.peer.asked
    assert (asked.path, asked.query, asked.headers["api-key"]) == (f"/v3.2/movies/{key}", {}, fanarttv.KEY)


def test_a_series_brings_those_of_its_seasons(place: Place) -> None:
    found = place.details(K.SERIES, "777001")
    assert found is not None
    assert [(each.asset_type, each.provider_image_id, each.season_number, each.language) for each in found.pictures] == [
        ("clearlogo", "11", None, "en"), ("characterart", "12", None, None), ("poster", "13", 1, "en"), ("poster", "14", 0, "en"),
    ]  # fmt: skip


def test_a_collection_has_pictures_too(place: Place) -> None:
    found = place.details(K.COLLECTION, "7001")
    assert found is not None
    assert [each.asset_type for each in found.pictures] == ["keyart", "poster"]


def test_no_pictures_is_an_answer(place: Place) -> None:
    assert place.details(K.MOVIE, "1") is None
    FANART.test(place.ask)
    assert FANART.search(place.ask, Query(K.MOVIE, "Lampiony"), Wishes()) == ()
    assert [asked.path for asked in place.peer.asked] == ["/v3.2/movies/1", "/v3.2/movies/11"]


def test_a_wrong_key_is_told(place: Place) -> None:
    place.put_key("0" * 32)
    with pytest.raises(KeyRefused):
        FANART.test(place.ask)
    with pytest.raises(Invalid):
        place.put_key("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI5MDAxMDEifQ.c2lnbmF0dXJl")


@pytest.mark.parametrize(("kind", "key"), [(K.SERIES, "tt9900101"), (K.MOVIE, "../x"), (K.PERSON, "1"), (K.EPISODE, "1")])
def test_nothing_else_is_asked_for(place: Place, kind: K, key: str) -> None:
    with pytest.raises(Invalid):
        place.details(kind, key)
    assert place.peer.asked == []


ODD: list[Any] = [
    None, 1, "x", {}, [None, 1, "x"], [{"id": 5}], [{"id": "1", "url": 7}], [{"id": "1", "url": "https://evil.example/a.png"}],
    [{"id": "1", "url": f"{AT}/../x"}], [{"id": "1", "url": "http://[x/"}], [{"id": "1", "url": f"{AT}/a", "season": "x"}],
]  # fmt: skip


@pytest.mark.parametrize("number", range(len(ODD)))
def test_whatever_stands_in_an_answer_nothing_breaks(number: int) -> None:
    answer = dict.fromkeys(("hdmovielogo", "movieposter", "seasonposter", "seasonbanner", "tvposter"), ODD[number])
    for kind in (K.MOVIE, K.SERIES):
        found = FANART.details(lambda request: answer, kind, "1", Wishes())
        assert found is not None
        assert all(each.url.startswith("https://assets.fanart.tv/") for each in found.pictures)
