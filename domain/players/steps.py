"""From what is known of a session and what its player tells to what happened, in order. Nothing in here touches a database."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from domain.players.enums import PlaybackStatus
from domain.players.model import Playing
from domain.players.playing import Change, change, ended, is_same, moved

JUMP_S: Final = 1.0
"""By so much this machine's clock moves beside the monotonic one when somebody sets it."""


@dataclass(frozen=True, slots=True)
class Taken:
    """An observation with the two clocks at which it came in: the one that people set, and the one that only runs."""

    playing: Playing
    wall: datetime
    mono: float
    is_unsure: bool = False
    """Known from before a connection: what happened since, nobody heard."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened, and how it is since."""

    change: Change
    taken: Taken
    is_after_gap: bool
    """The first one of a connection."""

    @property
    def playing(self) -> Playing:
        """How it is since."""
        return self.taken.playing


def steps(known: Taken | None, taken: Sequence[Taken]) -> list[Step]:
    """What happened since `known`, by observations of the same session in their order; empty when all is as predicted."""
    found: list[Step] = []
    for one in taken:
        for step in _steps(known, one):
            found.append(step)
            known = step.taken
    return found


def _steps(known: Taken | None, now: Taken) -> list[Step]:
    before = None if known is None or known.playing.status is PlaybackStatus.STOPPED else known
    told, is_stop = now.playing, now.playing.status is PlaybackStatus.STOPPED
    if before is None or known is None:
        return [] if is_stop else [Step(Change.STARTED, now, known is None or known.is_unsure)]
    elapsed = elapsed_s(before, now)
    was = before.playing
    if is_stop:
        # a stop of something else than what is known (it was already told that another thing began) is an old one
        told = ended(was, told, elapsed_s=elapsed)
        return [Step(_end(told), replace(now, playing=told), before.is_unsure)] if is_same(was.media, told.media) else []
    if not is_same(was.media, told.media):
        stop = replace(
            was, status=PlaybackStatus.STOPPED, position_ms=moved(was, elapsed), speed=0.0, observed_at=told.observed_at
        )
        return [
            Step(Change.STOPPED, replace(now, playing=stop), before.is_unsure),
            Step(Change.STARTED, now, before.is_unsure),
        ]
    if told.media is None:
        told = replace(told, media=was.media)
        now = replace(now, playing=told)
    if elapsed < 0 and told.status is was.status and not before.is_unsure:
        return []  # a position that was overtaken on its way
    what = change(was, told, elapsed_s=max(0.0, elapsed))
    if before.is_unsure and what in (None, Change.SOUGHT):
        what = Change.PROGRESSED  # who knows what happened; where it is by now is certain
    if what is None and _is_set_anew(before, now):
        what = Change.PROGRESSED  # the row's instant is of another time, and clients count from it
    return [] if what is None else [Step(what, now, before.is_unsure)]


def elapsed_s(before: Taken, now: Taken) -> float:
    """Seconds between two observations, also when this machine's clock was set in between."""
    between = (now.playing.observed_at - before.playing.observed_at).total_seconds()
    return between - _jump_s(before, now) if _is_set_anew(before, now) else between


def _jump_s(before: Taken, now: Taken) -> float:
    return (now.wall - before.wall).total_seconds() - (now.mono - before.mono)


def _is_set_anew(before: Taken, now: Taken) -> bool:
    return abs(_jump_s(before, now)) > JUMP_S


def _end(told: Playing) -> Change:
    return Change.FINISHED if told.is_finished else Change.STOPPED
