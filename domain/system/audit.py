"""Writing to the audit log, in the transaction of the act itself."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from domain.kit.database import UnitOfWork
from domain.system.audit_tables import AuditEntry, AuditSeverity


def record(
    uow: UnitOfWork,
    action: str,
    *,
    subject: str | None = None,
    severity: AuditSeverity = AuditSeverity.NORMAL,
    ip_address: str | None = None,
    user_agent: str | None = None,
    details: dict[str, Any] | None = None,
) -> None:
    """Append an entry: `record(uow, "user.created", subject="usr_7")`. Never put secrets into `details`."""
    uow.session.add(
        AuditEntry(
            at=uow.now(),
            actor=uow.actor,
            action=action,
            subject=subject,
            severity=severity,
            ip_address=ip_address,
            user_agent=user_agent[:300] if user_agent else None,
            details=details or {},
            request_id=uow.request_id or None,
        )
    )


def record_many(uow: UnitOfWork, action: str, details: Mapping[str, dict[str, Any]]) -> None:
    """Append an entry of one act for each subject, in one statement: `record_many(uow, "item.updated", {"itm_7": {}})`."""
    same = {"at": uow.now(), "actor": uow.actor, "action": action, "request_id": uow.request_id or None}
    rows = [{**same, "subject": subject, "details": more} for subject, more in details.items()]
    if rows:
        uow.session.connection().execute(sa.insert(AuditEntry), rows)
