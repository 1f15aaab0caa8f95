"""Many subscribers over graphql-transport-ws in one light process: raw frames, read only for the time they were sent."""

import asyncio
import resource
import time
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import Any, Final, cast

import orjson
import uvloop

QUERY: Final = """subscription Fanout($types: [String!]) { events(types: $types) {
  __typename ... on EventHappened { cursor type subject payload node { id ... on Job { kind status progress } } } } }"""
TYPE: Final = "bench.told"
AT_ONCE: Final = 50
"""Connections being opened at one time."""
_MARK: Final = b'"t":'
_DIGITS: Final = 19
"""Of nanoseconds since 1970."""


@dataclass
class Told:
    """What was received since the last `reset`."""

    latencies_ns: list[int] = field(default_factory=list)
    last_at: float = 0.0


class Subscriber(asyncio.Protocol):
    """One connection with one subscription."""

    def __init__(self, port: int, token: str, told: Told) -> None:
        self._port, self._token, self._told = port, token, told
        self._buffer = b""
        self._is_open = False
        self.ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.closed_at: float | None = None
        self.frames = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        lines = [
            "GET /graphql HTTP/1.1", f"Host: 127.0.0.1:{self._port}", "Upgrade: websocket", "Connection: Upgrade",
            "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            "Sec-WebSocket-Protocol: graphql-transport-ws", "", "",
        ]  # fmt: skip
        self.transport.write("\r\n".join(lines).encode())

    def _send(self, first: int, data: bytes) -> None:
        """A frame masked with zeros, which is as good as any other mask."""
        length = bytes([0x80 | len(data)]) if len(data) < 126 else b"\xfe" + len(data).to_bytes(2, "big")
        self.transport.write(bytes([first]) + length + b"\0\0\0\0" + data)

    def data_received(self, data: bytes) -> None:
        now = time.time_ns()
        if not self._is_open:
            data = self._buffer + data
            head, end, rest = data.partition(b"\r\n\r\n")
            if not end:
                self._buffer = data
                return
            assert head.startswith(b"HTTP/1.1 101 "), head
            self._is_open, self._buffer, data = True, b"", rest
            self._send(0x81, orjson.dumps({"type": "connection_init", "payload": {"token": self._token}}))
        elif self._buffer:
            data, self._buffer = self._buffer + data, b""
        begin, end_ = 0, len(data)
        while end_ - begin >= 2:
            size, body = data[begin + 1], begin + 2
            if size == 126:
                size, body = int.from_bytes(data[begin + 2 : begin + 4], "big"), begin + 4
            if end_ - body < size:
                break
            self._frame(data[begin], data, body, body + size, now)
            begin = body + size
        if begin < end_:
            self._buffer = data[begin:]

    def _frame(self, first: int, data: bytes, begin: int, end: int, now: int) -> None:
        if first == 0x89:
            self._send(0x8A, data[begin:end])
            return
        if first != 0x81:
            return
        at = data.find(_MARK, begin, end)
        if at >= 0:
            self.frames += 1
            self._told.latencies_ns.append(now - int(data[at + 4 : at + 4 + _DIGITS]))
            self._told.last_at = time.perf_counter()
        elif not self.ready.done():
            message = orjson.loads(data[begin:end])
            if message["type"] == "connection_ack":
                payload = {"query": QUERY, "variables": {"types": [TYPE]}}
                self._send(0x81, orjson.dumps({"id": "1", "type": "subscribe", "payload": payload}))
            elif message["type"] == "next":
                self.ready.set_result(None)
            else:
                self.ready.set_exception(RuntimeError(str(message)))

    def connection_lost(self, exc: Exception | None) -> None:
        self.closed_at = time.perf_counter()
        if not self.ready.done():
            self.ready.set_exception(exc or ConnectionResetError("The server hung up."))


class Crowd:
    """All subscribers, and what may be asked of them from another process."""

    def __init__(self) -> None:
        self._told = Told()
        self._all: list[Subscriber] = []
        self._deaf: list[Subscriber] = []

    async def gather(self, port: int, token: str, count: int) -> int:
        """Connect and subscribe; the number of open subscriptions."""
        loop, places = asyncio.get_running_loop(), asyncio.Semaphore(AT_ONCE)

        async def one() -> None:
            async with places:
                _, subscriber = await loop.create_connection(lambda: Subscriber(port, token, self._told), "127.0.0.1", port)
                await asyncio.wait_for(subscriber.ready, 60)
                self._all.append(subscriber)

        await asyncio.gather(*(one() for _ in range(count)))
        return len(self._all)

    async def reset(self) -> float:
        """Forget what was received; the CPU seconds of this process until now."""
        self._told.latencies_ns.clear()
        for each in self._all:
            each.frames = 0
        used = resource.getrusage(resource.RUSAGE_SELF)
        return used.ru_utime + used.ru_stime

    async def received(self, expected: int, patience_s: float) -> dict[str, Any]:
        """Wait until everybody who reads has received so many; then how long it took them."""
        until = time.perf_counter() + patience_s
        readers = [each for each in self._all if each not in self._deaf]
        while any(each.frames < expected for each in readers) and time.perf_counter() < until:  # noqa: ASYNC110 - no work per frame
            await asyncio.sleep(0.02)
        times = sorted(self._told.latencies_ns)
        return {
            "count": len(times),
            "short": sum(each.frames != expected for each in readers),
            "last_at": self._told.last_at,
            "p50_ms": times[len(times) // 2] / 1e6 if times else None,
            "p99_ms": times[int(len(times) * 0.99)] / 1e6 if times else None,
            "closed": sum(each.closed_at is not None for each in readers),
        }

    async def stop_reading(self, count: int) -> float:
        """So many stop reading; when (perf_counter, the same for all processes)."""
        for each in self._all[:: max(len(self._all) // count, 1)][:count]:
            each.transport.pause_reading()
            self._deaf.append(each)
        return time.perf_counter()


async def _serve(pipe: Connection) -> None:
    crowd = Crowd()
    while True:
        command = await asyncio.to_thread(pipe.recv)
        if command is None:
            return
        name, arguments = command
        try:
            pipe.send(await getattr(crowd, name)(*arguments))
        except Exception as error:
            pipe.send(error)


def main(pipe: Connection) -> None:
    """The process."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(pipe))
