"""The way to servers in the house: which addresses, what is sent, what a redirect or a broken answer becomes, WebSockets."""

import json
import threading
from collections.abc import Iterator

import pytest
import websockets.sync.server
from websockets.http11 import Request, Response
from websockets.sync.server import ServerConnection

from domain.kit.errors import (
    Invalid,
    KeyRefused,
    RateLimited,
    RefusedByPolicy,
    TooLarge,
    Unexpected,
    Unreachable,
    Upstream,
)
from domain.kit.http import Lan, Limits, Target
from domain.kit.http.addresses import never_in_house
from tests.peers import web
from tests.peers.servers import free_port
from tests.peers.web import Asked, Given, Peer


@pytest.fixture
def peer() -> Iterator[Peer]:
    def answer(asked: Asked) -> Given:
        return web.json_answer(json.dumps({"path": asked.path, "query": asked.query}).encode())

    with Peer(answer).running() as running:
        yield running


@pytest.fixture
def lan() -> Iterator[Lan]:
    made = Lan()
    yield made
    made.close()


def here(port: int, base_path: str = "") -> Target:
    return Target("127.0.0.1", port, base_path=base_path)


@pytest.mark.parametrize(
    ("address", "is_refused"),
    [
        ("192.168.1.20", False), ("10.0.0.1", False), ("127.0.0.1", False), ("::1", False), ("fd00::20", False),
        ("1.1.1.1", False),
        ("100.64.0.7", False), ("169.254.169.254", True), ("fe80::1", True), ("0.0.0.0", True), ("::", True), ("224.0.0.1", True),
        ("ff02::1", True), ("255.255.255.255", True), ("::ffff:192.168.1.20", True), ("2002:a00:1::1", True),
        ("64:ff9b::a00:1", True),
    ],
)  # fmt: skip
def test_servers_of_a_household_have_addresses_of_servers(address: str, is_refused: bool) -> None:
    assert (never_in_house(address) is not None) is is_refused


def test_a_name_that_leads_to_a_metadata_service_is_refused() -> None:
    asked = Lan(resolve=lambda host, port: ["169.254.169.254"])
    with pytest.raises(RefusedByPolicy, match=r"kodi\.lan is a link-local address"):
        asked.request(Target("kodi.lan", 80), "GET", "/latest/meta-data")
    with pytest.raises(RefusedByPolicy), asked.websocket(Target("kodi.lan", 80), "/"):
        pass


@pytest.mark.parametrize(
    "host",
    ["", "user@kodi", "kodi/..", "kodi:80", "a b", "kodi\r\nx: y", "[::1]", "-kodi", "kodi.", "x" * 254, "kodi?x"],
)
def test_a_host_is_nothing_but_a_host(host: str) -> None:
    with pytest.raises(Invalid):
        Target(host, 80)


@pytest.mark.parametrize("base", ["jellyfin", "/jellyfin/", "/a b", "/../x?", "/a?b", "//", "/" + "x" * 200])
def test_a_base_path_is_nothing_but_a_path(base: str) -> None:
    with pytest.raises(Invalid):
        Target("jellyfin.lan", 8096, base_path=base)


@pytest.mark.parametrize("port", [0, -1, 65_536])
def test_a_port_is_a_port(port: int) -> None:
    with pytest.raises(Invalid):
        Target("kodi.lan", port)


def test_paths_and_values_arrive_as_they_were_meant(peer: Peer, lan: Lan) -> None:
    answer = lan.request(here(peer.port, "/plex"), "GET", "/Ünfug & co/ä", query={"path": "/srv/a b&c=d/é", "n": 1})
    assert answer.status == 200
    asked = peer.asked[0]
    assert asked.path == "/plex/%C3%9Cnfug%20&%20co/%C3%A4"
    assert asked.query == {"path": "/srv/a b&c=d/é", "n": "1"}
    assert asked.headers["host"] == f"127.0.0.1:{peer.port}"


