"""The talk between a pool and a child: texts, each behind its length as four big-endian bytes."""

import os
from collections.abc import Iterator
from functools import cache
from struct import Struct
from typing import Any, TypeVar

import orjson
from pydantic import TypeAdapter, ValidationError

from workers.confined.refusals import Refusal

A = TypeVar("A")

_LENGTH = Struct(">I")
# A probe has at most 200 streams and 2,000 chapters of 500 letters; more is not a frame but a broken child.
MAX_FRAME_BYTES = 8 * 2**20
_RESULT, _FAILURE = b"R", b"F"


class BrokenFrameError(Exception):
    """Raised for bytes that no honest child writes."""


def pack_frame(body: bytes) -> bytes:
    """Put the length before a body."""
    return _LENGTH.pack(len(body)) + body


def pack_question(question: str) -> bytes:
    """Return the frame that asks one question; a name that is no UTF-8 stays its bytes."""
    return pack_frame(os.fsencode(question))


def unpack_question(body: bytes) -> str:
    """Read a question."""
    return os.fsdecode(body)


def pack_answer(answer: Any) -> bytes:
    """Return the frame that answers a question: a letter for its kind, then JSON."""
    return pack_frame((_FAILURE if isinstance(answer, Refusal) else _RESULT) + orjson.dumps(answer))


def unpack_answer(body: bytes, results: TypeAdapter[A]) -> A | Refusal:
    """Read an answer and check every type in it, for a child may have been taken over; raises BrokenFrameError."""
    try:
        if body[:1] == _RESULT:
            return results.validate_json(body[1:])
        if body[:1] == _FAILURE:
            return _failures().validate_json(body[1:])
    except ValidationError as error:
        raise BrokenFrameError("an answer of the wrong shape") from error
    raise BrokenFrameError("an answer of no known kind")


@cache
def _failures() -> TypeAdapter[Refusal]:
    return TypeAdapter(Refusal)


def take_frames(buffer: bytearray) -> Iterator[bytes]:
    """Take the whole frames out of the front of a buffer one by one; raises BrokenFrameError at the first bad one."""
    while len(buffer) >= _LENGTH.size:
        (length,) = _LENGTH.unpack_from(buffer)
        if length > MAX_FRAME_BYTES:
            raise BrokenFrameError(f"a frame of {length} bytes")
        end = _LENGTH.size + length
        if len(buffer) < end:
            return
        body = bytes(buffer[_LENGTH.size : end])
        del buffer[:end]
        yield body
