"""What is heard of a Jellyfin's sessions over its WebSocket, as it happens, and what the connection needs to live."""

from collections.abc import Iterator

import pytest

from domain.kit.errors import KeyRefused, Unexpected, Unreachable
from domain.kit.http import Lan
from domain.players import asking
from domain.players.enums import PlaybackStatus
from domain.players.jellyfin import watching as socket
from domain.players.jellyfin.adapter import Jellyfin
from tests.conftest import ManualClock
from tests.peers.house import DROP
from tests.peers.jellyfin import EPISODE, FILM, KEY, PHONE, TV, JellyfinServer, jellyfin
from tests.peers.web import Given
from tests.players.servers import plain, watching


@pytest.fixture
def peer() -> Iterator[JellyfinServer]:
    with jellyfin() as running:
        yield running


@pytest.fixture
def player(peer: JellyfinServer) -> Iterator[Jellyfin]:
    lan = Lan()
    yield Jellyfin(peer.target, lan, api_key=KEY, client="c0ffee")
    lan.close()


def test_first_comes_what_plays_then_every_change(player: Jellyfin, peer: JellyfinServer, manual_clock: ManualClock) -> None:
    peer.play(TV, FILM, position_ms=60_000)
    with watching(player) as listener:
        assert plain(listener.last(1)) == [("playing", TV, "Paper Lanterns", 60)]
        peer.play(PHONE, EPISODE, position_ms=0)
        assert plain(listener.last(2)) == [("playing", PHONE, "Low Tide", 0)]
        peer.play(TV, FILM, position_ms=60_500, is_paused=True)
        assert plain(listener.last(3)) == [("paused", TV, "Paper Lanterns", 60)]
        peer.play(TV, FILM, position_ms=3_000_000, is_paused=True)
        assert plain(listener.last(4)) == [("paused", TV, "Paper Lanterns", 3_000)]
        player.resume(TV)
        assert plain(listener.last(5)) == [("playing", TV, "Paper Lanterns", 3_000)]
        peer.end(TV)
        assert plain(listener.last(6)) == [("stopped", TV, "Paper Lanterns", 3_000)]
        peer.play(PHONE, FILM)
        assert plain(listener.last(7)) == [("stopped", PHONE, "Low Tide", 0), ("playing", PHONE, "Paper Lanterns", 0)]
        assert listener.ups[0] is True
    link = peer.of("GET", "/socket")[0]
    assert link.query == {"ApiKey": KEY, "deviceId": "c0ffee"}
    assert listener.failure is None


def test_nothing_playing_is_told_too(player: Jellyfin, peer: JellyfinServer) -> None:
    with watching(player) as listener:
        assert listener.last(1) == ()


def test_a_position_that_is_repeated_runs_on(player: Jellyfin, peer: JellyfinServer, manual_clock: ManualClock) -> None:
    """Some say the same until their device reports again; after 15 seconds it is believed to stand."""
    peer.play(TV, FILM, position_ms=60_000)
    with watching(player) as listener:
        listener.last(1)
        manual_clock.advance(12)
        peer.tell(peer.told())
        assert plain(listener.last(2)) == [("playing", TV, "Paper Lanterns", 72)]
        manual_clock.advance(5)
        peer.tell(peer.told())
        assert plain(listener.last(3)) == [("playing", TV, "Paper Lanterns", 60)]


def test_it_is_kept_alive_at_half_the_servers_interval(player: Jellyfin, peer: JellyfinServer) -> None:
    peer.keep_alive_s = 1
    with watching(player) as listener:
        listener.last(1)
        start, alive = {"MessageType": "SessionsStart", "Data": "0,1500"}, {"MessageType": "KeepAlive"}
        peer.wait(lambda: peer.links and peer.links[0].heard.count(alive) >= 3)
        assert [each for each in peer.links[0].heard if each != alive] == [start]


def test_a_silent_server_is_asked_whether_it_is_there(
    player: Jellyfin, peer: JellyfinServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "_SILENCE_S", 0.05)
    monkeypatch.setattr(socket, "_LOOK_S", 0.02)
    with watching(player) as listener:
        listener.wait(lambda: len(listener.ups) >= 3)
        assert set(listener.ups) == {True}
        assert "token" not in peer.of("GET", "/System/Ping")[0].headers["authorization"].lower()
        peer.faults = [DROP] * 5
        listener.wait(lambda: listener.is_over)
        peer.faults = []
    assert isinstance(listener.failure, Unreachable)


@pytest.mark.parametrize(
    ("said", "failure"),
    [("{not json", Unexpected), ({"MessageType": "ServerShuttingDown"}, Unreachable)],
)
def test_what_ends_a_watch(player: Jellyfin, peer: JellyfinServer, said: object, failure: type[Exception]) -> None:
    with watching(player) as listener:
        listener.last(1)
        peer.tell(said)
        listener.wait(lambda: listener.is_over)
    assert isinstance(listener.failure, failure)


def test_a_dropped_socket_ends_it(player: Jellyfin, peer: JellyfinServer) -> None:
    with watching(player) as listener:
        listener.last(1)
        peer.drop()
        listener.wait(lambda: listener.is_over)
    assert isinstance(listener.failure, Unreachable)


def test_who_may_not_listen_is_told(peer: JellyfinServer) -> None:
    lan = Lan()
    with watching(Jellyfin(peer.target, lan, api_key="wrong")) as listener:
        listener.wait(lambda: listener.is_over)
    assert isinstance(listener.failure, KeyRefused)
    peer.faults = [Given(503, b"", {"retry-after": "5"})]
    with watching(Jellyfin(peer.target, lan, api_key=KEY)) as listener:
        listener.wait(lambda: listener.is_over)
    assert isinstance(listener.failure, Unreachable)
    assert listener.told == []
    lan.close()


@pytest.mark.parametrize(
    "strange",
    ['"x"', "null", "[]", "7", '{"MessageType": 7}', '{"MessageType": "Sessions"}', '{"MessageType": "Sessions", "Data": 7}',
     '{"MessageType": "ForceKeepAlive", "Data": "-1"}', '{"MessageType": "ForceKeepAlive", "Data": 1e99}', "{" * 9 + "}" * 9],
)  # fmt: skip
def test_strange_messages_do_no_harm(player: Jellyfin, peer: JellyfinServer, strange: str) -> None:
    with watching(player) as listener:
        listener.last(1)
        peer.tell(strange)
        peer.play(TV, FILM)
        listener.wait(lambda: listener.is_over or len(listener.told) > 1)
        if listener.failure is not None:
            assert isinstance(listener.failure, Unexpected)
        else:
            assert listener.told[-1][-1].status is PlaybackStatus.PLAYING


def test_where_the_websocket_is_closed_it_is_asked_until_it_opens(
    player: Jellyfin, peer: JellyfinServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "ASK_S", 0.01)
    monkeypatch.setattr(asking, "TRY_S", 0.05)
    peer.has_sockets = False
    peer.play(TV, FILM, position_ms=60_000)
    with watching(player) as listener:
        assert plain(listener.last(1)) == [("playing", TV, "Paper Lanterns", 60)]
        peer.end(TV)
        assert [each[:2] for each in plain(listener.last(2))] == [("stopped", TV)]
        listener.wait(lambda: len(listener.ups) > 9)
        assert set(listener.ups) == {False}
        peer.has_sockets = True
        listener.wait(lambda: True in listener.ups)
        assert listener.failure is None
