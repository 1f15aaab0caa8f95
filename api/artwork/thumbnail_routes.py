"""`/images/candidates/<token>`: small pictures of candidates, fetched once from their providers and kept for a while.

Browsers never ask a provider themselves: it would learn who looks at what.
"""

import asyncio
import os
import secrets
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from api.kit.services import Services
from domain.artwork import thumbnails
from domain.kit import clock
from domain.kit.errors import Upstream
from domain.kit.http import ANY_HOST, Limits

LIMITS: Final = Limits(total_s=10.0, connect_s=3.0, read_s=5.0, body_bytes=thumbnails.LARGEST, redirects=2)
_TYPES: Final = {"jpg": "image/jpeg", "png": "image/png", "webp": "image/webp", "avif": "image/avif"}
_HEADERS: Final = {
    "Cache-Control": "private, max-age=86400", "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'",
}  # fmt: skip
_WIDTH: Final = 320
_USED_S: Final = 3600.0


async def thumbnail(request: Request) -> Response:
    """The small picture; 307 to its own address if the picture is here, 404 for an unknown token.

    502 when its provider does not give it.
    """
    services: Services = request.app.state.services
    token = request.path_params["token"]
    if not 16 <= len(token) <= 64 or not token.isprintable():
        return PlainTextResponse("There is no such picture.", 404)
    found = await asyncio.to_thread(_address, services, token)
    if found is None or found == (None, None):
        return PlainTextResponse("There is no such picture.", 404)
    mine, url = found
    if mine is not None:
        return RedirectResponse(f"/images/{mine}?w={_WIDTH}", 307, headers={"Cache-Control": "no-store"})
    assert url is not None
    data_dir = services.settings.data_dir
    path = await asyncio.to_thread(_kept, data_dir, url)
    if path is None:
        path = await asyncio.get_running_loop().run_in_executor(services.outbound, _fetch, services, url)
    if path is None:
        return PlainTextResponse("Its provider does not give it at the moment.", 502, headers={"Cache-Control": "no-store"})
    return FileResponse(path, headers=dict(_HEADERS), media_type=_TYPES[path.suffix[1:]])


def _address(services: Services, token: str) -> tuple[str | None, str | None] | None:
    with services.database.read() as session:
        return thumbnails.address_of(session, token)


def _kept(data_dir: Path, url: str) -> Path | None:
    """The file that was fetched before; it is marked as used."""
    place = thumbnails.place_of(data_dir, url)
    for suffix in _TYPES:
        path = place.with_suffix(f".{suffix}")
        try:
            if clock.now().timestamp() - path.stat().st_mtime > _USED_S:
                os.utime(path)
        except FileNotFoundError:
            continue
        return path
    return None


def _fetch(services: Services, url: str) -> Path | None:
    """Fetch it, unless somebody did meanwhile; None where that is not possible or what comes is no picture."""
    data_dir = services.settings.data_dir
    there = _kept(data_dir, url)
    if there is not None:
        return there
    try:
        answer = services.egress.get(url, hosts=ANY_HOST, headers={"accept": "image/*"}, limits=LIMITS)
    except Upstream:
        return None
    name = thumbnails.format_of(answer.body) if answer.status == 200 else None
    if name is None:
        return None
    path = thumbnails.place_of(data_dir, url).with_suffix(f".{name}")
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = path.with_name(f".{path.name}.{secrets.token_hex(6)}.part")
    try:
        part.write_bytes(answer.body)
        part.replace(path)
    except OSError:  # a full disk: it is fetched again next time
        return None
    finally:
        part.unlink(missing_ok=True)
    return path


ROUTES = [Route("/images/candidates/{token}", thumbnail, methods=["GET", "HEAD"])]
