"""How long what played is kept, and what was remembered of it."""

from datetime import timedelta
from typing import Final

from domain.players.capturing import CAPTURES
from domain.players.enums import CaptureStatus, PlaybackStatus
from domain.players.leases import STATES
from domain.players.tables import PlaybackCapture, PlayerState
from domain.system.retention import older_than

_STOPPED = STATES.c.status == PlaybackStatus.STOPPED
_ENDED = CAPTURES.c.status != CaptureStatus.WAITING

RULES: Final = (
    older_than("playbacks", PlayerState, "observed_at", kept=timedelta(days=7), where=_STOPPED),
    older_than("playback_captures", PlaybackCapture, "captured_at", kept=timedelta(days=30), where=_ENDED),
)
