"""Pages of a list that was found and sorted in Python: best answers first, cut by place, not by number."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson

from api.kit.connections import PageInfo
from api.kit.planner.paging import InvalidCursor, encode_cursor, open_cursor, window
from domain.search.finding import Hit

_TYPES: Final[tuple[Any, ...]] = ((float, int), int, int, str, str, int)
"""Of the values of a place."""


@dataclass(frozen=True, slots=True)
class Cut:
    """The hits of one page with their cursors."""

    hits: Sequence[Hit]
    cursors: Sequence[str]
    info: PageInfo


def cut(
    hits: Sequence[Hit], question: Sequence[object], *, first: int | None, after: str | None, last: int | None,
    before: str | None, most: int = 100,
) -> Cut:  # fmt: skip
    """The page that Relay's arguments mean. `question` is what a cursor belongs to. Raises BadArgument, InvalidCursor."""
    stretch = window(first=first, after=after, last=last, before=before, most=most)
    fingerprint = hashlib.sha256(orjson.dumps([str(each) for each in question])).hexdigest()[:6]
    found = list(hits)
    if stretch.cursor is not None:
        place = _place(stretch.cursor, fingerprint)
        found = [hit for hit in found if (hit.place < place if stretch.is_backward else hit.place > place)]
    has_more = len(found) > stretch.size
    page = found[max(0, len(found) - stretch.size) :] if stretch.is_backward else found[: stretch.size]
    cursors = [encode_cursor(fingerprint, hit.place) for hit in page]
    info = PageInfo(
        has_next_page=stretch.cursor is not None if stretch.is_backward else has_more,
        has_previous_page=has_more if stretch.is_backward else stretch.cursor is not None,
        start_cursor=cursors[0] if cursors else None,
        end_cursor=cursors[-1] if cursors else None,
    )
    return Cut(page, cursors, info)


def _place(cursor: str, fingerprint: str) -> tuple[Any, ...]:
    found = open_cursor(cursor)
    values = tuple(found[1:])
    is_ours = len(values) == len(_TYPES) and found[0] == fingerprint
    if not is_ours or not all(isinstance(value, type_) for value, type_ in zip(values, _TYPES, strict=True)):
        raise InvalidCursor
    return values
