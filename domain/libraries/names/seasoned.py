"""Markers that name season and episode together: `S01E02`, `1x02`, `S01E01-E03`, `[Cap.102]`."""

import re

from domain.libraries.names.marker import Marker, span

_B = r"(?<![^\W_])"
_SXE = re.compile(
    rf"(?:{_B}|(?<=[a-z])(?=s\d\de\d\d))[\[(]?(?:S|T(?!\d{{3}}))[ ._]?(?P<season>\d{{1,4}})[ ._\-]{{0,3}}"
    r"[\[(]?(?:EP?|Episode|xE?)[ ._]?(?P<first>\d{1,5})(?![0-9])",
    re.IGNORECASE,
)
# A digit and a dot before it would make it `5.1x264`; a year times a number with a dot is a date (`2008x12.13`).
_CROSS = re.compile(
    rf"{_B}(?<!(?<!\d)\d[.\-])(?!\d{{4}}x\d\d\.\d\d-)(?:Ep[ ._])?[\[(]?(?P<season>\d{{1,2}}|(?:19[3-9]|20[0-3])\d)"
    r"(?P<gap> ?)[x×](?P=gap)E?(?P<first>\d{1,4})(?![0-9]|\d*p(?![^\W_]))",
    re.IGNORECASE,
)
_CAP = re.compile(r"\[Cap\.?(\d{1,2})(\d{2})(?:_\d{0,2}?(\d{2}))?(?:\.[^\]]{0,20})?\]", re.IGNORECASE)
_ALL = re.compile(rf"{_B}(\d{{1,2}})xAll(?![^\W_])", re.IGNORECASE)
_GAP = r"[ ._]{0,3}(?P<joint>-|&|\+|~|,|and|to)?[ ._]{0,3}"
_MORE = re.compile(
    rf"{_GAP}(?:(?:S(?P<season>\d{{1,4}})[ ._]?)?EP?(?P<number>\d{{1,5}})(?:(?![^\W_])|(?=E\d))"
    rf"|(?P<cross>\d{{1,4}})[x×](?P<crossed>\d{{1,3}})(?![0-9])|(?<![._ ])[x×](?P<same>\d{{1,3}})(?![0-9p]))",
    re.IGNORECASE,
)
_BARE = re.compile(
    r"(?P<joint>[\-_+&~])(?P<number>\d{1,4})(?:(?![^\W_])|(?=E\d))|(?P<dot>\.)(?P<next>\d{2})(?=[ ._\-\]]|$)", re.IGNORECASE
)
_FURTHEST = 99  # episodes between two numbers of one marker


def find(text: str) -> Marker | None:
    """Find the first marker that names a season and an episode."""
    for pattern, reason, confidence in ((_SXE, "SxxEyy", 1.0), (_CROSS, "NxNN", 0.97)):
        if match := pattern.search(text):
            season, first = int(match["season"]), match["first"]
            numbers, end = follow(text, match.end(), first, season)
            return Marker(match.start(), end, reason, confidence, season, numbers)
    if match := _CAP.search(text):
        season, number = int(match[1]), int(match[2])
        return Marker(match.start(), match.end(), "Cap.", 0.95, season, span(number, int(match[3] or number)))
    if match := _ALL.search(text):
        return Marker(match.start(), match.end(), "NxAll", 0.9, int(match[1]))
    return None


def follow(text: str, end: int, first: str, season: int | None) -> tuple[tuple[int, ...], int]:
    """Follow a marker through its further episodes: `E02E03`, `-E03`, `-03`, `.S01E02`, `x05`.

    Returns the numbers and where they end. A dash or tilde makes a range, anything else a list.
    """
    numbers = [int(first)]
    while len(numbers) < 600:
        if more := _MORE.match(text, end):
            named = more["season"] or more["cross"]
            number = int(more["number"] or more["crossed"] or more["same"])
            if (named and season is not None and int(named) != season) or number <= numbers[-1] or number > numbers[-1] + 500:
                break
            ranged = more["joint"] in ("-", "~", "to")
        elif more := _BARE.match(text, end):
            number, ranged = int(more["number"] or more["next"]), (more["joint"] or "-") in "-_~"
            width = len(more["number"] or more["next"])
            if (
                not numbers[-1] < number <= numbers[-1] + _FURTHEST
                or width > max(3, len(first))
                or (more["dot"] and number != numbers[-1] + 1)
            ):
                break
        else:
            break
        numbers.extend(span(numbers[-1], number)[1:] if ranged else (number,))
        end = more.end()
    if end < len(text) and text[end] in "])":
        end += 1
    return tuple(numbers), end
