"""`POST /webhooks/players/<player>[/<token>]`: what Jellyfin's plugins and Plex tell of playback and of their libraries."""

import asyncio
import secrets
from typing import Final

import orjson
import structlog
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from api.kit import metrics
from api.kit.knocking import secret_of
from api.kit.reading import Refused, read_body
from api.kit.services import Services
from domain.kit.database import Busy
from domain.kit.errors import DomainError, Forbidden, Invalid, Unauthenticated
from domain.kit.ids import key_of
from domain.players.hearing import Knock, Outcome, receive

log = structlog.get_logger()

_STATUSES: Final[dict[type[DomainError], int]] = {Unauthenticated: 401, Forbidden: 403, Invalid: 400}
_CHALLENGE: Final = {"WWW-Authenticate": 'Basic realm="Marquee webhooks"'}
_NONE: Final = 0
"""The key of no player: it is refused as one with another token is."""


def routes(services: Services) -> list[BaseRoute]:
    """The door of one process."""

    async def webhook(request: Request) -> Response:
        return await _answered(request, services)

    return [
        Route("/webhooks/players/{player}", webhook, methods=["POST"]),
        Route("/webhooks/players/{player}/{token}", webhook, methods=["POST"]),
    ]


async def _answered(request: Request, services: Services) -> Response:
    """202 with what became of it; the error says what is wrong."""
    request_id = secrets.token_hex(8)
    headers = {"X-Request-Id": request_id, "Cache-Control": "no-store"}
    with structlog.contextvars.bound_contextvars(request_id=request_id):
        try:
            outcome = await _received(request, services)
            return Response(orjson.dumps({"outcome": outcome.value}), 202, headers=headers, media_type="application/json")
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
        log.info("webhook_refused", player=request.path_params["player"][:40], code=refused.code)
    metrics.ERRORS.labels(refused.code).inc()
    body = {"errors": [{"message": refused.message, "extensions": {"code": refused.code, "requestId": request_id}}]}
    if refused.status in (408, 413):  # what of the body was not read would be taken for the next request
        headers["Connection"] = "close"
    return Response(orjson.dumps(body), refused.status, headers=headers | refused.headers, media_type="application/json")


async def _received(request: Request, services: Services) -> Outcome:
    settings = services.settings
    body = await read_body(request, limit=settings.body_limit_bytes, seconds=settings.body_deadline_s)
    try:
        player = key_of("players", request.path_params["player"])
    except Invalid:
        player = _NONE
    knock = Knock(player, secret_of(request), body, request.headers.get("content-type", ""))
    return await asyncio.to_thread(receive, services.database, knock, key=services.key)
