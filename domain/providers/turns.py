"""Before and after a request: its turn by limit and breaker, then what it tells of the provider. One short transaction each."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from sqlmodel import col, select

from domain.catalog.tables import MediaType
from domain.kit.database import UnitOfWork
from domain.kit.ids import global_id
from domain.kit.types import instant_text
from domain.providers import breaker, pacing
from domain.providers.model import Request
from domain.providers.pacing import Pace
from domain.providers.responses import Fetched, keep
from domain.providers.tables import ProviderConfig, ProviderStatistic
from domain.system import events


class Health(Enum):
    """What a request says of its provider."""

    WELL = "it answered"
    ILL = "it failed"
    UNTOLD = "it answered, but refused us"


@dataclass(frozen=True, slots=True)
class Result:
    """How a request ended."""

    health: Health
    took_ms: int
    fetched: Fetched | None = None
    blocked_until: datetime | None = None


def take(uow: UnitOfWork, *, provider_id: int, pace: Pace) -> float:
    """0 when the request may go now, and it is counted; else the seconds to wait. Raises Paused."""
    config, now = _held(uow, provider_id), uow.now()
    breaker.check(config, now)
    seconds = pacing.wait_s(config, pace, now)
    if seconds == 0:
        if breaker.begin(config, now):
            _tell(uow, config, "provider.breaker_half_opened")
        pacing.count(config, now)
    return seconds


def end(uow: UnitOfWork, *, provider_id: int, request: Request, result: Result) -> None:
    """Store the answer, count the request, and move the breaker."""
    config, now = _held(uow, provider_id), uow.now()
    if result.blocked_until is not None and (config.blocked_until is None or config.blocked_until < result.blocked_until):
        is_news = config.blocked_until is None or config.blocked_until <= now
        config.blocked_until = result.blocked_until
        if is_news:
            _tell(uow, config, "provider.rate_limited", retryAt=instant_text(config.blocked_until))
    if result.fetched is not None:
        keep(uow, config.name, request, result.fetched)
    _count(uow, config, request.media_type, result, now)
    if result.health is Health.UNTOLD:
        breaker.neither(config, now)
    elif result.health is Health.WELL:
        if breaker.succeeded(config, now):
            _tell(uow, config, "provider.breaker_closed")
    elif breaker.failed(config, now):
        assert config.retry_at is not None
        _tell(uow, config, "provider.breaker_opened", retryAt=instant_text(config.retry_at))


def _held(uow: UnitOfWork, provider_id: int) -> ProviderConfig:
    """The provider's row, for this transaction alone: requests to one provider are counted one after the other."""
    row_is = col(ProviderConfig.id) == provider_id
    query = select(ProviderConfig).where(row_is).with_for_update()  # unguarded: automation asks on everybody's behalf
    return uow.session.exec(query).one()


def _tell(uow: UnitOfWork, config: ProviderConfig, type: str, **payload: Any) -> None:
    subject = global_id("provider_configs", config.id)
    events.emit(uow, type, subject, topic="providers", payload={"name": config.name, **payload}, changed_fields=("state",))


def _count(uow: UnitOfWork, config: ProviderConfig, media_type: str | None, result: Result, now: datetime) -> None:
    type_id = None
    if media_type is not None:
        type_id = uow.session.exec(select(MediaType.id).where(col(MediaType.name) == media_type)).first()
    query = select(ProviderStatistic).where(
        col(ProviderStatistic.provider_id) == config.id,
        col(ProviderStatistic.media_type_id).is_(None) if type_id is None else col(ProviderStatistic.media_type_id) == type_id,
        col(ProviderStatistic.day) == now.date(),
    )  # unguarded: written by whoever asked
    row = uow.session.exec(query).first()
    if row is None:
        row = ProviderStatistic(provider_id=config.id, media_type_id=type_id, day=now.date())
        uow.session.add(row)
    if result.health is Health.WELL:
        row.success_count, row.last_success_at = row.success_count + 1, now
    else:
        row.failure_count, row.last_failure_at = row.failure_count + 1, now
    row.total_response_ms += result.took_ms
    row.average_response_ms = round(row.total_response_ms / (row.success_count + row.failure_count))
