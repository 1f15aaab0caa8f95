"""Upkeep: old rows go."""

from datetime import timedelta
from typing import Final

from domain.accounts.tables import BrowserSession, DeviceCode, PasswordReset
from domain.jobs import retention as jobs
from domain.jobs.kinds import RETENTION, NoPayload
from domain.system import retention as system
from domain.system.retention import older_than
from workers.runtime import JobContext, job

ACCOUNTS: Final = (
    older_than("sessions", BrowserSession, "expires_at"),
    older_than("device_codes", DeviceCode, "expires_at"),
    older_than("password_resets", PasswordReset, "expires_at", kept=timedelta(days=1)),
)


@job(RETENTION)
def retain(context: JobContext[NoPayload]) -> dict[str, int]:
    """Delete what is older than its rule says; rows deleted by rule."""
    rules = (*system.RULES, system.event_rule(context.settings.event_retention_days), *jobs.RULES, *ACCOUNTS)
    return system.prune_all(context.database, rules, between=context.check_cancelled)
