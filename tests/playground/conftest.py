"""The real application behind a port, and a browser that has its page open.

Without Chromium the browser's tests do not exist: `make check` installs no browser. docs/playground.md says how to get it.
"""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import uvicorn
from playwright.async_api import Browser, Page

from api.app import create_app
from api.kit.planner import Planner
from api.kit.services import Services
from domain.accounts import setup
from domain.accounts.tables import User
from domain.catalog.queries import living
from domain.kit.database import Database
from domain.settings import Settings
from domain.system import wakeups
from tests.factories import accounts
from tests.playground import household
from tests.playground.browser import DESKTOP, PHONE, chromium, executable, tab
from tests.playground.desk import Desk
from tests.playground.steps import NAME, go
from workers.broker import LocalWakeups

collect_ignore_glob = [] if executable() else ["test_browser*.py"]


@dataclass
class Home:
    """A running server. It answers on `port` of this machine under every name that a household may give it."""

    database: Database
    port: int

    def setup_code(self) -> str:
        """The code that the console would show."""
        with self.database.transaction() as uow:
            code = setup.offer_setup_code(uow, key=accounts.KEY)
        assert code is not None
        return code


@pytest.fixture
def services(database: Database, database_url: str, tmp_path: Path) -> Iterator[Services]:
    local = LocalWakeups()
    wakeups.install(local.wake)
    settings = Settings(data_dir=tmp_path, DATABASE_URL=database_url)
    yield Services(settings, database, Planner(database, living=living), accounts.KEY, wakeups=local)
    wakeups.install(None)


@pytest.fixture
async def home(services: Services) -> AsyncIterator[Home]:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        config = uvicorn.Config(create_app(services), ws="websockets-sansio", log_config=None, timeout_graceful_shutdown=5)
        server = uvicorn.Server(config)
        running = asyncio.create_task(server.serve(sockets=[listening]))
        while not server.started:
            assert not running.done()
            await asyncio.sleep(0.01)
        yield Home(services.database, listening.getsockname()[1])
        server.should_exit = True
        await running


@pytest.fixture
def address(home: Home) -> str:
    return f"http://{NAME}:{home.port}/"


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with chromium(names=NAME) as browser:
        yield browser


@pytest.fixture
def complaints() -> list[str]:
    """What the browser complains of. A test that brings it to do so clears this."""
    return []


@pytest.fixture
async def page(browser: Browser, address: str, complaints: list[str]) -> AsyncIterator[Page]:
    """An open page; whatever the test does, the browser may have nothing to complain of."""
    async with tab(browser, complaints, **DESKTOP) as page:
        await go(page, address)
        assert await page.evaluate("isSecureContext") is False
        yield page


@pytest.fixture
async def phone(browser: Browser, address: str, complaints: list[str]) -> AsyncIterator[Page]:
    """The same page on a phone."""
    async with tab(browser, complaints, **PHONE) as page:
        await go(page, address)
        yield page


@pytest.fixture
def anna(home: Home) -> User:
    """An administrator, so that the server is set up. Wanted before `page` and `phone`."""
    return accounts.make_user(home.database, "anna", display_name="Anna", is_admin=True, has_all_libraries=True)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> household.Household:
    """The demo household, made once: invented films and series, scanned."""
    return household.make(tmp_path_factory.mktemp("household"))


@pytest.fixture
def served_port(demo: household.Household, tmp_path: Path) -> Iterator[int]:
    """A server of this test's own over a copy of the household."""
    with household.served(demo, tmp_path) as port:
        yield port


@pytest.fixture
async def desk(browser: Browser, demo: household.Household, served_port: int, complaints: list[str]) -> AsyncIterator[Desk]:
    """The demo's administrator at a new browser, signed in: what a newcomer has after `make demo`."""
    async with tab(browser, complaints, **DESKTOP) as page:
        await go(page, f"http://{NAME}:{served_port}/")
        found = Desk(page)
        await found.sign_in("demo", demo.password)
        yield found
