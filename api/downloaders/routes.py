"""`POST` and `PUT /webhooks/<source>[/<token>]`: kept and committed, then answered; what it means is found out afterwards."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from api.downloaders.inbox import Inbox
from api.kit.knocking import answered, secret_of, sender_of
from api.kit.reading import read_body
from api.kit.services import Services
from domain.downloaders.receiving import Knock, Received, receive
from domain.kit.errors import DomainError
from domain.kit.ids import global_id


def routes(services: Services) -> list[BaseRoute]:
    """The door of one process."""
    inbox = Inbox(lambda knocks: receive(services.database, knocks, key=services.key))

    async def webhook(request: Request) -> Response:
        return await answered(request, lambda: _received(request, services, inbox), sender="source")

    methods = ["POST", "PUT"]
    return [
        Route("/webhooks/{source}", webhook, methods=methods),
        Route("/webhooks/{source}/{token}", webhook, methods=methods),
    ]


async def _received(request: Request, services: Services, inbox: Inbox) -> dict[str, Any]:
    """The ids of what was kept."""
    settings = services.settings
    body = await read_body(request, limit=settings.body_limit_bytes, seconds=settings.body_deadline_s)
    answer = await inbox.put(Knock(sender_of(request, "sources", "source"), secret_of(request), body))
    if isinstance(answer, DomainError):
        raise answer
    return _shown(answer)


def _shown(kept: Received) -> dict[str, Any]:
    job = None if kept.job_id is None else global_id("jobs", kept.job_id)
    return {"id": global_id("inbound_events", kept.event_id), "job": job, "isNew": kept.is_new}
