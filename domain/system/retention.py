"""How long rows are kept: each feature lists its rules, one job prunes them in small bites."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import sqlalchemy as sa

from domain.kit.database import Database, UnitOfWork
from domain.system import events
from domain.system.tables import IdempotencyKey, InboundEvent

BITE: Final = 500
"""Rows per transaction: others want to write too."""


@dataclass(frozen=True, slots=True)
class Rule:
    """`prune(uow, limit)` deletes at most `limit` rows that are due and answers how many it deleted."""

    name: str
    prune: Callable[[UnitOfWork, int], int]


def older_than(name: str, model: Any, column: str, *, kept: timedelta = timedelta(0), where: Any = None) -> Rule:
    """Rows whose `column` (an instant) lies further back than `kept`; with `kept` 0 the column says when they expire."""
    table: sa.Table = model.__table__
    key = next(iter(table.primary_key.columns))

    def prune(uow: UnitOfWork, limit: int) -> int:
        due = sa.select(key).where(table.c[column] < uow.now() - kept)
        if where is not None:
            due = due.where(where)
        keys = uow.session.execute(due.order_by(table.c[column]).limit(limit)).scalars().all()
        if keys:
            uow.session.execute(sa.delete(table).where(key.in_(keys)))
        return len(keys)

    return Rule(name, prune)


def event_rule(days: int) -> Rule:
    """The event log, by age."""
    return Rule("events", lambda uow, limit: events.prune(uow, before=uow.now() - timedelta(days=days), limit=limit))


RULES: Final = (
    older_than("idempotency_keys", IdempotencyKey, "expires_at"),
    older_than("inbound_events", InboundEvent, "created_at", kept=timedelta(days=30)),
)


def prune_all(database: Database, rules: tuple[Rule, ...], *, between: Callable[[], None]) -> dict[str, int]:
    """Apply every rule until nothing is due; rows deleted by rule. `between` is called between two bites (it may raise)."""
    counts: dict[str, int] = {}
    for rule in rules:
        counts[rule.name] = 0
        while True:
            between()
            with database.transaction() as uow:
                deleted = rule.prune(uow, BITE)
            counts[rule.name] += deleted
            if deleted < BITE:
                break
    return counts
