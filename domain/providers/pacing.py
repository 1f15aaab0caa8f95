"""The rate limit: a sliding window of the requests that went out, in the provider's row, so that processes share it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.providers.tables import ProviderConfig


@dataclass(frozen=True, slots=True)
class Pace:
    """At most `requests` in any `window_s` seconds."""

    requests: int
    window_s: float


def pace_of(config: ProviderConfig, usual: Pace) -> Pace:
    """The person's own limit where one is set: so many a second, or one in so many seconds."""
    if config.rate_limit is None:
        return usual
    requests = max(1, int(config.rate_limit))
    return Pace(requests, requests / config.rate_limit)


def usual_rate(pace: Pace) -> float:
    """Requests a second in the long run."""
    return pace.requests / pace.window_s


def wait_s(config: ProviderConfig, usual: Pace, now: datetime) -> float:
    """Seconds until the next request may go; 0 = now. Forgets what has left the window."""
    if config.blocked_until is not None:
        if now < config.blocked_until:
            return (config.blocked_until - now).total_seconds()
        config.blocked_until = None
    pace = pace_of(config, usual)
    window = timedelta(seconds=pace.window_s)
    kept = [each for each in config.recent if now - window < moment(each) <= now]
    if kept != config.recent:
        config.recent = kept
    if len(kept) < pace.requests:
        return 0.0
    return max(0.001, (moment(kept[-pace.requests]) + window - now).total_seconds())


def count(config: ProviderConfig, now: datetime) -> None:
    """A request goes out."""
    config.recent = [*config.recent, int(now.timestamp() * 1000)]


def moment(milliseconds: int) -> datetime:
    """The instant so long after 1970."""
    return _EPOCH + timedelta(milliseconds=milliseconds)


_EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
