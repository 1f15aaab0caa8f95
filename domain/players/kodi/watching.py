"""Listening to a Kodi: what it tells, what it does not tell and has to be asked, and what is told on.

Kodi does not say where a playback stood when it ended: the last known position runs on until then. It says nothing while a
film plays, either: its position is asked now and then, so that a drift is not carried along.
"""

import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from threading import Event
from time import monotonic
from typing import Any, Final

from domain.kit import clock
from domain.kit.errors import Conflict, Upstream
from domain.players.enums import PlaybackStatus
from domain.players.kodi.line import Line, Talk
from domain.players.kodi.playback import Call, active, current, item_of, properties_of
from domain.players.kodi.reading import milliseconds, number, playing_of
from domain.players.kodi.wire import Notification, Refused
from domain.players.model import Media, Playing, Told

_BEAT_S: Final = 4.0
"""So often it has to answer while nothing is heard of it."""
_ASK_S: Final = 10.0
"""So often its position is asked while it plays."""
_SETTLE_S: Final = 1.0
"""So soon after something was told it is asked again: streams come a moment after the picture, a seek takes its time."""
_POLL_PLAYING_S: Final = 1.0
_POLL_IDLE_S: Final = 5.0
_TURN_S: Final = 1.0
"""So often it is looked whether to stop."""
_RETRY_S: Final = 60.0
"""So often its WebSocket is tried again where it could not be had."""
_DRIFT_MS: Final = 1_000
_VIDEO: Final = 1
"""The number that its player of videos has."""
_STARTS: Final = frozenset({"Player.OnPlay", "Player.OnAVStart", "Player.OnAVChange"})
_MOVES: Final = frozenset({"Player.OnPause", "Player.OnResume", "Player.OnSeek", "Player.OnSpeedChanged"})


def watch(call: Call, line: Line | None, stop: Event, told: Told, *, is_up: Callable[[bool], None]) -> None:
    """Tell what plays until `stop` is set. Raises Upstream when the connection ends, or Kodi does not answer."""
    heard = _Heard(told)
    while not stop.is_set():
        if line is not None:
            with contextlib.ExitStack() as stack:
                try:
                    talk = stack.enter_context(line.open())
                except Upstream:
                    talk = None
                if talk is not None:
                    _listen(talk, stop, heard, is_up)
                    return
        _poll(call, stop, heard, is_up, for_s=_RETRY_S if line is not None else None)


@dataclass(slots=True)
class _Heard:
    """What is known of the playback, and what was told of it."""

    told: Told
    playing: Playing | None = None
    player: int | None = None
    has_told: bool = False
    told_at: float = 0.0
    """When, by the monotonic clock."""

    def tell(self, playing: Playing) -> None:
        self.playing = None if playing.status is PlaybackStatus.STOPPED else playing
        self.has_told, self.told_at = True, monotonic()
        self.told([playing])

    def begin(self) -> None:
        """Nothing plays: that is told, too, if nothing was told yet."""
        if not self.has_told:
            self.has_told = True
            self.told([])

    def moved(self, **changes: Any) -> Playing | None:
        """What plays, at this instant: the position ran on since it was last known."""
        if self.playing is None:
            return None
        now = clock.now()
        return replace(self.playing, position_ms=_ran_on(self.playing), observed_at=now, **changes)

    def end(self, *, is_finished: bool) -> None:
        """It has ended, wherever it stood."""
        last = self.moved(status=PlaybackStatus.STOPPED, speed=0.0, is_finished=is_finished)
        self.player = None
        if last is None:
            return
        if is_finished and last.total_ms is not None:
            last = replace(last, position_ms=last.total_ms)
        self.tell(last)


def _listen(talk: Talk, stop: Event, heard: _Heard, is_up: Callable[[bool], None]) -> None:
    is_up(True)
    _look(talk, heard)
    up_at = asked_at = monotonic()
    settles_at: float | None = None
    while not stop.is_set():
        now = monotonic()
        due = min(up_at + _BEAT_S, settles_at if settles_at is not None else now + _TURN_S)
        notification = talk.next(max(0.0, min(_TURN_S, due - now)))
        now = monotonic()
        if notification is not None and _react(talk, heard, notification):
            settles_at, asked_at = now + _SETTLE_S, now
        if (settles_at is not None and now >= settles_at) or (heard.playing is not None and now - asked_at >= _ASK_S):
            settles_at, asked_at = None, now
            _look(talk, heard, only_news=True)
        if now - up_at >= _BEAT_S:
            if notification is None:  # whoever tells something is there, and need not be asked
                talk.call("JSONRPC.Ping")
            up_at = now
            is_up(True)


