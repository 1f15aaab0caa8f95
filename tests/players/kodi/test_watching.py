"""Listening: what plays now, every change at once and exact, what is not told is asked, and what breaks off."""

import contextlib
import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta

import pytest

from domain.kit import clock
from domain.kit.errors import Unreachable, Upstream
from domain.kit.http import Lan
from domain.players.enums import MediaKind, PlaybackStatus
from domain.players.kodi import watching
from domain.players.model import Media, Playing
from tests.peers.kodi_player import KodiPlayer
from tests.peers.kodi_screen import AUDIO
from tests.players.kodi.conftest import LANTERNS

BEGAN = datetime(2026, 3, 4, 20, 15, tzinfo=UTC)


class Ear:
    """Hears what is told, in a thread of its own."""

    def __init__(self) -> None:
        self.told: list[Playing | None] = []
        """One after the other; None = nothing plays."""
        self.ups: list[bool] = []
        self.error: Upstream | None = None
        self.news = threading.Condition()
        self.stop = threading.Event()

    def take(self, playing: Sequence[Playing]) -> None:
        with self.news:
            self.told += playing or [None]
            self.news.notify_all()

    def is_up(self, notifies: bool) -> None:
        with self.news:
            self.ups.append(notifies)
            self.news.notify_all()

    def until(self, condition: Callable[[], bool]) -> None:
        with self.news:
            assert self.news.wait_for(condition, 20), self.told

    def after(self, number: int) -> Playing:
        """What was told as the last of so many."""
        self.until(lambda: len(self.told) >= number)
        assert len(self.told) == number
        last = self.told[-1]
        assert last is not None
        return last


@pytest.fixture
def at() -> Iterator[Callable[[float], None]]:
    """Sets the clock, in seconds since the evening began."""
    now = [BEGAN]
    clock.replace_clock(lambda: now[0])

    def move(seconds: float) -> None:
        now[0] = BEGAN + timedelta(seconds=seconds)

    yield move
    clock.replace_clock(None)


@contextlib.contextmanager
def listening(kodi: KodiPlayer, lan: Lan, *, websocket: bool = True) -> Iterator[Ear]:
    ear = Ear()

    def run() -> None:
        try:
            kodi.adapter(lan, websocket=websocket).watch(ear.stop, ear.take, is_up=ear.is_up)
        except Upstream as error:
            ear.error = error
        with ear.news:
            ear.ups.append(False)
            ear.news.notify_all()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        ear.until(lambda: bool(ear.told))
        yield ear
    finally:
        ear.stop.set()
        thread.join(20)
        assert not thread.is_alive()


