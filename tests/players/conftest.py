"""Households with films: one with groups of loopback Kodis and jobs done in this thread, one whose players are puppets."""

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
import pytest
import sqlalchemy as sa

import workers.actors
from domain.catalog.sorting import sort_key
from domain.catalog.tables import ExternalId
from domain.jobs.kinds import SYNC_PLAYERS, SyncPlayers
from domain.kit.database import Database, UnitOfWork
from domain.libraries.tables import MediaFile, PathMapping
from domain.players import requesting
from domain.players.enums import PlaybackPolicy, PlayerType
from domain.players.known import MAKERS
from domain.players.tables import Player, PlayerGroup, PlayerGroupLibrary
from domain.settings import Settings
from tests.conftest import ManualClock
from tests.factories import shelves
from tests.factories.shelves import ROOT, Shelf
from tests.peers.kodi_player import KodiPlayer
from tests.players.house import House, Watched
from tests.players.living_room import FILM, OTHER, Puppet, Room, furnish, until
from tests.players.scene import Scene
from workers import outbound
from workers.players.watching import Watching
from workers.runner import Runner

assert workers.actors
THEIRS = "smb://nas/films"


def group(
    uow: UnitOfWork, name: str = "Living room", *, library: int | None = None, policy: PlaybackPolicy = PlaybackPolicy.DEFER,
    is_enabled: bool = True,
) -> int:  # fmt: skip
    """A group of Kodis that shows a library, whose films it knows as smb://nas/films."""
    row = PlayerGroup(name=name, sort_key=sort_key(name), type=PlayerType.KODI, playback_policy=policy, is_enabled=is_enabled)
    uow.session.add(row)
    uow.session.flush()
    uow.session.add(PathMapping(player_group_id=row.id, remote_path=THEIRS, local_path=ROOT))
    if library is not None:
        uow.session.add(PlayerGroupLibrary(group_id=row.id, library_id=library))
    uow.session.flush()
    return row.id


def player(uow: UnitOfWork, group_id: int, name: str, *, port: int, websocket_port: int | None = None, **values: Any) -> int:
    """A Kodi at a port of this machine."""
    row = Player(
        group_id=group_id, group_type=PlayerType.KODI, name=name, sort_key=sort_key(name), host="127.0.0.1", port=port,
        websocket_port=websocket_port, use_websocket=websocket_port is not None, **values,
    )  # fmt: skip
    uow.session.add(row)
    uow.session.flush()
    return row.id


@dataclass
class Home:
    """A library of films and its players."""

    database: Database
    settings: Settings
    stack: contextlib.ExitStack
    library: int = 0
    kodis: dict[str, KodiPlayer] = field(default_factory=dict)

    @contextlib.contextmanager
    def shelf(self) -> Iterator[Shelf]:
        """To put films into the library."""
        with self.database.transaction(actor="test") as uow:
            made = Shelf(uow, self.library, self.root, "movie")
            yield made

    @property
    def root(self) -> int:
        with self.database.read() as session:
            found: int = session.execute(sa.text("SELECT min(id) FROM library_paths")).scalar_one()
        return found

    def film(self, title: str, *paths: str, tmdb: str, published: bool = True) -> int:
        """A film with an id and an NFO."""
        with self.shelf() as shelf:
            key = shelf.film(title, *paths, year=2019)
            shelf.uow.session.add(
                ExternalId(entity_id=key, entity_kind="movie", provider="tmdb", external_id=tmdb, is_primary=True)
            )
            if published:
                shelf.uow.session.execute(
                    sa.text("UPDATE media_items SET last_published_at = updated_at, publication = 'published' WHERE id = :key"),
                    {"key": key},
                )
        return key

    def kodi(self, name: str, *, of: int, is_enabled: bool = True, websocket: bool = True) -> KodiPlayer:
        """A running member of a group."""
        made = self.stack.enter_context(KodiPlayer().running())
        made.shelves.sources["video"] = [{"label": "Films", "file": f"{THEIRS}/"}]
        with self.database.transaction() as uow:
            port = made.websocket_port if websocket else None
            player(uow, of, name, port=made.port, websocket_port=port, is_enabled=is_enabled)
        self.kodis[name] = made
        return made

    def group(self, name: str = "Living room", **values: Any) -> int:
        with self.database.transaction() as uow:
            return group(uow, name, library=self.library, **values)

    def ask(self, *items: int, **values: Any) -> int:
        """A synchronization; the key of its job."""
        with self.database.transaction() as uow:
            return requesting.request(uow, SyncPlayers(self.library, items, **values)).job.id

    def work(self) -> None:
        """Do what is due."""
        Runner(self.database, self.settings, queues=(SYNC_PLAYERS.queue,), worker="w", random=lambda: 0.0).drain()

    def sync(self, *items: int, **values: Any) -> dict[str, Any]:
        """Ask and do; the result of the job, which has to be completed."""
        key = self.ask(*items, **values)
        self.work()
        job = self.job(key)
        assert job["status"] == "completed", job
        result: dict[str, Any] = job["result"]
        return result

    def job(self, key: int) -> dict[str, Any]:
        """A job as it stands."""
        with self.database.read() as session:
            row = session.execute(
                sa.text("SELECT status, error, result, payload, attempts, run_at, checkpoint FROM jobs WHERE id = :key"),
                {"key": key},
            ).one()
        found = dict(row._mapping)
        for name in ("result", "payload", "checkpoint"):
            if isinstance(found[name], str):
                found[name] = orjson.loads(found[name])
        return found

    def missing(self, path: str) -> None:
        """A file of the library is not there any more."""
        with self.database.transaction() as uow:
            values = {"missing_since": uow.now()}
            uow.session.execute(sa.update(MediaFile).where(MediaFile.uri == path).values(values))  # type: ignore[arg-type]


@pytest.fixture
def home(database: Database, database_url: str, tmp_path: Path) -> Iterator[Home]:
    with contextlib.ExitStack() as stack:
        made = Home(database, Settings(DATABASE_URL=database_url, data_dir=tmp_path), stack)
        with database.transaction(actor="test") as uow:
            made.library = shelves.shelf(uow).library
        yield made
    outbound.lan().close()


@pytest.fixture
def room(database: Database) -> Room:
    return furnish(database)


@pytest.fixture
def house(database: Database, manual_clock: ManualClock, room: Room, tmp_path: Path) -> Iterator[House]:
    made = House(database, room, manual_clock, tmp_path)
    yield made
    for each in made.supervisors:
        each.stop()
    left = [one.name for one in threading.enumerate() if one.name.startswith("player-")]
    assert left == []


@pytest.fixture
def watching(house: House) -> Watching:
    made = house.supervisor()
    made.tick()
    until(house.puppet.watching.is_set)
    return made


@pytest.fixture
def puppet(monkeypatch: pytest.MonkeyPatch) -> Puppet:
    made = Puppet(library=[FILM, OTHER])
    monkeypatch.setitem(MAKERS, PlayerType.KODI, lambda *_: made)
    return made


@pytest.fixture
def scene(database: Database, manual_clock: ManualClock, puppet: Puppet) -> Iterator[Scene]:
    made = Scene(database, furnish(database), manual_clock, puppet)
    yield made
    made.lan.close()


@pytest.fixture
def watched(database: Database, room: Room, manual_clock: ManualClock) -> Watched:
    return Watched(database, room, manual_clock)
