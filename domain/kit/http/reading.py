"""Reading a body: unpacked piece by piece within its limit, and as JSON."""

import zlib
from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from domain.kit.errors import TooLarge, Unexpected


def unpacked(chunks: Iterable[bytes], *, encoding: str, most_bytes: int, host: str) -> bytes:
    """The whole body. Raises TooLarge before more than `most_bytes` are held, Unexpected for a packing that is broken."""
    body = bytearray()
    try:
        for piece in pieces(chunks, encoding=encoding, most_bytes=most_bytes, host=host):
            body += piece
        return bytes(body)
    finally:
        body.clear()  # an error's traceback holds this frame, and what a storm leaves behind would add up


def pieces(chunks: Iterable[bytes], *, encoding: str, most_bytes: int, host: str) -> Iterator[bytes]:
    """The body piece by piece, none of them large. Raises as `unpacked` does."""
    count = 0
    for piece in _pieces(chunks, encoding, host):
        count += len(piece)
        if count > most_bytes:
            raise TooLarge(f"The answer of {host} has more than {most_bytes:,} bytes.")
        yield piece


def _pieces(chunks: Iterable[bytes], encoding: str, host: str) -> Iterator[bytes]:
    if encoding in ("", "identity"):
        yield from chunks
        return
    if encoding not in ("gzip", "x-gzip"):
        raise Unexpected(f"{host} sent a packing that nobody asked for.")
    unpack = zlib.decompressobj(wbits=31)
    try:
        for chunk in chunks:
            while chunk:
                yield unpack.decompress(chunk, 65_536)
                chunk = unpack.unconsumed_tail
        yield unpack.flush()
    except zlib.error:
        raise Unexpected(f"{host} sent a packed answer that is broken.") from None
    if not unpack.eof:
        raise Unexpected(f"The answer of {host} is cut off.")


def json_of(body: bytes, *, host: str) -> Any:
    """The document. Raises Unexpected for anything that is none."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        raise Unexpected(f"The answer of {host} is cut off or no JSON.") from None
