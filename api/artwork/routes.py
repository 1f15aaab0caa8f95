"""`/images/<token>`: pictures by a random token, cached by browsers, never outside a library or the cache."""

import asyncio
import hashlib
import mimetypes
import os
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

from api.kit.services import Services
from domain.artwork.queries import picture_of

_TYPES: Final = {"image/jpeg", "image/png", "image/webp", "image/gif", "image/avif"}


async def image(request: Request) -> Response:
    """The picture behind a token: 404 when the token is unknown or the file is gone, 304 when the client has it."""
    services: Services = request.app.state.services
    found = await asyncio.to_thread(_locate, services, request.path_params["token"])
    if found is None:
        return PlainTextResponse("There is no such image.", 404)
    path, is_immutable = found
    media_type = mimetypes.guess_type(path.name)[0] or ""
    if media_type not in _TYPES:
        return PlainTextResponse("There is no such image.", 404)
    stat = await asyncio.to_thread(os.stat, path)
    etag = f'"{hashlib.sha256(f"{path}:{stat.st_size}:{stat.st_mtime_ns}".encode()).hexdigest()[:32]}"'
    headers = {
        "ETag": etag,
        # A file beside the media can change in its place, so it is asked for again; cached bytes never change.
        "Cache-Control": "private, max-age=31536000, immutable" if is_immutable else "private, no-cache",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'",
    }
    if etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return FileResponse(path, headers=headers, media_type=media_type, stat_result=stat)


def _locate(services: Services, token: str) -> tuple[Path, bool] | None:
    if not 16 <= len(token) <= 64 or not token.isprintable():  # PostgreSQL takes no NUL
        return None
    with services.database.read() as session:
        found = picture_of(session, token)
    if found is None:
        return None
    if found.cached_path is not None:
        path = services.settings.data_dir / "cache" / found.cached_path
        return (path, True) if path.is_file() else None
    path = Path(found.local_path or "")
    # A link that leads out of the library is not followed to strangers' files.
    real = Path(os.path.realpath(path))
    inside = any(real.is_relative_to(os.path.realpath(root)) for root in found.roots)
    return (real, False) if inside and real.is_file() else None


ROUTES = [Route("/images/{token}", image, methods=["GET", "HEAD"])]
