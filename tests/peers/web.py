"""A loopback web server that can misbehave: each fault is served once, then the true answer comes again."""

import contextlib
import gzip
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from domain.kit.http import Egress, Limits, Resolve
from domain.kit.http.connecting import system_addresses


@dataclass(frozen=True)
class Asked:
    """A request as it came; header names in lower case."""

    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes = b""
    """Of a POST or PUT."""
    method: str = "GET"


@dataclass(frozen=True)
class Given:
    """What is sent. `sent_bytes` cuts the body off; `pause_s` lies between its single bytes, of the head too if `slow_head`."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    sent_bytes: int | None = None
    pause_s: float = 0.0
    slow_head: bool = False


def json_answer(body: bytes, **headers: str) -> Given:
    """An answer as an API sends it."""
    return Given(body=body, headers={"content-type": "application/json;charset=utf-8", **headers})


def slow(pause_s: float = 0.05, *, head: bool = False) -> Given:
    """A byte, a pause, a byte: no single read ever waits long."""
    body = b'{"a":"' + b"x" * 4000 + b'"}'
    return Given(body=body, headers={"content-type": "application/json"}, pause_s=pause_s, slow_head=head)


HTML = Given(body=b"<!doctype html><p>Welcome to the hotel network", headers={"content-type": "text/html; charset=utf-8"})
TRUNCATED = Given(body=b'{"id": 900101, "title": "Pa', headers={"content-type": "application/json"}, sent_bytes=12)


def enough(retry_after: str) -> Given:
    """429."""
    return Given(429, b"{}", {"content-type": "application/json", "retry-after": retry_after})


def elsewhere(location: str) -> Given:
    """A redirect."""
    return Given(302, b"", {"location": location})


def broken(status: int = 503) -> Given:
    """The server does not work."""
    return Given(status, b"oops", {"content-type": "text/plain"})


def bomb(size: int) -> Given:
    """A small answer that unpacks to `size` bytes."""
    return json_answer(gzip.compress(b"[" + b" " * size + b"]"), **{"content-encoding": "gzip"})


class Peer:
    """A running server. `answer` gives the true answers; `faults` are served first."""

    def __init__(self, answer: Callable[[Asked], Given]) -> None:
        self.answer = answer
        self.faults: list[Given] = []
        self.asked: list[Asked] = []
        self.stopped = threading.Event()
        self._egresses: list[Egress] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.port = int(self._server.server_address[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def egress(self, limits: Limits | None = None, *, resolve: Resolve = system_addresses) -> Egress:
        """The way to this server and to no other of this machine, open as long as the server runs."""
        self._egresses.append(Egress(loopback_ports=frozenset({self.port}), limits=limits, resolve=resolve))
        return self._egresses[-1]

    @contextlib.contextmanager
    def running(self) -> Iterator["Peer"]:
        thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            for egress in self._egresses:
                egress.close()
            self.stopped.set()
            self._server.shutdown()
            self._server.server_close()
            thread.join(10)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        peer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                self._serve(self.rfile.read(int(self.headers["content-length"])))

            def do_PUT(self) -> None:
                self.do_POST()

            def do_GET(self) -> None:
                self._serve(b"")

            def do_DELETE(self) -> None:
                self._serve(b"")

            def _serve(self, body: bytes) -> None:
                parts = urlsplit(self.path)
                headers = {name.lower(): value for name, value in self.headers.items()}
                asked = Asked(parts.path, dict(parse_qsl(parts.query, keep_blank_values=True)), headers, body, self.command)
                peer.asked.append(asked)
                given = peer.faults.pop(0) if peer.faults else peer.answer(asked)
                with contextlib.suppress(OSError):  # who has had enough hangs up
                    self._give(given)

            def _give(self, given: Given) -> None:
                lines = [f"HTTP/1.1 {given.status} -"]
                lines += [f"{name}: {value}" for name, value in given.headers.items()]
                if given.status != 304:
                    lines.append(f"content-length: {len(given.body)}")
                head = "\r\n".join([*lines, "", ""]).encode("latin-1")
                body = given.body if given.sent_bytes is None else given.body[: given.sent_bytes]
                self.close_connection = given.sent_bytes is not None or given.pause_s > 0
                if given.pause_s:
                    fast, trickled = (b"", head + body) if given.slow_head else (head, body)
                    self.wfile.write(fast)
                    for byte in trickled:
                        if peer.stopped.wait(given.pause_s):
                            return
                        self.wfile.write(bytes([byte]))
                else:
                    self.wfile.write(head + body)

            def log_message(self, format: str, *args: object) -> None:
                """Nothing."""

        return Handler
