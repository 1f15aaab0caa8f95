"""Many jobs asked for at once, each of which begins a chain: for doors where a lot comes in."""

from collections.abc import Sequence
from datetime import timedelta

import sqlalchemy as sa

from domain.jobs import doorbell
from domain.jobs.declaring import Kind, P
from domain.jobs.enums import JobStatus
from domain.jobs.tables import JOBS
from domain.kit.database import UnitOfWork
from domain.kit.ids import CODE_OF, global_id
from domain.system import events


def begin_chains(uow: UnitOfWork, kind: Kind[P], wanted: Sequence[tuple[P, str]], *, wait: timedelta = timedelta(0)) -> list[int]:
    """A job for each (payload, subject), in a few statements for all; their keys, in that order. They begin after `wait`.

    Each is the first of a chain that is named after it. Nothing is compared: every one is new.
    """
    if not wanted:
        return []
    same = {
        "kind": kind.name, "queue": kind.queue, "priority": kind.priority, "status": JobStatus.PENDING, "pending_deps": 0,
        "run_at": uow.now() + wait, "max_attempts": kind.max_attempts, "attempts": 0, "deaths": 0, "lease_token": 0,
        "request_id": uow.request_id, "created_at": uow.now(), "updated_at": uow.now(),
    }  # fmt: skip
    rows = [{**same, "payload": kind.encode(payload), "subject": subject} for payload, subject in wanted]
    connection = uow.session.connection()
    insert = sa.insert(JOBS).returning(JOBS.c.id, sort_by_parameter_order=True)
    keys = list(connection.execute(insert, rows).scalars())
    name = sa.literal(f"{CODE_OF['jobs']}_").concat(sa.cast(JOBS.c.id, sa.String))
    connection.execute(sa.update(JOBS).where(JOBS.c.id.in_(keys)).values(chain=name))
    facts = [
        events.Fact(
            "job.created", global_id("jobs", key),
            {"kind": kind.name, "status": JobStatus.PENDING.value, "about": subject, "chain": global_id("jobs", key)},
            ("status",),
        )
        for key, (_, subject) in zip(keys, wanted, strict=True)
    ]  # fmt: skip
    events.emit_many(uow, facts, topic="jobs")
    if not wait:
        doorbell.ring_after_commit(uow, kind.queue)
    return keys
