"""What happened between two observations: pure, without a database."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from domain.players.enums import MediaKind, PlaybackStatus
from domain.players.model import Media, Playing, Profile
from domain.players.playing import LONGEST_SESSION, MOST_MS, position_at, session_name, sober
from domain.players.steps import Taken, steps
from tests.players.living_room import FILM, OTHER, paused, playing, stopped

NOON = datetime(2026, 1, 15, 12, tzinfo=UTC)


def after(seconds: float, told: Playing, *, clock_moved: float = 0.0) -> Taken:
    """An observation that comes in so many seconds after noon; the clock on the wall was set in between."""
    at = NOON + timedelta(seconds=seconds + clock_moved)
    return Taken(replace(told, observed_at=at), at, seconds)


def happened(*taken: Taken) -> list[str]:
    return [step.change.value for step in steps(taken[0], taken[1:])]


@pytest.mark.parametrize(
    ("now", "what"),
    [
        (after(10, playing(110)), []),
        (after(10, playing(110.9)), []),
        (after(10, playing(109.1)), []),
        (after(10, playing(108.9)), ["progressed"]),
        (after(10, playing(111.5)), ["progressed"]),
        (after(10, playing(112)), ["sought"]),
        (after(10, playing(20)), ["sought"]),
        (after(10, paused(110)), ["paused"]),
        (after(10, paused(300)), ["paused"]),
        (after(10, playing(110, status=PlaybackStatus.BUFFERING)), ["progressed"]),
        (after(10, playing(110, speed=2.0)), ["progressed"]),
        (after(10, playing(110, streams={"audio": {"language": "de"}})), ["progressed"]),
        (after(10, stopped(110)), ["stopped"]),
        (after(10, stopped(110, is_finished=True)), ["finished"]),
        (after(10, playing(0, media=OTHER)), ["stopped", "started"]),
        (after(10, stopped(0, media=OTHER)), []),
    ],
)
def test_what_happened_since_it_played(now: Taken, what: list[str]) -> None:
    assert happened(after(0, playing(100)), now) == what


def test_what_stands_does_not_run_on() -> None:
    assert happened(after(0, paused(100)), after(600, paused(100.4))) == []
    assert happened(after(0, paused(100)), after(600, paused(130))) == ["sought"]
    assert happened(after(0, paused(100)), after(600, playing(100))) == ["resumed"]


def test_a_stop_tells_where_even_if_the_player_does_not() -> None:
    (stop,) = steps(after(0, playing(100)), [after(30, replace(stopped(), media=None))])
    assert (stop.playing.position_ms, stop.playing.media) == (130_000, FILM)
    (end,) = steps(after(0, playing(7000)), [after(30, stopped(0, is_finished=True))])
    assert end.playing.position_ms == 7_020_000


def test_one_film_after_another_in_the_same_session() -> None:
    first, second = steps(after(0, playing(100)), [after(10, playing(0, media=OTHER))])
    assert (first.playing.media, first.playing.position_ms, first.playing.status) == (FILM, 110_000, PlaybackStatus.STOPPED)
    assert (second.playing.media, second.playing.position_ms) == (OTHER, 0)


def test_fast_forward_is_no_search() -> None:
    fast = playing(100, speed=32.0)
    assert happened(after(0, fast), after(10, playing(100 + 320 + 20, speed=32.0))) == ["progressed"]
    assert happened(after(0, fast), after(10, playing(100 + 320 + 64, speed=32.0))) == ["sought"]
    assert happened(after(0, playing(100, speed=-2.0)), after(10, playing(80, speed=-2.0))) == []


@pytest.mark.parametrize("moved", [-3600, -86_400, 3600, 30])
def test_a_clock_that_is_set_is_no_search(moved: float) -> None:
    """But clients count from the row's instant, and that is of another time now."""
    (step,) = steps(after(0, playing(100)), [after(10, playing(110), clock_moved=moved)])
    assert (step.change.value, step.playing.position_ms) == ("progressed", 110_000)
    assert step.playing.observed_at == NOON + timedelta(seconds=10 + moved)


def test_a_position_that_was_overtaken_is_passed_over() -> None:
    late = after(10, playing(100))
    early = Taken(replace(playing(40), observed_at=NOON), late.wall, late.mono)
    assert happened(late, early) == []
    assert happened(late, replace(early, playing=replace(early.playing, status=PlaybackStatus.PAUSED))) == ["paused"]


