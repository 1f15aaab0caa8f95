"""`POST /webhooks/players/<player>[/<token>]`: what Jellyfin's plugins and Plex tell of playback and of their libraries."""

import asyncio

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from api.kit.knocking import answered, secret_of, sender_of
from api.kit.reading import read_body
from api.kit.services import Services
from domain.players.hearing import Knock, receive


def routes(services: Services) -> list[BaseRoute]:
    """The door of one process."""

    async def webhook(request: Request) -> Response:
        return await answered(request, lambda: _received(request, services), sender="player")

    return [
        Route("/webhooks/players/{player}", webhook, methods=["POST"]),
        Route("/webhooks/players/{player}/{token}", webhook, methods=["POST"]),
    ]


async def _received(request: Request, services: Services) -> dict[str, str]:
    """What became of it."""
    settings = services.settings
    body = await read_body(request, limit=settings.body_limit_bytes, seconds=settings.body_deadline_s)
    knock = Knock(sender_of(request, "players", "player"), secret_of(request), body, request.headers.get("content-type", ""))
    outcome = await asyncio.to_thread(receive, services.database, knock, key=services.key)
    return {"outcome": outcome.value}
