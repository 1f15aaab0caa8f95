"""Air dates of daily shows: `2013.10.30`, `30.10.2013`, `20131030`, `Oct 30 2013`."""

import re
from datetime import date

from domain.libraries.names.marker import Marker

_YEAR_FIRST = re.compile(r"(?<![^\W_])(?P<y>(?:19|20)\d\d)(?P<sep>[ ._\-x/])(?P<m>[01]?\d)[ ._\-/](?P<d>[0-3]?\d)(?![0-9])")
_YEAR_LAST = re.compile(r"(?<![^\W_])(?P<a>[0-3]?\d)(?P<sep>[ ._\-/])(?P<b>[0-3]?\d)(?P=sep)(?P<y>(?:19|20)\d\d)(?![^\W_])")
_COMPACT = re.compile(r"(?<![^\W_])(?P<y>(?:19|20)\d\d)(?P<m>0[1-9]|1[0-2])(?P<d>[0-2]\d|3[01])(?![^\W_])")
_SHORT = re.compile(r"(?<![^\W_])(?P<y>\d\d)(?P<sep>[.\-]|)(?P<m>0[1-9]|1[0-2])(?P=sep)(?P<d>[0-2]\d|3[01])(?![^\W_])")
_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTHS = {name: number for number, name in enumerate(_NAMES, 1)}
_MONTH = "|".join(_NAMES)
_NAMED = re.compile(
    rf"(?<![^\W_])(?:(?P<d>[0-3]?\d)(?:st|nd|rd|th)?[ ._-](?:of )?(?P<m>{_MONTH})[a-z]{{0,6}}"
    rf"|(?P<m2>{_MONTH})[a-z]{{0,6}}[ ._-](?P<d2>[0-3]?\d)(?:st|nd|rd|th)?),?[ ._-]{{1,2}}(?P<y>(?:19|20)\d\d)(?![^\W_])",
    re.IGNORECASE,
)
_PART = re.compile(r"[ ._\-(\[]{0,3}(?:part|pt)[ ._-]?(\d)(?![^\W_])", re.IGNORECASE)


def _date(year: int, month: int, day: int) -> date | None:
    """Return the date, with month and day exchanged when that alone makes one; None when neither does."""
    if month > 12 >= day:
        month, day = day, month
    try:
        return date(year, month, day)
    except ValueError:
        return None


def find(text: str) -> Marker | None:
    """Find an air date. Of two readings of `10-11-2008` the day comes first."""
    found: tuple[re.Match[str], date | None] | None = None
    if match := _YEAR_FIRST.search(text):
        found = match, _date(int(match["y"]), int(match["m"]), int(match["d"]))
    if (not found or not found[1]) and (match := _YEAR_LAST.search(text)):
        found = match, _date(int(match["y"]), int(match["b"]), int(match["a"]))
    if (not found or not found[1]) and (match := _COMPACT.search(text)):
        found = match, _date(int(match["y"]), int(match["m"]), int(match["d"]))
    if (not found or not found[1]) and (match := _NAMED.search(text)):
        month = _MONTHS[(match["m"] or match["m2"]).lower()]
        found = match, _date(int(match["y"]), month, int(match["d"] or match["d2"]))
    if not found or not found[1]:
        return None
    match, day = found
    part = _PART.match(text, match.end())
    return Marker(
        match.start(),
        part.end() if part else match.end(),
        "air date",
        0.95,
        air_date=day,
        daily_part=int(part[1]) if part else None,
    )


def find_short(text: str) -> Marker | None:
    """Find an air date with a two-digit year, year first (`18.03.21`): only where a show is expected."""
    match = _SHORT.search(text)
    day = _date(2000 + int(match["y"]), int(match["m"]), int(match["d"])) if match else None
    if not match or not day:
        return None
    return Marker(match.start(), match.end(), "short air date", 0.8, air_date=day)
