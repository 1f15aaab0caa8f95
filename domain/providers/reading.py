"""Reading what strangers send: each function takes any JSON value and answers a value of its type, or None."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

Row = Mapping[str, Any]
MOST_TEXT: Final = 20_000
MOST_ROWS: Final = 2_000
"""Entries of one list that are looked at; the rest is left out."""


def text(value: Any) -> str | None:
    """Trimmed text without control characters; None for "" as well."""
    if not isinstance(value, str):
        return None
    cleaned = "".join(c for c in value[:MOST_TEXT] if c in "\n\t" or (c >= " " and not "\ud800" <= c <= "\udfff")).strip()
    return cleaned or None


def whole(value: Any) -> int | None:
    """A whole number that every column holds."""
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value or abs(value) >= 2**53:
        return None
    return int(value)


def positive(value: Any) -> int | None:
    """A whole number above 0: providers write 0 for "not known"."""
    number = whole(value)
    return number if number is not None and number > 0 else None


def identifier(value: Any) -> str | None:
    """A number or short text that names something."""
    if isinstance(value, str):
        return value if re.fullmatch(r"[A-Za-z0-9_.:-]{1,100}", value) else None
    number = positive(value)
    return None if number is None else str(number)


def real(value: Any) -> float | None:
    """A finite number, not negative."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e12:
        return None
    return float(value)


def score(value: Any, votes: int | None) -> Decimal | None:
    """A score of 0 to 10 with three decimals; None where nobody voted."""
    number = real(value)
    if number is None or number > 10 or not votes:
        return None
    return Decimal(str(number)).quantize(Decimal("0.001"))


def day(value: Any) -> date | None:
    """The day of `2019-11-05`, with or without a time behind it."""
    match = re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value) if isinstance(value, str) else None
    try:
        return None if match is None else date.fromisoformat(match[0])
    except ValueError:
        return None


def country(value: Any) -> str | None:
    """An ISO 3166-1 code of two capitals."""
    return value if isinstance(value, str) and re.fullmatch(r"[A-Z]{2}", value) else None


def language(value: Any) -> str | None:
    """An ISO 639-1 code; None for "no language" in its spellings."""
    return value if isinstance(value, str) and re.fullmatch(r"[a-z]{2,3}", value) and value != "xx" else None


def row(value: Any) -> Row:
    """An object; empty where there is none."""
    return value if isinstance(value, dict) else {}


def rows(value: Any) -> Iterator[Row]:
    """The objects of a list."""
    if isinstance(value, list):
        yield from (each for each in value[:MOST_ROWS] if isinstance(each, dict))


def names(value: Any) -> tuple[str, ...]:
    """The `name` of each object of a list, once."""
    return tuple(dict.fromkeys(name for each in rows(value) if (name := text(each.get("name"))) is not None))
