"""A loopback server of the household: HTTP with every verb, WebSockets, faults that are served once, and a rule of what may come.

Whatever comes that the rule does not allow is answered with 418 and remembered: at the end the peer fails its test.
"""

import contextlib
import json
import re
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import parse_qsl, unquote, urlsplit

from websockets.frames import Frame, Opcode
from websockets.http11 import Request
from websockets.protocol import State
from websockets.server import ServerProtocol

from domain.kit.http import Target
from tests.peers.sheets import Rule
from tests.peers.web import Given

ALWAYS: Final = frozenset({"host", "user-agent", "accept", "accept-encoding", "content-length"})
"""Headers that any request may have."""
UPGRADE: Final = frozenset({"upgrade", "connection", "sec-websocket-key", "sec-websocket-version"})


@dataclass(frozen=True)
class Asked:
    """A request as it came; header names in lower case."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes = b""

    @property
    def json(self) -> Any:
        """Its body."""
        return json.loads(self.body)


HANG: Final = Given(status=0)
"""The request is taken and never answered."""
DROP: Final = Given(status=-1)
"""The connection ends without an answer."""


def json_given(value: Any, status: int = 200, **headers: str) -> Given:
    """An answer as an API sends it."""
    return Given(status, json.dumps(value).encode(), {"content-type": "application/json; charset=utf-8", **headers})


class Link:
    """An open WebSocket, seen from the server."""

    def __init__(self, asked: Asked, connection: Any, protocol: ServerProtocol) -> None:
        self.asked = asked
        self.heard: list[Any] = []
        self._connection = connection
        self._protocol = protocol
        self._guard = threading.Lock()

    def send(self, value: Any) -> None:
        """Send a message: text as it is, anything else as JSON."""
        text = value if isinstance(value, str) else json.dumps(value)
        with self._guard, contextlib.suppress(OSError):
            if self._protocol.state is State.OPEN:
                self._protocol.send_text(text.encode())
                self._flush()

    def begin(self) -> None:
        """Answer the handshake."""
        with self._guard:
            self._flush()

    def drop(self) -> None:
        """End it without a word."""
        with contextlib.suppress(OSError):
            self._connection.shutdown(2)

    def read(self, heard: Callable[[Any], None]) -> None:
        """Hand over what comes until the client goes."""
        while data := self._received():
            with self._guard:
                self._protocol.receive_data(data)
                events = self._protocol.events_received()
                self._flush()
            for event in events:
                if isinstance(event, Frame) and event.opcode is Opcode.TEXT:
                    self.heard.append(json.loads(bytes(event.data)))
                    heard(self.heard[-1])
            if self._protocol.close_expected():
                self.drop()

    def _received(self) -> bytes:
        try:
            return bytes(self._connection.recv(65_536))
        except OSError:
            return b""

    def _flush(self) -> None:
        for data in self._protocol.data_to_send():
            if data:
                self._connection.sendall(data)


@dataclass
class HouseServer:
    """A running server. `answer` and `socket` are the true behaviour; `faults` are served first, to requests alone."""

    rules: Sequence[Rule]
    headers: frozenset[str] = frozenset()
    """Names that a request may have besides `ALWAYS`."""
    faults: list[Given] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    offences: list[str] = field(default_factory=list)
    """What came that the sheet does not allow."""
    has_sockets: bool = True
    port: int = 0
    base_path: str = ""

    def __post_init__(self) -> None:
        self.stopped = threading.Event()
        self.guard = threading.RLock()
        self.changed = threading.Condition(self.guard)

    @property
    def target(self) -> Target:
        return Target("127.0.0.1", self.port, base_path=self.base_path)

    def answer(self, asked: Asked) -> Given:
        """The true answer."""
        raise NotImplementedError

    def refuses_socket(self, asked: Asked) -> Given | None:
        """Why a WebSocket is not opened."""
        return None

    def opened(self, link: Link) -> None:
        """A WebSocket was opened."""

    def heard(self, link: Link, message: Any) -> None:
        """A message came."""

    def wait(self, condition: Callable[[], Any], wait_s: float = 20.0) -> None:
        """Until something is so; every request and message lets it be looked at again."""
        with self.changed:
            assert self.changed.wait_for(condition, wait_s), f"{condition} did not come"

    def tell(self, value: Any) -> None:
        """Send to every open WebSocket."""
        for link in list(self.links):
            link.send(value)

    def drop(self) -> None:
        """End every WebSocket without a word."""
        for link in list(self.links):
            link.drop()

    def of(self, method: str, path: str) -> list[Asked]:
        """The requests of a kind, as they came."""
        return [each for each in list(self.asked) if each.method == method and re.fullmatch(path, each.path)]

    @contextlib.contextmanager
    def running(self) -> Iterator[Any]:
        """Serve on a free port of loopback; fails at the end if anything came that the sheet does not allow."""
        server = ThreadingHTTPServer(("127.0.0.1", self.port), _handler(self))
        server.daemon_threads = True
        self.port = int(server.server_address[1])
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self.stopped.set()
            self.drop()
            server.shutdown()
            server.server_close()
            thread.join(10)
        assert self.offences == []

    def offence(self, asked: Asked, *, is_socket: bool) -> str | None:
        """What the sheet does not allow in a request."""
        known = [rule for rule in self.rules if re.fullmatch(rule.path, asked.path)]
        fits = [rule for rule in known if rule.method == ("WS" if is_socket else asked.method)]
        if not fits:
            return f"{asked.method} {asked.path}: {'no such verb' if known else 'no such path'}"
        for rule in fits:
            names = set(asked.query)
            if names <= rule.may | rule.must and rule.must <= names:
                break
        else:
            return f"{asked.method} {asked.path}: query {sorted(asked.query)}"
        allowed = ALWAYS | self.headers | (UPGRADE if is_socket else set()) | ({"content-type"} if asked.body else set())
        return f"{asked.method} {asked.path}: headers {strange}" if (strange := sorted(set(asked.headers) - allowed)) else None


def _handler(peer: HouseServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _serve(self) -> None:
            parts = urlsplit(self.path)
            headers = {name.lower(): value for name, value in self.headers.items()}
            body = self.rfile.read(int(headers.get("content-length", "0")))
            query = dict(parse_qsl(parts.query, keep_blank_values=True))
            asked = Asked(self.command, unquote(parts.path).removeprefix(peer.base_path), query, headers, body)
            is_socket = headers.get("upgrade", "").lower() == "websocket"
            with contextlib.suppress(OSError):
                if is_socket:
                    self._socket(asked)
                else:
                    self._give(self._given(asked))

        def _given(self, asked: Asked) -> Given:
            with peer.changed:
                peer.asked.append(asked)
                wrong = peer.offence(asked, is_socket=False)
                if wrong is not None:
                    peer.offences.append(wrong)
                    given = Given(418, wrong.encode(), {"content-type": "text/plain"})
                else:
                    given = peer.faults.pop(0) if peer.faults else peer.answer(asked)
                peer.changed.notify_all()
            return given

        def _give(self, given: Given) -> None:
            if given.status <= 0:
                self.close_connection = True
                if given.status == 0:
                    peer.stopped.wait()
                return
            lines = [f"HTTP/1.1 {given.status} -", *(f"{name}: {value}" for name, value in given.headers.items())]
            if given.status not in (204, 304):
                lines.append(f"content-length: {len(given.body)}")
            self.close_connection = given.sent_bytes is not None
            body = given.body if given.sent_bytes is None else given.body[: given.sent_bytes]
            self.wfile.write("\r\n".join([*lines, "", ""]).encode("latin-1") + body)

        def _socket(self, asked: Asked) -> None:
            self.close_connection = True
            with peer.changed:
                peer.asked.append(asked)
                wrong = peer.offence(asked, is_socket=True)
                refused = peer.refuses_socket(asked) if peer.has_sockets else Given(404, b"")
                if wrong is not None:
                    peer.offences.append(wrong)
                    refused = Given(418, wrong.encode())
                peer.changed.notify_all()
            if refused is not None:
                self._give(refused)
                return
            protocol = ServerProtocol()
            head = [f"GET {self.path} HTTP/1.1", *(f"{name}: {value}" for name, value in self.headers.items()), "", ""]
            protocol.receive_data("\r\n".join(head).encode("latin-1"))
            (request,) = (event for event in protocol.events_received() if isinstance(event, Request))
            protocol.send_response(protocol.accept(request))
            link = Link(asked, self.connection, protocol)
            with peer.changed:
                link.begin()
                peer.links.append(link)  # whoever asks after the answer finds it
                peer.changed.notify_all()
            peer.opened(link)

            def heard(message: Any) -> None:
                peer.heard(link, message)
                with peer.changed:
                    peer.changed.notify_all()

            link.read(heard)
            with peer.changed:
                peer.links.remove(link)
                peer.changed.notify_all()

        do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = _serve

        def log_message(self, format: str, *args: object) -> None:
            """Nothing."""

    return Handler
