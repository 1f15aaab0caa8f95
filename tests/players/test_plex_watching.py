"""What is heard of a Plex's sessions over its WebSocket, joined with its list of them, and what the connection needs to live."""

from collections.abc import Iterator

import pytest

from domain.kit.errors import KeyRefused, Unexpected, Unreachable
from domain.kit.http import Lan
from domain.players import asking
from domain.players.model import Profile
from domain.players.plex import watching as socket
from domain.players.plex.adapter import Plex
from tests.conftest import ManualClock
from tests.peers.house import DROP
from tests.peers.plex import TOKEN, PlexServer, playing, plex
from tests.players.servers import plain, watching


@pytest.fixture
def peer() -> Iterator[PlexServer]:
    with plex() as running:
        yield running


@pytest.fixture
def player(peer: PlexServer) -> Iterator[Plex]:
    lan = Lan()
    yield Plex(peer.target, lan, token=TOKEN, client="c0ffee")
    lan.close()


@pytest.fixture
def eager(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "_AGAIN_S", 0.01)


@pytest.mark.usefixtures("eager")
def test_first_comes_what_plays_then_every_change(player: Plex, peer: PlexServer, manual_clock: ManualClock) -> None:
    peer.play("12", "4711", offset=60_000)
    with watching(player) as listener:
        assert plain(listener.last(1)) == [("playing", "12", "Paper Lanterns", 60)]
        peer.play("13", "4107", device="Phone", user=(7, "ben"))
        (begun,) = listener.last(2)
        assert plain([begun]) == [("playing", "13", "Low Tide", 0)]
        assert (begun.profile, begun.device) == (Profile("7", "ben"), "Phone")
        peer.play("12", "4711", offset=60_500, state="paused")
        assert plain(listener.last(3)) == [("paused", "12", "Paper Lanterns", 60)]
        peer.play("12", "4711", offset=3_000_000, state="paused")
        assert plain(listener.last(4)) == [("paused", "12", "Paper Lanterns", 3_000)]
        peer.play("12", "4711", offset=3_000_000)
        assert plain(listener.last(5)) == [("playing", "12", "Paper Lanterns", 3_000)]
        peer.end("12")
        assert plain(listener.last(6)) == [("stopped", "12", "Paper Lanterns", 3_000)]
        peer.play("13", "4711")
        assert plain(listener.last(7)) == [("stopped", "13", "Low Tide", 0), ("playing", "13", "Paper Lanterns", 0)]
        assert listener.ups[0] is True
    assert listener.failure is None
    assert len(peer.of("GET", "/status/sessions")) == 3  # at the beginning, and for each that nobody knew


@pytest.mark.usefixtures("eager")
def test_a_session_that_is_not_listed_yet_is_asked_for_again(player: Plex, peer: PlexServer) -> None:
    with watching(player) as listener:
        assert listener.last(1) == ()
        peer.listed_late = True
        peer.play("12", "4711", offset=5_000)
        assert plain(listener.last(2)) == [("playing", "12", "Paper Lanterns", 5)]


@pytest.mark.usefixtures("eager")
def test_live_television_whose_item_has_another_name_there_is_followed(player: Plex, peer: PlexServer) -> None:
    peer.play("12", "4711")
    with watching(player) as listener:
        listener.last(1)
        peer.tell(playing("12", "9999", 0, "paused"))
        assert plain(listener.last(2)) == [("paused", "12", "Paper Lanterns", 0)]
        asked = len(peer.of("GET", "/status/sessions"))
        peer.tell(playing("12", "9999", 7_000, "playing"))
        assert plain(listener.last(3)) == [("playing", "12", "Paper Lanterns", 7)]
        assert len(peer.of("GET", "/status/sessions")) == asked == 2


def test_a_device_that_goes_without_a_word_is_missed(player: Plex, peer: PlexServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "_FORGOTTEN_S", 0.02)
    monkeypatch.setattr(socket, "_LOOK_S", 0.01)
    peer.play("12", "4711", offset=6_230_000)
    with watching(player) as listener:
        listener.last(1)
        peer.end("12", is_told=False)
        listener.wait(lambda: any(news and news[0].status.value == "stopped" for news in listener.told))
        ended = listener.told[-1][0]
        assert ended.is_finished
        assert ended.position_ms >= 6_230_000


