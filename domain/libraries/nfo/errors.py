"""The one failure of reading an NFO file, with a code that a program can act on."""

from enum import StrEnum


class NfoErrorCode(StrEnum):
    """Why an NFO file was not read."""

    TOO_LARGE = "too_large"
    EMPTY = "empty"
    FORBIDDEN_DECLARATION = "forbidden_declaration"
    TOO_MANY_ITEMS = "too_many_items"
    MALFORMED = "malformed"
    NO_METADATA = "no_metadata"


class NfoError(ValueError):
    """An NFO file that cannot or must not be read; `code` says why, the message says it to a person."""

    def __init__(self, code: NfoErrorCode, message: str) -> None:
        super().__init__(message)
        self.code = code
