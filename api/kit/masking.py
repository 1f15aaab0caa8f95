"""What of an error a client may know: expected failures in full, everything else masked with a request id."""

from typing import Any, Final

import structlog
from graphql import GraphQLError, GraphQLSyntaxError
from strawberry.exceptions import MissingQueryError
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types.execution import ExecutionResult

from api.kit import metrics
from api.kit.limits import LIMIT_EXCEEDED
from domain.kit.errors import DomainError

log = structlog.get_logger()

INTERNAL: Final = "Something went wrong inside the server. Its log tells more under the request id."
MAX_ERRORS: Final = 20
MAX_MESSAGE: Final = 1000
"""Characters of a message."""
MAX_NODES: Final = 10
"""Places that an error points at."""
_TOO_MANY_TOKENS: Final = "tokens. Parsing aborted."
_WRONG_VALUE: Final = (ValueError, TypeError, ArithmeticError)
_NO_OPERATION: Final = (MissingQueryError, CannotGetOperationTypeError, InvalidOperationTypeError)


def presentable(errors: list[GraphQLError], *, request_id: str) -> list[dict[str, Any]]:
    """The `errors` of an answer; each carries `extensions.code` and `requestId`. Bugs are logged once, in bounds."""
    return [dict(error.formatted) for error in masked(errors, request_id)]


def answer(result: ExecutionResult, request_id: str) -> dict[str, Any]:
    """A result of a stream as clients get it."""
    found: dict[str, Any] = {"data": result.data}
    if result.errors:
        found["errors"] = presentable(result.errors, request_id=request_id)
    if result.extensions:
        found["extensions"] = result.extensions
    return found


def masked(errors: list[GraphQLError], request_id: str) -> list[GraphQLError]:
    """The same as errors, for transports that format them themselves."""
    return [_safe(error, request_id) for error in errors[:MAX_ERRORS]]


def _safe(error: GraphQLError, request_id: str) -> GraphQLError:
    code, message = _public(error)
    metrics.ERRORS.labels(code).inc()
    if code == "INTERNAL":
        log.error("resolver_failed", path=error.path, request_id=request_id, exc_info=_exc_info(error))
    extensions = dict(error.extensions or {}) if code != "INTERNAL" else {}
    if len(message) > MAX_MESSAGE:  # graphql-core prints whole inputs into its messages
        message = f"{message[:MAX_MESSAGE]}…"
    return GraphQLError(
        message,
        nodes=list(error.nodes)[:MAX_NODES] if error.nodes else None,
        source=error.source,
        positions=error.positions,
        path=error.path,
        extensions={**extensions, "code": code, "requestId": request_id},
    )


def _public(error: GraphQLError) -> tuple[str, str]:
    if error.extensions and "code" in error.extensions:
        return str(error.extensions["code"]), error.message
    original = error.original_error
    while isinstance(original, GraphQLError):
        if original.extensions and "code" in original.extensions:
            return str(original.extensions["code"]), original.message
        if original.original_error is None:
            break
        original = original.original_error
    if isinstance(original, DomainError):
        return original.code, original.message
    if isinstance(error, GraphQLSyntaxError):
        is_too_long = error.message.endswith(_TOO_MANY_TOKENS)
        return (LIMIT_EXCEEDED if is_too_long else "GRAPHQL_PARSE_FAILED"), error.message
    if isinstance(original, _NO_OPERATION):
        return "BAD_REQUEST", error.message or "The request names no operation that may be run this way."
    if error.path is None and error.nodes and isinstance(original, _WRONG_VALUE):
        # a scalar's own words: wherever a value of the document or of its variables is read, before anything runs
        return "GRAPHQL_VALIDATION_FAILED", error.message
    if original is None or (isinstance(original, GraphQLError) and original.path is None):
        # graphql-core's own refusals: an unknown field, a variable of the wrong type
        return ("GRAPHQL_VALIDATION_FAILED" if error.path is None else "BAD_USER_INPUT"), error.message
    return "INTERNAL", INTERNAL


def _exc_info(error: GraphQLError) -> Any:
    original = error.original_error or error
    return (type(original), original, original.__traceback__)
