"""Requests to public servers: allowed hosts, checked addresses, few redirects, limits of size and time."""

import re
import ssl
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import httpcore
import httpx

from domain.kit import clock
from domain.kit.errors import RateLimited, RefusedByPolicy, TooLarge, Unexpected, Unreachable
from domain.kit.http.addresses import is_inside, is_loopback, is_public
from domain.kit.http.connecting import CheckedBackend, Resolve, ends_after, system_addresses
from domain.kit.http.reading import pieces, unpacked
from domain.kit.http.retrying import retry_after
from domain.kit.version import VERSION

ANY_HOST: Final = None
"""In place of an allowlist: every public server."""
MOST_CHARACTERS: Final = 2000
"""Of an address that a person gives."""
Into = Callable[[bytes], object]
"""Takes a piece of a body."""
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_HOST: Final = re.compile(rb"[A-Za-z0-9_.-]{1,253}|[0-9A-Fa-f:.]{2,45}")
_PORTS: Final = {"https": 443, "http": 80}


@dataclass(frozen=True, slots=True)
class Limits:
    """Of one request. Seconds for the whole with all redirects, for connecting, and for each read."""

    total_s: float = 30.0
    connect_s: float = 5.0
    read_s: float = 10.0
    body_bytes: int = 8 * 2**20
    redirects: int = 3


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer. `headers` have lower-case names; `host` is the one that sent it."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    host: str


class Egress:
    """Outbound requests of one process; its connections are kept open and shared by its threads.

    `loopback_ports` are where tests listen on this machine; nothing but a test gives any.
    """

    def __init__(
        self, *, limits: Limits | None = None, loopback_ports: frozenset[int] = frozenset(), resolve: Resolve = system_addresses
    ) -> None:
        self.limits = limits or Limits()
        self._loopback_ports = loopback_ports
        self._backend = CheckedBackend(refuses=self._refuses, resolve=resolve)
        self._guard = threading.Lock()
        self._pool: httpcore.ConnectionPool | None = None

    def get(
        self, url: str, *, hosts: frozenset[str] | None, headers: Mapping[str, str] | None = None,
        types: Sequence[str] = (), limits: Limits | None = None, into: Into | None = None,
    ) -> Answer:  # fmt: skip
        """The answer, whatever its status below 500. `types` are the media types that a 200 may have (all if empty).

        `hosts` are the servers that may be asked, redirects included. `into` takes the body of a 200 in small pieces, and
        may raise to end it; then no answer has a body. Raises RefusedByPolicy; Unreachable (no connection,
        too slow, cut off, 5xx); RateLimited (429); TooLarge; Unexpected (another type).
        """
        limits = limits or self.limits
        given, place = dict(headers or {}), _parsed(url)
        with ends_after(limits.total_s):
            for _ in range(limits.redirects + 1):
                self._check(place, hosts)
                answer = self._ask(place, given, types, limits, into)
                if answer.status not in _REDIRECTS or "location" not in answer.headers:
                    return judged(answer)
                after = _joined(place, answer.headers["location"])
                if place.scheme == "https" and after.scheme != "https":
                    raise RefusedByPolicy(f"{place.host} sends us on to a connection that anybody could read.")
                if (after.scheme, after.host, after.port) != (place.scheme, place.host, place.port):
                    given = {name: value for name, value in given.items() if name.lower() == "accept"}  # no keys for others
                place = after
        raise RefusedByPolicy(f"{place.host} sends us on more than {limits.redirects} times.")

    def post(
        self, url: str, body: bytes, *, hosts: frozenset[str] | None, headers: Mapping[str, str] | None = None,
        types: Sequence[str] = (), limits: Limits | None = None,
    ) -> Answer:  # fmt: skip
        """As `get`, with a body; it is sent once and follows no redirect, because a secret may stand in it."""
        limits, place = limits or self.limits, _parsed(url)
        with ends_after(limits.total_s):
            self._check(place, hosts)
            answer = self._ask(place, headers or {}, types, limits, body=body)
        if answer.status in _REDIRECTS:
            raise RefusedByPolicy(f"{place.host} sends us elsewhere with what is meant for it alone.")
        return judged(answer)

    def check(self, url: str) -> None:
        """Raise RefusedByPolicy for an address that can be seen not to be a public server's, without asking anybody."""
        place = _parsed(url)
        if len(url) > MOST_CHARACTERS:
            raise RefusedByPolicy(f"An address has at most {MOST_CHARACTERS:,} characters.")
        if is_inside(place.host) and place.port not in self._loopback_ports:
            raise RefusedByPolicy(f"{place.host} is an address inside a network, not on the Internet.")
        self._check(place, ANY_HOST)

    def close(self) -> None:
        """Close what is kept open."""
        with self._guard:
            if self._pool is not None:
                self._pool.close()
                self._pool = None

    def _refuses(self, address: str, port: int) -> str | None:
        if is_public(address) or (port in self._loopback_ports and is_loopback(address)):
            return None
        return "an address inside a network, not on the Internet"

    def _check(self, place: httpx.URL, hosts: frozenset[str] | None) -> None:
        if place.userinfo:
            raise RefusedByPolicy("An address with a name and password in it is not asked.")
        if place.scheme == "http" and place.host in ("127.0.0.1", "localhost") and place.port in self._loopback_ports:
            return
        if hosts is not ANY_HOST and place.host not in hosts:
            raise RefusedByPolicy(f"{place.host} is not one of the servers that are asked here.")
        usual = _PORTS.get(place.scheme)
        if usual is None or (place.port or usual) != usual or (hosts is not ANY_HOST and place.scheme != "https"):
            raise RefusedByPolicy(f"{place.host} is only asked over HTTP and HTTPS on their own ports, providers over HTTPS.")

    def _ask(
        self, place: httpx.URL, headers: Mapping[str, str], types: Sequence[str], limits: Limits, into: Into | None = None,
        body: bytes | None = None,
    ) -> Answer:  # fmt: skip
        """One hop. The address itself never stands in an error or log: it may hold a key."""
        sent = {"host": place.netloc.decode(), "user-agent": f"Marquee/{VERSION}", "accept-encoding": "gzip", **headers}
        waits = {"connect": limits.connect_s, "read": limits.read_s, "write": limits.read_s, "pool": limits.total_s}
        target = httpcore.URL(scheme=place.raw_scheme, host=place.raw_host, port=place.port, target=place.raw_path)
        method = "GET"
        if body is not None:
            method, sent["content-length"] = "POST", str(len(body))
        more = {"timeout": waits}
        try:
            with self._open().stream(method, target, headers=list(sent.items()), content=body, extensions=more) as response:
                found = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
                _look(place.host, response.status, found, types, limits)
                packing = found.get("content-encoding", "").strip().lower()
                limit, found_body = limits.body_bytes, b""
                if into is None:
                    found_body = unpacked(response.iter_stream(), encoding=packing, most_bytes=limit, host=place.host)
                elif response.status == 200:
                    for piece in pieces(response.iter_stream(), encoding=packing, most_bytes=limit, host=place.host):
                        into(piece)
        except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError, ssl.SSLError) as error:
            raise Unreachable(words(place.host, error)) from None
        return Answer(response.status, found, found_body, place.host)

    def _open(self) -> httpcore.ConnectionPool:
        with self._guard:
            if self._pool is None:
                context = httpx.create_ssl_context(trust_env=False)
                self._pool = httpcore.ConnectionPool(
                    context, max_connections=20, max_keepalive_connections=10, keepalive_expiry=15, network_backend=self._backend
                )
            return self._pool


