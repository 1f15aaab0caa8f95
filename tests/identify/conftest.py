"""A library, a loopback TMDB that knows the corpus, and the job that brings both together."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import col, select

import domain.registry
import workers.actors
from domain.catalog.resolving import store_values
from domain.catalog.sources import FILE, NAME
from domain.identify import choosing, requesting
from domain.jobs.kinds import IDENTIFY, Identify
from domain.jobs.service import enqueue
from domain.jobs.tables import JOBS
from domain.kit.database import Database
from domain.kit.policy import Viewer
from domain.kit.secrets import load_key
from domain.libraries.tables import ReviewItem
from domain.providers import service
from domain.providers.builtin import install_builtins
from domain.settings import Settings
from tests.api.conftest import client, empty_house, house, settings
from tests.factories import catalog
from tests.factories.shelves import item, shelf
from tests.peers.tmdb import KEY
from tests.peers.tmdb_catalogue import tmdb_catalogue
from tests.peers.web import Peer
from workers import outbound, runner
from workers.runner import Runner

__all__ = ["client", "empty_house", "house", "settings"]

assert domain.registry
assert workers.actors
MINUTE_MS = 60_000


@dataclass
class World:
    """What a test of identification needs."""

    database: Database
    settings: Settings
    peer: Peer
    library: int = 0
    tv: int = 0
    """A library of series."""

    def film(self, title: str, year: int | None = None, minutes: int | None = None) -> int:
        """A film as a scan leaves it: with a name, and the length of its file."""
        with self.database.transaction() as uow:
            key = catalog.movie(uow, title, library_id=self.library, year=year)
            store_values(uow, NAME, {key: {"title": title, "year": year}})
            if minutes is not None:
                store_values(uow, FILE, {key: {"runtime_ms": minutes * MINUTE_MS}})
        return key

    def store(self, source: str, key: int, **values: Any) -> None:
        with self.database.transaction() as uow:
            store_values(uow, source, {key: values})

    def choose(self, key: int, ids: Any) -> bool:
        with self.database.transaction() as uow:
            return choosing.choose(uow, key, ids, user_id=None)

    def request(self, *items: int, viewer: Viewer | None = None) -> int:
        """Ask for a job: as a person where a viewer is given, else as a scan does for the library."""
        with self.database.transaction() as uow:
            if viewer is not None:
                return requesting.request_items(uow, viewer, items).job.id
            payload = Identify(items=items) if items else Identify(library_id=self.library)
            return enqueue(uow, IDENTIFY, payload).job.id

    def work(self) -> None:
        """Do what waits, as a worker does."""
        Runner(self.database, self.settings, queues=(IDENTIFY.queue,), worker="w", random=lambda: 0.0).drain()

    def run(self, *items: int, viewer: Viewer | None = None) -> Any:
        """A whole job; its row."""
        key = self.request(*items, viewer=viewer)
        self.work()
        return self.job(key)

    def run_library(self, library: int) -> Any:
        """The job of another library; its row."""
        with self.database.transaction() as uow:
            key = enqueue(uow, IDENTIFY, Identify(library_id=library)).job.id
        self.work()
        return self.job(key)

    def job(self, key: int) -> Any:
        with self.database.read() as session:
            return session.connection().execute(sa.select(JOBS).where(JOBS.c.id == key)).one()

    def rows(self, sql: str, **values: Any) -> list[Any]:
        with self.database.read() as session:
            return [tuple(row) for row in session.connection().execute(sa.text(sql), values).all()]

    def ids(self, key: int) -> dict[str, str]:
        """The catalogue ids that are shown, by provider."""
        found = self.rows("SELECT provider, external_id FROM external_ids WHERE entity_id = :key ORDER BY provider", key=key)
        return dict(found)

    def state(self, key: int) -> str:
        with self.database.read() as session:
            return item(session, key).identification.value

    def questions(self, key: int) -> list[ReviewItem]:
        with self.database.read() as session:
            rows = session.exec(select(ReviewItem).where(col(ReviewItem.item_id) == key).order_by(col(ReviewItem.id))).all()
            for row in rows:
                session.expunge(row)
            return list(rows)


@pytest.fixture
def world(database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setattr(runner, "handled", lambda: (IDENTIFY.name,))  # what follows is other features'
    with database.transaction() as uow:
        catalog.types(uow)
        install_builtins(uow)
    secret = load_key(settings.data_dir, settings.key.get_secret_value() if settings.key else None)
    with tmdb_catalogue() as peer:
        made = World(database, settings, peer)
        with database.transaction() as uow:
            made.library = shelf(uow).library
            made.tv = catalog.library(uow, "Series", media_type="tv")
            ((key,),) = uow.session.connection().execute(sa.text("SELECT id FROM provider_configs WHERE name = 'tmdb'")).all()
            service.update(uow, provider_id=key, changes={"key": KEY, "rate_limit": 1000.0}, secret=secret)
        outbound.replace_egress(peer.egress(), {"tmdb": f"{peer.url}/3"})
        yield made
        outbound.replace_egress(None)
