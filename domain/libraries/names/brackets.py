"""Anime releases that are brackets throughout: `[Group][标题/Title][01][1080p]`."""

import re
from typing import NamedTuple

from domain.libraries.names import han
from domain.libraries.names.marker import Marker, span

_NUMBER = re.compile(
    r"(?:第|EP?)?(?P<first>\d{1,4}|[一二三四五六七八九十百]{1,4})(?:v\d)?(?:[-~](?P<last>\d{1,4}))?(?:v\d)?"
    r"[ _]?(?:END|FIN|完|话|話|集|回|END\+SP)?",
    re.IGNORECASE,
)
_BRACKET = re.compile(r"\[([^\[\]]{1,120})\]")
_SEASONAL = re.compile(r"[★☆ ]*\d{1,2}月新番[★☆ ]*|国漫|國漫")
_NOT_AN_EPISODE = re.compile(r"(?:19|20)\d\d|480|540|576|720|1080|2160")
_LATIN = re.compile(r"[A-Za-z]{3}")
_FOREIGN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")


class Bracketed(NamedTuple):
    """The marker and the raw title of a bracketed name."""

    marker: Marker
    title: str


def find(text: str) -> Bracketed | None:
    """Find number and title where the first bracket is the group and a later one holds only the number."""
    if not text.startswith("["):
        return None
    matches = list(_BRACKET.finditer(text))
    for match in matches[1:]:
        number = _NUMBER.fullmatch(match[1].strip())
        if number is None or _NOT_AN_EPISODE.fullmatch(match[1].strip()):
            continue
        between = [part for part in _pieces(text[matches[0].end() : match.start()]) if not _NOT_AN_EPISODE.fullmatch(part)]
        if not between:
            return None
        # One title a bracket: the Latin one alone is preferred over a mixed one, and the first over the later.
        latin = [part for part in between if _LATIN.search(part) and not _FOREIGN.search(part)]
        mixed = [part for part in between if _LATIN.search(part)]
        title = (latin or mixed or between)[0]
        numbers = span(han.number(number["first"]), int(number["last"] or han.number(number["first"])))
        return Bracketed(Marker(match.start(), match.end(), "number in brackets", 0.95, absolute=numbers), title)
    return None


def _pieces(text: str) -> list[str]:
    """Split the stretch between group and number into bracket contents and the text between them."""
    return [piece.strip() for piece in re.split(r"[\[\]]", _SEASONAL.sub(" ", text)) if piece.strip(" _.-★☆")]
