"""How often something may happen: a bucket that fills by the clock."""

import time
from collections.abc import Callable


class Bucket:
    """`size` at once, then `rate` a second. For one thread at a time."""

    def __init__(self, *, rate: float, size: float, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._rate = rate
        self._size = size
        self._monotonic = monotonic
        self._level = size
        self._at = monotonic()

    def take(self) -> bool:
        """Whether it may happen now; then it counts."""
        now = self._monotonic()
        self._level = min(self._size, self._level + max(0.0, now - self._at) * self._rate)
        self._at = now
        if self._level < 1:
            return False
        self._level -= 1
        return True
