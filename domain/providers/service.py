"""What a person decides about a provider, and what a test of it brought."""

import re
from collections.abc import Mapping
from typing import Any, Final

from sqlmodel import col, select

from domain.catalog.provider_order import LOCAL
from domain.kit.database import UnitOfWork
from domain.kit.errors import Invalid, KeyRefused, NotFound, Upstream, VersionConflict
from domain.kit.ids import global_id
from domain.kit.sealing import seal
from domain.kit.spelling import camel
from domain.providers import local
from domain.providers.desk import purpose
from domain.providers.enums import BreakerState, TestOutcome
from domain.providers.known import provider_named
from domain.providers.responses import forget
from domain.providers.tables import ProviderConfig
from domain.system import audit, events
from domain.system.audit_tables import AuditSeverity

FIELDS: Final = frozenset({"is_enabled", "language", "region", "rate_limit", "priority"})
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Z]{2})?")
MOST_A_SECOND: Final = 1_000.0


def get_provider(uow: UnitOfWork, provider_id: int) -> ProviderConfig:
    """The row, for changing it. Raises NotFound."""
    row_is = col(ProviderConfig.id) == provider_id
    query = select(ProviderConfig).where(row_is).with_for_update()  # unguarded: only admins change it
    row = uow.session.exec(query).first()
    if row is None:
        raise NotFound("There is no such provider. `providers` lists them.", path=("id",))
    return row


def update(
    uow: UnitOfWork, *, provider_id: int, changes: Mapping[str, Any], secret: bytes, expected_version: int | None = None
) -> ProviderConfig:
    """Change what `changes` holds: is_enabled, language, region, rate_limit, priority, key (clear text; None = take it away).

    `secret` is the installation's key. Another key gives the provider another chance: breaker and cache begin anew.
    Raises NotFound, Invalid, VersionConflict.
    """
    row = get_provider(uow, provider_id)
    subject = global_id("provider_configs", row.id)
    if expected_version is not None and expected_version != row.version:
        message = "Somebody changed this provider since you read it."
        raise VersionConflict(message, current=row.version, entity_id=subject)
    if row.name == LOCAL:
        local.check_changes(changes)
    _check(changes)
    for name in FIELDS & changes.keys():
        setattr(row, name, changes[name])
    if "key" in changes:
        _put_key(uow, row, changes["key"], secret)
    row.version += 1
    uow.session.flush()
    fields = sorted(changes)  # names alone: the key is nobody's business
    audit.record(uow, "provider.updated", subject=subject, severity=AuditSeverity.CRITICAL, details={"fields": fields})
    events.emit(uow, "provider.updated", subject, topic="providers", changed_fields=[camel(name) for name in fields])
    return row


def _put_key(uow: UnitOfWork, row: ProviderConfig, key: str | None, secret: bytes) -> None:
    if key is None:
        row.key = None
    else:
        provider_named(row.name).check_key(key)
        row.key = seal(secret, purpose(row.name), key)
    row.token = row.last_test = row.last_tested_at = row.last_test_error = None
    row.breaker, row.failures, row.successes, row.retry_at = BreakerState.CLOSED, 0, 0, None
    row.blocked_until = None
    forget(uow, row.name)


def _check(changes: Mapping[str, Any]) -> None:
    if "language" in changes and not _LANGUAGE.fullmatch(changes["language"]):
        raise Invalid("A language is two or three letters, with a region if need be: pl, pt-BR.", path=("language",))
    region = changes.get("region")
    if region is not None and not re.fullmatch(r"[A-Z]{2}", region):
        raise Invalid("A region is an ISO 3166-1 code of two capitals: PL.", path=("region",))
    rate = changes.get("rate_limit")
    if rate is not None and not 0.001 <= rate <= MOST_A_SECOND:
        raise Invalid(f"A provider is asked 0.001 to {MOST_A_SECOND:,.0f} times a second.", path=("rateLimit",))
    if "priority" in changes and not 1 <= changes["priority"] <= 1_000:
        raise Invalid("A priority is 1 (first) to 1,000.", path=("priority",))


def note_test(uow: UnitOfWork, *, provider_id: int, error: Upstream | None) -> None:
    """Remember what a test brought; None = it passed."""
    row = get_provider(uow, provider_id)
    row.last_tested_at = uow.now()
    row.last_test_error = None if error is None else error.message
    row.last_test = TestOutcome.PASSED
    if error is not None:
        row.last_test = TestOutcome.KEY_REFUSED if isinstance(error, KeyRefused) else TestOutcome.FAILED
    subject = global_id("provider_configs", row.id)
    events.emit(uow, "provider.tested", subject, topic="providers", changed_fields=("lastTest", "lastTestedAt", "lastTestError"))
