"""Writes down what a player tells of its playback: one row a session, and an event for each thing that happened.

Nothing is written while it plays along as predicted. What happened is written at once and in its order; of positions at most
one a second, and of a player that talks without end what it said last.
"""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

import structlog
from sqlmodel import Session

from domain.kit import clock
from domain.kit.database import Database
from domain.players import leases, matching, recording
from domain.players.enums import PlaybackStatus
from domain.players.matching import NOTHING, Match
from domain.players.model import Playing
from domain.players.pacing import Bucket
from domain.players.playing import Change, is_same, sober
from domain.players.steps import Step, Taken, steps

log = structlog.get_logger()
PROGRESS_S: Final = 1.0
"""At most one position a second of each session."""
MOST_SESSIONS: Final = 64
"""Of one player; of what plays in more of them nothing is known."""
MOST_WAITING: Final = 16
"""Observations of one session that wait to be written."""
RATE: Final = 10.0
BURST: Final = 40.0
"""Writes a second of one player, in the long run and at once: nobody pauses more often, programs in a frenzy do."""


class NotOurs(Exception):
    """Another process listens to the player by now."""


@dataclass(slots=True)
class _Session:
    """A session as its row says, and what waits to be written of it."""

    known: Taken | None = None
    match: Match = NOTHING
    written: float = float("-inf")
    """The monotonic clock at the last write."""
    waiting: list[Taken] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Due:
    session: _Session
    steps: list[Step]
    entries: list[recording.Entry]


class Observer:
    """What one player tells. `take` and `flush` may be called from different threads; they raise NotOurs."""

    def __init__(
        self, database: Database, *, player_id: int, group_id: int, watcher: str, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._database = database
        self._player = player_id
        self._group = group_id
        self._watcher = watcher
        self._monotonic = monotonic
        self._guard = threading.Lock()
        self._sessions: dict[str, _Session] = {}
        self._bucket = Bucket(rate=RATE, size=BURST, monotonic=monotonic)
        self._confirmed_at: datetime | None = None
        self._is_beginning = False
        self._is_closed = False

    def begin(self, *, confirmed_at: datetime | None) -> None:
        """A connection begins: what is told first is everything that plays. What was live and is not in it ended at
        `confirmed_at`, the last moment at which somebody vouched for it."""
        with self._guard:
            with self._database.read() as session:
                rows = leases.live(session, self._player)
            now, mono = clock.now(), self._monotonic()
            self._sessions = {
                row.session: _Session(
                    Taken(recording.playing_of(row), now, mono, is_unsure=True), Match(row.item_id, row.file_id)
                )
                for row in rows
            }
            self._confirmed_at = confirmed_at
            self._is_beginning = True

    def close(self) -> None:
        """Take nothing in any more."""
        with self._guard:
            self._is_closed = True

    @property
    def is_beginning(self) -> bool:
        """Nothing was told yet since the connection began."""
        return self._is_beginning

    def take(self, seen: Sequence[Playing]) -> None:
        """What a player tells: each session of which something is new. Raises NotOurs; whatever else fails is tried again."""
        mono, now = self._monotonic(), clock.now()
        told = [sober(one, now=now) for one in seen[:MOST_SESSIONS]]
        with self._guard:
            if self._is_closed:
                return
            if self._is_beginning:
                self._is_beginning = False
                told += self._gone({one.session for one in told}, now)
            for one in told:
                self._put(Taken(one, now, mono))
            self._write()

    def flush(self) -> None:
        """Write what had to wait, if its time has come; to be called every second or so. Raises NotOurs."""
        with self._guard:
            if not self._is_closed:
                self._write()

    def _gone(self, told: set[str], now: datetime) -> list[Playing]:
        """Of each session that was live and is not told of any more, a stop."""
        gone = []
        for name, session in self._sessions.items():
            if name not in told and session.known is not None:
                seen_at = session.known.playing.observed_at
                at = min(now, max(seen_at, self._confirmed_at or seen_at))
                gone.append(Playing(PlaybackStatus.STOPPED, None, 0, at, session=name, speed=0.0))
        return gone

    def _put(self, taken: Taken) -> None:
        """Let an observation wait to be written; a position that waits makes way for the next one of the same thing."""
        now = taken.playing
        session = self._sessions.get(now.session)
        if session is None:
            if now.status is PlaybackStatus.STOPPED or len(self._sessions) >= MOST_SESSIONS:
                return
            session = self._sessions[now.session] = _Session()
        waiting = session.waiting
        is_live = bool(waiting) and PlaybackStatus.STOPPED not in (waiting[-1].playing.status, now.status)
        if is_live and is_same(waiting[-1].playing.media, now.media):
            if now.media is None:
                taken = replace(taken, playing=replace(now, media=waiting[-1].playing.media))
            waiting.pop()
        waiting.append(taken)
        del waiting[:-MOST_WAITING]

    def _write(self) -> None:
        due = [_Due(session, found, []) for session in self._sessions.values() if (found := self._due(session))]
        if not due:
            return
        try:
            with self._database.read() as reading:
                for one in due:
                    one.entries.extend(self._entries(reading, one.session, one.steps))
            with self._database.transaction() as uow:
                if not leases.is_held(uow, self._watcher, self._player):
                    raise NotOurs
                for one in due:
                    recording.record(uow, self._player, one.entries)
        except NotOurs:
            self._is_closed = True
            raise
        except Exception:  # the database is away, or somebody deleted what it plays just now: the next flush tries again
            log.exception("playback_not_written", player=self._player)
            return
        for one in due:
            one.session.known = one.steps[-1].taken
            one.session.match = one.entries[-1].match
            one.session.written = self._monotonic()
            one.session.waiting.clear()
        self._forget()

    def _due(self, session: _Session) -> list[Step]:
        """What is to be written of a session now; the rest waits on."""
        if not session.waiting:
            return []
        found = steps(session.known, session.waiting)
        if not found:
            session.waiting.clear()
            return []
        if all(step.change is Change.PROGRESSED for step in found):
            if self._monotonic() - session.written < PROGRESS_S:
                del session.waiting[:-1]
                return []
            found = found[-1:]
        return found if self._bucket.take() else []

    def _entries(self, reading: Session, session: _Session, found: Sequence[Step]) -> list[recording.Entry]:
        """The steps with what of ours they are about; looked up before the transaction."""
        match = matching.kept(reading, session.match)
        entries = []
        for step in found:
            now = step.playing
            is_new = step.change is Change.STARTED or step.is_after_gap
            if is_new and now.media is not None and now.status is not PlaybackStatus.STOPPED:
                match = matching.match(reading, self._group, now.media, position_ms=now.position_ms)
            user_id = matching.user_of(reading, self._player, now.profile)  # each time: an administrator may have said so since
            entries.append(recording.Entry(step.change, now, match, user_id))
        return entries

    def _forget(self) -> None:
        """Sessions that ended: their rows stay."""
        for name, session in list(self._sessions.items()):
            if not session.waiting and (session.known is None or session.known.playing.status is PlaybackStatus.STOPPED):
                del self._sessions[name]
