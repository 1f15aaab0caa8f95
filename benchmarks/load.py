"""A load generator: keep-alive connections that send the next request when the last answer is complete."""

import asyncio
import itertools
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, cast

import orjson
import uvloop

END: Final = b"\r\n\r\n"
PATIENCE_S: Final = 60.0
"""How long the last answers may take beyond the end of a load."""


@dataclass(frozen=True, slots=True)
class Load:
    """`connections` at once for `seconds`; then what is under way is waited for."""

    port: int
    requests: Sequence[bytes]
    connections: int
    seconds: float


@dataclass(slots=True)
class Result:
    """What one load measured. The rate counts every answer until the last one, so that nothing is cut off."""

    elapsed_s: float
    latencies_s: list[float] = field(default_factory=list)
    bad: int = 0
    """Answers that were not status 200 with nothing but data."""

    @property
    def rate(self) -> float:
        """Answers per second."""
        return len(self.latencies_s) / self.elapsed_s

    def percentile(self, share: float) -> float:
        """Latency in milliseconds below which this share of the answers came."""
        return sorted(self.latencies_s)[min(len(self.latencies_s) - 1, int(len(self.latencies_s) * share))] * 1000


def request_bytes(port: int, token: str, query: str, variables: dict[str, object]) -> bytes:
    """An HTTP/1.1 request that POSTs an operation with a bearer token."""
    body = orjson.dumps({"query": query, "variables": variables})
    head = (
        f"POST /graphql HTTP/1.1\r\nHost: localhost:{port}\r\nAuthorization: Bearer {token}\r\nAccept: application/json\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


class Connection(asyncio.Protocol):
    """One connection, one request at a time."""

    def __init__(self, requests: Iterator[bytes], result: Result, until: float, done: "asyncio.Future[None]") -> None:
        self._requests, self._result, self._until, self._done = requests, result, until, done
        self._buffer = bytearray()
        self._needed: int | None = None
        self._sent = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is none by inheritance
        self._next()

    def _next(self) -> None:
        self._sent = time.perf_counter()
        if self._sent >= self._until:
            self._transport.close()
            self._done.set_result(None)
            return
        self._transport.write(next(self._requests))

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if self._needed is None:
            head, end, _ = self._buffer.partition(END)
            if not end:
                return
            length = head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]
            self._needed = len(head) + len(END) + int(length)
        if len(self._buffer) < self._needed:
            return
        self._result.latencies_s.append(time.perf_counter() - self._sent)
        body = self._buffer[self._buffer.index(END) + len(END) :]
        if not self._buffer.startswith(b"HTTP/1.1 200") or not body.startswith(b'{"data":') or b'"errors"' in body[-200:]:
            self._result.bad += 1
        self._buffer.clear()
        self._needed = None
        self._next()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._done.done():
            self._done.set_exception(exc or ConnectionResetError("The server hung up."))


async def _drive(load: Load) -> Result:
    loop = asyncio.get_running_loop()
    began = time.perf_counter()
    result = Result(0.0)
    requests = itertools.cycle(load.requests)
    ends: list[asyncio.Future[None]] = [loop.create_future() for _ in range(load.connections)]
    for end in ends:
        make = Connection(requests, result, began + load.seconds, end)
        await loop.create_connection(lambda made=make: made, "127.0.0.1", load.port)  # type: ignore[misc]
    async with asyncio.timeout(load.seconds + PATIENCE_S):
        await asyncio.gather(*ends)
    result.elapsed_s = time.perf_counter() - began
    return result


def drive(load: Load) -> Result:
    """Put a load on a server. Raises ConnectionError when it is away, TimeoutError when it hangs."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(_drive(load))
