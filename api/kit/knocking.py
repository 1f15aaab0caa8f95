"""The one secret of a request at a door for programs that cannot sign in."""

import base64
import binascii
from typing import Final

from starlette.requests import Request

_HEADERS: Final = ("x-api-key", "x-marquee-token")


def secret_of(request: Request) -> str | None:
    """The one secret that counts: a header's, else the password of Basic, else the end of the address."""
    for name in _HEADERS:
        if (value := request.headers.get(name)) is not None:
            return value.strip()
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    match scheme.lower():
        case "bearer":
            return value.strip()
        case "basic":
            return _password(value)
    token: str | None = request.path_params.get("token")
    return token


def _password(encoded: str) -> str:
    try:
        plain = base64.b64decode(encoded.strip(), validate=True).decode("latin-1")
    except (binascii.Error, ValueError):
        return ""
    return plain.partition(":")[2]
