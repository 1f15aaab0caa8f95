"""Closed sets of the notifications feature."""

from enum import StrEnum


class Severity(StrEnum):
    """How much a message matters."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class DeliveryState(StrEnum):
    """Where the sending of a notification over a channel stands."""

    PENDING = "pending"
    SENT = "sent"
    FAILED = "failed"
