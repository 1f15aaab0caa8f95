"""The circuit breaker: five failures in a row open it, five minutes later one request at a time tries, two successes close it.

Source: Metarr's behaviour, 12.3. The state is a row, so that every process and the next start know it.
"""

from datetime import datetime, timedelta
from typing import Final

from domain.kit.errors import Paused
from domain.providers.enums import BreakerState
from domain.providers.tables import ProviderConfig

FAILURES: Final = 5
SUCCESSES: Final = 2
OPEN: Final = timedelta(minutes=5)
TRIAL: Final = timedelta(minutes=1)
"""After this a trial of which nobody heard (its process died) counts as lost, and the next one may go."""


def check(config: ProviderConfig, now: datetime) -> None:
    """Raises Paused while the provider is to be left alone."""
    if config.retry_at is not None and now < config.retry_at:
        what = "is being tried again" if config.breaker is BreakerState.HALF_OPEN else f"failed {FAILURES} times in a row"
        raise Paused(f"{config.name} {what}; it is asked again a little later.", retry_at=config.retry_at)


def begin(config: ProviderConfig, now: datetime) -> bool:
    """A request goes out, after `check`; whether it is the first trial. While the breaker is not closed it is the only one."""
    if config.breaker is BreakerState.CLOSED:
        return False
    is_first = config.breaker is BreakerState.OPEN
    if is_first:
        config.breaker, config.successes = BreakerState.HALF_OPEN, 0
    config.retry_at = now + TRIAL
    return is_first


def succeeded(config: ProviderConfig, now: datetime) -> bool:
    """A request came back; whether that closed the breaker."""
    if config.breaker is BreakerState.CLOSED:
        if config.failures:
            config.failures = 0
        return False
    if config.breaker is BreakerState.OPEN:  # an answer to what was asked before it opened
        return False
    config.successes += 1
    if config.successes < SUCCESSES:
        config.retry_at = now
        return False
    config.breaker, config.failures, config.successes, config.retry_at = BreakerState.CLOSED, 0, 0, None
    return True


def failed(config: ProviderConfig, now: datetime) -> bool:
    """A request came to nothing; whether that opened the breaker."""
    if config.breaker is BreakerState.OPEN:
        return False
    if config.breaker is BreakerState.CLOSED:
        config.failures += 1
        if config.failures < FAILURES:
            return False
    config.breaker, config.successes, config.retry_at = BreakerState.OPEN, 0, now + OPEN
    return True


def neither(config: ProviderConfig, now: datetime) -> None:
    """A request told nothing about the provider's health (our key, our limit): the next trial may go at once."""
    if config.breaker is BreakerState.HALF_OPEN:
        config.retry_at = now
