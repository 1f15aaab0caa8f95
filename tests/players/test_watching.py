"""Players are listened to: one thread each, by one process each, whose leases say so."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from domain.libraries.enums import ConnectionStatus
from domain.players import leases
from domain.players.enums import PlaybackStatus
from domain.players.observing import NotOurs
from tests.players.house import House
from tests.players.living_room import OTHER, Puppet, add_group, add_player, paused, playing, states, told, until
from workers.players.watching import Watching

pytestmark = pytest.mark.both
HELD = timedelta(seconds=leases.HOLD_S)


def test_a_player_is_heard(house: House, watching: Watching) -> None:
    row = house.row()
    assert (row.connection_status, row.is_notifying, row.last_error) == (ConnectionStatus.CONNECTED, True, None)
    assert (row.watcher, row.watched_until) == (watching.watcher, house.clock.moment + HELD)
    house.puppet.say(playing(10))
    assert told(house.database) == ["playback.started"]
    assert told(house.database, topic="players") == ["player.connected"]
    assert row.version == house.row().version == 1


def test_leases_of_all_players_are_renewed_in_one_statement(house: House, watching: Watching) -> None:
    with house.database.transaction() as uow:
        more = [add_player(uow, house.room.group, f"Kodi {number}", port=9000 + number) for number in range(5)]
    house.puppets |= {key: Puppet() for key in more}
    house.pass_by(1, watching)
    assert watching.players == {house.room.player, *more}
    statements: list[str] = []

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        if "watched_until=" in statement and statement.startswith("UPDATE players"):
            statements.append(statement)

    sa.event.listen(house.database.engine, "before_cursor_execute", note)
    house.pass_by(6, watching)
    sa.event.remove(house.database.engine, "before_cursor_execute", note)
    assert len(statements) == 2
    for key in watching.players:
        assert house.row(key).watched_until >= house.clock.moment + HELD * (2 / 3)


def test_new_changed_disabled_and_deleted_players(house: House, watching: Watching) -> None:
    house.puppet.say(playing(10))
    with house.database.transaction() as uow:
        bedroom = add_player(uow, house.room.group, "Bedroom", port=8081)
    house.puppets[bedroom] = Puppet()
    house.pass_by(1, watching)
    until(house.puppets[bedroom].watching.is_set)

    house.execute("UPDATE players SET port = 8090 WHERE id = :id", id=bedroom)
    house.pass_by(1, watching)
    until(lambda: house.puppets[bedroom].connections == 2)
    house.execute("UPDATE players SET name = 'Bed', is_notifying = true WHERE id = :id", id=bedroom)
    house.pass_by(1, watching)
    assert house.puppets[bedroom].connections == 2

    house.execute("DELETE FROM players WHERE id = :id", id=bedroom)
    house.execute("UPDATE players SET is_enabled = false")
    house.pass_by(1, watching)
    assert watching.players == set()
    until(lambda: not house.puppets[bedroom].watching.is_set() and not house.puppet.watching.is_set())
    row = house.row()
    assert (row.watcher, row.watched_until, row.connection_status) == (None, None, ConnectionStatus.UNKNOWN)
    assert [(state.status, state.position_ms) for state in states(house.database)] == [(PlaybackStatus.STOPPED, 14_000)]

    house.execute("UPDATE players SET is_enabled = true")
    house.execute("UPDATE player_groups SET is_enabled = false")
    house.pass_by(1, watching)
    assert watching.players == set()
    house.execute("UPDATE player_groups SET is_enabled = true")
    house.pass_by(1, watching)
    until(house.puppet.watching.is_set)


def test_a_restart_loses_no_position(house: House, watching: Watching) -> None:
    """An hour that needed no word; then the process stops, and so does the film before the next one starts."""
    house.puppet.say(playing(10))
    for _ in range(20):
        house.puppet.there()
        house.pass_by(3, watching)
    watching.stop()
    assert states(house.database)[0].position_ms == 70_000
    house.puppet.live.clear()
    house.pass_by(600)
    house.supervisor().tick()
    until(lambda: states(house.database)[0].status is PlaybackStatus.STOPPED)
    assert states(house.database)[0].position_ms == 70_000


def test_a_lease_that_outlives_its_player_vouches_for_nothing(house: House, watching: Watching) -> None:
    """The player is away, its watcher holds on to it and is killed: the film did not run on meanwhile."""
    house.puppet.say(playing(10))
    house.pass_by(9, watching)
    assert told(house.database)[-1] == "playback.lost"
    house.pass_by(100, watching)
    house.puppet.live.clear()
    other = house.supervisor()
    house.pass_by(11, other)
    until(lambda: states(house.database)[0].status is PlaybackStatus.STOPPED)
    assert states(house.database)[0].position_ms == 10_000


def test_two_processes_share_the_players(house: House, watching: Watching) -> None:
    other = house.supervisor()
    house.pass_by(5, watching, other)
    assert (watching.players, other.players) == ({house.room.player}, set())
    assert house.puppet.connections == 1
    watching.stop()
    house.pass_by(1, other)
    assert other.players == {house.room.player}
    until(lambda: house.puppet.connections == 2)


def test_a_killed_process_is_replaced_and_what_it_knew_is_marked(house: House, watching: Watching) -> None:
    """kill -9: no word, no release; within ten seconds another one says so and takes over."""
    house.puppet.say(playing(10, session="a"), playing(20, session="b", media=OTHER))
    other = house.supervisor()
    house.pass_by(9, other)
    assert other.players == set()
    house.puppet.live.pop("a")
    house.pass_by(1, other)
    assert other.players == {house.room.player}
    assert told(house.database).count("playback.lost") == 2
    until(lambda: told(house.database)[-1] in ("playback.stopped", "playback.progressed") and len(told(house.database)) == 6)
    found = {state.session: (state.status.value, state.position_ms) for state in states(house.database)}
    assert found == {"a": ("stopped", 19_000), "b": ("playing", 20_000)}
    # the first one is not dead after all, and finds out at the latest when it has something to say
    before = told(house.database)
    watching.tick()
    assert watching.players == set()
    assert told(house.database) == before


def test_whoever_lost_a_lease_writes_nothing_more(house: House, watching: Watching) -> None:
    house.puppet.say(playing(10))
    house.execute("UPDATE players SET watcher = 'somebody else'")
    listener = watching._held[house.room.player].listener
    with pytest.raises(NotOurs):
        listener._told([paused(10)])
    assert told(house.database) == ["playback.started"]


@pytest.mark.sqlite
def test_a_database_that_is_away_is_waited_for(house: House, watching: Watching, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object, **__: object) -> Any:
        raise sa.exc.OperationalError("BEGIN", {}, Exception("away"))

    house.puppet.say(playing(10))
    with monkeypatch.context() as patch:
        patch.setattr(house.database, "transaction", away)
        patch.setattr(house.database, "read", away)
        house.puppet.say(paused(12))
        house.puppet.there()
        with pytest.raises(sa.exc.OperationalError):
            watching.tick()
    house.pass_by(1, watching)
    assert told(house.database) == ["playback.started", "playback.paused"]
    assert watching.players == {house.room.player}


@pytest.mark.sqlite
def test_an_adapter_that_does_not_leave_is_left_behind_deaf(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    release, heard = threading.Event(), list[Callable[..., None]]()

    def stubborn(stop: Any, listening: Any, *, is_up: Callable[[bool], None]) -> None:
        heard.append(listening)
        is_up(True)
        listening([])
        house.puppet.watching.set()
        release.wait()

    monkeypatch.setattr(house.puppet, "watch", stubborn)
    watching = house.supervisor()
    watching.tick()
    until(house.puppet.watching.is_set)
    house.execute("UPDATE players SET is_enabled = false")
    house.pass_by(1, watching)
    heard[0]([playing(1)])
    assert told(house.database) == []
    release.set()
    until(lambda: not [one for one in threading.enumerate() if one.name.startswith("player-")])


def test_other_groups_players_too(house: House, watching: Watching) -> None:
    with house.database.transaction() as uow:
        other = add_player(uow, add_group(uow, "Upstairs"), "Attic", port=8082)
    house.puppets[other] = Puppet(live={"": playing(5)})
    house.pass_by(1, watching)
    until(lambda: len(states(house.database)) == 1)
    assert states(house.database)[0].player_id == other
