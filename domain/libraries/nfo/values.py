"""Reads single values the way NFO writers spell them; whatever cannot be read is absent (None)."""

import math
import re
from datetime import date, datetime
from decimal import Decimal

_INTEGER = re.compile(r"([+-]?[0-9]{1,9})(?:[.,]0{1,6})?\Z")
_DECIMAL = re.compile(r"([0-9]{1,9})(?:[.,]([0-9]{1,12}))?\Z")
_COUNT = re.compile(r"[0-9]{1,3}(?:[,.'\u00a0\u202f ][0-9]{3}){1,4}\Z")
_ISO_DATE = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})(?![0-9])")
_COMPACT_DATE = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})(?![0-9])")
_LOCAL_DATE = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4})(?![0-9])")
_YEAR = re.compile(r"(?<![0-9])([0-9]{4})(?![0-9])")
_CLOCK = re.compile(r"([0-9]{1,3}):([0-9]{2})(?::([0-9]{2}))?\Z")
_HOURS = re.compile(r"(?:([0-9]{1,3})\s{0,3}h[a-z]{0,5}\.?\s{0,3})?(?:([0-9]{1,5})\s{0,3}(?:m[a-z]{0,6}\.?)?)?\Z", re.IGNORECASE)
_FIRST_YEAR = 1000  # .NET and Kodi write 0001-01-01 for "no date"
_EPOCH_MARKS = frozenset({date(1601, 1, 1), date(1969, 12, 31)})  # what Kodi writes for "no date"
_LONGEST_MINUTES = 100_000


def one_line(text: str | None) -> str | None:
    """The text with every run of white space as one space; None if nothing is left."""
    return " ".join(text.split()) or None if text else None


def paragraphs(text: str | None) -> str | None:
    """The text with its line breaks, without white space at its ends; None if nothing is left."""
    return text.strip() or None if text else None


def whole(text: str | None, *, low: int = 0, high: int = 999_999_999) -> int | None:
    """An integer within the bounds; `12.0` is 12."""
    match = _INTEGER.match((text or "").strip())
    if match is None:
        return None
    value = int(match[1])
    return value if low <= value <= high else None


def count(text: str | None) -> int | None:
    """A number of votes or the like, with any thousands separator."""
    stripped = (text or "").strip()
    if _COUNT.match(stripped):
        return int("".join(character for character in stripped if character.isascii() and character.isdigit()))
    return whole(stripped)


def decimal(text: str | None) -> Decimal | None:
    """A number that is not negative, with a decimal point or comma."""
    match = _DECIMAL.match((text or "").strip())
    return Decimal(f"{match[1]}.{match[2] or '0'}") if match else None


def boolean(text: str | None) -> bool | None:
    """`true`, `True`, `1` and `yes`, or their opposites."""
    word = (text or "").strip().lower()
    if word in ("true", "1", "yes"):
        return True
    return False if word in ("false", "0", "no") else None


def day(text: str | None) -> date | None:
    """A date from an ISO text (a time may follow) or a local short date whose order of day and month is beyond doubt."""
    stripped = (text or "").strip()
    if match := _ISO_DATE.match(stripped) or _COMPACT_DATE.match(stripped):
        return _real_day(int(match[1]), int(match[2]), int(match[3]))
    if match := _LOCAL_DATE.match(stripped):
        first, second, year = int(match[1]), int(match[3]), int(match[4])
        if match[2] == "." or first > 12 or first == second:
            return _real_day(year, second, first)
        if second > 12:
            return _real_day(year, first, second)
    return None


def year(text: str | None) -> int | None:
    """The only or first four-digit year of a text, 1000 or later."""
    match = _YEAR.search((text or "")[:100])
    value = int(match[1]) if match else 0
    return value if value >= _FIRST_YEAR else None


def moment(text: str | None) -> datetime | None:
    """A date with or without a time; naive (the writer's wall clock) unless the text names an offset."""
    stripped = (text or "").strip()
    try:
        value = datetime.fromisoformat(stripped)
    except ValueError:
        known = day(stripped)
        return datetime.fromisoformat(known.isoformat()) if known else None
    return value if _real_day(value.year, value.month, value.day) else None


def minutes(text: str | None) -> int | None:
    """A runtime in minutes from `95`, `95 min`, `1h 35m` or `01:35:00`; 0 is absent."""
    stripped = (text or "").strip()
    if match := _CLOCK.match(stripped):
        total = int(match[1]) * 60 + int(match[2])
    elif (plain := decimal(stripped)) is not None:
        total = round(plain)
    elif stripped and (match := _HOURS.match(stripped)):
        total = int(match[1] or 0) * 60 + int(match[2] or 0)
    else:
        return None
    return total if 0 < total < _LONGEST_MINUTES else None


def milliseconds(seconds: str | None) -> int | None:
    """Milliseconds from a text in seconds; 0 is absent."""
    value = decimal(seconds)
    return math.floor(value * 1000) or None if value else None


def _real_day(year_: int, month: int, day_: int) -> date | None:
    try:
        value = date(year_, month, day_)
    except ValueError:
        return None
    return value if year_ >= _FIRST_YEAR and value not in _EPOCH_MARKS else None
