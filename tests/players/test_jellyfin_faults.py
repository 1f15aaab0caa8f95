"""Jellyfin as a server that misbehaves: typed errors, no secrets in them, and no harm from whatever it answers."""

import pytest

from domain.kit.errors import KeyRefused, RateLimited, TooLarge, Unexpected, Unreachable
from domain.kit.http import Limits
from domain.players.enums import MediaKind, PlaybackStatus
from domain.players.jellyfin import adapter, finding
from domain.players.jellyfin import watching as socket
from domain.players.jellyfin.adapter import Jellyfin
from domain.players.model import Media
from tests.peers import web
from tests.peers.house import DROP, HANG, json_given
from tests.peers.jellyfin import FILM, KEY, TV, JellyfinServer
from tests.peers.web import Given
from tests.players.servers import watching
from tests.players.test_jellyfin import lan, peer, player

__all__ = ["lan", "peer", "player"]


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (web.HTML, Unexpected), (web.TRUNCATED, Unreachable), (web.enough("7"), RateLimited), (DROP, Unreachable),
        (Given(503, b"", {"retry-after": "5"}), Unreachable), (Given(500, b"oops"), Unreachable),
        (Given(401, b"<html>", {"content-type": "text/html"}), KeyRefused), (Given(403), KeyRefused), (Given(404), Unexpected),
        (web.json_answer(b"[" * 200_000), Unexpected), (web.json_answer(b'[{"Id": NaN}]'), Unexpected),
        (web.json_answer(b" " * (10 * 2**20) + b"[]"), TooLarge), (web.bomb(50 * 2**20), TooLarge),
        (Given(200, b"", {"content-type": "application/json"}), Unexpected),
    ],
)  # fmt: skip
def test_faults_have_types(player: Jellyfin, peer: JellyfinServer, fault: Given, error: type[Exception]) -> None:
    peer.faults = [fault]
    with pytest.raises(error) as failed:
        player.sessions()
    assert KEY not in str(failed.value)
    assert player.sessions() == []


STRANGE = [
    None, 7, "x", [], [None, 7, "x", [[]]], {}, {"Items": None}, {"Items": {}}, [{"Id": None}], [{"Id": "a/../b"}],
    [{"Id": TV, "NowPlayingItem": {"x": 1}, "PlayState": {"PositionTicks": -5}, "UserId": {}}],
    [{"Id": TV, "NowPlayingItem": {"Name": 7, "ProviderIds": [1], "Path": "\0", "RunTimeTicks": 1e300, "Type": ["Movie"],
                                   "MediaStreams": {"Type": 1}},
      "PlayState": {"PositionTicks": 2**70, "IsPaused": "maybe", "AudioStreamIndex": "1"}, "DeviceName": "a\nb" * 2_000}],
]  # fmt: skip


@pytest.mark.parametrize("strange", STRANGE)
def test_strange_answers_do_no_harm(player: Jellyfin, peer: JellyfinServer, strange: object) -> None:
    for act in (player.sessions, player.sections, player.profiles):
        peer.faults = [json_given(strange)]
        for each in act():
            assert getattr(each, "position_ms", 0) >= 0
    peer.faults = [json_given(strange)]
    try:
        player.find(Media(MediaKind.MOVIE, "", ids={"tmdb": "1"}))
    except Unexpected:
        assert not (isinstance(strange, dict) and isinstance(strange.get("Items"), list))
    peer.faults = [json_given(strange)]
    with pytest.raises((Unexpected, KeyRefused)):
        player.check()
    peer.faults = []


def test_numbers_as_words_and_huge_ones_are_read(player: Jellyfin, peer: JellyfinServer) -> None:
    peer.play(TV, FILM)
    peer.sessions[TV]["PlayState"] |= {"PositionTicks": "12000000", "IsPaused": "true"}
    peer.sessions[TV]["NowPlayingItem"] |= {"RunTimeTicks": -1, "ProductionYear": "2019", "IndexNumber": 2**40}
    (one,) = player.sessions()
    assert (one.position_ms, one.status, one.total_ms) == (1_200, PlaybackStatus.PAUSED, None)
    assert one.media is not None
    assert one.media.year == 2019


def test_a_library_that_never_ends_is_left(player: Jellyfin, peer: JellyfinServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "_MOST_S", -1.0)
    peer.faults = [json_given({"Items": [{"Name": "x"}], "TotalRecordCount": 10**15})]
    with pytest.raises(Unreachable) as tired:
        player.find(Media(MediaKind.MOVIE, "", ids={"tmdb": "1"}))
    assert tired.value.message == "127.0.0.1 takes too long to go through its library."


def test_a_check_of_a_server_that_hangs_ends(player: Jellyfin, peer: JellyfinServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adapter, "_CHECK_S", 0.2)
    peer.faults = [HANG]
    with pytest.raises(Unreachable):
        player.check()
    peer.faults = []


def test_a_watched_server_that_hangs_is_lost(player: Jellyfin, peer: JellyfinServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "_PING", Limits(total_s=0.1, connect_s=0.1, read_s=0.1))
    monkeypatch.setattr(socket, "_SILENCE_S", 0.02)
    monkeypatch.setattr(socket, "_LOOK_S", 0.01)
    with watching(player) as listener:
        listener.last(1)
        peer.faults = [HANG] * 3
        listener.wait(lambda: listener.is_over)
        peer.faults = []
    assert isinstance(listener.failure, Unreachable)


def test_a_message_without_end_is_not_held(player: Jellyfin, peer: JellyfinServer) -> None:
    with watching(player) as listener:
        listener.last(1)
        peer.tell('"' + "x" * (5 * 2**20) + '"')
        listener.wait(lambda: listener.is_over)
    assert isinstance(listener.failure, Unreachable)
