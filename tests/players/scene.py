"""A film that plays on a puppet, and what is written of it, captured and taken up."""

from typing import Any

from domain.kit.database import Database
from domain.kit.http import Lan
from domain.players import capturing, leases
from domain.players.enums import CaptureReason, PlaybackStatus
from domain.players.observing import Observer
from domain.players.restoring import Restored, restore
from tests.conftest import ManualClock
from tests.players.living_room import Puppet, Room

KEY = b"k" * 32


class Scene:
    """A film plays on a puppet, and what is written of it."""

    def __init__(self, database: Database, room: Room, clock: ManualClock, puppet: Puppet) -> None:
        self.database, self.room, self.clock, self.puppet = database, room, clock, puppet
        self.lan = Lan()
        with database.transaction() as uow:
            leases.hold(uow, "me", [room.player])
            leases.found(uow, room.player, notifies=True)
        self.observer = Observer(database, player_id=room.player, group_id=room.group, watcher="me")
        self.observer.begin(confirmed_at=None)

    def plays(self, *seen: Any) -> None:
        """The player does this, and its watcher heard it."""
        for one in seen:
            if one.status is PlaybackStatus.STOPPED:
                self.puppet.live.pop(one.session, None)
            else:
                self.puppet.live[one.session] = one
        self.observer.take(seen)

    def before(self, **what: Any) -> list[int]:
        what.setdefault("players", [self.room.player] if not what.keys() & {"items", "files", "folder", "group_id"} else [])
        what.setdefault("reason", CaptureReason.SYNC)
        return capturing.before(self.database, self.lan, key=KEY, **what)

    def restore(self, capture: int, **more: Any) -> Restored:
        def wait(seconds: float) -> None:
            self.clock.advance(seconds)

        return restore(self.database, self.lan, capture, key=KEY, wait=wait, **more)
