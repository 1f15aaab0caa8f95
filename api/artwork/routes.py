"""`/images/<token>`: pictures by a random token, cached by browsers, never outside a library or the cache.

With `?w=` a smaller variant. One that is not there yet is asked for and waited for; then the original comes, for once.
"""

import asyncio
import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

from api.kit.services import Services
from domain.artwork import using
from domain.artwork.cache import folder, variant_place
from domain.artwork.preparing import request_for_entity
from domain.artwork.queries import Picture, Variant, inside, picture_of
from domain.artwork.variants import WIDTHS
from domain.kit.database import Busy, UnitOfWork

_TYPES: Final = {
    "jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "webp": "image/webp", "gif": "image/gif", "avif": "image/avif",
}  # fmt: skip
WAIT_S: Final = 2.0
"""For which a variant that is just being made is waited for."""
LOOK_S: Final = 0.1
_KEPT: Final = "private, max-age=31536000, immutable"
_ASKED_AGAIN: Final = "private, no-cache"
_NOT_KEPT: Final = "no-store"


@dataclass(frozen=True, slots=True)
class _Found:
    """A file to send, how long it may be kept, and the variant that it is."""

    path: Path
    caching: str
    variant: Variant | None = None
    lost: tuple[int, ...] = ()
    """Variants that should be there and are not."""


async def image(request: Request) -> Response:
    """The picture behind a token: 404 when the token is unknown or the file is gone, 304 when the client has it.

    400 for a width that is none of ours.
    """
    services: Services = request.app.state.services
    asked = request.query_params.get("w")
    if asked is not None and asked not in map(str, WIDTHS):
        return PlainTextResponse(f"w is one of {', '.join(map(str, WIDTHS))}.", 400)
    width = None if asked is None else int(asked)
    token = request.path_params["token"]
    found = await asyncio.to_thread(_locate, services, token, width)
    if found is not None and found.caching == _NOT_KEPT and await asyncio.to_thread(_ask, services, token, found.lost):
        found = await _wait(services, token, width) or found
    media_type = None if found is None else _TYPES.get(found.path.suffix.lower().removeprefix("."))
    if found is None or media_type is None:
        return PlainTextResponse("There is no such image.", 404)
    if found.variant is not None:
        await asyncio.to_thread(using.note_use, services.database, found.variant.id)
    stat = await asyncio.to_thread(os.stat, found.path)
    etag = f'"{hashlib.sha256(f"{found.path}:{stat.st_size}:{stat.st_mtime_ns}".encode()).hexdigest()[:32]}"'
    headers = {
        "ETag": etag,
        # A file beside the media can change in its place, so it is asked for again; cached bytes never change.
        "Cache-Control": found.caching,
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'",
    }
    if etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return FileResponse(found.path, headers=headers, media_type=media_type, stat_result=stat)


async def _wait(services: Services, token: str, width: int | None) -> _Found | None:
    """The variant, if it comes in time."""
    loop = asyncio.get_running_loop()
    until = loop.time() + WAIT_S
    while loop.time() < until:
        await asyncio.sleep(LOOK_S)
        found = await asyncio.to_thread(_locate, services, token, width)
        if found is None or found.caching != _NOT_KEPT:
            return found
    return None


def _picture(services: Services, token: str) -> Picture | None:
    if not 16 <= len(token) <= 64 or not token.isprintable():  # PostgreSQL takes no NUL
        return None
    with services.database.read() as session:
        return picture_of(session, token)


def _locate(services: Services, token: str, width: int | None) -> _Found | None:
    found = _picture(services, token)
    if found is None:
        return None
    cache = folder(services.settings.data_dir)
    if found.cached_path is not None and found.sha256 is not None:
        original = cache / found.cached_path
        if width is None or (found.width is not None and found.width <= width):
            return _Found(original, _KEPT) if original.is_file() else _beside(found, _ASKED_AGAIN)
        mine = [each for each in found.variants if each.width == width]
        for variant in mine:
            path = cache / variant_place(found.sha256, variant.width, variant.format)
            if path.is_file():
                return _Found(path, _KEPT, variant)
        lost = tuple(each.id for each in mine)
        return _Found(original, _NOT_KEPT, lost=lost) if original.is_file() else _beside(found, _ASKED_AGAIN)
    # Nobody looked at the bytes yet: how wide they are is not known for sure.
    return _beside(found, _ASKED_AGAIN)


def _beside(found: Picture, caching: str) -> _Found | None:
    real = None if found.local_path is None else inside(found.local_path, found.roots)
    return _Found(real, caching) if real is not None and real.is_file() else None


def _ask(services: Services, token: str, lost: Sequence[int]) -> bool:
    """Have the missing variants made; whether there is something to wait for."""
    found = _picture(services, token)
    if found is None:
        return False
    entity_id = found.entity_id

    def ask(uow: UnitOfWork) -> bool:
        using.forget(uow, lost)
        return request_for_entity(uow, entity_id) is not None

    try:
        return services.database.perform(ask, actor="images")
    except Busy:
        return False


ROUTES = [Route("/images/{token}", image, methods=["GET", "HEAD"])]
