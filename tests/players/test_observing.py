"""What a player tells becomes rows and events: in order, bounded, and nothing while it plays along."""

import threading
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from domain.kit.database import Database
from domain.kit.ids import global_id
from domain.players import leases, profiles
from domain.players.enums import PlaybackStatus
from domain.players.model import Profile
from domain.players.observing import BURST, MOST_SESSIONS, NotOurs, Observer
from tests.conftest import ManualClock
from tests.factories.accounts import make_user
from tests.players.living_room import (
    FILM,
    OTHER,
    Room,
    add_group,
    add_player,
    add_profile,
    facts,
    paused,
    playing,
    states,
    stopped,
    told,
)


class Watched:
    """An observer that holds its player, on the test's clock."""

    def __init__(self, database: Database, room: Room, clock: ManualClock) -> None:
        self.database, self.room, self.clock = database, room, clock
        self.mono = 0.0
        self.observer = self.another("me")

    def another(self, watcher: str) -> Observer:
        with self.database.transaction() as uow:
            leases.hold(uow, watcher, [self.room.player])
        return Observer(
            self.database, player_id=self.room.player, group_id=self.room.group, watcher=watcher, monotonic=lambda: self.mono
        )

    def begin(self, *seen: Any) -> None:
        self.observer.begin(confirmed_at=None)
        self.observer.take(seen)

    def pass_by(self, seconds: float) -> None:
        self.clock.advance(seconds)
        self.mono += seconds

    def take(self, *seen: Any) -> list[str]:
        """The events that this makes."""
        before = len(told(self.database))
        self.observer.take(seen)
        return [each.removeprefix("playback.") for each in told(self.database)[before:]]


@pytest.fixture
def watched(database: Database, room: Room, manual_clock: ManualClock) -> Watched:
    return Watched(database, room, manual_clock)


@pytest.mark.both
def test_a_film_from_beginning_to_end(watched: Watched) -> None:
    watched.begin()
    assert watched.take(playing(0)) == ["started"]
    for _ in range(600):
        watched.pass_by(1)
        assert watched.take(playing(watched.mono)) == []
    assert watched.take(paused(600)) == ["paused"]
    watched.pass_by(300)
    assert watched.take(paused(600)) == []
    assert watched.take(playing(600)) == ["resumed"]
    watched.pass_by(5)
    assert watched.take(playing(3000)) == ["sought"]
    watched.pass_by(4020)
    assert watched.take(stopped(7020, is_finished=True)) == ["finished"]
    (state,) = states(watched.database)
    assert (state.status, state.position_ms, state.is_finished, state.speed) == (PlaybackStatus.STOPPED, 7_020_000, True, 0.0)
    assert state.ended_at == state.observed_at == watched.clock.moment
    assert watched.take(playing(0)) == ["started"]
    (again,) = states(watched.database)
    assert (again.id, again.started_at, again.ended_at, again.is_finished) == (state.id, watched.clock.moment, None, False)


@pytest.mark.both
def test_the_row_says_what_plays_for_whom(watched: Watched, room: Room) -> None:
    user = make_user(watched.database)
    add_profile(watched.database, room.player, user.id)
    streams = {"audio": {"index": 1, "language": "de"}}
    watched.begin(playing(61.5, streams=streams, device="TV"))
    (state,) = states(watched.database)
    assert (state.player_id, state.session, state.status) == (room.player, "", PlaybackStatus.PLAYING)
    assert (state.item_id, state.file_id, state.user_id) == (room.film, room.film_file, user.id)
    assert (state.position_ms, state.total_ms, state.speed, state.streams) == (61_500, 7_020_000, 1.0, streams)
    assert (state.title, state.path, state.media_key, state.device) == ("Alien", FILM.path, "7", "TV")
    (fact,) = facts(watched.database)
    assert (fact.subject, fact.audience) == (global_id("player_states", state.id), f"user:{user.id}")
    assert fact.payload == {
        "player": f"plr_{room.player}", "status": "playing", "position_ms": 61_500, "total_ms": 7_020_000, "speed": 1.0,
        "item": f"itm_{room.film}", "file": f"fil_{room.film_file}", "user": f"usr_{user.id}",
        "observed_at": watched.clock.moment.isoformat(),
    }  # fmt: skip


