"""Asks the network for players: Jellyfin and Plex by a broadcast of their own, Kodi by multicast DNS.

Whoever is in the network may answer, and lie: an answer is a suggestion for an administrator. Its address is the one that it
was sent from, where it names another only its port is taken.
"""

import contextlib
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from domain.kit.errors import Unexpected
from domain.kit.http import json_of
from domain.kit.http.addresses import never_in_house
from domain.kit.http.datagrams import Heard, Question, asked
from domain.players.discovery import dns
from domain.players.enums import PlayerType
from domain.players.reading import line
from domain.providers.reading import identifier, row, text

WAIT_S: Final = 3.0
MOST_FOUND: Final = 64
KODI_SERVICE: Final = "_xbmc-jsonrpc-h._tcp.local"
JELLYFIN_QUESTION: Final = b"Who is JellyfinServer?"
PLEX_QUESTION: Final = b"M-SEARCH * HTTP/1.1\r\n\r\n"
_JELLYFIN_PORTS: Final = {"http": 8096, "https": 8920}
_PLEX_PORT: Final = 32_400
_BASE: Final = re.compile(r"(/[A-Za-z0-9._~-]+){0,5}")

Places = Mapping[PlayerType, Sequence[tuple[str, int]]]
"""Where each kind is asked."""

NETWORK: Final[Places] = {
    PlayerType.JELLYFIN: (("255.255.255.255", 7_359),),
    PlayerType.PLEX: (("239.0.0.250", 32_414), ("255.255.255.255", 32_414)),
    PlayerType.KODI: (("224.0.0.251", 5_353),),
}
NOWHERE: Final[Places] = {}


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A player that answered."""

    type: PlayerType
    host: str
    port: int
    is_secure: bool
    base_path: str
    name: str | None
    server_id: str | None


def discover(places: Places, types: Collection[PlayerType], *, wait_s: float = WAIT_S) -> list[Neighbour]:
    """Those of the types that answer in time, each once; by type, name and address."""
    questions = [
        Question(kind.value, _QUESTIONS[kind], host, port)
        for kind in PlayerType
        if kind in types
        for host, port in places.get(kind, ())
    ]
    found: dict[tuple[PlayerType, str, int, str], Neighbour] = {}
    with contextlib.closing(asked(questions, wait_s=wait_s if questions else 0)) as answers:
        for each in answers:
            for one in understood(each)[:MOST_FOUND]:
                found.setdefault((one.type, one.host, one.port, one.base_path), one)
            if len(found) >= MOST_FOUND:
                break
    return sorted(found.values(), key=lambda one: (one.type, (one.name or "").casefold(), one.host, one.port))


def understood(heard: Heard) -> list[Neighbour]:
    """What an answer tells; nothing where it is none, or comes from where no server of a house is."""
    if never_in_house(heard.host) is not None:
        return []
    return list(_READERS[PlayerType(heard.key)](heard))


def _jellyfin(heard: Heard) -> Iterable[Neighbour]:
    try:
        said = row(json_of(heard.body, host=heard.host))
    except Unexpected:
        return
    server, address = identifier(said.get("Id")), _url(said.get("Address"))
    if server is None or address is None:
        return
    scheme, port, base_path = address
    port = port or _JELLYFIN_PORTS[scheme]
    yield Neighbour(PlayerType.JELLYFIN, heard.host, port, scheme == "https", base_path, line(said.get("Name")), server)


def _url(said: Any) -> tuple[str, int | None, str] | None:
    """Scheme, port and path of what a server calls its address; the host is left: it may be anybody's."""
    try:
        parts = urlsplit(text(said) or "")
        port = parts.port
    except ValueError:
        return None
    path = parts.path.rstrip("/")
    if parts.scheme not in _JELLYFIN_PORTS or not parts.hostname or port == 0 or not _BASE.fullmatch(path):
        return None
    return parts.scheme, port, path


def _plex(heard: Heard) -> Iterable[Neighbour]:
    head, *lines = heard.body.decode("utf-8", "replace").split("\r\n")
    said = {name.strip().lower(): value.strip() for name, _, value in (each.partition(":") for each in lines[:50])}
    port = said.get("port", str(_PLEX_PORT))
    is_plex = re.match(r"HTTP/1\.\d 200", head) and said.get("content-type", "").lower() == "plex/media-server"
    if not is_plex or not re.fullmatch(r"[0-9]{1,5}", port, re.ASCII) or not 0 < int(port) <= 65_535:
        return
    server = identifier(said.get("resource-identifier"))
    yield Neighbour(PlayerType.PLEX, heard.host, int(port), False, "", line(said.get("name")), server)


def _kodi(heard: Heard) -> Iterable[Neighbour]:
    for each in dns.services(heard.body, KODI_SERVICE):
        own = [address for address in each.addresses if never_in_house(address) is None]
        # A machine with several addresses announces all; the one that answered is the one that can be reached from here.
        host = heard.host if heard.host in own or not own else own[0]
        yield Neighbour(PlayerType.KODI, host, each.port, False, "", line(each.name), identifier(each.texts.get("uuid")))


_QUESTIONS: Final[Mapping[PlayerType, bytes]] = {
    PlayerType.JELLYFIN: JELLYFIN_QUESTION,
    PlayerType.PLEX: PLEX_QUESTION,
    PlayerType.KODI: dns.question(KODI_SERVICE),
}
_READERS: Final[Mapping[PlayerType, Callable[[Heard], Iterable[Neighbour]]]] = {
    PlayerType.JELLYFIN: _jellyfin,
    PlayerType.PLEX: _plex,
    PlayerType.KODI: _kodi,
}
