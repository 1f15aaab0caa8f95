"""Expected failures. Services raise them; a mutation shows them as typed members of its result.

Anything that is not a `DomainError` is a bug: masked towards the client and logged with the request id.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar


class DomainError(Exception):
    """A failure the caller can act on. `path` names the input field it is about (GraphQL names)."""

    code: ClassVar[str] = "FAILED"

    def __init__(self, message: str, *, path: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.path = tuple(path)


class NotFound(DomainError):
    """Not there, or not this viewer's: the two are never told apart."""

    code = "NOT_FOUND"


class Invalid(DomainError):
    """A value that breaks a rule of its field."""

    code = "INVALID"


class Conflict(DomainError):
    """The present state forbids the act (a name is taken, a job is already running)."""

    code = "CONFLICT"


class AlreadyUnderWay(Conflict):
    """The same work is being done at somebody else's request: since when, and how far it is (0 to 1; None = unknown)."""

    code = "ALREADY_UNDER_WAY"

    def __init__(self, message: str, *, since: datetime, progress: float | None, path: Sequence[str] = ()) -> None:
        super().__init__(message, path=path)
        self.since = since
        self.progress = progress


class VersionConflict(DomainError):
    """Somebody else changed the row since the caller read it. `current` is the row's version now."""

    code = "VERSION_CONFLICT"

    def __init__(self, message: str, *, current: int, entity_id: str, path: Sequence[str] = ("expectedVersion",)) -> None:
        super().__init__(message, path=path)
        self.current = current
        self.entity_id = entity_id


class AmbiguousReference(DomainError):
    """A lookup that means several things; `candidates` are their global ids."""

    code = "AMBIGUOUS_REFERENCE"

    def __init__(self, message: str, *, candidates: Sequence[str], path: Sequence[str] = ()) -> None:
        super().__init__(message, path=path)
        self.candidates = tuple(candidates)


class Unauthenticated(DomainError):
    """Nobody is signed in, or the credentials are wrong."""

    code = "UNAUTHENTICATED"


class Forbidden(DomainError):
    """Signed in, but without the right."""

    code = "FORBIDDEN"


class Throttled(DomainError):
    """Too many attempts; `retry_at` says when the next one is heard."""

    code = "THROTTLED"

    def __init__(self, message: str, *, retry_at: datetime, path: Sequence[str] = ()) -> None:
        super().__init__(message, path=path)
        self.retry_at = retry_at


class PathUnusable(DomainError):
    """A folder or file that cannot be used: missing, not a directory, not readable, outside its root."""

    code = "PATH_UNUSABLE"


class Upstream(DomainError):
    """Somebody else's server failed; worth trying again, not before `retry_at` if it said so."""

    code = "UPSTREAM"

    def __init__(self, message: str, *, retry_at: datetime | None = None) -> None:
        super().__init__(message)
        self.retry_at = retry_at


class Unreachable(Upstream):
    """The server cannot be reached, takes too long, breaks off, or answers that it does not work."""

    code = "UNREACHABLE"


class RefusedByPolicy(Upstream):
    """We do not go there: not one of the hosts that were meant, or an address inside somebody's network."""

    code = "REFUSED_BY_POLICY"


class RateLimited(Upstream):
    """The server has had enough of us, or our own limit keeps us from asking it."""

    code = "RATE_LIMITED"


class TooLarge(Upstream):
    """The answer is larger than what was asked for can be."""

    code = "TOO_LARGE"


class Unexpected(Upstream):
    """An answer that is not what was asked for: of another type, cut off, or of another shape."""

    code = "UNEXPECTED_ANSWER"


class KeyRefused(Upstream):
    """The server does not accept our key."""

    code = "KEY_REFUSED"


class Paused(Upstream):
    """The server failed so often that it is left alone until `retry_at`."""

    code = "PAUSED"


class IdempotencyKeyReused(DomainError):
    """The same idempotency key came with another input."""

    code = "IDEMPOTENCY_KEY_REUSED"
