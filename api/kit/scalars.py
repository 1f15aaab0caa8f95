"""The API's scalars: Python types, their texts, and the map that Strawberry's configuration takes."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, NewType
from urllib.parse import urlsplit
from zoneinfo import available_timezones

import strawberry
from cronsim import CronSim, CronSimError
from strawberry.scalars import JSON
from strawberry.types.scalar import ScalarDefinition

from domain.kit.types import instant_text

__all__ = ["JSON", "MAX_BIG_INT", "SCALARS", "URL", "BigInt", "Cron", "Duration", "Locale", "TimeZone"]

MAX_BIG_INT: Final = 2**53 - 1

BigInt = NewType("BigInt", int)
Duration = NewType("Duration", int)
"""Milliseconds inside, ISO 8601 outside."""
URL = NewType("URL", str)
TimeZone = NewType("TimeZone", str)
Cron = NewType("Cron", str)
Locale = NewType("Locale", str)

_DURATION = re.compile(r"(-?)P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:[.,](\d{1,9}))?S)?)?")
_LOCALE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z]{4})?(?:-(?:[A-Za-z]{2}|\d{3}))?(?:-(?:[A-Za-z\d]{5,8}|\d[A-Za-z\d]{3}))*")


def big_int(value: Any) -> int:
    """The integer, if a JSON number carries it exactly. Raises ValueError."""
    if isinstance(value, bool) or not isinstance(value, int) or not -MAX_BIG_INT <= value <= MAX_BIG_INT:
        raise ValueError(f"BigInt cannot represent {value!r}: it takes whole numbers up to 2^53 - 1.")
    return value


def duration_text(milliseconds: int) -> str:
    """`5025000` is `PT1H23M45S`: hours, minutes and seconds as ISO 8601 writes them, never days."""
    seconds, rest = divmod(abs(milliseconds), 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    fraction = f".{rest:03}".rstrip("0") if rest else ""
    parts = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
    if seconds or rest or not parts:
        parts += f"{seconds}{fraction}S"
    return f"{'-' if milliseconds < 0 else ''}PT{parts}"


def parse_duration(value: Any) -> int:
    """Milliseconds of an ISO 8601 duration of days, hours, minutes and seconds. Raises ValueError."""
    match = _DURATION.fullmatch(value) if isinstance(value, str) else None
    if match is None or not any(match.groups()[1:]) or value.endswith("T"):
        raise ValueError(f"{value!r} is no ISO 8601 duration of days, hours, minutes and seconds, such as PT1H23M45S.")
    days, hours, minutes, seconds = (int(each or 0) for each in match.groups()[1:5])
    thousandths = int((match[6] or "").ljust(3, "0")[:3])
    total = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds, milliseconds=thousandths)
    return (total // timedelta(milliseconds=1)) * (-1 if match[1] else 1)


def _parse_moment(value: Any) -> datetime:
    try:
        moment = datetime.fromisoformat(value)
        is_whole = moment.utcoffset() is not None and "T" in value.upper()
    except (TypeError, ValueError):
        is_whole = False
    if not is_whole:
        raise ValueError(f"{value!r} is no RFC 3339 moment with time zone, such as 2026-01-31T20:15:00Z.")
    try:
        moment = moment.astimezone(UTC)
    except OverflowError:
        moment = moment.replace(year=1)
    if moment.year < 1000:
        raise ValueError(f"{value!r} lies outside the years 1000 to 9999.")
    return moment


def _parse_day(value: Any) -> date:
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        raise ValueError(f"{value!r} is no date such as 2026-01-31.")
    return date.fromisoformat(value)


def _parse_url(value: Any) -> str:
    if not isinstance(value, str) or value != value.strip() or urlsplit(value).scheme not in ("http", "https"):
        raise ValueError(f"{value!r} is no http or https URL.")
    if not urlsplit(value).hostname:
        raise ValueError(f"{value!r} names no host.")
    return value


def _parse_zone(value: Any) -> str:
    if not isinstance(value, str) or value not in available_timezones():
        raise ValueError(f"{value!r} is no time zone of the IANA database, such as Europe/Berlin.")
    return str(value)


def _parse_cron(value: Any) -> str:
    try:
        CronSim(value, datetime(2000, 1, 1, tzinfo=UTC))
    except (CronSimError, TypeError, AttributeError):
        raise ValueError(f"{value!r} is no cron expression of five fields, such as '30 4 * * *'.") from None
    return str(value)


def _parse_locale(value: Any) -> str:
    if not isinstance(value, str) or not _LOCALE.fullmatch(value):
        raise ValueError(f"{value!r} is no language tag, such as de or pt-BR.")
    return value


def _same(value: Any) -> Any:
    return value


SCALARS: Final[Mapping[object, ScalarDefinition]] = {
    datetime: strawberry.scalar(
        name="DateTime",
        description="A moment in RFC 3339, in UTC with microseconds: always 27 characters, so text order is time order.",
        specified_by_url="https://scalars.graphql.org/andimarek/date-time.html",
        serialize=instant_text,
        parse_value=_parse_moment,
    ),
    date: strawberry.scalar(
        name="Date",
        description="A day of the calendar, such as 2026-01-31, without a time zone.",
        specified_by_url="https://scalars.graphql.org/andimarek/local-date.html",
        serialize=date.isoformat,
        parse_value=_parse_day,
    ),
    BigInt: strawberry.scalar(
        name="BigInt",
        description="A whole number beyond 32 bits, as a JSON number between -(2^53 - 1) and 2^53 - 1: exact in every client.",
        serialize=big_int,
        parse_value=big_int,
    ),
    Duration: strawberry.scalar(
        name="Duration",
        description="A length of time as ISO 8601 writes it, to the millisecond, such as PT1H23M45.5S.",
        specified_by_url="https://www.rfc-editor.org/rfc/rfc3339#appendix-A",
        serialize=duration_text,
        parse_value=parse_duration,
    ),
    URL: strawberry.scalar(
        name="URL",
        description="An absolute http or https address.",
        specified_by_url="https://url.spec.whatwg.org/",
        serialize=_same,
        parse_value=_parse_url,
    ),
    TimeZone: strawberry.scalar(
        name="TimeZone",
        description="A name of the IANA time zone database, such as Europe/Berlin.",
        specified_by_url="https://www.iana.org/time-zones",
        serialize=_same,
        parse_value=_parse_zone,
    ),
    Cron: strawberry.scalar(
        name="Cron",
        description="Five fields: minute, hour, day of month, month, day of week (0 is Sunday), such as '30 4 * * *'.",
        specified_by_url="https://man7.org/linux/man-pages/man5/crontab.5.html",
        serialize=_same,
        parse_value=_parse_cron,
    ),
    Locale: strawberry.scalar(
        name="Locale",
        description="A language tag of BCP 47, such as de or pt-BR.",
        specified_by_url="https://www.rfc-editor.org/info/bcp47",
        serialize=_same,
        parse_value=_parse_locale,
    ),
    JSON: strawberry.scalar(
        name="JSON",
        description="Data whose shape is open, as any JSON value.",
        specified_by_url="https://www.rfc-editor.org/rfc/rfc8259",
        serialize=_same,
        parse_value=_same,
    ),
}
"""For `StrawberryConfig(scalar_map=SCALARS)`."""
