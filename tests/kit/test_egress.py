"""The guarded way out: where it goes, how much it takes, how long it waits; against a real server that misbehaves."""

import gzip
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from domain.kit.errors import RateLimited, RefusedByPolicy, TooLarge, Unexpected, Unreachable, Upstream
from domain.kit.http import ANY_HOST, Egress, Limits, json_of, retry_after
from domain.kit.http.addresses import is_public
from tests.peers import web
from tests.peers.web import Asked, Given, Peer

JSON = ("application/json",)
HOSTS = frozenset({"api.example.org"})
QUICK = Limits(total_s=0.4, connect_s=5, read_s=5)


@pytest.fixture
def peer() -> Iterator[Peer]:
    def answer(asked: Asked) -> Given:
        return web.json_answer(b'{"path": "%s"}' % asked.path.encode())

    with Peer(answer).running() as running:
        yield running


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("1.1.1.1", True), ("2606:4700::1111", True), ("64:ff9b::101:101", True),
        ("10.0.0.1", False), ("172.16.5.5", False), ("192.168.1.1", False), ("127.0.0.1", False), ("127.9.9.9", False),
        ("169.254.169.254", False), ("100.64.0.1", False), ("0.0.0.0", False), ("224.0.0.1", False), ("255.255.255.255", False),
        ("240.0.0.1", False), ("192.0.2.1", False), ("::1", False), ("::", False), ("fe80::1", False), ("fc00::1", False),
        ("ff02::1", False), ("::ffff:10.0.0.1", False), ("::ffff:1.1.1.1", False), ("2002:a00:1::1", False),
        ("2001:0:1::1", False), ("64:ff9b::a00:1", False), ("64:ff9b:1::1", False),
    ],
)  # fmt: skip
def test_only_the_internet_is_public(address: str, public: bool) -> None:
    assert is_public(address) is public


@pytest.mark.parametrize(
    "url",
    [
        "https://elsewhere.example.org/", "http://api.example.org/", "https://api.example.org:8443/", "ftp://api.example.org/",
        "https://user:secret@api.example.org/", "http://127.0.0.1:9/", "https:///nowhere", "nothing", "https://[bad/",
    ],
)  # fmt: skip
def test_nobody_else_is_asked(url: str) -> None:
    def resolve(host: str, port: int) -> list[str]:
        raise AssertionError(f"{host} was looked up")

    with pytest.raises(RefusedByPolicy) as refused:
        Egress(resolve=resolve).get(url, hosts=HOSTS)
    assert "secret" not in refused.value.message


@pytest.mark.parametrize("addresses", [["10.0.0.1"], ["1.1.1.1", "192.168.1.1"], ["::ffff:127.0.0.1"], ["169.254.169.254"]])
def test_a_name_with_an_address_inside_a_network_is_not_connected_to(addresses: list[str]) -> None:
    """Also where only one of several is: who answers so means no good."""
    egress = Egress(resolve=lambda host, port: addresses)
    for hosts in (HOSTS, ANY_HOST):
        with pytest.raises(RefusedByPolicy):
            egress.get("https://api.example.org/", hosts=hosts)


def test_a_name_is_resolved_once_and_connected_to_where_it_was_checked(peer: Peer) -> None:
    answers = [["127.0.0.1"], ["10.0.0.1"]]
    egress = peer.egress(resolve=lambda host, port: answers.pop(0))
    assert egress.get(f"http://localhost:{peer.port}/a", hosts=HOSTS).status == 200
    assert answers == [["10.0.0.1"]]


def test_a_name_that_does_not_resolve_is_unreachable(peer: Peer) -> None:
    def resolve(host: str, port: int) -> list[str]:
        raise OSError("no such name")

    with pytest.raises(Unreachable):
        Egress(resolve=resolve).get("https://api.example.org/", hosts=HOSTS)
    with pytest.raises(Unreachable):
        Egress(resolve=lambda host, port: []).get("https://api.example.org/", hosts=HOSTS)


def test_loopback_is_closed_unless_a_test_opens_a_port(peer: Peer) -> None:
    for hosts in (HOSTS, ANY_HOST):
        with pytest.raises(RefusedByPolicy):
            Egress().get(f"{peer.url}/", hosts=hosts)
        with pytest.raises(RefusedByPolicy):
            Egress(loopback_ports=frozenset({peer.port + 1})).get(f"{peer.url}/", hosts=hosts)
    assert peer.asked == []


def test_an_answer_comes_whole(peer: Peer) -> None:
    answer = peer.egress().get(f"{peer.url}/3/movie?x=1", hosts=HOSTS, headers={"authorization": "Bearer k"}, types=JSON)
    assert (answer.status, json_of(answer.body, host="h")) == (200, {"path": "/3/movie"})
    (asked,) = peer.asked
    assert (asked.query, asked.headers["authorization"], asked.headers["host"]) == (
        {"x": "1"}, "Bearer k", f"127.0.0.1:{peer.port}",
    )  # fmt: skip
    assert asked.headers["user-agent"].startswith("Marquee/")


