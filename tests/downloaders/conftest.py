"""A household with a Radarr, and the application that its webhooks come to."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from domain.downloaders import service
from domain.libraries.enums import SourceKind
from tests.api.conftest import Client, House, client, empty_house, eventually, house, live, settings
from tests.factories.accounts import KEY
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