def _react(talk: Talk, heard: _Heard, notification: Notification) -> bool:
    """Take what Kodi tells; whether its streams should be asked again in a moment."""
    method, data = notification.method, notification.data
    if method == "Player.OnStop":
        if _is_of(heard.playing, data):
            heard.end(is_finished=data.get("end") is True)
        return False
    if method == "Player.OnAVChange" and heard.playing is not None and monotonic() - heard.told_at < _SETTLE_S:
        return True
    if method in _STARTS or (method in _MOVES and heard.playing is None):
        _look(talk, heard)
        return True
    if method in _MOVES:
        _move(talk, heard, notification)
        return True
    return False


def _is_of(playing: Playing | None, data: Mapping[str, Any]) -> bool:
    """Whether the end is that of what plays: another thing may have begun meanwhile."""
    item = data.get("item")
    key = item.get("id") if isinstance(item, dict) else None
    if playing is None or playing.media is None or playing.media.key is None or not isinstance(key, int):
        return True
    return str(key) == playing.media.key


def _move(talk: Talk, heard: _Heard, notification: Notification) -> None:
    """Paused, going on, sought, at another speed: the notification says the speed, and of a seek where it goes.

    Where it stands otherwise has to be asked; if Kodi does not say, it is where it has run to.
    """
    playing = heard.moved()
    if playing is None:
        return
    player = notification.data.get("player")
    said = player if isinstance(player, dict) else {}
    speed, time = number(said.get("speed")), milliseconds(said.get("time"))
    if notification.method != "Player.OnSeek" or time is None:
        try:
            asked = playing_of(playing.media, properties_of(talk.call, heard.player or _VIDEO), observed_at=clock.now())
            playing, time = replace(playing, streams=asked.streams, total_ms=asked.total_ms), asked.position_ms
            speed = asked.speed if speed is None else speed
        except (Conflict, Refused):
            pass
    speed = playing.speed if speed is None else speed
    status = PlaybackStatus.PAUSED if speed == 0 else PlaybackStatus.PLAYING
    position = playing.position_ms if time is None else time
    heard.tell(replace(playing, status=status, speed=speed, position_ms=position, observed_at=clock.now()))


def _look(talk: Talk, heard: _Heard, *, only_news: bool = False) -> None:
    """Ask what plays, and tell it (or only what was not thought so); if another thing played until now, that has ended."""
    found, player = _asked(talk)
    before = heard.playing
    if found is None:
        heard.end(is_finished=False)
        heard.begin()
        return
    if only_news and before is not None and _is_as_thought(before, found):
        heard.playing = found
        return
    if before is not None and not _is_same(before.media, found.media):
        heard.end(is_finished=False)
    heard.player = player
    heard.tell(found)


def _asked(talk: Talk) -> tuple[Playing | None, int | None]:
    player = active(talk.call)
    if player is None:
        return None, None
    try:
        item = item_of(talk.call, player)
        properties = properties_of(talk.call, player)
    except (Conflict, Refused):
        return None, None
    return playing_of(item, properties, observed_at=clock.now()), player


def _poll(call: Call, stop: Event, heard: _Heard, is_up: Callable[[bool], None], *, for_s: float | None) -> None:
    """Ask again and again, for so long or until `stop` is set."""
    until = None if for_s is None else monotonic() + for_s
    while not stop.is_set() and (until is None or monotonic() < until):
        found = current(call)
        is_up(False)
        before = heard.playing
        if found is None:
            heard.end(is_finished=_was_at_end(heard.moved()))
            heard.begin()
        elif before is None or not _is_as_thought(before, found):
            if before is not None and not _is_same(before.media, found.media):
                heard.end(is_finished=_was_at_end(heard.moved()))
            heard.tell(found)
        else:
            heard.playing = found
        stop.wait(_POLL_IDLE_S if heard.playing is None else _POLL_PLAYING_S)


def _ran_on(playing: Playing) -> int:
    """Where it stands now, in milliseconds."""
    if playing.status is not PlaybackStatus.PLAYING:
        return playing.position_ms
    since = (clock.now() - playing.observed_at) / timedelta(milliseconds=1)
    position = max(0, playing.position_ms + round(since * playing.speed))
    return position if playing.total_ms is None else min(position, playing.total_ms)


def _is_as_thought(before: Playing, found: Playing) -> bool:
    if before.status is not found.status or before.speed != found.speed or before.streams != found.streams:
        return False
    if before.total_ms != found.total_ms or not _is_same(before.media, found.media):
        return False
    return abs(_ran_on(before) - found.position_ms) < _DRIFT_MS


def _was_at_end(last: Playing | None) -> bool:
    """Who is asked does not say how it ended: what stood within two questions of its end ran to it."""
    return last is not None and last.total_ms is not None and last.total_ms - last.position_ms <= 2 * _POLL_PLAYING_S * 1_000


def _is_same(one: Media | None, other: Media | None) -> bool:
    """Narrower than `playing.is_same`: of one path another title is another thing, as a station's next piece is."""
    if one is None or other is None:
        return one is other
    return (
        (one.path, one.title) == (other.path, other.title)
        if one.path or other.path
        else (one.kind, one.key) == (other.kind, other.key)
    )