def test_a_packed_answer_is_unpacked_within_its_limit(peer: Peer) -> None:
    peer.faults = [web.json_answer(gzip.compress(b'{"a": 1}'), **{"content-encoding": "gzip"}), web.bomb(200_000_000)]
    egress = peer.egress()
    assert egress.get(peer.url, hosts=HOSTS, types=JSON).body == b'{"a": 1}'
    with pytest.raises(TooLarge):
        egress.get(peer.url, hosts=HOSTS, types=JSON)


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (web.HTML, Unexpected),
        (web.TRUNCATED, Unreachable),
        (web.json_answer(gzip.compress(b"[1]")[:-6], **{"content-encoding": "gzip"}), Unexpected),
        (web.json_answer(b"plain", **{"content-encoding": "gzip"}), Unexpected),
        (web.json_answer(b"[]", **{"content-encoding": "br"}), Unexpected),
        (web.json_answer(b"x" * 2_000), TooLarge),
        (web.broken(500), Unreachable),
        (web.broken(503), Unreachable),
        (web.enough("7"), RateLimited),
        (web.elsewhere("http://192.168.7.7/admin"), RefusedByPolicy),
        (web.elsewhere("http://127.0.0.1:1/admin"), RefusedByPolicy),
        (web.elsewhere("http://[::ffff:127.0.0.1]/"), RefusedByPolicy),
        (web.elsewhere("http://2130706433/"), RefusedByPolicy),
        (web.elsewhere("file:///etc/passwd"), RefusedByPolicy),
        (web.elsewhere("http://[bad/"), RefusedByPolicy),
    ],
)
@pytest.mark.parametrize("hosts", [HOSTS, ANY_HOST])
def test_what_goes_wrong_is_a_typed_error(peer: Peer, fault: Given, error: type[Upstream], hosts: frozenset[str] | None) -> None:
    peer.faults = [fault]
    egress = peer.egress(Limits(body_bytes=1_000))
    with pytest.raises(error):
        egress.get(f"{peer.url}/3/x?api_key=secret", hosts=hosts, types=JSON)
    assert egress.get(peer.url, hosts=hosts, types=JSON).status == 200  # and the way is free again


@pytest.mark.parametrize("head", [False, True])
def test_a_server_that_sends_a_byte_at_a_time_is_left(peer: Peer, head: bool) -> None:
    peer.faults = [web.slow(head=head)]
    with pytest.raises(Unreachable, match="takes too long"):
        peer.egress(QUICK).get(peer.url, hosts=HOSTS, types=JSON)


def test_a_read_that_brings_nothing_ends(peer: Peer) -> None:
    peer.faults = [web.slow(60)]
    with pytest.raises(Unreachable, match="takes too long"):
        peer.egress(Limits(read_s=0.2)).get(peer.url, hosts=HOSTS, types=JSON)


def test_a_resolver_that_hangs_ends(peer: Peer) -> None:
    def resolve(host: str, port: int) -> list[str]:
        peer.stopped.wait(60)
        return ["1.1.1.1"]

    with pytest.raises(Unreachable, match="takes too long"):
        Egress(resolve=resolve, limits=QUICK).get("https://api.example.org/", hosts=HOSTS)


def test_a_redirect_is_followed_a_few_times(peer: Peer) -> None:
    egress = peer.egress()
    peer.faults = [web.elsewhere("/b"), web.elsewhere("c")]
    assert json_of(egress.get(f"{peer.url}/a", hosts=HOSTS, types=JSON).body, host="h") == {"path": "/c"}
    peer.faults = [web.elsewhere("/b")] * 4
    with pytest.raises(RefusedByPolicy, match="more than 3 times"):
        egress.get(f"{peer.url}/a", hosts=HOSTS)


def test_a_key_does_not_follow_to_another_server(peer: Peer) -> None:
    peer.faults = [web.elsewhere(f"http://localhost:{peer.port}/b")]
    given = {"authorization": "Bearer secret", "accept": "application/json"}
    peer.egress().get(f"{peer.url}/a", hosts=HOSTS, headers=given)
    first, second = [asked.headers for asked in peer.asked]
    assert (first["authorization"], second.get("authorization"), second["accept"]) == ("Bearer secret", None, "application/json")


def test_a_body_is_sent_once_and_to_nobody_else(peer: Peer) -> None:
    egress = peer.egress()
    assert egress.post(f"{peer.url}/login", b'{"apikey": "secret"}', hosts=HOSTS, types=JSON).status == 200
    peer.faults = [web.elsewhere(f"http://localhost:{peer.port}/b"), web.enough("7"), web.broken()]
    for error in (RefusedByPolicy, RateLimited, Unreachable):
        with pytest.raises(error) as failed:
            egress.post(f"{peer.url}/login", b"secret", hosts=HOSTS, types=JSON)
        assert "secret" not in failed.value.message
    with pytest.raises(RefusedByPolicy):
        egress.post("https://elsewhere.example/login", b"secret", hosts=HOSTS)
    assert [asked.body for asked in peer.asked] == [b'{"apikey": "secret"}', b"secret", b"secret", b"secret"]


def test_when_to_come_again_is_read_in_both_forms(peer: Peer) -> None:
    now = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)
    assert retry_after("7", now) == now + timedelta(seconds=7)
    assert retry_after("Thu, 15 Jan 2026 12:01:30 GMT", now) == now + timedelta(seconds=90)
    assert retry_after("Thursday, 15-Jan-26 12:01:30 GMT", now) == now + timedelta(seconds=90)
    assert retry_after("Thu, 15 Jan 2026 11:00:00 GMT", now) == now
    assert retry_after("99999999999", now) == now + timedelta(days=1)
    for text in (None, "", "soon", "-1", "1.5", "١"):
        assert retry_after(text, now) is None


def test_nothing_that_may_hold_a_key_stands_in_an_error(peer: Peer) -> None:
    faults = [web.HTML, web.TRUNCATED, web.broken(), web.enough("1"), web.elsewhere("http://10.0.0.1/?api_key=secret")]
    for fault in faults:
        peer.faults = [fault]
        with pytest.raises(Upstream) as failed:
            peer.egress().get(f"{peer.url}/x?api_key=secret", hosts=HOSTS, types=JSON)
        assert "secret" not in failed.value.message + repr(failed.value.__cause__)
