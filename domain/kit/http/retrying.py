"""When a server wants to be asked again: both forms of Retry-After (RFC 9110, 10.2.3)."""

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

LONGEST: Final = timedelta(days=1)
"""Whoever names a later day is asked again tomorrow all the same."""


def retry_after(text: str | None, now: datetime) -> datetime | None:
    """The moment that seconds or an HTTP date name, at least `now` and at most a day later; None where neither stands there."""
    if text is None:
        return None
    text = text.strip()
    if re.fullmatch(r"[0-9]{1,12}", text):
        return min(now + timedelta(seconds=min(int(text), 100_000)), now + LONGEST)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return min(max(moment.astimezone(UTC), now), now + LONGEST)
