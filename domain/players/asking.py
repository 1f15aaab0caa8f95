"""Asking a server again and again what plays, where its WebSocket is closed to us."""

import threading
import time
from collections.abc import Callable
from typing import Final

from domain.players.following import Clocks, Follower
from domain.players.model import Playing

ASK_S: Final = 2.0
TRY_S: Final = 60.0
"""After so long it is tried whether the server tells by itself by now."""


def ask_on(
    read: Callable[[], list[Playing]], stop: threading.Event, follower: Follower, clocks: Clocks, *, is_up: Callable[[bool], None]
) -> None:
    """Until it is time to try again, or `stop` is set. Raises Upstream when the server does not answer."""
    until = time.monotonic() + TRY_S
    while not stop.is_set() and time.monotonic() < until:
        follower.everything(clocks.whole(read()))
        is_up(False)
        stop.wait(ASK_S)