def test_after_a_gap_nobody_says_that_somebody_sought() -> None:
    known = replace(after(0, playing(100)), is_unsure=True)
    for now in (after(60, playing(160)), after(60, playing(700)), after(60, playing(3))):
        assert [step.change.value for step in steps(known, [now])] == ["progressed"]
    assert [step.change.value for step in steps(known, [after(60, paused(160))])] == ["paused"]


def test_the_same_thing_by_key_then_path_then_title() -> None:
    known = after(0, playing(100))
    moved = replace(FILM, path="smb://nas/films/elsewhere.mkv")
    assert happened(known, after(1, playing(101, media=moved))) == []
    other_key = replace(FILM, key="9")
    assert happened(known, after(1, playing(101, media=other_key))) == ["stopped", "started"]
    assert happened(known, after(1, playing(101, media=replace(FILM, key=None)))) == []
    assert happened(known, after(1, playing(101, media=None))) == []


def test_positions_stay_inside_of_the_file() -> None:
    told = replace(playing(100), observed_at=NOON)
    assert position_at(told, NOON + timedelta(seconds=10)) == 110_000
    assert position_at(told, NOON - timedelta(days=1)) == 100_000
    assert position_at(told, NOON + timedelta(days=1)) == 7_020_000
    assert position_at(replace(told, speed=-10.0), NOON + timedelta(seconds=60)) == 0
    assert position_at(replace(told, total_ms=None), NOON + timedelta(days=100)) == MOST_MS


@pytest.mark.parametrize(
    ("position", "total", "kept"),
    [
        (-5, 1000, (0, 1000)),
        (10**30, None, (MOST_MS, None)),
        (10**30, 10**40, (MOST_MS, MOST_MS)),
        (2000, 1000, (1000, 1000)),
        (5, -1, (5, None)),
        (5, 0, (5, None)),
        (float("nan"), 1000, (0, 1000)),
        (float("inf"), 1000, (0, 1000)),
    ],
)
def test_absurd_positions(position: float, total: int | None, kept: tuple[int, int | None]) -> None:
    told = sober(replace(playing(), position_ms=position, total_ms=total), now=NOON)  # type: ignore[arg-type]
    assert (told.position_ms, told.total_ms) == kept


@pytest.mark.parametrize(("speed", "kept"), [(0.0, 1.0), (float("nan"), 1.0), (-2.0, -2.0), (1e300, 64.0), (-1e9, -64.0)])
def test_absurd_speeds(speed: float, kept: float) -> None:
    assert sober(playing(speed=speed), now=NOON).speed == kept
    assert sober(paused(3, speed=speed), now=NOON).speed == 0.0


def test_times_of_another_clock() -> None:
    assert sober(playing(at=NOON + timedelta(days=300)), now=NOON).observed_at == NOON
    assert sober(playing(at=NOON - timedelta(days=300)), now=NOON).observed_at == NOON - timedelta(hours=1)


def test_overlong_sessions_keep_apart() -> None:
    one, other = session_name("x" * 10_000 + "1"), session_name("x" * 10_000 + "2")
    assert one != other
    assert len(one) == LONGEST_SESSION == 200
    assert session_name("short") == "short"
    assert sober(playing(session="y" * 10_000), now=NOON).session == session_name("y" * 10_000)


def test_text_that_no_database_takes() -> None:
    media = Media(MediaKind.MOVIE, "A\x00B\ud800", key="k" * 500, path="p" * 9000, ids={"imdb": "tt\x001", "": "x"})
    told = sober(playing(media=media, profile=Profile("p\x00", "\udfff"), device="d\x00"), now=NOON)
    assert told.media is not None
    assert (told.media.title, len(told.media.key or ""), len(told.media.path or "")) == ("AB?", 200, 4096)
    assert (told.media.ids, told.profile, told.device) == ({"imdb": "tt1"}, Profile("p", "?"), "d")


def test_streams_are_what_was_agreed() -> None:
    told = {
        "audio": {"index": 1, "language": "de", "codec": "ac3", "channels": 6, "secret": "x", "title": 5},
        "video": {"width": 1920, "height": -1, "index": True},
        "subtitle": None,
        "other": {"index": 1},
    }
    assert sober(playing(streams=told), now=NOON).streams == {
        "audio": {"index": 1, "language": "de", "codec": "ac3", "channels": 6},
        "video": {"width": 1920},
    }
