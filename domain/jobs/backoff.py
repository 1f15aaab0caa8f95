"""How long a job waits before it is tried again."""

from collections.abc import Callable
from datetime import timedelta
from typing import Final

Random = Callable[[], float]
"""Answers a number in [0, 1)."""

BASE_S: Final = 5.0
LONGEST_S: Final = 900.0


def full_jitter(failures: int, random: Random) -> timedelta:
    """A random part of min(15 min, 5 s · 2^n) after n+1 failures, so that what failed together does not return together.

    Source: AWS Architecture Blog, "Exponential Backoff And Jitter" (full jitter).
    """
    longest = min(LONGEST_S, BASE_S * 2.0 ** min(max(failures - 1, 0), 30))
    return timedelta(seconds=random() * longest)
