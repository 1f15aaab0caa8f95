"""One player, listened to until somebody says stop: connected again and again, later each time it fails."""

import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

import structlog

from domain.kit import clock
from domain.kit.database import Database, UnitOfWork
from domain.kit.errors import DomainError, NotFound, Unreachable
from domain.players import health, leases, returning
from domain.players.model import Adapter, Playing
from domain.players.observing import NotOurs, Observer
from domain.players.tables import Player

log = structlog.get_logger()
FIRST_S: Final = 1.0
LONGEST_S: Final = 60.0
"""How long it waits before it connects again: twice as long each time, with jitter."""
STEADY_S: Final = 5.0
"""A connection that held for so long was a success: after it waiting begins anew."""
SILENT_S: Final = 8.0
"""An adapter says at least every 5 seconds that its player is there; so long without a word, and it is not."""
NOBODY_TOLD_S: Final = 3.0
"""A player that is there and told nothing for so long plays nothing."""


class Listener:
    """`run` is the thread; `look` is called by the supervisor every second; `stop` by anybody."""

    def __init__(
        self, database: Database, player_id: int, group_id: int, *, watcher: str, make: Callable[[Player], Adapter],
        confirmed_at: datetime | None, random: Callable[[], float], monotonic: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        self._database = database
        self._player = player_id
        self._group = group_id
        self._watcher = watcher
        self._make = make
        self._random = random
        self._monotonic = monotonic
        self._observer = Observer(database, player_id=player_id, group_id=group_id, watcher=watcher, monotonic=monotonic)
        self._stopped = threading.Event()
        self._guard = threading.Lock()
        self._confirmed_at = confirmed_at
        self._up_since: float | None = None
        self._heard_at = monotonic()
        self._notifies: bool | None = None
        self._lost_at: float | None = monotonic()
        self._has_given_up = False
        self._is_silent = False
        """It was said to be lost while its connection was open."""

    def stop(self) -> None:
        """End it; from now on it writes nothing."""
        self._observer.close()
        self._stopped.set()

    def run(self) -> None:
        """Connect and listen until stopped. Nothing that an adapter raises gets out of here."""
        waits = FIRST_S
        while not self._stopped.is_set():
            error = self._listen()
            if self._stopped.is_set():
                return
            if self._was_steady():
                waits = FIRST_S
            self._lose(error)
            self._stopped.wait(waits * (0.75 + 0.5 * self._random()))
            waits = min(LONGEST_S, waits * 2)

    def look(self, *, give_up_s: float, is_connected: bool = True) -> None:
        """Write what had its time to wait; say so when the player has been silent, or away, for too long.

        `is_connected` is what its row says: somebody else's question may have failed while we hear it well.
        """
        if self._stopped.is_set():
            return
        now = self._monotonic()
        try:
            self._observer.flush()
        except NotOurs:
            self.stop()
            return
        if self._lost_at is None and now - self._heard_at > SILENT_S:
            self._is_silent = True
            self._lose(Unreachable("It says nothing any more."))
        elif self._lost_at is None and not is_connected:
            notifies = bool(self._notifies)
            self._write(lambda uow: leases.found(uow, self._player, notifies=notifies))
        if self._lost_at is not None and now - self._lost_at > give_up_s and not self._has_given_up:
            self._has_given_up = True
            at = self._confirmed_at
            self._write(lambda uow: leases.give_up(uow, self._player, at=at or uow.now()))

    def _was_steady(self) -> bool:
        return self._up_since is not None and self._monotonic() - self._up_since >= STEADY_S

    def _listen(self) -> BaseException | None:
        self._up_since, self._is_silent = None, False
        try:
            with self._database.read() as session:
                player = session.get(Player, self._player)  # unguarded: its thread listens on nobody's behalf
            if player is None:
                raise NotFound("There is no such player any more.")
            adapter = self._make(player)
            self._observer.begin(confirmed_at=self._confirmed_at)
            adapter.watch(self._stopped, self._told, is_up=self._is_up)
        except NotOurs:
            self.stop()
        except DomainError as error:
            return error
        except BaseException as error:  # whatever an adapter does, its thread goes on
            log.exception("player_thread_failed", player=self._player)
            return error
        return None

    def _told(self, seen: Sequence[Playing]) -> None:
        if self._stopped.is_set():
            return
        self._heard_at = self._monotonic()
        try:
            self._observer.take(seen)
        except NotOurs:
            self.stop()
            raise

    def _is_up(self, notifies: bool) -> None:
        if self._stopped.is_set():
            return
        now = self._monotonic()
        self._heard_at = now
        self._confirmed_at = clock.now()
        self._up_since = now if self._up_since is None else self._up_since
        if self._observer.is_beginning and now - self._up_since >= NOBODY_TOLD_S:
            self._told([])
        with self._guard:
            is_news = self._lost_at is not None or notifies != self._notifies
        resumed_at = clock.now() if self._is_silent else None
        if is_news and self._write(lambda uow: leases.found(uow, self._player, notifies=notifies, resumed_at=resumed_at)):
            with self._guard:
                is_back = self._lost_at is not None
                self._lost_at, self._notifies, self._has_given_up, self._is_silent = None, notifies, False, False
            if is_back:
                self._write(lambda uow: returning.catch_up(uow, self._group))

    def _lose(self, error: BaseException | None) -> None:
        with self._guard:
            if self._lost_at is None:
                self._lost_at = self._monotonic()
                log.info("player_lost", player=self._player, error=None if error is None else str(error))
            self._notifies = None
        if isinstance(error, DomainError):
            words = error.message
        else:
            words = "It ended the connection." if error is None else f"Something unexpected: {type(error).__name__}."
        said, status, at = words[: health.MOST_WORDS], health.status_of(error), self._confirmed_at
        self._write(lambda uow: leases.lost(uow, self._player, error=said, status=status, at=at))

    def _write(self, work: Callable[[UnitOfWork], object]) -> bool:
        """Whether it was written; a database that is away is told once more at the next occasion."""
        try:
            with self._database.transaction() as uow:
                if not leases.is_held(uow, self._watcher, self._player):
                    self.stop()
                    return False
                work(uow)
        except Exception:
            log.exception("player_not_written", player=self._player)
            return False
        return True
