"""Players that answer in the network: each kind in its own words, lies and noise among them. Nothing leaves loopback."""

import random
import struct
import time

import pytest

from domain.kit.database import Database
from domain.kit.http.datagrams import Heard
from domain.players.discovery import asking, dns
from domain.players.discovery.asking import NETWORK, NOWHERE, Neighbour, discover, understood
from domain.players.discovery.familiar import familiar
from domain.players.enums import PlayerType
from domain.players.tables import Player
from tests.peers import neighbours
from tests.peers.neighbours import neighbourhood
from tests.players.living_room import add_group, add_player

ALL = tuple(PlayerType)
KODI = Neighbour(PlayerType.KODI, "127.0.0.1", 8080, False, "", "Kodi (living room)", "b1c2-d3")
DEN = Neighbour(PlayerType.JELLYFIN, "127.0.0.1", 8097, False, "/media", "den", "0a" * 16)
ATTIC = Neighbour(PlayerType.PLEX, "127.0.0.1", 32401, False, "", "Attic", "0123456789abcdef0123456789abcdef01234567")


@pytest.fixture(autouse=True)
def _few_answers_are_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who found what the test expects waits no longer."""
    monkeypatch.setattr(asking, "MOST_FOUND", 3)


def test_each_kind_is_asked_in_its_own_words_and_found_once() -> None:
    with neighbourhood(jellyfin=[neighbours.jellyfin()] * 5, plex=[neighbours.PLEX.encode()], kodi=[neighbours.kodi()]) as (
        places, running,
    ):  # fmt: skip
        assert discover(places, ALL) == [DEN, KODI, ATTIC]
        assert running["jellyfin"].heard[0] == b"Who is JellyfinServer?"
        assert running["plex"].heard[0] == b"M-SEARCH * HTTP/1.1\r\n\r\n"
        assert running["kodi"].heard[0] == (b"\0\0\0\0\0\x01\0\0\0\0\0\0\x0f_xbmc-jsonrpc-h\x04_tcp\x05local\0\0\x0c\0\x01")


def test_only_the_wanted_types_are_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "MOST_FOUND", 1)
    with neighbourhood(jellyfin=[neighbours.jellyfin()], plex=[neighbours.PLEX.encode()]) as (places, running):
        assert discover(places, [PlayerType.PLEX]) == [ATTIC]
        assert running["jellyfin"].heard == []


def test_it_ends_in_time_where_nobody_answers_and_where_nobody_is_asked() -> None:
    began = time.monotonic()
    with neighbourhood(kodi=[]) as (places, running):
        assert discover(places, ALL, wait_s=0.05) == []
        assert running["kodi"].heard != []
    assert discover(NOWHERE, ALL, wait_s=600) == []
    assert discover(NETWORK, [], wait_s=600) == []
    assert time.monotonic() - began < 60


def test_a_flood_ends_it_early(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "MOST_FOUND", 64)
    flood = [neighbours.jellyfin(Address=f"http://192.0.2.10:{port}") for port in range(1, 80)]
    with neighbourhood(jellyfin=flood) as (places, _):
        assert len(discover(places, ALL, wait_s=600)) == 64


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("https://192.0.2.10", (8920, True, "")), ("http://192.0.2.10", (8096, False, "")),
        ("http://192.0.2.10:80/", (80, False, "")), ("https://media.example.org:443/jf/", (443, True, "/jf")),
        ("ftp://192.0.2.10", None), ("http://", None), ("http://x:0", None), ("http://x:99999", None), ("http://[::", None),
        ("http://x/<script>", None), ("http://x/a b", None), (None, None), (7, None), ("", None),
    ],
)  # fmt: skip
def test_of_the_address_in_an_answer_only_port_and_path_count(address: object, found: tuple[int, bool, str] | None) -> None:
    heard = Heard("jellyfin", neighbours.jellyfin(Address=address), "192.168.1.20")
    told = [(each.host, (each.port, each.is_secure, each.base_path)) for each in understood(heard)]
    assert told == ([] if found is None else [("192.168.1.20", found)])


def test_nobody_answers_from_where_no_server_of_a_house_is() -> None:
    for host in ("169.254.169.254", "224.0.0.251", "0.0.0.0"):
        assert understood(Heard("jellyfin", neighbours.jellyfin(), host)) == []


def test_kodi_is_where_its_answer_came_from_if_it_says_so_too() -> None:
    several = neighbours.kodi(addresses=["10.0.0.5", "192.168.1.20", "169.254.1.1"])
    assert [each.host for each in understood(Heard("kodi", several, "192.168.1.20"))] == ["192.168.1.20"]
    assert [each.host for each in understood(Heard("kodi", several, "192.168.1.99"))] == ["10.0.0.5"]
    assert [each.host for each in understood(Heard("kodi", neighbours.kodi(addresses=[]), "192.168.1.99"))] == ["192.168.1.99"]
    bad = neighbours.kodi(addresses=["169.254.169.254"])
    assert [each.host for each in understood(Heard("kodi", bad, "192.168.1.99"))] == ["192.168.1.99"]
    assert understood(Heard("kodi", neighbours.kodi(port=0), "192.168.1.99")) == []


@pytest.mark.parametrize(
    "body",
    [
        b"", b"\0", b"{}", b"[]", b"7", b"null", b"{" * 2_000, b"\xff" * 9_000, b"HTTP/1.0 404 Not Found\r\n\r\n",
        b"HTTP/1.0 200 OK\r\n\r\n", b"HTTP/1.0 200 OK\r\nContent-Type: plex/media-player\r\nPort: 1\r\n\r\n",
        b"HTTP/1.0 200 OK\r\nContent-Type: plex/media-server\r\nPort: 70000\r\n\r\n",
        b"HTTP/1.0 200 OK\r\nContent-Type: plex/media-server\r\nPort: x\r\n\r\n",
        struct.pack("!6H", 0, 0x8400, 0, 0xFFFF, 0xFFFF, 0xFFFF), struct.pack("!6H", 0, 0, 0, 1, 0, 0) + neighbours.kodi()[12:],
        struct.pack("!6H", 0, 0x8400, 0, 1, 0, 0) + b"\xc0\x0c" * 20,
        struct.pack("!6H", 0, 0x8400, 0, 1, 0, 0) + b"\x01a\xc0\x0c",
        struct.pack("!6H", 0, 0x8400, 0, 1, 0, 0) + b"\x40" * 90,
    ],
)  # fmt: skip
def test_noise_is_no_answer(body: bytes) -> None:
    for kind in PlayerType:
        assert understood(Heard(kind.value, body, "192.168.1.20")) == []


def test_broken_dns_answers_do_no_harm() -> None:
    """A thousand damaged ones: whatever is still understood is a whole service."""
    chance, whole = random.Random(7), neighbours.kodi()
    for _ in range(1_000):
        body = bytearray(whole[: chance.randrange(len(whole) + 1)])
        for _ in range(chance.randrange(4)):
            if body:
                body[chance.randrange(len(body))] = chance.randrange(256)
        for each in dns.services(bytes(body), asking.KODI_SERVICE):
            assert 0 < each.port < 65_536
    (found,) = dns.services(whole, asking.KODI_SERVICE)
    assert (found.name, found.port, found.addresses) == ("Kodi (living room)", 8080, ["127.0.0.1"])
    assert found.texts == {"txtvers": "1", "uuid": "b1c2-d3"}


@pytest.mark.both
def test_a_player_is_familiar_by_its_address_or_by_what_it_calls_itself(database: Database) -> None:
    with database.transaction() as uow:
        group = add_group(uow, "Den", type=PlayerType.JELLYFIN)
        player = uow.session.get_one(Player, add_player(uow, group, "Den", port=8097))
        player.host, player.server_id = "jellyfin.lan", "0a" * 16
        other = add_group(uow, "Attic", type=PlayerType.KODI)
        uow.session.get_one(Player, add_player(uow, other, "Attic", port=8080)).host = "127.0.0.1"
    with database.read() as session:
        known = familiar(session)
    assert [known.knows(each) for each in (DEN, KODI, ATTIC)] == [True, True, False]
    assert not known.knows(Neighbour(PlayerType.KODI, "127.0.0.1", 8081, False, "", None, None))
