"""A door for programs that cannot sign in: the one secret of a request, who sends it, and how it is answered."""

import base64
import binascii
import secrets
from collections.abc import Awaitable, Callable
from typing import Any, Final

import orjson
import structlog
from starlette.requests import Request
from starlette.responses import Response

from api.kit import metrics
from api.kit.reading import Refused
from domain.kit.database import Busy
from domain.kit.errors import DomainError, Forbidden, Invalid, Unauthenticated
from domain.kit.ids import key_of

log = structlog.get_logger()

_HEADERS: Final = ("x-api-key", "x-marquee-token")
_STATUSES: Final[dict[type[DomainError], int]] = {Unauthenticated: 401, Forbidden: 403, Invalid: 400}
_CHALLENGE: Final = {"WWW-Authenticate": 'Basic realm="Marquee webhooks"'}
_NONE: Final = 0
"""The key of nobody: it is refused as one with another token is."""


async def answered(request: Request, receive: Callable[[], Awaitable[Any]], *, sender: str) -> Response:
    """202 with what `receive` made of the request, as JSON; the error says what is wrong.

    `receive` raises Refused, DomainError or Busy. `sender` names the part of the address that says who sends, also in the log.
    """
    request_id = secrets.token_hex(8)
    headers = {"X-Request-Id": request_id, "Cache-Control": "no-store"}
    with structlog.contextvars.bound_contextvars(request_id=request_id):
        try:
            return Response(orjson.dumps(await receive()), 202, headers=headers, media_type="application/json")
        except Refused as refusal:
            refused = refusal
        except DomainError as error:
            status = _STATUSES.get(type(error), 400)
            refused = Refused(status, error.code, error.message, headers=dict(_CHALLENGE) if status == 401 else None)
        except Busy:
            refused = Refused(503, "OVERLOADED", "The server has too much to write. Send it again.", headers={"Retry-After": "5"})
        except Exception:
            log.exception("webhook_failed")
            refused = Refused(500, "INTERNAL", "Something went wrong inside the server.")
        log.info("webhook_refused", **{sender: request.path_params[sender][:40]}, code=refused.code)
    metrics.ERRORS.labels(refused.code).inc()
    body = {"errors": [{"message": refused.message, "extensions": {"code": refused.code, "requestId": request_id}}]}
    if refused.status in (408, 413):  # what of the body was not read would be taken for the next request
        headers["Connection"] = "close"
    return Response(orjson.dumps(body), refused.status, headers=headers | refused.headers, media_type="application/json")


def sender_of(request: Request, table: str, name: str) -> int:
    """The key in the part of the address called `name`; nobody's for what is none."""
    try:
        return key_of(table, request.path_params[name])
    except Invalid:
        return _NONE


def secret_of(request: Request) -> str | None:
    """The one secret that counts: a header's, else the password of Basic, else the end of the address."""
    for name in _HEADERS:
        if (value := request.headers.get(name)) is not None:
            return value.strip()
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    match scheme.lower():
        case "bearer":
            return value.strip()
        case "basic":
            return _password(value)
    token: str | None = request.path_params.get("token")
    return token


def _password(encoded: str) -> str:
    try:
        plain = base64.b64decode(encoded.strip(), validate=True).decode("latin-1")
    except (binascii.Error, ValueError):
        return ""
    return plain.partition(":")[2]
