"""A desk that asks a loopback TMDB, with a clock that moves when it waits."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import sqlalchemy as sa

import domain.registry
from domain.catalog import builtin as catalog
from domain.kit.database import Database
from domain.kit.http import Egress, Limits
from domain.providers import service
from domain.providers.builtin import install_builtins
from domain.providers.desk import Desk, Patience
from domain.providers.known import provider_named
from domain.providers.model import Ask, Request
from domain.providers.queries import Setup, setups
from tests.api.conftest import client, empty_house, house, settings
from tests.conftest import ManualClock
from tests.factories.accounts import KEY
from tests.peers import tmdb
from tests.peers.web import Peer

__all__ = ["client", "empty_house", "house", "settings"]

assert domain.registry
MANY = Patience(3_600, 100)


@dataclass
class World:
    """A provider set up, and what it takes to ask it."""

    database: Database
    clock: ManualClock
    peer: Peer
    desk: Desk
    pauses: list[float] = field(default_factory=list)

    @property
    def setup(self) -> Setup:
        with self.database.read() as session:
            (found,) = [each for each in setups(session) if each.name == "tmdb"]
        return found

    def change(self, **changes: Any) -> None:
        with self.database.transaction() as uow:
            service.update(uow, provider_id=self.setup.id, changes=changes, secret=KEY)

    def asking(self, patience: Patience = MANY, *, is_renewed: bool = False) -> Ask:
        return self.desk.asking(provider_named("tmdb"), self.setup, patience, is_renewed=is_renewed)

    def ask(self, path: str = "/configuration", patience: Patience = MANY, **more: Any) -> Any:
        """A request of its own: its answer is not cached unless it was asked before."""
        return self.asking(patience)(Request(path, **more))

    def rows(self, sql: str) -> list[Any]:
        with self.database.read() as session:
            return list(session.connection().execute(sa.text(sql)).all())

    def another(self, egress: Egress | None = None) -> Desk:
        """The desk of another process."""
        return _desk(self.database, egress or self.peer.egress(), self.peer, self.clock, self.pauses)


def _desk(database: Database, egress: Egress, peer: Peer, clock: ManualClock, pauses: list[float]) -> Desk:
    def pause(seconds: float) -> None:
        pauses.append(round(seconds, 3))
        clock.advance(seconds)

    return Desk(database, egress, key=KEY, pause=pause, addresses={"tmdb": f"{peer.url}/3"})


@pytest.fixture
def limits() -> Limits:
    return Limits(total_s=20, read_s=10)


@pytest.fixture
def world(database: Database, manual_clock: ManualClock, limits: Limits) -> Iterator[World]:
    with database.transaction() as uow:
        catalog.install_builtins(uow)
        install_builtins(uow)
    with tmdb.tmdb() as peer:
        pauses: list[float] = []
        made = World(database, manual_clock, peer, _desk(database, peer.egress(limits), peer, manual_clock, pauses), pauses)
        made.change(key=tmdb.KEY)
        yield made
