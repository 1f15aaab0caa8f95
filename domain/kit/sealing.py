"""Secrets that have to be read again (keys of other servers), encrypted at rest and bound to what they are for."""

import base64
import os
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_FORM: Final = "v1:"
_NONCE_BYTES: Final = 12


class Unreadable(Exception):
    """Sealed with another key, for another purpose, or changed since."""


def seal(key: bytes, purpose: str, secret: str) -> str:
    """`v1:` and base64 of nonce and AES-256-GCM (NIST SP 800-38D). Never twice the same."""
    nonce = os.urandom(_NONCE_BYTES)
    sealed = _cipher(key).encrypt(nonce, secret.encode(), purpose.encode())
    return _FORM + base64.b64encode(nonce + sealed).decode()


def unseal(key: bytes, purpose: str, sealed: str) -> str:
    """The secret. Raises Unreadable unless key and purpose are those of `seal`."""
    try:
        raw = base64.b64decode(sealed.removeprefix(_FORM), validate=True)
        return _cipher(key).decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], purpose.encode()).decode()
    except (InvalidTag, ValueError):
        raise Unreadable from None


def _cipher(key: bytes) -> AESGCM:
    """The installation's key has other uses (hashes of tokens): this one is derived from it."""
    return AESGCM(HKDF(SHA256(), 32, salt=None, info=b"marquee sealing v1").derive(key))
