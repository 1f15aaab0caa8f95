"""Closed sets of enrichment."""

from enum import StrEnum


class LookupOutcome(StrEnum):
    """What came of asking a provider for a thing."""

    ANSWERED = "answered"
    NOT_THERE = "not_there"
    FAILED = "failed"


class DiffOutcome(StrEnum):
    """What enriching would do to a field."""

    CHANGES = "changes"
    EQUAL = "equal"
    LOCKED = "locked"
    EDITED = "edited"
    OUTRANKED = "outranked"
