"""A desk that asks a loopback TVDB."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import sqlalchemy as sa

from domain.catalog import builtin as catalog
from domain.catalog.enums import EntityKind as K
from domain.kit.database import Database
from domain.providers import service
from domain.providers.builtin import install_builtins
from domain.providers.desk import Desk, Patience
from domain.providers.known import provider_named
from domain.providers.model import Candidate, Details, Query, Request, Wishes
from domain.providers.queries import setups
from tests.conftest import ManualClock
from tests.factories.accounts import KEY
from tests.peers import tvdb

TVDB = provider_named("tvdb")
ENGLISH = Wishes()
PATIENT = Patience(3_600, 3)


@dataclass
class Place:
    """A desk that asks a loopback TVDB."""

    database: Database
    peer: tvdb.Tvdb
    clock: ManualClock

    def desk(self) -> Desk:
        """Of this or another process."""
        addresses = {"tvdb": f"{self.peer.url}/v4"}
        return Desk(self.database, self.peer.egress(), key=KEY, pause=self.clock.advance, addresses=addresses)

    def put_key(self, key: str | None) -> None:
        with self.database.transaction() as uow:
            (row,) = [each for each in setups(uow.session) if each.name == "tvdb"]
            service.update(uow, provider_id=row.id, changes={"key": key}, secret=KEY)

    def ask(self, request: Request) -> Any:
        with self.database.read() as session:
            (setup,) = [each for each in setups(session) if each.name == "tvdb"]
        return self.desk().asking(TVDB, setup, PATIENT)(request)

    def details(self, kind: K, key: str, wishes: Wishes = ENGLISH) -> Details:
        found = TVDB.details(self.ask, kind, key, wishes)
        assert found is not None
        return found

    def search(self, query: Query, wishes: Wishes = ENGLISH) -> list[Candidate]:
        return list(TVDB.search(self.ask, query, wishes))

    @property
    def paths(self) -> list[str]:
        """What was asked for, without what the paths begin with."""
        return [each.path.removeprefix("/v4") for each in self.peer.asked]

    def row(self) -> Any:
        with self.database.read() as session:
            row = sa.text("SELECT token, breaker, failures FROM provider_configs WHERE name = 'tvdb'")
            return session.connection().execute(row).one()


@pytest.fixture
def place(database: Database, manual_clock: ManualClock) -> Iterator[Place]:
    with database.transaction() as uow:
        catalog.install_builtins(uow)
        install_builtins(uow)
    with tvdb.tvdb() as peer:
        made = Place(database, peer, manual_clock)
        made.put_key(tvdb.KEY)
        yield made
