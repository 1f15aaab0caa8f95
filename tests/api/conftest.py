"""The real application over a test database: in process for requests, on a loopback port for streams."""

import asyncio
import contextlib
import copy
import functools
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from sqlmodel import Session, select

import domain.registry
from api.app import create_app
from api.kit.auth import PLAIN_COOKIE
from api.kit.pace import Pace
from api.kit.planner import Planner
from api.kit.reading import GRAPHQL_JSON
from api.kit.services import Services
from api.schema import Schema, build_schema, equipped
from domain.accounts import sessions
from domain.accounts.enums import Scope
from domain.accounts.tables import User
from domain.catalog.queries import living
from domain.kit.database import Database
from domain.libraries import access_service
from domain.settings import Settings
from domain.system import wakeups
from tests.factories import accounts, catalog
from workers.broker import LocalWakeups

assert domain.registry

HOST = "http://127.0.0.1:8686"
FAST = Pace(init_s=1.0, recheck_s=0.2, send_s=1.2, heartbeat_s=0.2)
FULL = (Scope.READ, Scope.WRITE, Scope.SCROBBLE)


@dataclass
class House:
    """A household: a server's services, five people, two libraries with three films."""

    database: Database
    services: Services
    users: dict[str, User] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    open_library: int = 0
    closed_library: int = 0
    child_film: int = 0
    adult_film: int = 0
    closed_film: int = 0

    def headers(self, who: str) -> dict[str, str]:
        """What this person's requests carry: nothing for `anonymous`."""
        return {} if who == "anonymous" else {"authorization": f"Bearer {self.tokens[who]}"}

    def cookie(self, who: str, name: str = PLAIN_COOKIE) -> dict[str, str]:
        """A new session of this person as a Cookie header."""
        with self.database.transaction() as uow:
            secret = sessions.start_session(
                uow, user_id=self.users[who].id, key=accounts.KEY, ip_address="127.0.0.1", user_agent="test"
            )
        return {"cookie": f"{name}={secret}"}

    def rows(self, model: Any) -> list[Any]:
        """Every row of a table."""
        with self.database.read() as session:
            return list(_all(session, model))


def _all(session: Session, model: Any) -> Any:
    return session.exec(select(model)).all()


def furnish(house: House) -> None:
    """Make people, libraries and films. Member and limited see only the open library, limited only up to age 12."""
    database = house.database
    make = accounts.make_user
    house.users = {
        "admin": accounts.make_admin(database),
        "editor": make(database, "editor", can_edit=True, has_all_libraries=True),
        "member": make(database, "member", has_all_libraries=True),
        "neighbour": make(database, "neighbour", has_all_libraries=True),
        "limited": make(database, "limited", max_age=12, sees_unrated=False),
    }
    with database.transaction() as uow:
        catalog.types(uow)
        house.open_library, house.closed_library = catalog.library(uow, "Open"), catalog.library(uow, "Closed")
        place = {"library_id": house.open_library}
        house.child_film = catalog.movie(uow, "Paddington", **place, min_age=6)
        house.adult_film = catalog.movie(uow, "Alien", **place, min_age=16)
        house.closed_film = catalog.movie(uow, "Brazil", library_id=house.closed_library, min_age=6)
        access_service.set_user_libraries(uow, user_id=house.users["limited"].id, library_ids=[house.open_library])
    scopes = {"admin": tuple(Scope), "editor": (*FULL, Scope.JOBS)}
    for name, user in house.users.items():
        house.tokens[name] = accounts.make_token(database, user, *scopes.get(name, FULL))
    house.tokens["scrobbler"] = accounts.make_token(database, house.users["member"], Scope.SCROBBLE)


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Overridden where a test needs others."""
    return Settings(data_dir=tmp_path, DATABASE_URL=database_url, event_poll_s=30)


@pytest.fixture
def empty_house(database: Database, settings: Settings) -> Iterator[House]:
    """A server that nobody has set up."""
    local = LocalWakeups()
    wakeups.install(local.wake)
    yield House(database, Services(settings, database, Planner(database, living=living), accounts.KEY, wakeups=local))
    wakeups.install(None)


@pytest.fixture
def house(empty_house: House) -> House:
    """The household; overridden where a test needs an empty server."""
    furnish(empty_house)
    return empty_house


@dataclass
class Client:
    """Sends requests to the application; `send` for GraphQL, `http` for anything else."""

    http: httpx.AsyncClient
    house: House

    async def send(
        self, query: str, variables: dict[str, Any] | None = None, *, who: str = "anonymous", **headers: str
    ) -> httpx.Response:
        """POST an operation as somebody."""
        body = {"query": query, "variables": variables}
        return await self.http.post("/graphql", json=body, headers={**self.house.headers(who), **headers})

    async def data(self, query: str, variables: dict[str, Any] | None = None, *, who: str = "admin") -> Any:
        """`data` of an operation that must succeed."""
        answer = (await self.send(query, variables, who=who)).json()
        assert "errors" not in answer, answer
        return answer["data"]


@functools.cache
def _assembled() -> Schema:
    return build_schema()


def _application(house: House) -> Any:
    """Applications share the assembled types, a third of a second each; what a schema remembers of documents they do not."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("api.app.build_schema", lambda: equipped(copy.copy(_assembled())))
        return create_app(house.services, pace=FAST)


@pytest.fixture
async def client(house: House) -> AsyncIterator[Client]:
    """The application in this process, started and stopped."""
    app = _application(house)
    transport = httpx.ASGITransport(app=app, client=("127.0.0.1", 50000))
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url=HOST, headers={"accept": GRAPHQL_JSON}) as http,
    ):
        yield Client(http, house)


@dataclass
class Live:
    """A server on a port."""

    house: House
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield  # the test's own signals stay the test's


@pytest.fixture
async def live(house: House) -> AsyncIterator[Live]:
    """The application behind uvicorn, as `marquee serve` configures it."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        config = uvicorn.Config(
            _application(house), ws="websockets-sansio", ws_max_size=house.services.settings.body_limit_bytes,
            ws_per_message_deflate=False, log_config=None, access_log=False, timeout_graceful_shutdown=5, lifespan="on",
        )  # fmt: skip
        server = _Server(config)
        running = asyncio.create_task(server.serve(sockets=[listening]))
        while not server.started:
            assert not running.done()
            await asyncio.sleep(0.01)
        yield Live(house, listening.getsockname()[1])
        server.should_exit = True
        await running


@pytest.fixture
def eventually() -> Callable[[Callable[[], bool]], Any]:
    """Wait until a condition holds; fails after five seconds."""

    async def wait(condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(5):
            while not condition():
                await asyncio.sleep(0.01)

    return wait
