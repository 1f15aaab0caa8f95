"""Works off jobs in this thread, as a worker does."""

from typing import Any

import orjson
import sqlalchemy as sa

import workers.actors
from domain.jobs.declaring import Kind
from domain.kit.database import Database
from domain.settings import Settings
from workers.runner import Runner

assert workers.actors


def run_jobs(database: Database, settings: Settings, kind: Kind[Any]) -> list[Any]:
    """Do what waits in the kind's queue; the results of its jobs that completed, oldest first."""
    Runner(database, settings, queues=(kind.queue,), worker="w", random=lambda: 0.0).drain()
    with database.read() as session:
        rows = session.execute(
            sa.text("SELECT status, error, result FROM jobs WHERE kind = :kind ORDER BY id"), {"kind": kind.name}
        )
        found = [tuple(row) for row in rows]
    assert [status for status, _, _ in found] == ["completed"] * len(found), found
    return [orjson.loads(result) if isinstance(result, str) else result for _, _, result in found]
