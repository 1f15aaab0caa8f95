"""Takes a captured playback up again: opened anew if it does not play any more, sought if it is off, paused if it was."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import sqlalchemy as sa

from domain.kit import clock
from domain.kit.database import Database
from domain.kit.errors import Conflict, DomainError, NotFound, Upstream
from domain.kit.http import Lan, ends_after
from domain.players import matching
from domain.players.capturing import CAPTURES, end
from domain.players.enums import CaptureReason, CaptureStatus, MediaKind, PlaybackStatus
from domain.players.following import ran_out
from domain.players.leases import STATES
from domain.players.model import Ability, Media, Playing
from domain.players.playing import is_same, sober
from domain.players.speaking import Line, line_to
from domain.players.wanting import wanted

OFF_MS: Final = 5_000
"""So far beside where it should be is too far."""
OPENS_S: Final = 20.0
"""So long a player may take until it plays what it was told to open."""
SETTLES_S: Final = 3.0
"""So long it may take until it is at the position at which it was told to begin."""
SURVIVES: Final = timedelta(minutes=2)
"""What goes on for so long after its file was replaced was not ended by that."""
LOOK_S: Final = 0.25
TURN_S: Final = 90.0
"""For everything together."""

Wait = Callable[[float], object]
"""Waits so many seconds, or less when it is to stop; raises when it is."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What became of a capture."""

    status: CaptureStatus
    position_ms: int | None = None
    """Where it plays now; None where it does not."""
    was_opened: bool = False
    was_sought: bool = False


def restore(database: Database, lan: Lan, capture_id: int, *, key: bytes, wait: Wait, is_last: bool = False) -> Restored:
    """Take a capture up again; one that waits no more stays as it is. Asks the player, so it stands outside of transactions.

    KEPT: it plays as it should, at most 5 s from where it should be, or ended without us since. RESTORED: it was opened,
    sought or paused. EXPIRED: too late. FAILED: something else plays there, there is nothing left to play, or the player
    refuses. Raises Upstream, with the capture still waiting, when the player does not answer and this is not the last try;
    the failures that it records as FAILED are raised too.
    """
    with database.read() as session:
        row = session.connection().execute(sa.select(CAPTURES).where(CAPTURES.c.id == capture_id)).first()
    if row is None:
        raise NotFound("There is no such capture any more.")
    if row.status is not CaptureStatus.WAITING:
        return Restored(row.status)
    if row.expires_at <= clock.now():
        return _ended(database, capture_id, Restored(CaptureStatus.EXPIRED))
    try:
        with ends_after(TURN_S):
            line = line_to(database, lan, row.player_id, key=key)
            if not line.is_enabled:
                raise Conflict("The player is switched off.")
            return _ended(database, capture_id, _restore(database, line, row, wait))
    except DomainError as error:
        if not isinstance(error, Upstream) or is_last:
            with database.transaction() as uow:
                end(uow, capture_id, CaptureStatus.FAILED, error=error.message)
        raise


def _restore(database: Database, line: Line, row: Any, wait: Wait) -> Restored:
    now = _present(line, row.session)
    if now is not None and not _is_it(database, line, row, now):
        raise Conflict("Something else plays there by now.")
    if now is None and _is_over(database, row):
        return Restored(CaptureStatus.KEPT)
    opened = now is None
    if now is None:
        _open(database, line, row)
        now, is_near = _once_it_plays(line, row, wait)
    else:
        # Farther on than where it was is near enough: interruptions throw back, people go on.
        is_near = now.position_ms >= row.position_ms - OFF_MS
    sought = False
    if not is_near:
        if now.total_ms is not None and row.position_ms > now.total_ms:
            raise Conflict("The file is shorter by now than where it was.")
        if Ability.SEEK not in line.adapter.abilities:
            raise Conflict("This player cannot be sent to a position.")
        line.adapter.seek(row.position_ms, row.session)
        sought = True
    paused = row.is_paused and now.status is not PlaybackStatus.PAUSED
    if paused:
        line.adapter.pause(row.session)
    is_touched = opened or sought or paused
    last = (_present(line, row.session) or now) if is_touched else now
    return Restored(CaptureStatus.RESTORED if is_touched else CaptureStatus.KEPT, last.position_ms, opened, sought)