def test_a_listed_position_that_is_old_does_not_turn_playback_back(
    player: Plex, peer: PlexServer, manual_clock: ManualClock
) -> None:
    peer.play("12", "4711", offset=60_000)
    with watching(player) as listener:
        listener.last(1)
        manual_clock.advance(12)
        peer.play("13", "4107")
        listener.wait(lambda: len(listener.told) == 2)
        told = {each.session: each.position_ms for news in listener.told[1:] for each in news}
        assert told == {"13": 0}
        manual_clock.advance(2)
        peer.tell({"NotificationContainer": {"type": "timeline", "size": 0}})
        assert plain(listener.last(3)) == [("playing", "12", "Paper Lanterns", 72)]


def test_a_silent_server_is_asked_whether_it_is_there(player: Plex, peer: PlexServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "_SILENCE_S", 0.02)
    monkeypatch.setattr(socket, "_LOOK_S", 0.01)
    with watching(player) as listener:
        listener.wait(lambda: len(listener.ups) >= 3)
        assert "x-plex-token" not in peer.of("GET", "/identity")[0].headers
        peer.faults = [DROP] * 9
        listener.wait(lambda: listener.is_over)
        peer.faults = []
    assert isinstance(listener.failure, Unreachable)


def test_what_ends_a_watch(player: Plex, peer: PlexServer) -> None:
    with watching(player) as listener:
        listener.last(1)
        peer.tell("{not json")
        listener.wait(lambda: listener.is_over)
    assert isinstance(listener.failure, Unexpected)
    with watching(player) as listener:
        listener.last(1)
        peer.drop()
        listener.wait(lambda: listener.is_over)
    assert isinstance(listener.failure, Unreachable)


def test_a_guest_may_not_listen(peer: PlexServer) -> None:
    peer.guests.add("guest")
    lan = Lan()
    with watching(Plex(peer.target, lan, token="guest")) as listener:
        listener.wait(lambda: listener.is_over)
    assert isinstance(listener.failure, KeyRefused)
    assert listener.told == []
    lan.close()


@pytest.mark.usefixtures("eager")
@pytest.mark.parametrize(
    "strange",
    ['"x"', "null", "[]", '{"NotificationContainer": 7}', '{"NotificationContainer": {"type": "playing"}}',
     '{"NotificationContainer": {"type": "playing", "PlaySessionStateNotification": [null, 7, {"sessionKey": []}]}}',
     '{"NotificationContainer": {"type": "playing", "PlaySessionStateNotification": {"sessionKey": "1", "state": ["x"]}}}',
     '{"NotificationContainer": {"type": "playing", "PlaySessionStateNotification": {"sessionKey": "7", "state": "playing"}}}',
     '{"NotificationContainer": {"type": "playing", "PlaySessionStateNotification": {"sessionKey": 12, "ratingKey": 4711}}}',
     '{"NotificationContainer": {"type": "playing", "PlaySessionStateNotification": {"sessionKey": 12, "viewOffset": -4}}}'],
)  # fmt: skip
def test_strange_messages_do_no_harm(player: Plex, peer: PlexServer, strange: str) -> None:
    peer.play("12", "4711", offset=5_000)
    with watching(player) as listener:
        listener.last(1)
        peer.tell(strange)
        peer.end("12")
        listener.wait(lambda: listener.is_over or (listener.told[-1] and listener.told[-1][-1].status.value == "stopped"))
        assert listener.failure is None


def test_where_the_websocket_is_closed_it_is_asked_until_it_opens(
    player: Plex, peer: PlexServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "ASK_S", 0.01)
    monkeypatch.setattr(asking, "TRY_S", 0.05)
    peer.has_sockets = False
    peer.play("12", "4711", offset=60_000)
    with watching(player) as listener:
        assert plain(listener.last(1)) == [("playing", "12", "Paper Lanterns", 60)]
        peer.end("12")
        assert [each[:2] for each in plain(listener.last(2))] == [("stopped", "12")]
        listener.wait(lambda: len(listener.ups) > 9)
        assert set(listener.ups) == {False}
        peer.has_sockets = True
        listener.wait(lambda: True in listener.ups)
        assert listener.failure is None
