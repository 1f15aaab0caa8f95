"""One player is listened to: lost and found, silent, failing in any way, asked again later each time."""

import random
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from domain.kit.database import Database
from domain.kit.errors import KeyRefused, Unreachable
from domain.libraries.enums import ConnectionStatus
from domain.players import leases
from domain.players.enums import PlaybackStatus
from tests.players.house import House
from tests.players.living_room import Puppet, Room, playing, states, told, until
from workers.players.listening import LONGEST_S, Listener
from workers.players.watching import Watching

pytestmark = pytest.mark.both


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