def _look(host: str, status: int, headers: Mapping[str, str], types: Sequence[str], limits: Limits) -> None:
    """Judge by the headers, before the body comes."""
    length = headers.get("content-length", "")
    if length.isdecimal() and int(length) > limits.body_bytes:
        raise TooLarge(f"The answer of {host} has more than {limits.body_bytes:,} bytes.")
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if status == 200 and types and kind not in types:
        raise Unexpected(f"{host} answered with {kind[:60] or 'something without a type'} in place of {' or '.join(types)}.")


def judged(answer: Answer) -> Answer:
    """The answer. Raises RateLimited for 429, Unreachable from 500 on."""
    moment = retry_after(answer.headers.get("retry-after"), clock.now())
    if answer.status == 429:
        raise RateLimited(f"{answer.host} has had enough requests for now.", retry_at=moment)
    if answer.status >= 500:
        raise Unreachable(f"{answer.host} does not work at the moment ({answer.status}).", retry_at=moment)
    return answer


def _parsed(url: str) -> httpx.URL:
    try:
        place = httpx.URL(url)
    except httpx.InvalidURL:
        raise RefusedByPolicy("That is no address.") from None
    if not _HOST.fullmatch(place.raw_host):
        raise RefusedByPolicy("That is no address of a server.")
    return place


def _joined(place: httpx.URL, location: str) -> httpx.URL:
    try:
        return _parsed(str(place.join(location)))
    except httpx.InvalidURL:
        raise RefusedByPolicy(f"{place.host} sends us on to something that is no address.") from None


def words(host: str, error: Exception) -> str:
    """What a broken connection is to a person."""
    if isinstance(error, httpcore.TimeoutException):
        return f"{host} takes too long to answer."
    if isinstance(error, httpcore.ConnectError | ssl.SSLError):
        return f"{host} cannot be reached."
    return f"{host} broke the connection off."
