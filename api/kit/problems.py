"""Expected failures as a client sees them: typed members of a mutation's result."""

from collections.abc import Callable, Sequence
from datetime import datetime
from enum import Enum
from typing import Any

import strawberry
from graphql import GraphQLError

from api.kit.enums import expose
from domain.kit import errors


class ErrorCode(Enum):
    """What kind of failure it is; stable, for programs."""

    NOT_FOUND = "NOT_FOUND"
    INVALID = "INVALID"
    CONFLICT = "CONFLICT"
    ALREADY_UNDER_WAY = "ALREADY_UNDER_WAY"
    VERSION_CONFLICT = "VERSION_CONFLICT"
    AMBIGUOUS_REFERENCE = "AMBIGUOUS_REFERENCE"
    UNAUTHENTICATED = "UNAUTHENTICATED"
    FORBIDDEN = "FORBIDDEN"
    THROTTLED = "THROTTLED"
    PATH_UNUSABLE = "PATH_UNUSABLE"
    UPSTREAM = "UPSTREAM"
    UNREACHABLE = "UNREACHABLE"
    REFUSED_BY_POLICY = "REFUSED_BY_POLICY"
    RATE_LIMITED = "RATE_LIMITED"
    TOO_LARGE = "TOO_LARGE"
    UNEXPECTED_ANSWER = "UNEXPECTED_ANSWER"
    KEY_REFUSED = "KEY_REFUSED"
    PAUSED = "PAUSED"
    IDEMPOTENCY_KEY_REUSED = "IDEMPOTENCY_KEY_REUSED"


expose(
    ErrorCode,
    "What kind of failure it is; stable, for programs.",
    {
        "NOT_FOUND": "It is not there, or not yours to see.",
        "INVALID": "A value breaks a rule of its field.",
        "CONFLICT": "The present state forbids it.",
        "ALREADY_UNDER_WAY": "The same work is being done at somebody else's request.",
        "VERSION_CONFLICT": "Somebody changed it since you read it.",
        "AMBIGUOUS_REFERENCE": "The reference means several things.",
        "UNAUTHENTICATED": "The credentials are wrong.",
        "FORBIDDEN": "You do not have the right.",
        "THROTTLED": "Too many attempts; try again later.",
        "PATH_UNUSABLE": "A folder or file cannot be used.",
        "UPSTREAM": "Another server failed.",
        "UNREACHABLE": "Another server cannot be reached, takes too long or does not work.",
        "REFUSED_BY_POLICY": "We do not go there: another server sent us elsewhere, or its name lies inside a network.",
        "RATE_LIMITED": "Another server, or our own limit for it, allows no more requests for now.",
        "TOO_LARGE": "Another server's answer is too large.",
        "UNEXPECTED_ANSWER": "Another server answered with something that was not asked for.",
        "KEY_REFUSED": "Another server does not accept our key.",
        "PAUSED": "Another server failed so often that it is left alone for a while.",
        "IDEMPOTENCY_KEY_REUSED": "The same idempotency key came with another input.",
    },
)


@strawberry.interface(description="An expected failure of a mutation. Nothing was changed.")
class UserError:
    code: ErrorCode = strawberry.field(description="Kind of the failure, for programs.")
    message: str = strawberry.field(description="What is wrong and what to do, for people.")
    path: list[str] = strawberry.field(description="The input field it is about; empty when it is about the whole.")


@strawberry.type(description="What was named is not there, or not yours to see.")
class NotFoundError(UserError):
    pass


@strawberry.type(description="A value breaks a rule of its field.")
class InvalidError(UserError):
    pass


@strawberry.type(description="The present state forbids it.")
class ConflictError(UserError):
    pass


@strawberry.type(description="The same scan is under way at somebody else's request, whose job you may not see.")
class ScanUnderWayError(UserError):
    since: datetime = strawberry.field(description="When it began, or was asked for if it waits.")
    progress: float | None = strawberry.field(description="How far it is, 0 to 1; null = not known.")


@strawberry.type(description="Somebody changed it since you read it. Read it again and repeat your change.")
class VersionConflictError(UserError):
    current: int = strawberry.field(description="The version it has now.")


@strawberry.type(description="The reference means several things. Name one of them by its id.")
class AmbiguousReferenceError(UserError):
    candidates: list[strawberry.ID] = strawberry.field(description="Ids of what it could mean.")


@strawberry.type(description="The credentials are wrong.")
class AuthenticationError(UserError):
    pass


@strawberry.type(description="You do not have the right.")
class ForbiddenError(UserError):
    pass


@strawberry.type(description="Too many attempts.")
class ThrottledError(UserError):
    retry_at: datetime = strawberry.field(description="When the next attempt is heard.")


@strawberry.type(description="A folder or file cannot be used: missing, not readable, or not allowed.")
class PathUnusableError(UserError):
    pass


@strawberry.type(description="Another server failed, or may not be asked; `code` says how.")
class UpstreamError(UserError):
    retry_at: datetime | None = strawberry.field(description="When asking again makes sense, if that is known.")


@strawberry.type(description="The same idempotency key came with another input. Use a new key for a new act.")
class IdempotencyKeyReusedError(UserError):
    pass


_Make = Callable[[Any, dict[str, Any]], UserError]

_TYPES: dict[type[errors.DomainError], _Make] = {
    errors.NotFound: lambda _, base: NotFoundError(**base),
    errors.Invalid: lambda _, base: InvalidError(**base),
    errors.Conflict: lambda _, base: ConflictError(**base),
    errors.AlreadyUnderWay: lambda e, base: ScanUnderWayError(**base, since=e.since, progress=e.progress),
    errors.VersionConflict: lambda e, base: VersionConflictError(**base, current=e.current),
    errors.AmbiguousReference: lambda e, base: AmbiguousReferenceError(
        **base, candidates=[strawberry.ID(c) for c in e.candidates]
    ),
    errors.Unauthenticated: lambda _, base: AuthenticationError(**base),
    errors.Forbidden: lambda _, base: ForbiddenError(**base),
    errors.Throttled: lambda e, base: ThrottledError(**base, retry_at=e.retry_at),
    errors.PathUnusable: lambda _, base: PathUnusableError(**base),
    errors.IdempotencyKeyReused: lambda _, base: IdempotencyKeyReusedError(**base),
}


def _upstream(error: Any, base: dict[str, Any]) -> UserError:
    return UpstreamError(**base, retry_at=error.retry_at)


def problem(error: errors.DomainError) -> UserError:
    """The typed member of an errors list that tells of `error`."""
    make = _upstream if isinstance(error, errors.Upstream) else _TYPES.get(type(error))
    if make is None:
        raise top_level(error)
    base = {"code": ErrorCode(error.code), "message": error.message, "path": list(error.path)}
    return make(error, base)


def problems(error: errors.DomainError, allowed: Sequence[type[UserError]]) -> list[Any]:
    """`errors` of a payload whose union holds `allowed`; anything else is a top-level error with its code."""
    found = problem(error)
    if not isinstance(found, tuple(allowed)):
        raise top_level(error)
    return [found]


def top_level(error: errors.DomainError) -> GraphQLError:
    """The error outside of `data`, with the same code."""
    return GraphQLError(error.message, extensions={"code": error.code})
