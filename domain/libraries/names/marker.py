"""What an episode marker is: the numbers it names and the stretch of text it takes."""

from dataclasses import dataclass
from datetime import date

MAX_RANGE = 500  # episodes in one range; a larger one is a misreading


@dataclass(frozen=True, slots=True)
class Marker:
    """The numbers of one marker, its place in the text and how certain it is (0 to 1)."""

    start: int
    end: int
    reason: str
    confidence: float
    season: int | None = None
    episodes: tuple[int, ...] = ()
    absolute: tuple[int, ...] = ()
    air_date: date | None = None
    daily_part: int | None = None


def span(first: int, last: int) -> tuple[int, ...]:
    """Return the numbers from `first` to `last`, or both alone when they make no sensible range."""
    if first < last <= first + MAX_RANGE:
        return tuple(range(first, last + 1))
    return (first,) if first == last else (first, last)
