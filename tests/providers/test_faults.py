"""Every provider as a server that misbehaves: typed errors, no wrong data, nothing of it kept, breakers that open and close."""

import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import pytest
import sqlalchemy as sa

from domain.catalog import builtin as catalog
from domain.catalog.enums import EntityKind as K
from domain.kit.database import Database
from domain.kit.errors import Paused, RateLimited, Upstream
from domain.kit.http import Limits
from domain.providers import responses, service
from domain.providers.builtin import install_builtins
from domain.providers.desk import Desk, Patience
from domain.providers.known import PROVIDERS, provider_named
from domain.providers.model import Details, Request, Wishes
from domain.providers.queries import setups
from tests.conftest import ManualClock
from tests.factories.accounts import KEY
from tests.peers import fanarttv, tmdb, tvdb, web
from tests.peers.web import Given, Peer
from tests.sampling import some

ONCE: Final = Patience(3_600, 1)
PATIENT: Final = Patience(36_000, 100)
PEERS: Final[dict[str, tuple[Any, str, str, str]]] = {
    "tmdb": (tmdb.tmdb, tmdb.KEY, "/3", "900101"),
    "tvdb": (tvdb.tvdb, tvdb.KEY, "/v4", "910101"),
    "fanarttv": (fanarttv.fanarttv, fanarttv.KEY, "/v3.2", "900101"),
}
"""Who runs it, its key, what its paths begin with, and a film that it knows."""


@dataclass
class Place:
    """A provider with its key, and the film that it knows."""

    name: str
    film: str
    database: Database
    peer: Peer
    desk: Desk
    hurried: Desk
    """The same without the time to wait for single bytes."""
    clock: ManualClock

    def details(self, patience: Patience = ONCE, *, is_renewed: bool = True, desk: Desk | None = None) -> Details | None:
        with self.database.read() as session:
            (setup,) = [each for each in setups(session) if each.name == self.name]
        provider = provider_named(self.name)

        def ask(request: Request) -> Any:
            return (desk or self.desk).asking(provider, setup, patience, is_renewed=is_renewed)(request)

        return provider.details(ask, K.MOVIE, self.film, Wishes())

    def one(self, sql: str) -> Any:
        with self.database.read() as session:
            return tuple(session.connection().execute(sa.text(sql), {"name": self.name}).one())

    @property
    def state(self) -> Any:
        return self.one("SELECT breaker, failures FROM provider_configs WHERE name = :name")

    @property
    def kept(self) -> int:
        return int(self.one("SELECT count(*) FROM provider_responses WHERE provider = :name")[0])

    def told(self) -> list[str]:
        with self.database.read() as session:
            rows = session.connection().execute(sa.text("SELECT type FROM events WHERE topic = 'providers' ORDER BY sequence"))
            return [type_.removeprefix("provider.") for (type_,) in rows if type_ != "provider.updated"]


@pytest.fixture(params=sorted(PEERS))
def place(request: pytest.FixtureRequest, database: Database, manual_clock: ManualClock) -> Iterator[Place]:
    name = str(request.param)
    run, key, path, film = PEERS[name]
    with database.transaction() as uow:
        catalog.install_builtins(uow)
        install_builtins(uow)
        (setup,) = [each for each in setups(uow.session) if each.name == name]
        service.update(uow, provider_id=setup.id, changes={"key": key, "rate_limit": 1000.0}, secret=KEY)
    with run() as peer:
        given: dict[str, Any] = {"key": KEY, "pause": manual_clock.advance, "addresses": {name: f"{peer.url}{path}"}}
        desk = Desk(database, peer.egress(Limits(total_s=60, read_s=60)), **given)
        hurried = Desk(database, peer.egress(Limits(total_s=0.5, read_s=0.5)), **given)
        yield Place(name, film, database, peer, desk, hurried, manual_clock)


def packed(body: bytes) -> Given:
    return web.json_answer(gzip.compress(body), **{"content-encoding": "gzip"})


