"""A household whose server and jobs ask a loopback TMDB, and the films it knows."""

import copy
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import orjson
import pytest
import sqlalchemy as sa

import workers.actors
from domain.artwork.builtin import install_builtins as install_artwork
from domain.catalog.enums import EntityKind
from domain.catalog.facts import CatalogueId, add_external_ids
from domain.enrich.builtin import install_builtins as install_orders
from domain.jobs import service as jobs
from domain.jobs.kinds import ENRICH, Enrich
from domain.kit.secrets import load_key
from domain.providers import service
from domain.providers.builtin import install_builtins
from domain.providers.desk import Desk
from domain.providers.queries import setups
from tests.api.conftest import House, client, empty_house, house, settings
from tests.factories import catalog
from tests.peers import tmdb
from tests.peers.web import Asked, Given, Peer
from workers import outbound
from workers.runner import Runner

__all__ = ["client", "empty_house", "house", "settings"]
assert workers.actors

FILM = "900101"
SPACES = {EntityKind.MOVIE: "movie", EntityKind.SERIES: "tv", EntityKind.PERSON: "person", EntityKind.COLLECTION: "collection"}


@dataclass
class World:
    """A household with a loopback TMDB; `documents` are answers that differ from the usual ones, by path."""

    house: House
    peer: Peer
    documents: dict[str, Any] = field(default_factory=dict)

    def answer(self, asked: Asked) -> Given:
        document = self.documents.get(asked.path)
        if document is None:
            return tmdb.answer(asked)
        return Given(200, json.dumps(document).encode(), {"content-type": "application/json"})

    def changed(self, path: str, **values: Any) -> dict[str, Any]:
        """From now on TMDB says this of the thing at `path` (/movie/900101)."""
        one, parts = tmdb.PARTS[f"/3{path}"]
        self.documents[f"/3{path}"] = {**copy.deepcopy({**one, **parts}), **values}
        return self.documents[f"/3{path}"]  # type: ignore[no-any-return]

    def film(self, key: str = FILM, title: str = "paper lanterns", *, library: int | None = None, **values: Any) -> int:
        """A film that goes by an id of TMDB."""
        with self.house.database.transaction() as uow:
            place = self.house.open_library if library is None else library
            made = catalog.movie(uow, title, library_id=place, **values)
            identify(uow, made, EntityKind.MOVIE, key)
        return made

    def enrich(
        self, *entities: int, library: int | None = None, by: str | None = None, renewed: bool = False, people: int = 0
    ) -> Any:
        """Ask for a job and do it; its result, or (status, error)."""
        with self.house.database.transaction() as uow:
            user = None if by is None else self.house.users[by].id
            payload = Enrich(items=entities, library_id=library, is_renewed=renewed, people=people)
            made = jobs.enqueue(uow, ENRICH, payload, requested_by_user_id=user)
        return self.work(made.job.id)

    def work(self, job_id: int) -> Any:
        """Do what can be done now; what became of the job."""
        settings = self.house.services.settings
        Runner(self.house.database, settings, queues=("providers",), worker="w", random=lambda: 0.0).drain()
        ((status, error, result, _),) = self.job(job_id)
        loaded = orjson.loads(result) if isinstance(result, str) else result
        return loaded if status == "completed" else (status, error)

    def job(self, job_id: int) -> list[Any]:
        return self.rows("SELECT status, error, result, run_at FROM jobs WHERE id = :id", id=job_id)

    def rows(self, sql: str, **values: Any) -> list[Any]:
        with self.house.database.read() as session:
            return [tuple(row) for row in session.connection().execute(sa.text(sql), values)]

    def item(self, key: int) -> dict[str, Any]:
        with self.house.database.read() as session:
            found = session.connection().execute(sa.text("SELECT * FROM media_items WHERE id = :id"), {"id": key})
            return dict(found.mappings().one())

    def names(self, table: str, column: str, key: int, *, where: str = "true") -> list[str]:
        """Names that an item is linked to, in their order."""
        sql = f"SELECT t.name FROM item_{table} l JOIN {table} t ON t.id = l.{column} WHERE l.item_id = :id AND {where}"
        return [name for (name,) in self.rows(f"{sql} ORDER BY l.position", id=key)]

    def credits(self, key: int) -> list[tuple[str, ...]]:
        return self.rows(
            "SELECT c.department, c.job, p.name, c.role FROM credits c JOIN people p ON p.id = c.person_id"
            " WHERE c.item_id = :id ORDER BY c.department, c.position", id=key,
        )  # fmt: skip

    def events(self) -> list[tuple[str, str]]:
        return self.rows("SELECT type, subject FROM events WHERE topic = 'catalog' ORDER BY sequence")


def identify(uow: Any, entity: int, kind: EntityKind, key: str) -> None:
    """Give a thing an id of TMDB."""
    add_external_ids(uow, {entity: (kind, [CatalogueId("tmdb", SPACES[kind], key)])})


def make_series(world: World) -> list[int]:
    """Series, season 1, episodes 1 and 2; TMDB's second season's answer has the second only."""
    with world.house.database.transaction() as uow:
        made = catalog.series(uow, "lamplighters", library_id=world.house.open_library)
        identify(uow, made[0], EntityKind.SERIES, "880001")
    return made


@pytest.fixture
def world(house: House) -> Iterator[World]:
    """TMDB with its key given."""
    key = load_key(house.services.settings.data_dir, None)
    with house.database.transaction() as uow:
        install_builtins(uow)
        install_orders(uow)
        install_artwork(uow)
        (tmdb_id,) = [each.id for each in setups(uow.session) if each.name == "tmdb"]
        service.update(uow, provider_id=tmdb_id, changes={"key": tmdb.KEY, "rate_limit": 1_000.0}, secret=key)
    with tmdb.tmdb() as running:
        made = World(house, running)
        running.answer = made.answer
        addresses = {"tmdb": f"{running.url}/3"}
        egress = running.egress()
        outbound.replace_egress(egress, addresses)
        house.services.desk = Desk(house.database, egress, key=key, pause=lambda _: None, addresses=addresses)
        yield made
        outbound.replace_egress(None)


@pytest.fixture
def peer(world: World) -> Peer:
    return world.peer
