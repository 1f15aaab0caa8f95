"""A client of graphql-transport-ws for tests, and the events that subscriptions tell of."""

import asyncio
import contextlib
import itertools
import json
import socket
from collections.abc import AsyncIterator
from typing import Any

import websockets
from websockets.asyncio.client import ClientConnection

from domain.jobs import leases, service
from domain.jobs.declaring import Kind
from domain.jobs.leases import Lease, Progress
from domain.kit.ids import global_id
from domain.system import events
from tests.api.conftest import House, Live
from tests.jobs.kinds import PLAIN, Note

PROTOCOL = "graphql-transport-ws"
JOBS = """subscription Jobs($id: ID, $after: String) {
  jobProgressed(id: $id, after: $after) {
    __typename
    ... on Subscribed { cursor }
    ... on Resync { reason }
    ... on JobProgressed { cursor type subject node { id status progress } }
  }
}"""
ITEMS = """subscription Items($id: ID, $library: ID, $after: String) {
  mediaItemChanged(id: $id, library: $library, after: $after) {
    __typename ... on Subscribed { cursor } ... on Resync { reason } ... on MediaItemChanged { cursor type node { title } }
  }
}"""
EVENTS = """subscription Events($types: [String!], $after: String) {
  events(types: $types, after: $after) {
    __typename ... on Subscribed { cursor } ... on Resync { reason }
    ... on EventHappened { cursor type subject payload node { __typename id } }
  }
}"""


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


async def caught_up(live: Live) -> None:
    """Wait until the server has read every event there is: what follows is told of, what was is not."""
    async with asyncio.timeout(5):
        while True:
            with live.house.database.read() as session:
                end = events.latest(session).encode()
            if await live.house.services.events.position() == end:
                return
            await asyncio.sleep(0.01)


def following(live: Live) -> int:
    """How many subscriptions are open, in groups or alone."""
    services = live.house.services
    open_: int = services.events.listeners - len(services.hub) + services.hub.seated
    return open_


@contextlib.asynccontextmanager
async def signed_in(live: Live, who: str) -> AsyncIterator[Socket]:
    """A connection of somebody, acknowledged, to a server that has heard of everything before."""
    await caught_up(live)
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


def shake_hands(raw: socket.socket, host: str) -> bytes:
    """What the server answers to a handshake under a host name."""
    lines = [
        "GET /graphql HTTP/1.1", f"Host: {host}", "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Protocol: graphql-transport-ws",
    ]  # fmt: skip
    raw.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
    return raw.recv(1000)


def deafen(raw: socket.socket, live: Live, query: str) -> None:
    """Subscribe by hand, as the administrator, and never read again."""
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    assert shake_hands(raw, f"127.0.0.1:{live.port}").startswith(b"HTTP/1.1 101 ")
    init = f'{{"type":"connection_init","payload":{{"token":"{live.house.tokens["admin"]}"}}}}'
    for text in (init, f'{{"type":"subscribe","id":"1","payload":{{"query":"{query}"}}}}'):
        data = text.encode()
        head = bytes([0x81, 0x80 | len(data)]) if len(data) < 126 else bytes([0x81, 0xFE]) + len(data).to_bytes(2, "big")
        raw.sendall(head + b"\0\0\0\0" + data)


def job_id(lease: Lease) -> str:
    """The job's global id."""
    return global_id("jobs", lease.job_id)


async def subscribed(socket: Socket, query: str, variables: dict[str, Any] | None = None) -> tuple[str, str]:
    """(id of the operation, cursor) of a new subscription."""
    id_ = await socket.subscribe(query, variables)
    (first,) = (await socket.following(id_)).values()
    assert first["__typename"] == "Subscribed"
    return id_, first["cursor"]
