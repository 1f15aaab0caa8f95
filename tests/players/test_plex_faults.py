"""Plex as a server that misbehaves: typed errors, no secrets in them, and no harm from whatever it answers."""

import pytest

from domain.kit.errors import KeyRefused, RateLimited, TooLarge, Unexpected, Unreachable
from domain.kit.http import Limits
from domain.players.enums import MediaKind
from domain.players.model import Media
from domain.players.plex import adapter, finding
from domain.players.plex import watching as socket
from domain.players.plex.adapter import Plex
from tests.peers import web
from tests.peers.house import DROP, HANG, json_given
from tests.peers.plex import HTML, TOKEN, XML, PlexServer, section
from tests.peers.web import Given
from tests.players.servers import watching
from tests.players.test_plex import lan, peer, player

__all__ = ["lan", "peer", "player"]


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (XML, Unexpected), (web.HTML, Unexpected), (web.TRUNCATED, Unreachable), (web.enough("7"), RateLimited),
        (DROP, Unreachable), (Given(503, b"", {"retry-after": "5"}), Unreachable), (HTML, KeyRefused), (Given(404), Unexpected),
        (web.json_answer(b"[" * 200_000), Unexpected), (web.json_answer(b'{"MediaContainer": NaN}'), Unexpected),
        (web.json_answer(b'{"MediaContainer": []}'), Unexpected), (web.json_answer(b"7"), Unexpected),
        (web.json_answer(b" " * (10 * 2**20) + b"{}"), TooLarge), (web.bomb(50 * 2**20), TooLarge),
    ],
)  # fmt: skip
def test_faults_have_types(player: Plex, peer: PlexServer, fault: Given, error: type[Exception]) -> None:
    peer.faults = [fault]
    with pytest.raises(error) as failed:
        player.sessions()
    assert TOKEN not in str(failed.value)
    assert player.sessions() == []


STRANGE = [
    {}, {"Metadata": None}, {"Metadata": 7}, {"Metadata": [None, 7, "x", [[]]]}, {"Directory": {"key": "../x"}},
    {"Metadata": {"sessionKey": {}, "Player": []}},
    {"Metadata": [{"sessionKey": "1", "viewOffset": -5, "duration": 1e300, "type": ["movie"], "Guid": {"id": 7}, "title": 7,
                   "Media": {"Part": [7, {"file": "\0", "Stream": {"streamType": []}}]}, "User": {"id": "a/../b"},
                   "Player": {"state": {}, "title": "a\n" * 900}}]},
    {"Directory": [{"key": 1, "Location": {"path": "/srv"}, "type": 7}], "Account": [{"id": [], "name": "x"}],
     "totalSize": 2**70},
]  # fmt: skip


@pytest.mark.parametrize("strange", STRANGE)
def test_strange_answers_do_no_harm(player: Plex, peer: PlexServer, strange: object) -> None:
    for act in (player.sessions, player.sections, player.profiles):
        peer.faults = [json_given({"MediaContainer": strange})]
        for each in act():
            assert getattr(each, "position_ms", 0) >= 0
    sections = json_given({"MediaContainer": {"Directory": [section("1", "movie", "x", "/srv/films")]}})
    peer.faults = [sections, json_given({"MediaContainer": strange})]
    assert player.find(Media(MediaKind.MOVIE, "", ids={"tmdb": "1"})) is None
    peer.faults = [json_given({"MediaContainer": strange})]
    with pytest.raises(Unexpected):
        player.check()


def test_a_library_that_never_ends_is_left(player: Plex, peer: PlexServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "_MOST_S", -1.0)
    sections = json_given({"MediaContainer": {"Directory": [section("1", "movie", "x", "/srv/films")]}})
    peer.faults = [sections, json_given({"MediaContainer": {"Metadata": [{"title": "x"}], "totalSize": 10**15}})]
    with pytest.raises(Unreachable) as tired:
        player.find(Media(MediaKind.MOVIE, "", ids={"tmdb": "1"}))
    assert tired.value.message == "127.0.0.1 takes too long to go through its library."


def test_a_check_of_a_server_that_hangs_ends(player: Plex, peer: PlexServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adapter, "_CHECK_S", 0.2)
    peer.faults = [HANG]
    with pytest.raises(Unreachable):
        player.check()
    peer.faults = []


def test_a_watched_server_that_hangs_is_lost(player: Plex, peer: PlexServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "_PING", Limits(total_s=0.1, connect_s=0.1, read_s=0.1))
    monkeypatch.setattr(socket, "_SILENCE_S", 0.02)
    monkeypatch.setattr(socket, "_LOOK_S", 0.01)
    with watching(player) as listener:
        listener.last(1)
        peer.faults = [HANG] * 3
        listener.wait(lambda: listener.is_over)
        peer.faults = []
    assert isinstance(listener.failure, Unreachable)


def test_a_message_without_end_is_not_held(player: Plex, peer: PlexServer) -> None:
    with watching(player) as listener:
        listener.last(1)
        peer.tell('"' + "x" * (5 * 2**20) + '"')
        listener.wait(lambda: listener.is_over)
    assert isinstance(listener.failure, Unreachable)
