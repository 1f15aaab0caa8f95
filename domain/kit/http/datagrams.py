"""Questions to whoever is in the same network, over UDP, and the answers that come within a moment."""

import selectors
import socket
import time
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import Final

MOST_ANSWERS: Final = 256
_MOST_BYTES: Final = 9_000
"""RFC 6762, section 17: what a message of multicast DNS has at most."""
_AGAIN_S: Final = 1.0
_TIMES: Final = 2


@dataclass(frozen=True, slots=True)
class Question:
    """A datagram for an address that one or many listen at; `key` is what its sender calls it."""

    key: str
    body: bytes
    host: str
    port: int


@dataclass(frozen=True, slots=True)
class Heard:
    """A datagram that came back, to the question with this key, and whose address it bears."""

    key: str
    body: bytes
    host: str


def asked(questions: Sequence[Question], *, wait_s: float) -> Generator[Heard, None, None]:
    """The answers as they come, `MOST_ANSWERS` at most; each question is asked twice, as datagrams get lost.

    What cannot be sent from here (no network, none that has such addresses) is left out. IPv4, in the network of the
    interface that the system would choose.
    """
    with selectors.DefaultSelector() as selector:
        sockets: dict[str, socket.socket] = {}
        try:
            for key in dict.fromkeys(each.key for each in questions):
                sockets[key] = _open()
                selector.register(sockets[key], selectors.EVENT_READ, key)
            began, sent, count = time.monotonic(), 0, 0
            while (gone := time.monotonic() - began) < wait_s and count < MOST_ANSWERS:
                if sent < _TIMES and gone >= sent * _AGAIN_S:
                    _send(sockets, questions)
                    sent += 1
                until = min(wait_s, sent * _AGAIN_S) if sent < _TIMES else wait_s
                for ready, _ in selector.select(max(0.0, until - gone)):
                    heard = _read(ready.fileobj, ready.data)
                    if heard is not None:
                        count += 1
                        yield heard
        finally:
            for each in sockets.values():
                each.close()


def _open() -> socket.socket:
    one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    one.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
    one.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 1)
    one.setblocking(False)
    one.bind(("", 0))
    return one


def _send(sockets: dict[str, socket.socket], questions: Sequence[Question]) -> None:
    for each in questions:
        try:
            sockets[each.key].sendto(each.body, (each.host, each.port))
        except OSError:  # no way to there from this machine
            continue


def _read(one: object, key: str) -> Heard | None:
    assert isinstance(one, socket.socket)
    try:
        body, address = one.recvfrom(_MOST_BYTES)
    except OSError:  # an answer to what was sent, that nobody listens there
        return None
    return Heard(key, body, str(address[0]))