def test_a_redirect_is_not_followed(peer: Peer, lan: Lan) -> None:
    peer.faults.append(web.elsewhere("http://192.0.2.1/other"))
    with pytest.raises(RefusedByPolicy, match="sends us elsewhere"):
        lan.request(here(peer.port), "GET", "/")
    assert len(peer.asked) == 1


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (web.broken(), Unreachable), (web.enough("5"), RateLimited), (web.TRUNCATED, Unreachable),
        (Given(body=b"x" * 6_000, headers={"content-type": "text/plain"}), TooLarge), (web.bomb(10_000), TooLarge),
        (web.slow(), Unreachable),
    ],
)  # fmt: skip
def test_what_misbehaves_is_a_typed_error(peer: Peer, lan: Lan, fault: Given, error: type[Upstream]) -> None:
    peer.faults.append(fault)
    with pytest.raises(error):
        lan.request(here(peer.port), "GET", "/", limits=Limits(total_s=0.4, body_bytes=5_000))


def test_statuses_below_500_are_the_callers_to_judge(peer: Peer, lan: Lan) -> None:
    peer.faults.append(Given(401, b"<html>", {"content-type": "text/html"}))
    assert lan.request(here(peer.port), "GET", "/").status == 401


def test_nobody_listens(lan: Lan) -> None:
    with pytest.raises(Unreachable, match="cannot be reached"):
        lan.request(here(free_port()), "GET", "/")
    with pytest.raises(Unreachable, match="cannot be reached"), lan.websocket(here(free_port()), "/"):
        pass


class Sockets:
    """A loopback WebSocket server that echoes; `refuse` answers the handshake with a status."""

    def __init__(self, refuse: int | None = None) -> None:
        self.refuse = refuse
        self.frames: list[str] = []
        self.paths: list[str] = []
        self.server = websockets.sync.server.serve(self._serve, "127.0.0.1", 0, process_request=self._judge)
        self.port: int = self.server.socket.getsockname()[1]
        self._thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self._thread.start()

    def _judge(self, connection: ServerConnection, request: Request) -> Response | None:
        self.paths.append(request.path)
        return None if self.refuse is None else connection.respond(self.refuse, "no")

    def _serve(self, connection: ServerConnection) -> None:
        for message in connection:
            self.frames.append(str(message))
            if message == "bye":
                return
            connection.send(message)

    def close(self) -> None:
        self.server.shutdown()
        self._thread.join(5)


@pytest.fixture
def sockets() -> Iterator[Sockets]:
    made = Sockets()
    yield made
    made.close()


def test_a_websocket_sends_receives_and_ends(sockets: Sockets, lan: Lan) -> None:
    with lan.websocket(here(sockets.port), "/jsonrpc", query={"deviceId": "a b"}) as socket:
        assert socket.receive(0) is None
        socket.send("ping")
        assert socket.receive(5) == "ping"
        socket.send("bye")
        with pytest.raises(Unreachable, match="closed its WebSocket"):
            socket.receive(5)
    assert sockets.paths == ["/jsonrpc?deviceId=a%20b"]


@pytest.mark.parametrize(("status", "error"), [(401, KeyRefused), (403, KeyRefused), (404, Unexpected), (302, Unexpected)])
def test_a_refused_handshake_says_why(lan: Lan, status: int, error: type[Upstream]) -> None:
    made = Sockets(refuse=status)
    try:
        with pytest.raises(error), lan.websocket(here(made.port), "/"):
            pass
    finally:
        made.close()


def test_what_speaks_no_websocket_is_unexpected(peer: Peer, lan: Lan) -> None:
    with pytest.raises(Unexpected), lan.websocket(here(peer.port), "/"):
        pass


def test_plain_text_where_tls_is_expected_is_unreachable(peer: Peer, lan: Lan) -> None:
    target = Target("127.0.0.1", peer.port, is_secure=True)
    with pytest.raises(Unreachable):
        lan.request(target, "GET", "/")
    with pytest.raises(Upstream), lan.websocket(target, "/"):
        pass
