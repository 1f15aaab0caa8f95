"""A household with a Radarr, and the application that its webhooks come to."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from domain.downloaders import service
from domain.kit.database import Database
from domain.libraries.enums import SourceKind
from domain.settings import Settings
from tests.api.conftest import Client, House, client, empty_house, eventually, house, live, settings
from tests.conftest import ManualClock
from tests.downloaders.chain_world import World
from tests.factories.accounts import KEY
from tests.libraries.scan.conftest import Disk, install
from tests.peers import radarr
from tests.peers.radarr import Arr

__all__ = ["client", "empty_house", "eventually", "house", "live", "settings"]


@dataclass(frozen=True)
class Hook:
    """A downloader's row and the token of its webhooks."""

    source: int
    token: str

    @property
    def path(self) -> str:
        return f"/webhooks/src_{self.source}"


def add(house: House, kind: SourceKind = SourceKind.RADARR, name: str = "", **more: Any) -> Hook:
    """A saved downloader."""
    given = {"base_url": None, "api_key": None, **more}
    with house.database.transaction() as uow:
        row, token = service.create(uow, kind=kind, name=name or kind.value, secret=KEY, **given)
        return Hook(row.id, token)


@pytest.fixture
def hook(house: House) -> Hook:
    return add(house)


async def send(client: Client, hook: Hook, body: Any, *, method: str = "POST", **headers: str) -> httpx.Response:
    """A webhook with its token in a header, as JSON unless it is bytes."""
    content = body if isinstance(body, bytes) else json.dumps(body, indent=2).encode()
    given = {"x-api-key": hook.token, "content-type": "application/json", **headers}
    return await client.http.request(method, hook.path, content=content, headers=given)


@pytest.fixture
def arr() -> Iterator[Arr]:
    """A loopback Radarr."""
    with radarr.running("Radarr") as running:
        yield running


@pytest.fixture
def world(database: Database, tmp_path: Path, manual_clock: ManualClock) -> World:
    install(database)
    films, series = Disk(database, tmp_path / "films"), Disk(database, tmp_path / "tv", media_type="tv", name="Series")
    settings = Settings(data_dir=tmp_path, DATABASE_URL=str(database.url), probe_timeout_s=20)
    return World(database, settings, manual_clock, films, series)
