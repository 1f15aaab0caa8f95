"""A client of graphql-transport-ws for tests, and the events that subscriptions tell of."""

import asyncio
import contextlib
import itertools
import json
from collections.abc import AsyncIterator
from typing import Any

import websockets
from websockets.asyncio.client import ClientConnection

from domain.jobs import leases, service
from domain.jobs.kinds import Kind
from domain.jobs.leases import Lease, Progress
from domain.kit.ids import global_id
from domain.system import events
from tests.api.conftest import House, Live
from tests.jobs.kinds import PLAIN, Note

PROTOCOL = "graphql-transport-ws"


class Socket:
    """One connection. Messages that are not expected fail the test."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection
        self._ids = itertools.count(1)

    async def send(self, message: Any) -> None:
        await self.connection.send(json.dumps(message))

    async def receive(self) -> Any:
        async with asyncio.timeout(5):
            text = await self.connection.recv()
        assert isinstance(text, str), "answers are text frames"
        return json.loads(text)

    async def subscribe(self, query: str, variables: dict[str, Any] | None = None, **more: Any) -> str:
        """Start an operation; its id."""
        id_ = str(next(self._ids))
        await self.send({"type": "subscribe", "id": id_, "payload": {"query": query, "variables": variables, **more}})
        return id_

    async def following(self, id_: str) -> Any:
        """`data` of the next message of an operation."""
        message = await self.receive()
        assert (message["type"], message["id"]) == ("next", id_), message
        assert "errors" not in message["payload"], message
        return message["payload"]["data"]

    async def closed(self) -> int:
        """Read until the server closes; its code."""
        with contextlib.suppress(websockets.ConnectionClosed):
            async with asyncio.timeout(10):
                while True:
                    await self.connection.recv()
        assert self.connection.close_code is not None
        return self.connection.close_code


@contextlib.asynccontextmanager
async def opened(live: Live, *, protocol: str = PROTOCOL, **headers: str) -> AsyncIterator[Socket]:
    """A connection before `connection_init`."""
    url = f"ws://127.0.0.1:{live.port}/graphql"
    async with websockets.connect(
        url, subprotocols=[websockets.Subprotocol(protocol)], additional_headers=headers, compression=None, max_size=None
    ) as connection:
        yield Socket(connection)


@contextlib.asynccontextmanager
async def signed_in(live: Live, who: str) -> AsyncIterator[Socket]:
    """A connection of somebody, acknowledged."""
    async with opened(live) as socket:
        await socket.send({"type": "connection_init", "payload": live.house.headers(who)})
        assert await socket.receive() == {"type": "connection_ack"}
        yield socket


def start_job(house: House, who: str, kind: Kind[Note] = PLAIN) -> Lease:
    """A job that somebody asked for, taken by a worker."""
    with house.database.transaction() as uow:
        service.enqueue(uow, kind, Note(), requested_by_user_id=house.users[who].id)
        lease = leases.claim(uow, queues=[kind.queue], kinds=[kind.name], worker="test", lease_s=600)
    assert lease is not None
    return lease


def advance_job(house: House, lease: Lease, fraction: float) -> None:
    """Progress of a job."""
    with house.database.transaction() as uow:
        leases.hold(uow, lease, lease_s=600, progress=Progress(fraction, "working", {}))


def end_job(house: House, lease: Lease) -> None:
    """A job is done."""
    with house.database.transaction() as uow:
        leases.complete(uow, lease, {"files": 3})


def tell(house: House, type: str, subject: str, *, topic: str, audience: str, **payload: Any) -> None:
    """Write one event."""
    with house.database.transaction() as uow:
        events.emit(uow, type, subject, topic=topic, audience=audience, payload=payload)


def tell_item(house: House, item: int, library: int, what: str = "changed") -> None:
    """An event of an item."""
    tell(house, f"item.{what}", global_id("media_items", item), topic="catalog", audience=events.for_library(library))
