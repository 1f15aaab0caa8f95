"""Refuses requests under a host name that is not ours: the defence against DNS rebinding."""

from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from api.kit.auth import host_is_known
from domain.settings import Settings


class KnownHosts:
    """Answers 421 Misdirected Request to a foreign Host header, closes such a WebSocket."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in ("http", "websocket") and not host_is_known(HTTPConnection(scope), self.settings):
            if scope["type"] == "websocket":
                await send({"type": "websocket.close", "code": 1008})
                return
            message = "This server does not answer under that name. Set MARQUEE_URL to its public address."
            error = {"message": message, "extensions": {"code": "UNKNOWN_HOST"}}
            await JSONResponse({"errors": [error]}, 421)(scope, receive, send)
            return
        await self.app(scope, receive, send)
