"""Why a confined child has no answer for a file."""

from dataclasses import dataclass
from enum import StrEnum


class FailureCode(StrEnum):
    """Why a file has no answer."""

    UNREADABLE = "unreadable"
    NOT_MEDIA = "not_media"
    NOT_PICTURE = "not_picture"
    TOO_LARGE = "too_large"
    TIMEOUT = "timeout"
    MEMORY = "memory"
    CRASHED = "crashed"
    VANISHED = "vanished"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why one file has no answer; `message` is one line for a person and names no path."""

    code: FailureCode
    message: str


class RefusedError(Exception):
    """Raised inside the child for one file; the pool hands it on as its `failure`."""

    def __init__(self, code: FailureCode, message: str) -> None:
        super().__init__(message)
        self.failure = Refusal(code, message)
