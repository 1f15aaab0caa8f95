"""Servers of a house that answer to whoever asks the network, each on a port of loopback in place of its broadcast address."""

import contextlib
import json
import socket
import struct
import threading
from collections.abc import Iterator, Sequence
from typing import Any, Final

from domain.players.discovery import dns
from domain.players.discovery.asking import JELLYFIN_QUESTION, KODI_SERVICE, PLEX_QUESTION, Places
from domain.players.enums import PlayerType

JELLYFIN: Final = {
    "Address": "http://192.0.2.10:8097/media", "Id": "0a" * 16, "Name": "den", "EndpointAddress": None,
}  # fmt: skip
PLEX: Final = (
    "HTTP/1.0 200 OK\r\nContent-Type: plex/media-server\r\nHost: 01234567.plex.direct\r\nName: Attic\r\nPort: 32401\r\n"
    "Resource-Identifier: 0123456789abcdef0123456789abcdef01234567\r\nUpdated-At: 1772600000\r\nVersion: 1.42.2.10156\r\n\r\n"
)


def jellyfin(**changes: Any) -> bytes:
    """Its answer."""
    return json.dumps({**JELLYFIN, **changes}).encode()


def kodi(
    name: str = "Kodi (living room)", port: int = 8080, addresses: Sequence[str] = ("127.0.0.1",), uuid: str = "b1c2-d3"
) -> bytes:
    """Its answer over multicast DNS, names packed as real responders pack them."""
    service = b"".join(bytes([len(part)]) + part.encode() for part in KODI_SERVICE.split(".")) + b"\0"
    head = struct.pack("!6H", 0, 0x8400, 1, 1, 0, 2 + len(addresses))
    message = head + service + struct.pack("!2H", dns.PTR, 1)
    to_service = struct.pack("!H", 0xC000 | len(head))
    label = bytes([len(name.encode())]) + name.encode()
    message += to_service + struct.pack("!2HIH", dns.PTR, 1, 10, len(label) + 2)
    to_instance = struct.pack("!H", 0xC000 | len(message))
    message += label + to_service
    host = b"\x04kodi\x05local\0"
    message += to_instance + struct.pack("!2HIH", 33, 0x8001, 10, 6 + len(host)) + struct.pack("!3H", 0, 0, port)
    to_host = struct.pack("!H", 0xC000 | len(message))
    message += host
    texts = b"".join(bytes([len(each)]) + each for each in (b"txtvers=1", f"uuid={uuid}".encode()))
    message += to_instance + struct.pack("!2HIH", 16, 0x8001, 10, len(texts)) + texts
    for address in addresses:
        message += to_host + struct.pack("!2HIH", 1, 0x8001, 10, 4) + socket.inet_aton(address)
    return message


class Neighbour:
    """One that answers `answers` to its own question, and remembers what it was asked."""

    def __init__(self, question: bytes, answers: Sequence[bytes]) -> None:
        self.heard: list[bytes] = []
        self._question = question
        self._answers = answers
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.port = int(self._socket.getsockname()[1])
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                body, address = self._socket.recvfrom(9_000)
                if body == b"stop":
                    return
                self.heard.append(body)
                if body == self._question:
                    for answer in self._answers:
                        self._socket.sendto(answer, address)

    def close(self) -> None:
        """Answer no more."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
            last.sendto(b"stop", ("127.0.0.1", self.port))
        self._thread.join(10)
        self._socket.close()


@contextlib.contextmanager
def neighbourhood(**answers: Sequence[bytes]) -> Iterator[tuple[Places, dict[str, Neighbour]]]:
    """A network with these answers by type, and where it is asked."""
    questions = {"jellyfin": JELLYFIN_QUESTION, "plex": PLEX_QUESTION, "kodi": dns.question(KODI_SERVICE)}
    running = {kind: Neighbour(questions[kind], given) for kind, given in answers.items()}
    try:
        yield {PlayerType(kind): [("127.0.0.1", one.port)] for kind, one in running.items()}, running
    finally:
        for one in running.values():
            one.close()