def film(kodi: KodiPlayer) -> dict[str, object]:
    return kodi.shelves.rows["movie"][1]


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is asked by itself a moment later comes only where a test wants it."""
    monkeypatch.setattr(watching, "_SETTLE_S", 1_000.0)


def test_first_comes_that_nothing_plays_and_that_it_notifies(kodi: KodiPlayer, lan: Lan) -> None:
    with listening(kodi, lan) as ear:
        assert ear.told == [None]
        assert ear.ups == [True]


def test_first_comes_what_plays(kodi: KodiPlayer, lan: Lan, at: Callable[[float], None]) -> None:
    kodi.play("movie", film(kodi), at_ms=600_000)
    at(30)
    with listening(kodi, lan) as ear:
        assert ear.told == [
            Playing(
                PlaybackStatus.PLAYING,
                Media(
                    MediaKind.MOVIE, "Paper Lanterns", key="1", path=LANTERNS, ids={"imdb": "tt9900101", "tmdb": "900101"},
                    year=2019,
                ),
                630_000,
                BEGAN + timedelta(seconds=30),
                total_ms=5_400_000,
                streams={
                    "video": {"index": 0, "width": 3840, "height": 2160, "codec": "hevc"},
                    "audio": {"index": 0, "channels": 6, "language": "eng", "codec": "eac3", "title": "English 5.1"},
                },
            )
        ]  # fmt: skip


def test_an_evening_is_told_exactly(kodi: KodiPlayer, lan: Lan, at: Callable[[float], None]) -> None:
    with listening(kodi, lan) as ear:
        kodi.play("movie", film(kodi))
        ear.until(lambda: len(ear.told) == 3)  # it is told as it is chosen, and again when the picture comes
        at(100)
        kodi.pause()
        assert (paused := ear.after(4)).status is PlaybackStatus.PAUSED
        assert (paused.position_ms, paused.speed) == (100_000, 0.0)
        at(700)
        kodi.resume()
        assert (resumed := ear.after(5)).status is PlaybackStatus.PLAYING
        assert (resumed.position_ms, resumed.speed, resumed.observed_at) == (100_000, 1.0, BEGAN + timedelta(seconds=700))
        kodi.seek(3_600_500)
        assert ear.after(6).position_ms == 3_600_500
        kodi.speed(4)
        at(710)
        assert ear.after(7).speed == 4.0
        kodi.speed(1)
        assert ear.after(8).position_ms == 3_640_500
        at(720)
        kodi.stop()
        stopped = ear.after(9)
        assert (stopped.status, stopped.is_finished, stopped.position_ms) == (PlaybackStatus.STOPPED, False, 3_650_500)
        assert stopped.media is not None
        assert stopped.media.key == "1"


def test_what_runs_to_its_end_is_finished(kodi: KodiPlayer, lan: Lan, at: Callable[[float], None]) -> None:
    kodi.play("movie", film(kodi), total_ms=60_000)
    with listening(kodi, lan) as ear:
        at(55)
        kodi.stop(end=True)
        ended = ear.after(2)
        assert (ended.status, ended.is_finished, ended.position_ms) == (PlaybackStatus.STOPPED, True, 60_000)


def test_the_next_thing_ends_the_one_before(kodi: KodiPlayer, lan: Lan, at: Callable[[float], None]) -> None:
    kodi.play("movie", film(kodi))
    with listening(kodi, lan) as ear:
        at(50)
        kodi.play("episode", kodi.shelves.rows["episode"][4])
        ear.until(lambda: len(ear.told) == 4)
        ended, begun = ear.told[1:3]
        assert ended is not None
        assert begun is not None
        assert begun.media is not None
        assert (ended.status, ended.position_ms) == (PlaybackStatus.STOPPED, 50_000)
        assert (begun.media.show_title, begun.media.show_ids) == ("Tidewater", {"tvdb": "770001"})
        assert (begun.media.season, begun.media.episode) == (1, 1)


def test_the_end_of_another_thing_is_not_that_of_what_plays(kodi: KodiPlayer, lan: Lan) -> None:
    kodi.play("movie", film(kodi))
    with listening(kodi, lan) as ear:
        kodi.tell("Player.OnStop", {"item": {"type": "movie", "id": 2}, "end": False})
        kodi.pause()
        assert ear.after(2).status is PlaybackStatus.PAUSED


def test_other_notifications_and_stray_bytes_say_nothing(kodi: KodiPlayer, lan: Lan) -> None:
    with listening(kodi, lan) as ear:
        kodi.stray()
        kodi.tell("VideoLibrary.OnUpdate", {"id": 1, "type": "movie", "playcount": 1})
        kodi.tell("VideoLibrary.OnUpdate", {"item": {"id": 1, "type": "movie"}})
        kodi.tell("VideoLibrary.OnScanFinished", None)
        kodi.play("movie", film(kodi))
        ear.until(lambda: len(ear.told) == 3)
        assert [one.status for one in ear.told if one is not None] == [PlaybackStatus.PLAYING] * 2


def test_a_drift_is_asked_for_and_corrected(
    kodi: KodiPlayer, lan: Lan, at: Callable[[float], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "_ASK_S", 0.0)
    monkeypatch.setattr(watching, "_TURN_S", 0.01)
    kodi.play("movie", film(kodi))
    with listening(kodi, lan) as ear:
        asked = kodi.methods().count("Player.GetProperties")
        assert kodi.wait_for(lambda: kodi.methods().count("Player.GetProperties") > asked + 3)
        assert len(ear.told) == 1
        kodi.drift(42_000)
        assert ear.after(2).position_ms == 42_000


def test_streams_that_come_a_moment_later_are_told(kodi: KodiPlayer, lan: Lan, monkeypatch: pytest.MonkeyPatch) -> None:
    with listening(kodi, lan) as ear:
        kodi.play("movie", film(kodi))
        ear.until(lambda: len(ear.told) == 3)
        monkeypatch.setattr(watching, "_SETTLE_S", 0.0)
        kodi.subtitles_shown = True
        kodi.tell("Player.OnAVChange", {"item": {"type": "movie", "id": 1}, "player": {"playerid": 1, "speed": 1}})
        assert ear.after(4).streams["subtitle"] == {"index": 1, "language": "ger", "title": "Deutsch"}
        assert ear.after(4).streams["audio"]["language"] == AUDIO["language"]


def test_silence_is_asked_about_in_the_protocols_own_words(kodi: KodiPlayer, lan: Lan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "_BEAT_S", 0.0)
    monkeypatch.setattr(watching, "_TURN_S", 0.01)
    with listening(kodi, lan) as ear:
        ear.until(lambda: len(ear.ups) > 3)
        assert set(ear.ups) == {True}
        assert kodi.methods()[-1] == "JSONRPC.Ping"
        assert ear.told == [None]


@pytest.mark.parametrize("how", ["break_off", "hang_up"])
def test_a_connection_that_ends_is_an_error(kodi: KodiPlayer, lan: Lan, how: str) -> None:
    with listening(kodi, lan) as ear:
        getattr(kodi, how)()
        ear.until(lambda: not ear.ups[-1])
        assert isinstance(ear.error, Unreachable)


def test_without_a_websocket_it_is_asked_and_says_so(
    kodi: KodiPlayer, lan: Lan, at: Callable[[float], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "_POLL_IDLE_S", 0.005)
    monkeypatch.setattr(watching, "_POLL_PLAYING_S", 0.005)
    kodi.refuses_websocket = True
    with listening(kodi, lan) as ear:
        assert ear.told == [None]
        kodi.play("movie", film(kodi), total_ms=60_000)
        assert ear.after(2).status is PlaybackStatus.PLAYING
        at(20)
        kodi.pause()
        paused = ear.after(3)
        assert (paused.status, paused.position_ms) == (PlaybackStatus.PAUSED, 20_000)
        kodi.stop()
        stopped = ear.after(4)
        assert (stopped.status, stopped.position_ms, stopped.is_finished) == (PlaybackStatus.STOPPED, 20_000, False)
        assert set(ear.ups) == {False}


def test_asked_it_is_finished_when_it_stood_at_its_end(
    kodi: KodiPlayer, lan: Lan, at: Callable[[float], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "_POLL_PLAYING_S", 0.005)
    kodi.play("movie", film(kodi), total_ms=60_000)
    with listening(kodi, lan, websocket=False) as ear:
        at(60)
        kodi.stop(end=True)
        ended = ear.after(2)
        assert (ended.status, ended.is_finished, ended.position_ms) == (PlaybackStatus.STOPPED, True, 60_000)


def test_asked_it_ends_with_the_connection(kodi: KodiPlayer, lan: Lan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "_POLL_IDLE_S", 0.005)
    with listening(kodi, lan, websocket=False) as ear:
        kodi.password = "another"
        ear.until(lambda: ear.error is not None)
        assert type(ear.error).__name__ == "KeyRefused"


def test_its_websocket_is_tried_again_and_nothing_is_lost_between(
    kodi: KodiPlayer, lan: Lan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "_POLL_PLAYING_S", 0.005)
    monkeypatch.setattr(watching, "_RETRY_S", 0.02)
    kodi.refuses_websocket = True
    kodi.play("movie", film(kodi))
    with listening(kodi, lan) as ear:
        ear.until(lambda: len(ear.ups) > 3)
        kodi.refuses_websocket = False
        ear.until(lambda: ear.ups[-1])
        kodi.stop()
        ear.until(lambda: ear.told[-1] is not None and ear.told[-1].status is PlaybackStatus.STOPPED)
