"""An answer as HTTP sends it: with an ETag where it was got, compressed where that pays.

Compressing secrets together with words of an attacker's choice lets their length tell of them (BREACH). Two things stand
in the way: another site's page cannot make a browser send a request with our cookie, and the answers that hold secrets
(new tokens, reset codes) are those of mutations, which are never compressed.
"""

import asyncio
import hashlib
import re
import zlib
from typing import Any, Final

import orjson
from starlette.requests import Request
from starlette.responses import Response

from api.kit.context import Context
from api.kit.reading import quality_of
from api.kit.shedding import OVERLOADED, RETRY_AFTER_S

VARY: Final = "Accept, Accept-Encoding, Authorization, Cookie, Origin"
WORTH_IT: Final = 1024
"""Bytes from which an answer is compressed: below, it fits a packet or two anyway."""
LEVEL: Final = 1
"""zlib's fastest: 90 kB of answer in 0.4 ms, to a fifth; level 6 takes 1 ms for a seventh less."""
IN_A_THREAD: Final = 128 * 1024
"""Bytes from which the event loop does not wait for it."""
_GZIP: Final = 31
"""zlib's word for the gzip format with the largest window."""
_TAG: Final = re.compile(r'(?:W/)?("[^"]*")')


async def response_of(answer: dict[str, Any], *, status: int, media_type: str, request: Request, context: Context) -> Response:
    """The response with an answer to a query or mutation."""
    body = orjson.dumps(answer)
    headers = {"Cache-Control": "no-store"}
    if request.method == "GET" and status == 200 and "errors" not in answer:
        headers = {"Cache-Control": "private, no-cache", "ETag": _tag(body, media_type, context)}
        if _has(request, headers["ETag"]):
            return Response(status_code=304, headers=headers)
    if _is_busy(answer):
        headers["Retry-After"] = str(RETRY_AFTER_S)
    if len(body) >= WORTH_IT and not context.is_change and _takes_gzip(request):
        body = await asyncio.to_thread(_packed, body) if len(body) >= IN_A_THREAD else _packed(body)
        headers["Content-Encoding"] = "gzip"
        if "ETag" in headers:  # other bytes, the same content
            headers["ETag"] = f"W/{headers['ETag']}"
    response = Response(body, status_code=status, headers=headers, media_type=media_type)
    response.headers["content-type"] = f"{media_type}; charset=utf-8"
    for cookie in context.set_cookies:
        response.headers.append("set-cookie", cookie)
    return response


def _tag(body: bytes, media_type: str, context: Context) -> str:
    """The same for the same bytes to the same person: an ETag of one user says nothing to another."""
    digest = hashlib.blake2b(body, digest_size=16, person=media_type.encode()[-16:], salt=_salt(context))
    return f'"{digest.hexdigest()}"'


def _salt(context: Context) -> bytes:
    return (context.viewer.user_id or 0).to_bytes(8, "big")


def _has(request: Request, etag: str) -> bool:
    """Whether the client's copy is this one (RFC 9110, 13.1.2: weak comparison)."""
    given = request.headers.get("if-none-match", "")
    return given.strip() == "*" or etag in _TAG.findall(given)


def _is_busy(answer: dict[str, Any]) -> bool:
    return "data" not in answer and any(error["extensions"]["code"] == OVERLOADED for error in answer.get("errors", ()))


def _takes_gzip(request: Request) -> bool:
    return quality_of("gzip", request.headers.get("accept-encoding", "")) > 0


def _packed(body: bytes) -> bytes:
    packer = zlib.compressobj(LEVEL, wbits=_GZIP)
    return packer.compress(body) + packer.flush()
