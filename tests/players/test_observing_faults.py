"""What is told too fast, too much, too late or by somebody else harms no row, and no ending is lost."""

import threading
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from domain.players import leases
from domain.players.enums import PlaybackStatus
from domain.players.model import Profile
from domain.players.observing import BURST, MOST_SESSIONS, NotOurs
from tests.factories.accounts import make_user
from tests.players.house import Watched
from tests.players.living_room import OTHER, Room, add_profile, paused, playing, states, stopped, told


def test_positions_are_told_at_most_once_a_second(watched: Watched) -> None:
    """A player that stutters: a second and a half behind at each of ten looks a second."""
    watched.begin(playing(1000))
    found, behind = [], 0.0
    for _ in range(50):
        watched.pass_by(0.1)
        behind += 0.15
        found += watched.take(playing(1000 + watched.mono - behind))
        watched.observer.flush()
    assert set(found) == {"progressed"}
    assert 3 <= len(found) <= 5


def test_what_was_put_off_is_written_when_nothing_more_comes(watched: Watched) -> None:
    watched.begin(playing(100))
    watched.pass_by(0.2)
    assert watched.take(playing(101.5)) == []
    watched.observer.flush()
    assert told(watched.database) == ["playback.started"]
    watched.pass_by(0.8)
    watched.observer.flush()
    assert told(watched.database) == ["playback.started", "playback.progressed"]
    assert states(watched.database)[0].position_ms == 101_500


def test_a_thousand_notifications_a_second(watched: Watched) -> None:
    """What is written is bounded, and the last word counts."""
    watched.begin(playing(0))
    for number in range(1000):
        watched.pass_by(0.001)
        watched.observer.take([paused(10) if number % 2 else playing(500 + number)])
    assert len(told(watched.database)) <= BURST + 12
    held = watched.observer._sessions[""].waiting
    assert len(held) <= 16
    watched.pass_by(1)
    watched.observer.flush()
    (state,) = states(watched.database)
    assert (state.status, state.position_ms) == (PlaybackStatus.PAUSED, 10_000)


def test_a_flood_of_sessions(watched: Watched) -> None:
    watched.begin(*(playing(0, session=f"{number}") for number in range(500)))
    assert len(states(watched.database)) <= BURST
    for _ in range(20):
        watched.pass_by(1)
        watched.observer.flush()
        watched.observer.take([playing(0, session=f"x{number}") for number in range(500)])
    assert len(states(watched.database)) == MOST_SESSIONS == len(watched.observer._sessions)


@pytest.mark.both
def test_hostile_values_are_kept_within_bounds(watched: Watched) -> None:
    watched.begin(
        playing(-(10**12), session="s" * 10_000, device="\x00\ud800", profile=Profile("p" * 10_000, "\x00"), total_ms=10**30),
        replace(playing(), position_ms=2**70, session="b", total_ms=None),
    )
    one, other = states(watched.database)
    assert (len(one.session), one.position_ms, one.device, len(one.profile_id)) == (200, 0, "?", 200)
    assert other.position_ms == 3_600_000_000
    watched.pass_by(5)
    assert watched.take(stopped(1, session="s" * 10_000)) == ["stopped"]


@pytest.mark.both
def test_who_lost_the_lease_writes_nothing(watched: Watched, room: Room) -> None:
    watched.begin(playing(0))
    watched.pass_by(leases.HOLD_S + 1)
    other = watched.another("somebody else")
    with pytest.raises(NotOurs):
        watched.observer.take([paused(10)])
    watched.observer.take([stopped(10)])
    assert told(watched.database) == ["playback.started"]
    other.begin(confirmed_at=None)
    other.take([paused(10)])
    assert told(watched.database) == ["playback.started", "playback.paused"]


@pytest.mark.sqlite
def test_a_database_that_is_away_loses_no_ending(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    watched.begin(playing(0))
    with monkeypatch.context() as patch:
        patch.setattr(watched.database, "transaction", _away)
        watched.pass_by(100)
        watched.observer.take([stopped(100, is_finished=True)])
        for number in range(100):
            watched.observer.take([playing(number, media=OTHER)])
        watched.observer.flush()
    watched.pass_by(1)
    watched.observer.flush()
    assert told(watched.database) == ["playback.started", "playback.finished", "playback.started"]


def _away(*_: object, **__: object) -> Any:
    raise sa.exc.OperationalError("BEGIN", {}, Exception("away"))


def test_what_is_deleted_while_it_plays(watched: Watched, room: Room) -> None:
    """The item of a live row disappears: the row stays, and goes on."""
    watched.begin(playing(0))
    with watched.database.transaction() as uow:
        uow.session.execute(sa.text("UPDATE player_states SET item_id = NULL, file_id = NULL"))
    watched.pass_by(10)
    assert watched.take(paused(10)) == ["paused"]


def test_threads_that_tell_at_once_stay_in_order(watched: Watched) -> None:
    watched.begin(playing(0))
    start = threading.Barrier(3)

    def tell() -> None:
        start.wait()
        for number in range(20):
            watched.observer.take([paused(number)])
            watched.observer.take([playing(number)])

    threads = [threading.Thread(target=tell) for _ in range(3)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    kinds = [each for each in told(watched.database) if each in ("playback.paused", "playback.resumed")]
    assert kinds == ["playback.paused", "playback.resumed"] * (len(kinds) // 2) + ["playback.paused"] * (len(kinds) % 2)


def test_an_observer_of_a_deleted_player(watched: Watched, room: Room) -> None:
    watched.begin(playing(0))
    with watched.database.transaction() as uow:
        uow.session.execute(sa.text("DELETE FROM players"))
    with pytest.raises(NotOurs):
        watched.observer.take([paused(1)])


@pytest.mark.both
def test_what_is_deleted_while_it_plays_stops_nothing(watched: Watched, room: Room) -> None:
    user = make_user(watched.database)
    add_profile(watched.database, room.player, user.id)
    watched.begin(playing(0))
    with watched.database.transaction() as uow:
        for table, key in (("users", user.id), ("media_files", room.film_file), ("entities", room.film)):
            uow.session.execute(sa.text(f"DELETE FROM {table} WHERE id = :key"), {"key": key})
    watched.pass_by(10)
    assert watched.take(paused(10)) == ["paused"]
    watched.pass_by(10)
    assert watched.take(stopped(10)) == ["stopped"]
    (state,) = states(watched.database)
    assert (state.status, state.item_id, state.file_id, state.user_id) == (PlaybackStatus.STOPPED, None, None, None)
