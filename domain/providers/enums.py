"""Closed sets of providers."""

from enum import StrEnum


class BreakerState(StrEnum):
    """Whether a provider is asked: as usual, not at all, or one request at a time to see whether it works again."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"


class TestOutcome(StrEnum):
    """What came of the last test."""

    __test__ = False  # pytest takes every name like this for a test

    PASSED = "passed"
    KEY_REFUSED = "key_refused"
    FAILED = "failed"
