"""Requests and WebSockets to servers in the house: an administrator named each, and nothing leads on from them."""

import contextlib
import re
import ssl
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Protocol
from urllib.parse import quote, urlencode

import httpcore
import httpx
import websockets.sync.client
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus, WebSocketException

from domain.kit.errors import Invalid, KeyRefused, RefusedByPolicy, TooLarge, Unexpected, Unreachable
from domain.kit.http.addresses import never_in_house
from domain.kit.http.connecting import CheckedBackend, Resolve, ends_after, system_addresses
from domain.kit.http.egress import Answer, Limits, judged, words
from domain.kit.http.reading import unpacked
from domain.kit.version import VERSION

_HOST: Final = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,251}[A-Za-z0-9_])?|[0-9A-Fa-f:]{2,45}")
_BASE: Final = re.compile(r"(/[A-Za-z0-9._~-]+)*")
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_USUAL: Final = Limits(total_s=15.0, connect_s=4.0, read_s=10.0, body_bytes=32 * 2**20)
_MOST_FRAME: Final = 4 * 2**20
"""Bytes of one message of a WebSocket."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where a server of the household listens. Raises Invalid for what is no host, port or path."""

    host: str
    port: int
    is_secure: bool = False
    verifies_certificate: bool = True
    base_path: str = ""

    def __post_init__(self) -> None:
        if not _HOST.fullmatch(self.host):
            raise Invalid("A host is a name or an IP address: kodi.lan, 192.168.1.20.", path=("host",))
        if not 1 <= self.port <= 65_535:
            raise Invalid("A port is 1 to 65,535.", path=("port",))
        if len(self.base_path) > 200 or not _BASE.fullmatch(self.base_path):
            raise Invalid("A base path begins with / and ends without: /jellyfin.", path=("basePath",))

    @property
    def netloc(self) -> str:
        """As a URL has it: with brackets around IPv6."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


class Socket(Protocol):
    """An open WebSocket; one thread reads, any may send."""

    def receive(self, wait_s: float) -> str | bytes | None:
        """The next message, as text if it can be read as such; None when none came in time.

        Raises Unreachable when the connection has ended.
        """

    def send(self, text: str) -> None:
        """Send a text message. Raises Unreachable."""


class Lan:
    """Outbound connections of one process to servers in the house, kept open and shared by its threads.

    Any address may be a target but link-local ones and those that are no server's. No redirect is followed: it would lead
    to what no administrator named.
    """

    def __init__(self, *, resolve: Resolve = system_addresses) -> None:
        self._backend = CheckedBackend(refuses=lambda address, _: never_in_house(address), resolve=resolve)
        self._guard = threading.Lock()
        self._pools: dict[bool, httpcore.ConnectionPool] = {}

    def request(
        self, target: Target, method: str, path: str, *, query: Mapping[str, str | int] | None = None,
        headers: Mapping[str, str] | None = None, body: bytes | None = None, limits: Limits = _USUAL,
    ) -> Answer:  # fmt: skip
        """The answer, whatever its status below 500. `path` is unquoted and begins with a slash.

        Raises RefusedByPolicy (an address that is none of the house, a redirect), Unreachable (no connection, too slow, cut
        off, 5xx), RateLimited (429), TooLarge, Unexpected.
        """
        where = quote(target.base_path + path, safe="/:@!$&'()*+,;=~") + _asking(query)
        url = httpcore.URL(
            scheme=b"https" if target.is_secure else b"http", host=target.host.encode(), port=target.port, target=where.encode()
        )
        sent = {
            "host": target.netloc, "user-agent": f"Marquee/{VERSION}", "accept": "application/json", "accept-encoding": "gzip",
            **(headers or {}),
        }  # fmt: skip
        if body is not None or method not in ("GET", "DELETE"):
            sent["content-length"] = str(len(body or b""))
        waits = {"connect": limits.connect_s, "read": limits.read_s, "write": limits.read_s, "pool": limits.total_s}
        try:
            with (
                ends_after(limits.total_s),
                self._pool(target.verifies_certificate).stream(
                    method, url, headers=list(sent.items()), content=body, extensions={"timeout": waits}
                ) as response,
            ):
                found = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
                length = found.get("content-length", "")
                if length.isdecimal() and int(length) > limits.body_bytes:
                    raise TooLarge(f"The answer of {target.host} has more than {limits.body_bytes:,} bytes.")
                packing = found.get("content-encoding", "").strip().lower()
                whole = unpacked(response.iter_stream(), encoding=packing, most_bytes=limits.body_bytes, host=target.host)
        except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError, ssl.SSLError) as error:
            raise Unreachable(words(target.host, error)) from None
        if response.status in _REDIRECTS:
            raise RefusedByPolicy(
                f"{target.host} sends us elsewhere: give the address (port, base path, TLS) where it itself is."
            )
        return judged(Answer(response.status, found, whole, target.host))

    @contextlib.contextmanager
    def websocket(
        self, target: Target, path: str, *, query: Mapping[str, str | int] | None = None,
        headers: Mapping[str, str] | None = None, open_s: float = 5.0,
    ) -> Iterator[Socket]:  # fmt: skip
        """A WebSocket, closed at the end of the block. Raises Unreachable, KeyRefused (401, 403), RefusedByPolicy, Unexpected.

        No ping frames are sent (Kodi answers them with what is no frame): whoever waits asks in the protocol's own words.
        """
        scheme = "wss" if target.is_secure else "ws"
        url = f"{scheme}://{target.netloc}{quote(target.base_path + path)}{_asking(query)}"
        try:
            with ends_after(open_s):
                stream = self._backend.connect_tcp(target.host, target.port, open_s)
            raw = stream.get_extra_info("socket")
            raw.settimeout(None)
            connection = websockets.sync.client.connect(
                url, sock=raw, ssl=_tls(target.verifies_certificate) if target.is_secure else None, open_timeout=open_s,
                close_timeout=1.0, ping_interval=None, compression=None, max_size=_MOST_FRAME, max_queue=64, proxy=None,
                additional_headers=dict(headers or {}), user_agent_header=f"Marquee/{VERSION}",
            )  # fmt: skip
        except (httpcore.TimeoutException, httpcore.NetworkError, OSError, TimeoutError) as error:
            raise Unreachable(words(target.host, error)) from None
        except InvalidStatus as error:
            if error.response.status_code in (401, 403):
                raise KeyRefused(f"{target.host} does not accept our credentials.") from None
            raise Unexpected(f"{target.host} has no WebSocket there ({error.response.status_code}).") from None
        except (InvalidHandshake, WebSocketException, EOFError):
            raise Unexpected(f"{target.host} does not speak WebSocket there.") from None
        with contextlib.closing(connection):
            yield _Open(connection, target.host)

    def close(self) -> None:
        """Close what is kept open."""
        with self._guard:
            for pool in self._pools.values():
                pool.close()
            self._pools.clear()

    def _pool(self, verifies: bool) -> httpcore.ConnectionPool:
        with self._guard:
            if verifies not in self._pools:
                self._pools[verifies] = httpcore.ConnectionPool(
                    _tls(verifies), max_connections=64, max_keepalive_connections=16, keepalive_expiry=15,
                    network_backend=self._backend,
                )  # fmt: skip
            return self._pools[verifies]


class _Open:
    def __init__(self, connection: websockets.sync.client.ClientConnection, host: str) -> None:
        self._connection = connection
        self._host = host

    def receive(self, wait_s: float) -> str | bytes | None:
        try:
            message = self._connection.recv(timeout=wait_s, decode=False)  # what is no UTF-8 would end the connection
        except TimeoutError:
            return None
        except (ConnectionClosed, OSError):
            raise Unreachable(f"{self._host} closed its WebSocket.") from None
        try:
            return message.decode()
        except UnicodeDecodeError:
            return message

    def send(self, text: str) -> None:
        try:
            self._connection.send(text)
        except (ConnectionClosed, OSError):
            raise Unreachable(f"{self._host} closed its WebSocket.") from None


def _asking(query: Mapping[str, str | int] | None) -> str:
    """The query with its question mark; a space is %20, which every server reads, and no plus."""
    return f"?{urlencode(query, quote_via=quote)}" if query else ""


def _tls(verifies: bool) -> ssl.SSLContext:
    context = httpx.create_ssl_context(trust_env=False)
    if not verifies:  # a certificate that the server made itself, and an administrator accepts
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context
