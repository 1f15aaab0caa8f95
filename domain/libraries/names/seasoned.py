"""Markers that name season and episode together: `S01E02`, `1x02`, `S01E01-E03`, `[Cap.102]`."""

import re

from domain.libraries.names.marker import Marker, span

_B = r"(?<![^\W_])"
_SXE = re.compile(
    rf"(?:{_B}|(?<=[a-z])(?=s\d\de\d\d))[\[(]?(?:S|T)[ ._]?(?P<season>\d{{1,4}})[ ._\-]{{0,3}}[\[(]?(?:EP?|Episode|xE?)[ ._]?(?P<first>\d{{1,5}})(?![0-9])",
    re.IGNORECASE,
)
_CROSS = re.compile(
    rf"(?<![^\W_])(?<!\d[.\-])[\[(]?(?P<season>\d{{1,2}}|(?:19[3-9]|20[0-3])\d)(?P<gap> ?)[x×X](?P=gap)E?(?P<first>\d{{1,4}})(?![0-9])(?![ ._]?[x×]\d)(?!\d*p(?![^\W_]))"
)
_CROSS_MORE = re.compile(
    r"[ ._]?[\-_&+]?[ ._]?(?:(?P<season>\d{1,4})[x×])(?P<number>\d{1,4})(?![0-9])|[x×](?P<same>\d{1,4})(?![0-9])", re.IGNORECASE
)
_MORE = re.compile(
    r"(?P<gap>[ ._]{0,3}(?:-|&|\+|~|and|to)?[ ._]{0,3})(?:S(?P<season>\d{1,4})[ ._]?)?(?:EP?|x)(?P<number>\d{1,5})(?![^\W_])"
    r"|(?P<gap2>[ ._]{0,3}(?:-|&|\+|~|and|to)?[ ._]{0,3})(?:S(?P<season2>\d{1,4})[ ._]?)?E(?P<number2>\d{1,5})(?=E)",
    re.IGNORECASE,
)
_BARE = re.compile(r"(?P<gap>[\-_+&~])(?P<number>\d{1,4})(?![^\W_]|[.\-]\d)|(?P<dot>\.)(?P<next>\d{2})(?=[ ._\-\]]|$)")
_CAP = re.compile(r"\[Cap\.?(\d{1,2})(\d{2})(?:_\d{0,2}?(\d{2}))?(?:\.[^\]]{0,20})?\]", re.IGNORECASE)
_ALL = re.compile(rf"{_B}(\d{{1,2}})xAll(?![^\W_])", re.IGNORECASE)


def find(text: str) -> Marker | None:
    """Find the first marker that names a season and an episode."""
    if match := _SXE.search(text):
        marker = _continued(text, match, "SxxEyy", 1.0)
        if not _spanned_by(marker, text):
            return marker
    if match := _CROSS.search(text):
        return _continued(text, match, "NxNN", 0.97)
    if match := _CAP.search(text):
        season, first = int(match[1]), int(match[2])
        return Marker(match.start(), match.end(), "Cap.", 0.95, season, span(first, int(match[3] or first)))
    if match := _ALL.search(text):
        return Marker(match.start(), match.end(), "NxAll", 0.9, int(match[1]))
    return None


def _spanned_by(marker: Marker, text: str) -> bool:
    """Say whether the marker is the year of a date instead (`T2016`)."""
    return marker.season is not None and text[marker.start].lower() == "t" and marker.season > 99


def _continued(text: str, match: re.Match[str], reason: str, confidence: float) -> Marker:
    """Follow a marker through its further episodes: `E02E03`, `-E03`, `-03`, `S01E02.S01E03`, `x05`."""
    season, end = int(match["season"]), match.end()
    numbers = [int(match["first"])]
    while len(numbers) < 600:
        more = _CROSS_MORE.match(text, end) or _MORE.match(text, end)
        if more:
            found = more.groupdict()
            named = found.get("season") or found.get("season2")
            number = int(found.get("number") or found.get("number2") or found.get("same") or 0)
            ranged = "-" in (found.get("gap") or found.get("gap2") or more[0]) or "~" in more[0]
            if named and int(named) != season or number <= numbers[-1]:
                break
        elif more := _BARE.match(text, end):
            number, ranged = int(more["number"] or more["next"]), (more["gap"] or ".") in "-_~"
            width = more.end() - more.start() - 1
            if (
                number <= numbers[-1]
                or number > numbers[-1] + 99
                or (more["dot"] and number != numbers[-1] + 1)
                or width > max(3, len(match["first"]))
            ):
                break
        else:
            break
        numbers.extend(span(numbers[-1], number)[1:] if ranged else (number,))
        end = more.end()
    if end < len(text) and text[end] in "])":
        end += 1
    return Marker(match.start(), end, reason, confidence, season, tuple(numbers))
