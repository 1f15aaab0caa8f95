"""Observations of playback as plain values: made sober, compared, and carried on in time.

Between two observations a position runs on with the speed: at the instant t it is
`position_ms + speed * (t - observed_at)`, never below 0, never beyond `total_ms` where that is known.
"""

import hashlib
import math
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from domain.players.enums import MediaKind, PlaybackStatus
from domain.players.model import Media, Playing, Profile

MOST_MS: Final = 1000 * 3600 * 1000
"""A thousand hours: no position and no length is beyond."""
MOST_SPEED: Final = 64.0
LONGEST_SESSION: Final = 200
"""Characters; what a player calls a session is kept in an index."""
LONGEST_TEXT: Final = 1000
LONGEST_PATH: Final = 4096
OLDEST: Final = timedelta(hours=1)
"""No observation is older: whoever says so has another clock."""
DRIFT_MS: Final = 1000
"""So far a position may lie beside the predicted one without being news."""
SOUGHT_MS: Final = 2000
"""From here on somebody sought, and it did not just stutter."""
_STREAMS: Final = ("video", "audio", "subtitle")
_WORDS: Final = ("language", "codec", "title")
_NUMBERS: Final = ("index", "channels", "width", "height")


class Change(StrEnum):
    """What happened in a session; the second word of an event's type."""

    STARTED = "started"
    PAUSED = "paused"
    RESUMED = "resumed"
    SOUGHT = "sought"
    PROGRESSED = "progressed"
    STOPPED = "stopped"
    FINISHED = "finished"


def position_at(playing: Playing, at: datetime) -> int:
    """Where it is at an instant, in milliseconds; a clock that went back moves nothing."""
    return moved(playing, max(0.0, (at - playing.observed_at).total_seconds()))


def moved(playing: Playing, seconds: float) -> int:
    """Where it is so many seconds after it was observed."""
    there = playing.position_ms + int(playing.speed * seconds * 1000)
    return max(0, min(there, MOST_MS if playing.total_ms is None else playing.total_ms))


def sober(told: Playing, *, now: datetime) -> Playing:
    """The same within bounds that a row holds: no position outside of the file, no endless text, no speed of what stands."""
    total = None if told.total_ms is None or told.total_ms <= 0 else _between(told.total_ms, 0, MOST_MS)
    status = told.status
    observed = min(max(told.observed_at, now - OLDEST), now)
    profile = None if told.profile is None else Profile(_text(told.profile.id, LONGEST_SESSION) or "", _text(told.profile.name))
    return replace(
        told,
        session=session_name(told.session),
        position_ms=_between(told.position_ms, 0, MOST_MS if total is None else total),
        total_ms=total,
        speed=_speed(told.speed) if status is PlaybackStatus.PLAYING else 0.0,
        observed_at=observed,
        profile=profile,
        device=_text(told.device),
        streams=_streams(told.streams),
        media=None if told.media is None else _media(told.media),
        is_finished=told.is_finished and status is PlaybackStatus.STOPPED,
    )


def session_name(told: str) -> str:
    """What we call a session: its own name, or the beginning and digest of an overlong one."""
    plain = _text(told, None) or ""
    if len(plain) <= LONGEST_SESSION:
        return plain
    digest = hashlib.sha256(plain.encode()).hexdigest()
    return f"{plain[: LONGEST_SESSION - 33]}…{digest[:32]}"


def is_same(before: Media | None, now: Media | None) -> bool:
    """Whether two observations are of the same thing: by the player's key, else by its path, else by its title.

    An observation without media says nothing else plays.
    """
    if before is None or now is None:
        return True
    if before.key and now.key:
        return before.key == now.key and (before.kind == now.kind or MediaKind.UNKNOWN in (before.kind, now.kind))
    if before.path and now.path:
        return before.path == now.path
    return before.title == now.title


def change(before: Playing | None, now: Playing, *, elapsed_s: float) -> Change | None:
    """What happened between two sober observations of the same thing, `elapsed_s` apart; None = what was to be expected."""
    was_live = before is not None and before.status is not PlaybackStatus.STOPPED
    if now.status is PlaybackStatus.STOPPED:
        return (Change.FINISHED if now.is_finished else Change.STOPPED) if was_live else None
    if before is None or not was_live:
        return Change.STARTED
    was_paused, is_paused = (each.status is PlaybackStatus.PAUSED for each in (before, now))
    if was_paused != is_paused:
        return Change.PAUSED if is_paused else Change.RESUMED
    drift = abs(now.position_ms - moved(before, elapsed_s))
    if drift >= SOUGHT_MS * max(1.0, abs(before.speed), abs(now.speed)):
        return Change.SOUGHT
    if drift >= DRIFT_MS or _rest(before) != _rest(now):
        return Change.PROGRESSED
    return None


def ended(before: Playing, now: Playing, *, elapsed_s: float) -> Playing:
    """A stop with the position at which it stopped, also where the player tells none with it."""
    position = now.position_ms
    if not position or now.media is None:
        position = moved(before, elapsed_s)
    if now.is_finished and before.total_ms is not None:
        position = before.total_ms
    media = before.media if now.media is None else now.media
    return replace(
        now, media=media, position_ms=position, total_ms=now.total_ms or before.total_ms, profile=now.profile or before.profile,
        device=now.device or before.device, streams=now.streams or before.streams,
    )  # fmt: skip


def _rest(one: Playing) -> tuple[Any, ...]:
    """What is news when it is another, beside status and position."""
    return one.status, one.speed, one.total_ms, dict(one.streams), one.device, one.profile, one.media and one.media.title


def _media(told: Media) -> Media:
    return replace(
        told,
        title=_text(told.title) or "",
        key=_text(told.key, LONGEST_SESSION),
        path=_text(told.path, LONGEST_PATH),
        show_title=_text(told.show_title),
        ids=_ids(told.ids),
        show_ids=_ids(told.show_ids),
        season=_number(told.season),
        episode=_number(told.episode),
    )


def _ids(told: Mapping[str, str]) -> dict[str, str]:
    plain = ((_text(name, 60), _text(str(value), 200)) for name, value in list(told.items())[:50])
    return {name: value for name, value in plain if name and value}


def _streams(told: Mapping[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for name in _STREAMS:
        one = told.get(name)
        if not isinstance(one, Mapping):
            continue
        words = {word: _text(one.get(word), 200) for word in _WORDS if isinstance(one.get(word), str)}
        numbers = {word: _number(one.get(word)) for word in _NUMBERS}
        if found := {key: value for key, value in (words | numbers).items() if value is not None}:
            kept[name] = found
    return kept


def _number(told: Any) -> int | None:
    return told if isinstance(told, int) and not isinstance(told, bool) and 0 <= told < 2**31 else None


def _speed(told: float) -> float:
    if not math.isfinite(told) or not told:
        return 1.0
    return max(-MOST_SPEED, min(MOST_SPEED, float(told)))


def _between(told: float, least: int, most: int) -> int:
    if not math.isfinite(told):
        return least
    return int(max(least, min(most, told)))


def _text(told: str | None, longest: int | None = LONGEST_TEXT) -> str | None:
    """Text that both databases take: no NUL, no half of a surrogate pair."""
    if told is None:
        return None
    plain = told.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
    return plain if longest is None else plain[:longest]