def test_who_hears_of_it(watched: Watched, room: Room) -> None:
    watched.begin(playing(0))
    watched.take(playing(0, media=replace(OTHER, path="smb://elsewhere/x.mkv", key="99")))
    assert [fact.audience for fact in facts(watched.database)] == [
        f"library:{room.library}", f"library:{room.library}", "admins",
    ]  # fmt: skip


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


def test_sessions_apart(watched: Watched) -> None:
    watched.begin(playing(1, session="a"), playing(2, session="b", media=OTHER))
    watched.pass_by(10)
    assert watched.take(stopped(11, session="a")) == ["stopped"]
    found = {state.session: (state.status.value, state.position_ms) for state in states(watched.database)}
    assert found == {"a": ("stopped", 11_000), "b": ("playing", 2_000)}


@pytest.mark.both
def test_after_a_gap_what_is_not_there_any_more_has_ended_when_it_was_last_known(watched: Watched) -> None:
    watched.begin(playing(100, session="a"), playing(200, session="b"))
    watched.pass_by(60)
    known = watched.clock.moment
    watched.pass_by(3600)
    later = watched.another("me")
    later.begin(confirmed_at=known)
    later.take([playing(3700, session="b")])
    assert told(watched.database)[2:] == ["playback.stopped", "playback.progressed"]
    a, b = states(watched.database)
    assert (a.status, a.position_ms, a.ended_at) == (PlaybackStatus.STOPPED, 160_000, known)
    assert (b.status, b.position_ms, b.observed_at) == (PlaybackStatus.PLAYING, 3_700_000, watched.clock.moment)


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


def test_another_profile_is_another_user(watched: Watched, room: Room) -> None:
    anna, ben = (make_user(watched.database, name).id for name in ("anna", "ben"))
    add_profile(watched.database, room.player, anna, "p1")
    add_profile(watched.database, room.player, ben, "p2")
    watched.begin(playing(0, profile=Profile("p1", "Anna")))
    watched.pass_by(10)
    assert watched.take(playing(10, profile=Profile("p2", "Ben"))) == ["progressed"]
    (state,) = states(watched.database)
    assert (state.user_id, state.profile_name) == (ben, "Ben")


def test_an_observer_of_a_deleted_player(watched: Watched, room: Room) -> None:
    watched.begin(playing(0))
    with watched.database.transaction() as uow:
        uow.session.execute(sa.text("DELETE FROM players"))
    with pytest.raises(NotOurs):
        watched.observer.take([paused(1)])


def test_two_players_do_not_mix(watched: Watched, room: Room) -> None:
    with watched.database.transaction() as uow:
        group = add_group(uow, "Second")
        player = add_player(uow, group, "Bedroom", port=8081)
        leases.hold(uow, "me", [player])
    second = Observer(watched.database, player_id=player, group_id=group, watcher="me")
    second.begin(confirmed_at=None)
    watched.begin(playing(1))
    second.take([playing(5)])
    assert [(state.player_id, state.item_id) for state in states(watched.database)] == [
        (room.player, room.film), (player, None),
    ]  # fmt: skip


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


@pytest.mark.both
def test_a_profile_that_becomes_somebodys_while_it_plays(watched: Watched, room: Room) -> None:
    user = make_user(watched.database)
    watched.begin(playing(0))
    with watched.database.transaction() as uow:
        profiles.set_user(uow, player_id=room.player, profile_id="", user_id=user.id)
    assert [state.user_id for state in states(watched.database)] == [user.id]  # nobody else sees it from now on
    watched.pass_by(10)
    assert watched.take(paused(10)) == ["paused"]
    assert facts(watched.database)[-1].audience == f"user:{user.id}"
