"""Reading a body: unpacked piece by piece within its limit, and as JSON."""

import zlib
from collections.abc import Iterable
from typing import Any

import orjson

from domain.kit.errors import TooLarge, Unexpected


def unpacked(chunks: Iterable[bytes], *, encoding: str, most_bytes: int, host: str) -> bytes:
    """The whole body. Raises TooLarge before more than `most_bytes` are held, Unexpected for a packing that is broken."""
    body = bytearray()
    if encoding in ("", "identity"):
        for chunk in chunks:
            _grow(body, chunk, most_bytes, host)
        return bytes(body)
    if encoding not in ("gzip", "x-gzip"):
        raise Unexpected(f"{host} sent a packing that nobody asked for.")
    unpack = zlib.decompressobj(wbits=31)
    try:
        for chunk in chunks:
            while chunk:
                _grow(body, unpack.decompress(chunk, 65_536), most_bytes, host)
                chunk = unpack.unconsumed_tail
        _grow(body, unpack.flush(), most_bytes, host)
    except zlib.error:
        raise Unexpected(f"{host} sent a packed answer that is broken.") from None
    if not unpack.eof:
        raise Unexpected(f"The answer of {host} is cut off.")
    return bytes(body)


def _grow(body: bytearray, piece: bytes, most_bytes: int, host: str) -> None:
    if len(body) + len(piece) > most_bytes:
        raise TooLarge(f"The answer of {host} has more than {most_bytes:,} bytes.")
    body += piece


def json_of(body: bytes, *, host: str) -> Any:
    """The document. Raises Unexpected for anything that is none."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        raise Unexpected(f"The answer of {host} is cut off or no JSON.") from None
