"""Connections to checked addresses: the name is resolved once, every address is checked, and exactly those are connected to.

Whoever owns a name cannot answer one address to the check and another to the connection, because there is no second
question. The certificate is still checked against the name.
"""

import contextlib
import queue
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextvars import ContextVar
from typing import Any, Final

import httpcore

from domain.kit.errors import RefusedByPolicy

Resolve = Callable[[str, int], Sequence[str]]
"""(host, port) -> its addresses. Raises OSError."""
MOST_ADDRESSES: Final = 4
"""Of one name, tried one after the other."""

_deadline: ContextVar[float | None] = ContextVar("egress_deadline", default=None)


@contextlib.contextmanager
def ends_after(seconds: float) -> Iterator[None]:
    """Whatever this thread waits for on a connection in the block ends after so many seconds in all, or with an outer block."""
    ends, outer = time.monotonic() + seconds, _deadline.get()
    token = _deadline.set(ends if outer is None else min(ends, outer))
    try:
        yield
    finally:
        _deadline.reset(token)


def _within(timeout: float | None, error: type[Exception]) -> float | None:
    """How long one step may take: its own time, or what is left of the whole. Raises `error` when nothing is."""
    deadline = _deadline.get()
    if deadline is None:
        return timeout
    left = deadline - time.monotonic()
    if left <= 0:
        raise error("the time for the whole request is over")
    return left if timeout is None else min(timeout, left)


def system_addresses(host: str, port: int) -> Sequence[str]:
    """What the system's resolver answers."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]).partition("%")[0] for *_, address in found))


class CheckedBackend(httpcore.NetworkBackend):
    """Opens connections for httpcore. `refuses` says why an address and port may not be connected to; None = it may."""

    def __init__(self, *, refuses: Callable[[str, int], str | None], resolve: Resolve) -> None:
        self._refuses = refuses
        self._resolve = resolve
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:  # fmt: skip
        """Raises RefusedByPolicy when any address of the host may not be connected to."""
        addresses = self._addresses(host, port, timeout)
        for address in addresses:
            if (why := self._refuses(address, port)) is not None:
                raise RefusedByPolicy(f"{host} is {why}.")
        failure: Exception = httpcore.ConnectError(f"{host} has no address")
        for address in addresses[:MOST_ADDRESSES]:
            wait = _within(timeout, httpcore.ConnectTimeout)
            try:
                return _Timed(self._inner.connect_tcp(address, port, wait, local_address, socket_options))
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None
    ) -> httpcore.NetworkStream:
        """Never."""
        raise RefusedByPolicy("Sockets of this machine are not for outbound requests.")

    def sleep(self, seconds: float) -> None:
        """httpcore's own retries, which are off."""
        raise NotImplementedError

    def _addresses(self, host: str, port: int, timeout: float | None) -> Sequence[str]:
        """In a thread of its own: the system's resolver knows no time limit."""
        answers: queue.SimpleQueue[Sequence[str] | Exception] = queue.SimpleQueue()

        def ask() -> None:
            try:
                answers.put(self._resolve(host, port))
            except (OSError, UnicodeError) as error:
                answers.put(error)

        threading.Thread(target=ask, name="resolve", daemon=True).start()
        try:
            answer = answers.get(timeout=_within(timeout, httpcore.ConnectTimeout))
        except queue.Empty:
            raise httpcore.ConnectTimeout(f"{host} was not resolved in time") from None
        if isinstance(answer, Exception):
            raise httpcore.ConnectError(f"{host} cannot be resolved") from answer
        return answer


class _Timed(httpcore.NetworkStream):
    """A stream whose every step ends with the request that it belongs to."""

    def __init__(self, inner: httpcore.NetworkStream) -> None:
        self._inner = inner

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, _within(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, _within(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        wait = _within(timeout, httpcore.ConnectTimeout)
        return _Timed(self._inner.start_tls(ssl_context, server_hostname, wait))

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)
