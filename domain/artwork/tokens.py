"""The random addresses of pictures."""

import secrets
from typing import Final

_BYTES: Final = 16


def new_token() -> str:
    """The last part of a new `/images/<token>`."""
    return secrets.token_urlsafe(_BYTES)
