"""The closed sets of identification, stored as their text."""

from enum import StrEnum


class AttemptOutcome(StrEnum):
    """What came of automation's last attempt at an item."""

    IDENTIFIED = "identified"
    CANDIDATES = "candidates"
    NOTHING = "nothing"
    CONTRADICTED = "contradicted"
    FAILED = "failed"
