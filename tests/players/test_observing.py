"""What a player tells becomes rows and events, and nothing while it plays along."""

from dataclasses import replace

import pytest

from domain.kit.ids import global_id
from domain.players import leases, profiles
from domain.players.enums import PlaybackStatus
from domain.players.model import Profile
from domain.players.observing import Observer
from tests.factories.accounts import make_user
from tests.players.house import Watched
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


def test_another_profile_is_another_user(watched: Watched, room: Room) -> None:
    anna, ben = (make_user(watched.database, name).id for name in ("anna", "ben"))
    add_profile(watched.database, room.player, anna, "p1")
    add_profile(watched.database, room.player, ben, "p2")
    watched.begin(playing(0, profile=Profile("p1", "Anna")))
    watched.pass_by(10)
    assert watched.take(playing(10, profile=Profile("p2", "Ben"))) == ["progressed"]
    (state,) = states(watched.database)
    assert (state.user_id, state.profile_name) == (ben, "Ben")


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
def test_a_profile_that_becomes_somebodys_while_it_plays(watched: Watched, room: Room) -> None:
    user = make_user(watched.database)
    watched.begin(playing(0))
    with watched.database.transaction() as uow:
        profiles.set_user(uow, player_id=room.player, profile_id="", user_id=user.id)
    assert [state.user_id for state in states(watched.database)] == [user.id]  # nobody else sees it from now on
    watched.pass_by(10)
    assert watched.take(paused(10)) == ["paused"]
    assert facts(watched.database)[-1].audience == f"user:{user.id}"