def _is_over(database: Database, row: Any) -> bool:
    """Whether what was captured for a job went on, or was taken up, and then ended without us, as far as somebody listened.

    Raises Conflict when something else was played since.
    """
    same = (STATES.c.player_id == row.player_id, STATES.c.session == row.session)
    with database.read() as session:
        last = session.connection().execute(sa.select(STATES).where(*same)).first()
    if last is None or last.ended_at is None or row.reason is CaptureReason.REQUEST:
        return False
    if last.started_at > row.captured_at:  # somebody began it, or another thing, anew
        if not _is_same(row, last):
            raise Conflict("Something else was played since.")
        return True
    after = last.ended_at - row.captured_at
    if row.reason is CaptureReason.UPGRADE and after > SURVIVES:
        return True
    # what breaks off says that it ended, too: believed is what had the time to
    there_ms = row.position_ms + int(max(0.0, after.total_seconds()) * 1000 * row.speed)
    return bool(last.is_finished) and ran_out(there_ms, row.total_ms)


def _is_same(row: Any, last: Any) -> bool:
    if row.item_id is not None and last.item_id is not None:
        return bool(row.item_id == last.item_id)
    was = Media(MediaKind.UNKNOWN, last.title or "", key=last.media_key, path=last.path)
    return is_same(Media(MediaKind.UNKNOWN, "", key=row.media_key, path=row.path or None), was)


def _is_it(database: Database, line: Line, row: Any, now: Playing) -> bool:
    """Whether what plays is what was captured: the player's key may be another one by now, and the file too."""
    assert now.media is not None
    if row.item_id is not None:
        with database.read() as session:
            item = matching.match(session, line.group_id, now.media, position_ms=now.position_ms).item_id
        if item is not None:
            return item == int(row.item_id)
    return is_same(Media(now.media.kind, now.media.title, key=row.media_key, path=row.path or None), now.media)


def _open(database: Database, line: Line, row: Any) -> None:
    """Open what was captured: our item as the player knows it by now, else what the player itself called it."""
    media = Media(MediaKind.UNKNOWN, "", key=row.media_key, path=row.path or None)
    if row.item_id is not None:
        try:
            with database.read() as session:
                ours = wanted(session, line.group_id, row.item_id)
        except NotFound:
            pass  # deleted since: the player may still have it
        else:
            media = line.adapter.find(ours) or ours
    if media.key is None and media.path is None:
        raise NotFound("What it played is not there any more.")
    line.adapter.open(media, position_ms=row.position_ms, session=row.session)


def _once_it_plays(line: Line, row: Any, wait: Wait) -> tuple[Playing, bool]:
    """What plays once it does, and whether that is near to where it should be; at the latest after its time to get there."""
    began, plays_since = time.monotonic(), None
    while True:
        now = _present(line, row.session)
        if now is not None:
            plays_since = plays_since or time.monotonic()
            played_s = time.monotonic() - plays_since
            is_near = -OFF_MS <= now.position_ms - row.position_ms <= OFF_MS + played_s * 1000
            if is_near or played_s > SETTLES_S:
                return now, is_near
        if time.monotonic() - began > OPENS_S:
            raise Conflict("The player was told to open it and does not play it.")
        wait(LOOK_S)


def _present(line: Line, session: str) -> Playing | None:
    """What a session plays at the moment."""
    told = (sober(one, now=clock.now()) for one in line.adapter.sessions())
    live = (one for one in told if one.session == session and one.media is not None)
    return next((one for one in live if one.status is not PlaybackStatus.STOPPED), None)


def _ended(database: Database, capture_id: int, made: Restored) -> Restored:
    with database.transaction() as uow:
        end(uow, capture_id, made.status)
    return made
