"""Playing, pausing, seeking: what is sent, and what is answered where nothing plays."""

import pytest

from domain.kit.errors import Conflict
from domain.kit.http import Lan
from domain.players.enums import MediaKind, PlaybackStatus
from domain.players.model import Media
from tests.peers.kodi_player import KodiPlayer
from tests.players.kodi.conftest import HARBOUR, LANTERNS


def opened(kodi: KodiPlayer) -> list[dict[str, object]]:
    return [params for method, params in kodi.asked if method == "Player.Open"]


def test_a_film_is_opened_at_a_position_by_its_id(kodi: KodiPlayer, lan: Lan) -> None:
    adapter = kodi.adapter(lan)
    adapter.open(Media(MediaKind.MOVIE, "Paper Lanterns", key="1", path=LANTERNS), position_ms=3_723_004)
    (playing,) = adapter.sessions()
    assert playing.media is not None
    assert (playing.status, playing.media.key) == (PlaybackStatus.PLAYING, "1")
    assert 3_723_004 <= playing.position_ms < 3_783_004
    assert opened(kodi) == [
        {
            "item": {"movieid": 1},
            "options": {"resume": {"hours": 1, "minutes": 2, "seconds": 3, "milliseconds": 4}},
        }
    ]


def test_an_id_that_is_anothers_by_now_is_not_taken(kodi: KodiPlayer, lan: Lan) -> None:
    adapter = kodi.adapter(lan)
    adapter.open(Media(MediaKind.MOVIE, "Paper Lanterns", key="2", path=LANTERNS))
    adapter.open(Media(MediaKind.MOVIE, "Paper Lanterns", key="99", path=LANTERNS))
    adapter.open(Media(MediaKind.MOVIE, "Harbour", key="2", path=f"{HARBOUR}harbour-cd1.avi"))
    assert opened(kodi) == [
        {"item": {"file": LANTERNS}, "options": {"resume": False}},
        {"item": {"file": LANTERNS}, "options": {"resume": False}},
        {"item": {"movieid": 2}, "options": {"resume": False}},
    ]


def test_what_is_nowhere_cannot_be_opened(kodi: KodiPlayer, lan: Lan) -> None:
    with pytest.raises(Conflict, match="no file of it is known"):
        kodi.adapter(lan).open(Media(MediaKind.MOVIE, "Gone", key="99"))
    assert opened(kodi) == []


def test_pause_resume_seek_stop(kodi: KodiPlayer, lan: Lan) -> None:
    adapter = kodi.adapter(lan)
    kodi.play("movie", kodi.shelves.rows["movie"][1])
    adapter.pause()
    adapter.seek(61_500)
    (paused,) = adapter.sessions()
    assert (paused.status, paused.position_ms, paused.speed) == (PlaybackStatus.PAUSED, 61_500, 0.0)
    adapter.resume()
    assert adapter.sessions()[0].status is PlaybackStatus.PLAYING
    adapter.stop()
    assert adapter.sessions() == []


@pytest.mark.parametrize("act", ["pause", "resume", "stop"])
def test_nothing_is_done_where_nothing_plays(kodi: KodiPlayer, lan: Lan, act: str) -> None:
    with pytest.raises(Conflict, match="Nothing plays on it"):
        getattr(kodi.adapter(lan), act)()
    with pytest.raises(Conflict, match="Nothing plays on it"):
        kodi.adapter(lan).seek(1_000)


def test_a_playlist_is_cleared_filled_and_begun(kodi: KodiPlayer, lan: Lan) -> None:
    one, two = Media(MediaKind.EPISODE, "Ebb", key="4"), Media(MediaKind.EPISODE, "Flood", key="5")
    kodi.adapter(lan).queue([one, two])
    said = [(method, params) for method, params in kodi.asked if method.startswith(("Playlist", "Player"))]
    assert said == [
        ("Playlist.Clear", {"playlistid": 1}),
        ("Playlist.Add", {"playlistid": 1, "item": {"episodeid": 4}}),
        ("Playlist.Add", {"playlistid": 1, "item": {"episodeid": 5}}),
        ("Player.Open", {"item": {"playlistid": 1, "position": 0}}),
    ]
    kodi.asked.clear()
    kodi.adapter(lan).queue([])
    assert kodi.asked == []


def test_a_playlist_plays_one_after_the_other(kodi: KodiPlayer, lan: Lan) -> None:
    adapter = kodi.adapter(lan)
    adapter.queue(
        [Media(MediaKind.MOVIE, "Paper Lanterns", key="1", path=LANTERNS), Media(MediaKind.UNKNOWN, "", path="/x/b.mkv")]
    )
    (first,) = adapter.sessions()
    assert first.media is not None
    assert (first.status, first.media.key) == (PlaybackStatus.PLAYING, "1")
    kodi.stop(end=True)
    (second,) = adapter.sessions()
    assert second.media is not None
    assert (second.status, second.media.path) == (PlaybackStatus.PLAYING, "/x/b.mkv")
    kodi.stop(end=True)
    assert adapter.sessions() == []
