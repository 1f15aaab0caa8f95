"""What of a player's sessions is news: starts, pauses, jumps and ends at once, the rest at most once a second.

A server tells more than anybody wants to hear: every session in full every second or so. As a position runs on by itself
(`Playing.speed`), it is told only where it is not where it was expected, and every ten seconds.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from domain.kit import clock
from domain.players.enums import PlaybackStatus
from domain.players.model import Playing, Told

MOST_SESSIONS: Final = 200
"""Of one player; what is beyond is no household."""
_END_MS: Final = 15_000
_END_PART: Final = 0.9
"""So near its end a playback has run to it: devices report every ten seconds, and the last report comes before the end."""
_JUMP_MS: Final = 3_000
_DRIFT_MS: Final = 1_000
_QUIET: Final = timedelta(seconds=1)
_BETWEEN_JUMPS: Final = timedelta(milliseconds=300)
_STEADY: Final = timedelta(seconds=10)


class Follower:
    """Of one connection to a player. Begin with `everything`; call `flush` at least every second."""

    def __init__(self, told: Told, *, now: Callable[[], datetime] = clock.now) -> None:
        self._tell = told
        self._now = now
        self._seen: dict[str, Playing] = {}
        self._told: dict[str, Playing] = {}
        self._waiting: dict[str, None] = {}
        self._told_at: datetime | None = None
        self._jumped_at: dict[str, datetime] = {}

    @property
    def seen(self) -> Mapping[str, Playing]:
        """What plays, as it was seen last, by session."""
        return self._seen

    def everything(self, found: Sequence[Playing]) -> None:
        """Take the whole picture; a session that is not in it has ended."""
        present = {each.session: each for each in found[:MOST_SESSIONS]}
        news = [self._ended(each) for name, each in list(self._seen.items()) if name not in present]
        for each in present.values():
            news += self._news(each)
        if news or self._told_at is None:
            self._say(news)
        self.flush()

    def one(self, playing: Playing) -> None:
        """Take what one session does; a stopped one ends."""
        if playing.status is PlaybackStatus.STOPPED:
            before = self._seen.get(playing.session)
            if before is not None:
                self._say([self._ended(replace(before, position_ms=playing.position_ms))])
        elif (playing.session in self._seen or len(self._seen) < MOST_SESSIONS) and (news := self._news(playing)):
            self._say(news)
        self.flush()

    def flush(self) -> None:
        """Tell what waits, if its time has come."""
        if self._waiting and not self._is_soon(self._told_at, _QUIET):
            self._say([self._seen[name] for name in self._waiting])

    def _news(self, each: Playing) -> list[Playing]:
        """What has to be told of it at once."""
        before, self_told = self._seen.get(each.session), self._told.get(each.session)
        news = []
        if before is not None and _thing(before) != _thing(each):
            news.append(self._ended(before))
            self_told = None
        self._seen[each.session] = each
        if self_told is None or self_told.status is not each.status:
            return [*news, each]
        off = abs(each.position_ms - expected(self_told, each.observed_at))
        if off > _JUMP_MS and not self._is_soon(self._jumped_at.get(each.session), _BETWEEN_JUMPS):
            self._jumped_at[each.session] = self._now()
            return [each]
        is_due = each.status is PlaybackStatus.PLAYING and not _within(each.observed_at - self_told.observed_at, _STEADY)
        if off > _DRIFT_MS or is_due or _look(self_told) != _look(each):
            self._waiting[each.session] = None
        return news

    def _ended(self, last: Playing) -> Playing:
        for kept in (self._seen, self._told, self._waiting, self._jumped_at):
            kept.pop(last.session, None)
        is_finished = last.is_finished or ran_out(last.position_ms, last.total_ms)
        return replace(last, status=PlaybackStatus.STOPPED, speed=0.0, observed_at=self._now(), is_finished=is_finished)

    def _say(self, news: Sequence[Playing]) -> None:
        for each in news:
            self._waiting.pop(each.session, None)
            if each.status is not PlaybackStatus.STOPPED:
                self._told[each.session] = each
        self._told_at = self._now()
        self._tell(tuple(news))

    def _is_soon(self, then: datetime | None, span: timedelta) -> bool:
        return then is not None and _within(self._now() - then, span)


class Clocks:
    """Positions that a server repeats until a device reports again run on; one that it has just written counts as of now.

    After `limit` of repeating it is believed that it stands.
    """

    def __init__(self, limit: timedelta) -> None:
        self._limit = limit
        self._first: dict[str, Playing] = {}
        """Each as the server wrote it, when it did so first."""

    def whole(self, found: Sequence[Playing]) -> list[Playing]:
        """Everything that plays, where it is by now."""
        self.keep({each.session for each in found})
        return [self.now(each) for each in found]

    def now(self, each: Playing) -> Playing:
        """A session, where it is by now."""
        before = self._first.get(each.session)
        if before is None or not self._repeats(before, each):
            self._first[each.session] = before = each
        return replace(each, position_ms=expected(before, each.observed_at))

    def keep(self, sessions: Collection[str]) -> None:
        """Forget all others."""
        self._first = {name: each for name, each in self._first.items() if name in sessions}

    def _repeats(self, before: Playing, each: Playing) -> bool:
        is_same = (before.status, before.position_ms) == (each.status, each.position_ms) and _thing(before) == _thing(each)
        return is_same and each.status is PlaybackStatus.PLAYING and each.observed_at - before.observed_at < self._limit


def ran_out(position_ms: int, total_ms: int | None) -> bool:
    """Whether what stopped there had come to its end, where its player does not say so."""
    return bool(total_ms) and position_ms >= max((total_ms or 0) - _END_MS, (total_ms or 0) * _END_PART)


def expected(playing: Playing, at: datetime) -> int:
    """Where a session is at an instant, in milliseconds, if nobody touched it since it was observed."""
    if playing.status is not PlaybackStatus.PLAYING:
        return playing.position_ms
    gone = max(0.0, (at - playing.observed_at).total_seconds()) * 1_000 * playing.speed
    position = playing.position_ms + int(gone)
    return position if playing.total_ms is None else min(position, max(playing.total_ms, playing.position_ms))


def _within(elapsed: timedelta, span: timedelta) -> bool:
    """Not if the clock was set back."""
    return timedelta(0) <= elapsed < span


def _thing(playing: Playing) -> object:
    media = playing.media
    return None if media is None else media.key or media.path or media.title


def _look(playing: Playing) -> object:
    return playing.media, playing.total_ms, playing.speed, playing.profile, playing.device, playing.streams
