"""As much of DNS as asking for a service in the network takes: RFC 1035, 6762 (multicast DNS) and 6763 (service discovery)."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from ipaddress import IPv4Address
from typing import Final

PTR: Final = 12
_A: Final = 1
_TXT: Final = 16
_SRV: Final = 33
_IN: Final = 1
_MOST_RECORDS: Final = 200
_MOST_LABELS: Final = 40
_MOST_JUMPS: Final = 20
_HEADER: Final = struct.Struct("!6H")
_RECORD: Final = struct.Struct("!2HIH")

Name = tuple[str, ...]
"""Its labels, in lower case but for the first, which a person may have given."""


@dataclass(slots=True)
class Service:
    """One that was announced."""

    name: str
    host: Name
    port: int
    addresses: list[str] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)


def question(service: str) -> bytes:
    """Asks for the instances of `_xbmc-jsonrpc-h._tcp.local`. Sent from a port that is not 5353 it is answered to its sender
    alone (RFC 6762, 6.7)."""
    labels = b"".join(bytes([len(label)]) + label.encode() for label in service.split("."))
    return _HEADER.pack(0, 0, 1, 0, 0, 0) + labels + b"\0" + struct.pack("!2H", PTR, _IN)


def services(message: bytes, service: str) -> list[Service]:
    """The instances of a service that an answer announces in full. Empty for what is no answer, or a broken one."""
    wanted = tuple(service.lower().split("."))
    found: dict[Name, Service] = {}
    texts: dict[Name, dict[str, str]] = {}
    addresses: dict[Name, list[str]] = {}
    try:
        for name, kind, start, length in _records(message):
            if kind == _SRV and length >= 7 and _lower(name)[1:] == wanted:
                port = int.from_bytes(message[start + 4 : start + 6], "big")
                host, _ = _name(message, start + 6)
                found[_lower(name)] = Service(name[0], _lower(host), port)
            elif kind == _TXT:
                texts[_lower(name)] = _texts(message[start : start + length])
            elif kind == _A and length == 4:
                addresses.setdefault(_lower(name), []).append(str(IPv4Address(message[start : start + 4])))
    except (struct.error, IndexError, ValueError):
        return []
    for key, each in found.items():
        each.texts, each.addresses = texts.get(key, {}), addresses.get(each.host, [])
    return [each for each in found.values() if each.port]


def _records(message: bytes) -> Iterator[tuple[Name, int, int, int]]:
    """Name, type, and where the data begin and how long they are. Raises for a message that is broken."""
    _, flags, questions, answers, authorities, additional = _HEADER.unpack_from(message)
    if not flags & 0x8000 or flags & 0x000F:
        return
    at = _HEADER.size
    for _ in range(min(questions, _MOST_RECORDS)):
        _, at = _name(message, at)
        at += 4
    for _ in range(min(answers + authorities + additional, _MOST_RECORDS)):
        name, at = _name(message, at)
        kind, _, _, length = _RECORD.unpack_from(message, at)
        at += _RECORD.size
        if at + length > len(message):
            raise ValueError("cut off")
        yield name, kind, at, length
        at += length


def _name(message: bytes, at: int) -> tuple[Name, int]:
    """A name, and where what follows it begins. Pointers lead back only, so that no ring is walked."""
    labels: list[str] = []
    after, jumps = None, 0
    while True:
        length = message[at]
        if length >= 0xC0:
            target = (length & 0x3F) << 8 | message[at + 1]
            after = at + 2 if after is None else after
            jumps += 1
            if target >= at or jumps > _MOST_JUMPS:
                raise ValueError("a ring")
            at = target
        elif length > 63:
            raise ValueError("no label")
        elif length == 0:
            return tuple(labels), at + 1 if after is None else after
        else:
            label = message[at + 1 : at + 1 + length]
            if len(label) < length or len(labels) >= _MOST_LABELS:
                raise ValueError("cut off")
            labels.append(label.decode("utf-8", "replace"))
            at += 1 + length


def _lower(name: Name) -> Name:
    return tuple(label.lower() for label in name)


def _texts(data: bytes) -> dict[str, str]:
    """RFC 6763, section 6: `key=value`, each with its length before it."""
    found: dict[str, str] = {}
    at = 0
    while at < len(data):
        key, _, value = data[at + 1 : at + 1 + data[at]].decode("utf-8", "replace").partition("=")
        found.setdefault(key.lower(), value)
        at += 1 + data[at]
    return found
