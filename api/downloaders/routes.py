"""`POST` and `PUT /webhooks/<source>[/<token>]`: kept and committed, then answered; what it means is found out afterwards."""

import secrets
from typing import Any, Final

import orjson
import structlog
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from api.downloaders.inbox import Inbox
from api.kit import metrics
from api.kit.knocking import secret_of
from api.kit.reading import Refused, read_body
from api.kit.services import Services
from domain.downloaders.receiving import Knock, Received, receive
from domain.kit.database import Busy
from domain.kit.errors import DomainError, Forbidden, Invalid
from domain.kit.ids import global_id, key_of

log = structlog.get_logger()

_STATUSES: Final[dict[type[DomainError], int]] = {Forbidden: 403, Invalid: 400}
_CHALLENGE: Final = {"WWW-Authenticate": 'Basic realm="Marquee webhooks"'}
_NONE: Final = 0
"""The key of no source: it is refused as one with another token is."""


def routes(services: Services) -> list[BaseRoute]:
    """The door of one process."""
    inbox = Inbox(lambda knocks: receive(services.database, knocks, key=services.key))

    async def webhook(request: Request) -> Response:
        return await _answered(request, services, inbox)

    methods = ["POST", "PUT"]
    return [
        Route("/webhooks/{source}", webhook, methods=methods),
        Route("/webhooks/{source}/{token}", webhook, methods=methods),
    ]


async def _answered(request: Request, services: Services, inbox: Inbox) -> Response:
    """202 with the ids of what was kept; the error says what is wrong."""
    request_id = secrets.token_hex(8)
    headers = {"X-Request-Id": request_id, "Cache-Control": "no-store"}
    with structlog.contextvars.bound_contextvars(request_id=request_id):
        try:
            kept = await _received(request, services, inbox)
            return Response(orjson.dumps(_shown(kept)), 202, headers=headers, media_type="application/json")
        except Refused as refusal:
            refused = refusal
        except Busy:
            refused = Refused(503, "OVERLOADED", "The server has too much to write. Send it again.", headers={"Retry-After": "5"})
        except Exception:
            log.exception("webhook_failed")
            refused = Refused(500, "INTERNAL", "Something went wrong inside the server.")
        log.info("webhook_refused", source=request.path_params["source"][:40], code=refused.code)
    metrics.ERRORS.labels(refused.code).inc()
    body = {"errors": [{"message": refused.message, "extensions": {"code": refused.code, "requestId": request_id}}]}
    if refused.status in (408, 413):  # what of the body was not read would be taken for the next request
        headers["Connection"] = "close"
    return Response(orjson.dumps(body), refused.status, headers=headers | refused.headers, media_type="application/json")


async def _received(request: Request, services: Services, inbox: Inbox) -> Received:
    settings = services.settings
    body = await read_body(request, limit=settings.body_limit_bytes, seconds=settings.body_deadline_s)
    try:
        source = key_of("sources", request.path_params["source"])
    except Invalid:
        source = _NONE
    answer = await inbox.put(Knock(source, secret_of(request), body))
    if isinstance(answer, DomainError):
        status = _STATUSES.get(type(answer), 401)
        raise Refused(status, answer.code, answer.message, headers=dict(_CHALLENGE) if status == 401 else None)
    return answer


def _shown(kept: Received) -> dict[str, Any]:
    job = None if kept.job_id is None else global_id("jobs", kept.job_id)
    return {"id": global_id("inbound_events", kept.event_id), "job": job, "isNew": kept.is_new}