DOWN: Final = "does not work"
FAULTS: Final[dict[str, tuple[Given, str]]] = {
    "a byte at a time": (web.slow(0.02), "UNREACHABLE"),
    "a byte of its head at a time": (web.slow(0.02, head=True), "UNREACHABLE"),
    "truncated": (web.TRUNCATED, "UNREACHABLE"),
    "truncated JSON": (web.json_answer(b'{"id": 900101, "title": "Wro'), "UNEXPECTED_ANSWER"),
    "truncated packing": (
        web.json_answer(gzip.compress(b'{"id": 1}')[:-6], **{"content-encoding": "gzip"}), "UNEXPECTED_ANSWER",
    ),
    "HTML as 200": (web.HTML, "UNEXPECTED_ANSWER"),
    "HTML that calls itself JSON": (web.json_answer(web.HTML.body), "UNEXPECTED_ANSWER"),
    "a list": (web.json_answer(b'[{"id": 900101}]'), "UNEXPECTED_ANSWER"),
    "too deep": (web.json_answer(b'{"a":' * 100_000 + b"1" + b"}" * 100_000), "UNEXPECTED_ANSWER"),
    "a bomb": (web.bomb(100_000_000), "TOO_LARGE"),
    "a redirect into the LAN": (web.elsewhere("http://192.168.7.7/"), "REFUSED_BY_POLICY"),
    "a redirect to this machine": (web.elsewhere("http://127.0.0.1:1/"), "REFUSED_BY_POLICY"),
    "a redirect to another server": (web.elsewhere("https://evil.example/x"), "REFUSED_BY_POLICY"),
    DOWN: (web.broken(503), "UNREACHABLE"),
}  # fmt: skip


def test_every_provider_is_here() -> None:
    assert set(PEERS) == {name for name, provider in PROVIDERS.items() if provider.hosts}


@pytest.mark.parametrize(
    "name", [*some([name for name in FAULTS if name != DOWN], 3), pytest.param(DOWN, marks=pytest.mark.both)]
)
def test_five_faults_open_the_breaker_nothing_is_kept_and_the_truth_returns(place: Place, name: str) -> None:
    fault, code = FAULTS[name]
    truth = place.details()
    assert truth is not None
    kept = place.kept
    place.peer.faults = [fault] * 5
    for number in range(5):
        assert place.state == ("closed", number)
        with pytest.raises(Upstream) as failed:
            place.details(desk=place.hurried if fault.pause_s else None)
        assert failed.value.code == code
    assert (place.state, place.kept, place.peer.faults) == (("open", 5), kept, [])
    with pytest.raises(Paused):
        place.details()
    assert place.details(is_renewed=False) == truth  # what was had is still there, and nobody is asked
    place.clock.advance(301)
    assert [place.details(), place.details()] == [truth, truth]
    assert place.state == ("closed", 0)
    assert place.told() == ["breaker_opened", "breaker_half_opened", "breaker_closed"]


@pytest.mark.both
def test_a_storm_of_429_is_waited_out_and_breaks_nothing(place: Place) -> None:
    truth = place.details()
    began, before = place.clock.moment, len(place.peer.asked)
    place.peer.faults = [web.enough("2")] * 50
    assert place.details(PATIENT) == truth
    assert len(place.peer.asked) - before >= 51
    assert (place.clock.moment - began).total_seconds() >= 100  # no sooner than it said, fifty times
    place.peer.faults = [web.enough("900")]
    with pytest.raises(RateLimited):
        place.details(Patience(10, 3))
    asked = len(place.peer.asked)
    for _ in range(20):
        with pytest.raises(RateLimited):
            place.details(Patience(10, 3))
    assert len(place.peer.asked) == asked  # nobody is asked meanwhile
    assert (place.state, set(place.told())) == (("closed", 0), {"rate_limited"})


@pytest.mark.parametrize("nonsense", [responses.packed(b'{"id": 9001'), b"no packing", b""])
def test_what_was_kept_broken_is_asked_for_again(place: Place, nonsense: bytes) -> None:
    """Bytes of the cache that are no answer do not end in data, nor does an ETag keep them for good."""
    truth = place.details()
    with place.database.transaction() as uow:
        update = sa.text("UPDATE provider_responses SET body = :body")
        uow.session.connection().execute(update, {"body": nonsense})
    assert place.details(is_renewed=False) == truth
    assert place.details(is_renewed=False) == truth
    assert place.state == ("closed", 0)
