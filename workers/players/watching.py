"""Listens to every enabled player: one thread each, held by a lease, so that several processes never listen to one twice."""

import random
import secrets
import socket
import threading
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Final

import structlog

from domain.kit import clock
from domain.kit.database import Database
from domain.kit.http import Lan
from domain.kit.secrets import load_key
from domain.players import capturing, leases
from domain.players.known import adapter_of
from domain.players.leases import Watched
from domain.players.model import Adapter
from domain.players.tables import Player
from domain.settings import Settings
from workers import outbound
from workers.players.listening import Listener

log = structlog.get_logger()
TICK_S: Final = 1.0
"""So often it is looked which players there are: a change of one takes effect within two of these."""
RENEW_S: Final = 3.0
"""A third of what a lease lasts."""
GIVE_UP_S: Final = 300.0
"""What a player played that has been away for so long is over."""
EXPIRE_S: Final = 30.0
LEAVE_S: Final = 3.0
"""So long a thread may take to leave; one that does not is left behind, deaf."""

Make = Callable[[Player], Adapter]


@dataclass(slots=True)
class _Held:
    """A player that this process listens to."""

    listener: Listener
    thread: threading.Thread
    address: str


class Watching:
    """The supervisor of one process; `start` and `stop` once each, or `tick` by hand."""

    def __init__(
        self, database: Database, settings: Settings, *, make: Make | None = None, random: Callable[[], float] = random.random,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        self.watcher = f"{socket.gethostname()}:{secrets.token_hex(6)}"
        """Another one after each start: process ids come again, in containers at once."""
        self._database = database
        self._settings = settings
        self._make = make or self._usual
        self._random = random
        self._monotonic = monotonic
        self._held: dict[int, _Held] = {}
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="players", daemon=True)
        self._renewed_at = self._expired_at = float("-inf")
        self._is_failing = False

    def start(self) -> None:
        """Listen from now on."""
        self._thread.start()

    def stop(self) -> None:
        """Leave every player, and say that nobody vouches for what is known of them."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(LEAVE_S)
        held, self._held = self._held, {}
        self._leave(held.values())
        try:
            with self._database.transaction() as uow:
                leases.release(uow, self.watcher, held)
        except Exception as error:  # then the leases run out
            log.warning("players_not_released", error=str(error))

    def tick(self) -> None:
        """One round: who is to be listened to, who no more, and what waits to be written."""
        with self._database.read() as session:
            wanted = {one.id: one for one in leases.to_watch(session)}
        self._let_go([player for player in self._held if player not in wanted])
        self._hold(wanted)
        for player, held in self._held.items():
            held.listener.look(give_up_s=GIVE_UP_S, is_connected=wanted[player].is_connected)
        if self._monotonic() - self._expired_at >= EXPIRE_S:
            self._expired_at = self._monotonic()
            capturing.expire_due(self._database)

    @property
    def players(self) -> frozenset[int]:
        """Those that this process listens to."""
        return frozenset(self._held)

    def _run(self) -> None:
        while True:
            try:
                self.tick()
                self._is_failing = False
            except Exception:  # an unreachable database is waited for
                if not self._is_failing:
                    log.exception("watching_failed")
                self._is_failing = True
            if self._stop.wait(TICK_S):
                return

    def _hold(self, wanted: dict[int, Watched]) -> None:
        """Keep what is held, take what is free, all in one statement; leave what another process took."""
        free = [one.id for one in wanted.values() if one.id not in self._held and (one.is_free or one.watcher == self.watcher)]
        if free or (self._held and self._monotonic() - self._renewed_at >= RENEW_S):
            with self._database.transaction() as uow:
                ours = leases.hold(uow, self.watcher, [*self._held, *free])
                for player in ours & set(free):
                    until = wanted[player].watched_until
                    if wanted[player].watcher is not None and until is not None:
                        leases.forsaken(uow, player, at=min(until, uow.now()))
            self._renewed_at = self._monotonic()
            self._leave([self._held.pop(player) for player in list(self._held) if player not in ours])
        else:
            ours = set(self._held)
        for player in sorted(ours):
            held, one = self._held.get(player), wanted[player]
            if held is not None and (held.address != one.address or not held.thread.is_alive()):
                self._leave([held], wait=False)
                held = None
            if held is None:
                self._listen(one)

    def _listen(self, one: Watched) -> None:
        # of one that was lost already, a lease that goes on vouches for nothing: its rows say when it was last heard
        vouched = one.is_connected and one.watched_until is not None
        confirmed_at = min(one.watched_until, clock.now()) if vouched and one.watched_until is not None else None
        listener = Listener(
            self._database, one.id, one.group_id, watcher=self.watcher, make=self._make, confirmed_at=confirmed_at,
            random=self._random, monotonic=self._monotonic,
        )  # fmt: skip
        thread = threading.Thread(target=listener.run, name=f"player-{one.id}", daemon=True)
        self._held[one.id] = _Held(listener, thread, one.address)
        thread.start()

    def _let_go(self, players: Collection[int]) -> None:
        """Leave players that are switched off or gone: what plays on them is nobody's business any more."""
        if not players:
            return
        self._leave([self._held.pop(player) for player in players], wait=False)
        with self._database.transaction() as uow:
            for player in players:
                if leases.is_held(uow, self.watcher, player):
                    leases.give_up(uow, player, at=uow.now())
            leases.release(uow, self.watcher, players)

    def _leave(self, held: Collection[_Held], *, wait: bool = True) -> None:
        for one in held:
            one.listener.stop()
        until = self._monotonic() + LEAVE_S
        for one in held if wait else ():
            one.thread.join(max(0.0, until - self._monotonic()))
            if one.thread.is_alive():
                log.warning("player_thread_left_behind", thread=one.thread.name)

    def _usual(self, player: Player) -> Adapter:
        settings = self._settings
        lan: Lan = outbound.lan()
        return adapter_of(player, lan, key=load_key(settings.data_dir, settings.key.get_secret_value() if settings.key else None))
