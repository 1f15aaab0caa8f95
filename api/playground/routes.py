"""`/` and `/playground/…`: the page, and its files, which browsers may keep for good."""

import asyncio
import re
import secrets
from typing import Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from api.kit.services import Services
from api.playground.assets import Asset, assets, digest, template

_HOST: Final = re.compile(r"[A-Za-z0-9.\-_\[\]:]{1,255}")


def policy(host: str, nonce: str) -> str:
    """The page's Content-Security-Policy: nothing from elsewhere, no inline script, no inline style without the nonce, no frames.

    The WebSocket's address is spelled out, because not every browser takes it for 'self'.
    """
    sockets = f" ws://{host} wss://{host}" if _HOST.fullmatch(host) else ""
    return (
        f"default-src 'self'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; "
        f"connect-src 'self'{sockets}; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    )


async def page(request: Request) -> Response:
    """Signing in, then GraphiQL; without it where only registered documents are taken."""
    services: Services = request.app.state.services
    name = await asyncio.to_thread(digest)
    nonce = secrets.token_urlsafe(16)
    text = template().replace("{{digest}}", name).replace("{{nonce}}", nonce)
    text = text.replace("{{documents}}", services.settings.documents)
    headers = {
        "Cache-Control": "no-store",
        "Content-Security-Policy": policy(request.headers.get("host", ""), nonce),
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
    }
    return HTMLResponse(text, headers=headers)


async def file(request: Request) -> Response:
    """A file of the page; 304 when the browser has it. Under an older digest it comes too, but is not to be kept."""
    found = (await asyncio.to_thread(assets)).get(request.path_params["name"])
    if found is None:
        return PlainTextResponse("There is no such file.", 404)
    is_current = request.path_params["digest"] == digest()
    headers = {
        "Cache-Control": "public, max-age=31536000, immutable" if is_current else "no-cache",
        "ETag": found.etag,
        "Vary": "Accept-Encoding",
        "X-Content-Type-Options": "nosniff",
    }
    if found.etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return _sent(found, request, headers)


def _sent(asset: Asset, request: Request, headers: dict[str, str]) -> Response:
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return Response(asset.content, media_type=asset.media_type, headers=headers)
    # Weak: the compressed bytes are another form of the same content.
    packed = {**headers, "Content-Encoding": "gzip", "ETag": f"W/{asset.etag}"}
    return Response(asset.compressed, media_type=asset.media_type, headers=packed)


ROUTES = [Route("/", page), Route("/playground/{digest}/{name}", file)]
