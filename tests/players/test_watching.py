"""Players are listened to: one thread each, by one process each, connected again and again."""

import random
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from domain.kit.database import Database
from domain.kit.errors import KeyRefused, Unreachable
from domain.libraries.enums import ConnectionStatus
from domain.players import leases
from domain.players.enums import PlaybackStatus
from domain.players.observing import NotOurs
from tests.players.house import House
from tests.players.living_room import (
    OTHER,
    Puppet,
    Room,
    add_group,
    add_player,
    paused,
    playing,
    states,
    told,
    until,
)
from workers.players.listening import LONGEST_S, Listener
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


def test_a_player_that_hangs_up_is_lost_and_found(house: House, watching: Watching) -> None:
    house.puppet.say(playing(10))
    house.puppet.hang_up()
    until(lambda: house.row().connection_status is ConnectionStatus.DISCONNECTED)
    assert told(house.database)[-1] == "playback.lost"
    assert house.row().last_error == "It hung up."
    until(lambda: house.puppet.connections == 2)
    until(lambda: told(house.database)[-1] == "playback.progressed")
    until(lambda: house.row().connection_status is ConnectionStatus.CONNECTED)
    assert told(house.database, topic="players") == ["player.connected", "player.disconnected", "player.connected"]


def test_a_silent_player_is_said_to_be_lost_within_ten_seconds(house: House, watching: Watching) -> None:
    house.puppet.say(playing(10))
    house.pass_by(8, watching)
    assert house.row().connection_status is ConnectionStatus.CONNECTED
    house.pass_by(1, watching)
    assert (house.row().connection_status, house.row().last_error) == (
        ConnectionStatus.DISCONNECTED, "It says nothing any more.",
    )  # fmt: skip
    assert told(house.database)[-1] == "playback.lost"
    assert states(house.database)[0].position_ms == 10_000
    house.puppet.there()
    assert house.row().connection_status is ConnectionStatus.CONNECTED
    assert told(house.database)[-1] == "playback.progressed"
    assert (states(house.database)[0].position_ms, states(house.database)[0].observed_at) == (19_000, house.clock.moment)


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


def test_a_test_that_failed_does_not_outshout_who_listens(house: House, watching: Watching) -> None:
    house.execute("UPDATE players SET connection_status = 'disconnected', last_error = 'too slow'")
    house.pass_by(2, watching)
    assert (house.row().connection_status, house.row().last_error) == (ConnectionStatus.CONNECTED, None)


def test_what_played_on_a_player_that_stays_away_is_over(house: House, watching: Watching) -> None:
    house.puppet.say(playing(10))
    house.pass_by(9, watching)
    house.pass_by(300, watching)
    assert states(house.database)[0].status is PlaybackStatus.PLAYING
    house.pass_by(2, watching)
    (state,) = states(house.database)
    assert (state.status, state.position_ms) == (PlaybackStatus.STOPPED, 10_000)
    assert told(house.database)[-1] == "playback.stopped"


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


@pytest.mark.parametrize(
    ("failure", "status", "words"),
    [
        (Unreachable("kodi.lan does not answer."), ConnectionStatus.DISCONNECTED, "kodi.lan does not answer."),
        (KeyRefused("It does not accept our password."), ConnectionStatus.ERROR, "It does not accept our password."),
        (ZeroDivisionError("oh"), ConnectionStatus.ERROR, "Something unexpected: ZeroDivisionError."),
        (RecursionError(), ConnectionStatus.ERROR, "Something unexpected: RecursionError."),
    ],
)
def test_adapters_may_raise_anything(house: House, failure: Exception, status: ConnectionStatus, words: str) -> None:
    house.puppet.failure = failure
    watching = house.supervisor()
    watching.tick()
    until(lambda: house.row().last_error is not None)
    assert (house.row().connection_status, house.row().last_error) == (status, words)
    assert told(house.database, topic="players") == []
    house.puppet.failure = None
    until(lambda: house.row().connection_status is ConnectionStatus.CONNECTED)


