"""The time of day, as one replaceable function: tests move it, nobody else asks the system."""

from collections.abc import Callable
from datetime import UTC, datetime

_source: Callable[[], datetime] | None = None


def now() -> datetime:
    """The present instant, timezone-aware UTC, microseconds."""
    return _source() if _source is not None else datetime.now(UTC)


def replace_clock(source: Callable[[], datetime] | None) -> None:
    """Let `source` answer `now()`; None returns to the system's clock. For tests."""
    global _source
    _source = source


def replaced() -> bool:
    """Whether a test holds the clock; the database's own time is then not asked either."""
    return _source is not None
