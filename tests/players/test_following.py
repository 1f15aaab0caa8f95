"""Of everything that a server says of its sessions, what is told, and when."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from domain.players.enums import MediaKind, PlaybackStatus
from domain.players.following import MOST_SESSIONS, Follower, expected, ran_out
from domain.players.model import Media, Playing, Profile

START = datetime(2026, 3, 4, 20, 0, tzinfo=UTC)
FILM = Media(MediaKind.MOVIE, "Paper Lanterns", "1")
OTHER = Media(MediaKind.MOVIE, "Glass Kites", "2")


class Place:
    """A follower, what it told, and a clock."""

    def __init__(self) -> None:
        self.at = START
        self.told: list[list[tuple[str, str, int]]] = []
        self.whole: list[Playing] = []
        self.follower = Follower(self.tell, now=lambda: self.at)

    def tell(self, news: Sequence[Playing]) -> None:
        self.whole += news
        self.told.append([(each.status.value, each.session, each.position_ms) for each in news])

    def after(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)

    def playing(self, position_ms: int, session: str = "a", status: PlaybackStatus = PlaybackStatus.PLAYING) -> Playing:
        speed = 1.0 if status is PlaybackStatus.PLAYING else 0.0
        return Playing(status, FILM, position_ms, self.at, session, 6_000_000, speed)


@pytest.fixture
def place() -> Place:
    return Place()


def test_the_first_picture_is_told_even_if_nothing_plays(place: Place) -> None:
    place.follower.everything([])
    place.follower.everything([])
    assert place.told == [[]]


def test_what_goes_on_as_expected_is_told_every_ten_seconds(place: Place) -> None:
    for second in range(25):
        place.follower.everything([place.playing(second * 1_000)])
        place.after(1)
    assert place.told == [[("playing", "a", 0)], [("playing", "a", 10_000)], [("playing", "a", 20_000)]]


def test_pauses_jumps_and_ends_are_told_at_once(place: Place) -> None:
    place.follower.everything([place.playing(0)])
    place.after(0.1)
    place.follower.everything([place.playing(100, status=PlaybackStatus.PAUSED)])
    place.after(0.1)
    place.follower.everything([place.playing(100)])
    place.after(0.1)
    place.follower.everything([place.playing(900_000)])
    place.after(0.1)
    place.follower.everything([])
    assert place.told == [
        [("playing", "a", 0)], [("paused", "a", 100)], [("playing", "a", 100)], [("playing", "a", 900_000)],
        [("stopped", "a", 900_000)],
    ]  # fmt: skip
    assert not place.whole[-1].is_finished
    assert place.whole[-1].observed_at == place.at


def test_a_drift_and_a_change_of_streams_wait_for_their_second(place: Place) -> None:
    place.follower.everything([place.playing(0)])
    place.after(0.5)
    place.follower.everything([replace(place.playing(2_500), streams={"audio": {"index": 2}})])
    assert len(place.told) == 1
    place.after(0.4)
    place.follower.flush()
    assert len(place.told) == 1
    place.after(0.1)
    place.follower.flush()
    place.follower.flush()
    assert place.told[1:] == [[("playing", "a", 2_500)]]
    assert place.whole[-1].streams == {"audio": {"index": 2}}


def test_quiet_news_of_several_sessions_come_together(place: Place) -> None:
    place.follower.everything([place.playing(0, "a"), place.playing(0, "b")])
    place.after(12)
    place.follower.everything([place.playing(12_000, "a"), place.playing(12_000, "b")])
    assert place.told[1:] == [[("playing", "a", 12_000), ("playing", "b", 12_000)]]


def test_a_jumping_position_is_told_a_few_times_a_second_and_last_where_it_came_to_rest(place: Place) -> None:
    place.follower.everything([place.playing(0)])
    for step in range(1, 101):
        place.after(0.01)
        place.follower.everything([place.playing(step * 10_000)])
    assert [each[0][2] for each in place.told] == [0, 10_000, 310_000, 610_000, 910_000]
    place.after(1)
    place.follower.flush()
    assert place.told[-1] == [("playing", "a", 1_000_000)]


def test_another_item_ends_the_one_before(place: Place) -> None:
    place.follower.everything([place.playing(5_990_000)])
    place.follower.everything([replace(place.playing(0), media=OTHER)])
    ended, begun = place.whole[1:]
    assert (ended.status, ended.media, ended.position_ms, ended.is_finished) == (PlaybackStatus.STOPPED, FILM, 5_990_000, True)
    assert (begun.status, begun.media) == (PlaybackStatus.PLAYING, OTHER)
    assert len(place.told) == 2


def test_an_end_with_a_position_of_its_own_counts_and_one_of_nobody_does_not(place: Place) -> None:
    place.follower.everything([place.playing(0)])
    place.follower.one(place.playing(5_990_000, status=PlaybackStatus.STOPPED))
    place.follower.one(place.playing(5_990_000, status=PlaybackStatus.STOPPED))
    place.follower.one(place.playing(0, "c", PlaybackStatus.STOPPED))
    assert place.told == [[("playing", "a", 0)], [("stopped", "a", 5_990_000)]]
    assert place.whole[-1].is_finished
    assert dict(place.follower.seen) == {}


def test_another_profile_is_news(place: Place) -> None:
    place.follower.everything([place.playing(0)])
    place.after(2)
    place.follower.one(replace(place.playing(2_000), profile=Profile("7", "ben")))
    assert place.told[1:] == [[("playing", "a", 2_000)]]


def test_a_clock_that_is_set_back_silences_nothing(place: Place) -> None:
    place.follower.everything([place.playing(0)])
    place.after(-3_600)
    place.follower.everything([replace(place.playing(0), device="TV")])
    assert len(place.told) == 2


def test_no_more_sessions_are_followed_than_a_household_has(place: Place) -> None:
    place.follower.everything([place.playing(0, str(n)) for n in range(1_000)])
    place.follower.one(place.playing(0, "one more"))
    assert len(place.follower.seen) == len(place.whole) == MOST_SESSIONS


def test_where_a_session_is_expected(place: Place) -> None:
    later = START + timedelta(seconds=10)
    playing = place.playing(5_000)
    assert expected(playing, later) == 15_000
    assert expected(replace(playing, speed=2.0), later) == 25_000
    assert expected(replace(playing, total_ms=9_000), later) == 9_000
    assert expected(replace(playing, status=PlaybackStatus.PAUSED), later) == 5_000
    assert expected(playing, START - timedelta(seconds=10)) == 5_000


@pytest.mark.parametrize(
    ("position_ms", "total_ms", "is_over"),
    [
        (5_985_000, 6_000_000, True), (5_984_999, 6_000_000, False), (5_900_000, 6_000_000, False), (0, None, False),
        (9, 0, False), (18_000, 20_000, True), (5_000, 20_000, False),
    ],
)  # fmt: skip
def test_what_has_come_to_its_end(position_ms: int, total_ms: int | None, is_over: bool) -> None:
    assert ran_out(position_ms, total_ms) is is_over