@pytest.mark.sqlite
@pytest.mark.parametrize("failure", [SystemExit(1), KeyboardInterrupt(), GeneratorExit()])
def test_not_even_these_end_a_thread(house: House, failure: BaseException) -> None:
    house.puppet.failure = failure  # type: ignore[assignment]
    watching = house.supervisor()
    watching.tick()
    until(lambda: house.row().last_error == f"Something unexpected: {type(failure).__name__}.")
    house.puppet.failure = None
    until(house.puppet.watching.is_set)


def test_credentials_that_cannot_be_read(house: House) -> None:
    house.execute("UPDATE players SET password = 'v1:nonsense'")
    watching = Watching(house.database, house.settings)
    house.supervisors.append(watching)
    watching.tick()
    until(lambda: house.row().last_error is not None)
    assert house.row().last_error == (
        "What Living room wants to see was stored by another installation: give it again with `updatePlayer`."
    )
    assert house.row().connection_status is ConnectionStatus.ERROR


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
def test_it_waits_longer_each_time_and_begins_anew_after_success(
    database: Database, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    puppet, waits, mono = Puppet(), list[float](), [0.0]
    listener = Listener(
        database, room.player, room.group, watcher="me", make=lambda _: puppet, confirmed_at=None,
        random=lambda: 0.5, monotonic=lambda: mono[0],
    )  # fmt: skip
    with database.transaction() as uow:
        leases.hold(uow, "me", [room.player])

    def wait(seconds: float) -> bool:
        waits.append(seconds)
        if len(waits) == 10:

            def steady(stop: Any, heard: Any, *, is_up: Callable[[bool], None]) -> None:
                is_up(True)
                mono[0] += 6
                raise Unreachable("gone")

            monkeypatch.setattr(puppet, "watch", steady)
        if len(waits) == 12:
            listener.stop()
        return listener._stopped.is_set()

    monkeypatch.setattr(listener._stopped, "wait", wait)
    puppet.drops = 1000
    listener.run()
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60, 60, 1, 1]
    assert LONGEST_S == 60


@pytest.mark.sqlite
def test_waits_are_spread(database: Database, room: Room) -> None:
    dice = random.Random(1)
    puppet = Puppet(drops=1000)
    listener = Listener(
        database, room.player, room.group, watcher="me", make=lambda _: puppet, confirmed_at=None,
        random=dice.random, monotonic=time.monotonic,
    )  # fmt: skip
    waits: list[float] = []

    class Stopped:
        def is_set(self) -> bool:
            return len(waits) >= 8

        def wait(self, seconds: float) -> bool:
            waits.append(seconds)
            return self.is_set()

    listener._stopped = Stopped()  # type: ignore[assignment]
    listener.run()
    for number, wait in enumerate(waits):
        assert 0.75 * min(60, 2**number) <= wait <= 1.25 * min(60, 2**number)
    assert len({round(wait / min(60, 2**number), 6) for number, wait in enumerate(waits)}) > 5


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


@pytest.mark.sqlite
def test_a_player_that_never_tells_plays_nothing(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is there, and says nothing of what we believed it plays."""
    house.execute("SELECT 1")
    first = house.supervisor()
    first.tick()
    until(house.puppet.watching.is_set)
    house.puppet.say(playing(10))
    first.stop()
    stays = threading.Event()

    def mute(stop: threading.Event, listening: Any, *, is_up: Callable[[bool], None]) -> None:
        house.puppet._is_up = is_up
        is_up(True)
        stays.set()
        stop.wait()

    monkeypatch.setattr(house.puppet, "watch", mute)
    second = house.supervisor()
    house.pass_by(1, second)
    until(stays.is_set)
    house.pass_by(4, second)
    house.puppet.there()
    assert states(house.database)[0].status is PlaybackStatus.STOPPED
