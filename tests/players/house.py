"""Households whose players are listened to, on the test's clock: supervisors with puppets for players, and one observer."""

from pathlib import Path
from typing import Any

import sqlalchemy as sa

from domain.kit.database import Database
from domain.players import leases
from domain.players.observing import Observer
from domain.players.tables import Player
from domain.settings import Settings
from tests.conftest import ManualClock
from tests.players.living_room import Puppet, Room, player_row, told
from workers.players.watching import Watching


class House:
    """Supervisors with puppets for players; time for them passes when the test says so."""

    def __init__(self, database: Database, room: Room, clock: ManualClock, folder: Path) -> None:
        self.database, self.room, self.clock = database, room, clock
        self.settings = Settings(data_dir=folder)
        self.puppets: dict[int, Puppet] = {room.player: Puppet()}
        self.mono = 0.0
        self.supervisors: list[Watching] = []

    def supervisor(self) -> Watching:
        made = Watching(
            self.database, self.settings, make=lambda player: self.puppets[player.id], random=lambda: 0.5,
            monotonic=lambda: self.mono,
        )  # fmt: skip
        self.supervisors.append(made)
        return made

    @property
    def puppet(self) -> Puppet:
        return self.puppets[self.room.player]

    def pass_by(self, seconds: float, *looking: Watching) -> None:
        """Time goes by, second for second; these look around in each."""
        while seconds > 0:
            step = min(1.0, seconds)
            self.clock.advance(step)
            self.mono += step
            seconds -= step
            for each in looking:
                each.tick()

    def row(self, player: int | None = None) -> Player:
        return player_row(self.database, player or self.room.player)

    def execute(self, text: str, **values: Any) -> None:
        with self.database.transaction() as uow:
            uow.session.execute(sa.text(text), values)


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
