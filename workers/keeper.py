"""One thread per process that keeps the leases of its jobs, and tells handlers when they must stop."""

import threading
import time
from typing import Any, Final

import structlog

from domain.jobs import leases
from domain.jobs.enums import JobStatus
from domain.jobs.leases import LeaseLost
from domain.kit.database import Database
from domain.settings import Settings
from workers.context import Cancelled, JobContext, Superseded, TimedOut

log = structlog.get_logger()

LOOK_S: Final = 0.5
"""How often it looks whether a job was cancelled: a cancel is heard within this and the handler's next check."""


class Keeper:
    """Heartbeats for every context between `add` and `remove`."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self._settings = settings
        self._contexts: dict[int, JobContext[Any]] = {}
        self._guard = threading.Lock()
        self._stop = threading.Event()
        self._beaten_at = 0.0
        self._thread = threading.Thread(target=self._run, name="job-keeper", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """End the thread; leases that are still held run out."""
        self._stop.set()
        self._thread.join(5)

    def add(self, context: JobContext[Any]) -> None:
        with self._guard:
            self._contexts[context.lease.job_id] = context

    def remove(self, context: JobContext[Any]) -> None:
        with self._guard:
            if self._contexts.get(context.lease.job_id) is context:
                del self._contexts[context.lease.job_id]

    def contexts(self) -> list[JobContext[Any]]:
        """The jobs this process works on."""
        with self._guard:
            return list(self._contexts.values())

    def look(self) -> None:
        """One round: waiting progress, time limits, heartbeats when due, and what became of the jobs meanwhile."""
        contexts = self.contexts()
        if not contexts:
            return
        now = time.monotonic()
        alive = [context for context in contexts if not self._is_overdue(context, now)]
        for context in alive:
            if context.deadline is not None and now > context.deadline:
                context.interrupt(TimedOut)
            try:
                context.flush()
            except LeaseLost:
                context.log.warning("lease_lost")
        for context, status in self._statuses(alive, now):
            if status is None:
                context.interrupt(Superseded)
            elif status is JobStatus.CANCELLING:
                context.interrupt(Cancelled)

    def _statuses(self, contexts: list[JobContext[Any]], now: float) -> list[tuple[JobContext[Any], JobStatus | None]]:
        held = [context.lease for context in contexts]
        if now - self._beaten_at >= self._settings.heartbeat_s:
            with self._database.transaction() as uow:
                found = leases.heartbeat(uow, held, lease_s=self._settings.lease_s)
            self._beaten_at = now
        else:
            with self._database.read() as session:
                found = leases.statuses(session, held)
        return [(context, found.get(context.lease.job_id)) for context in contexts]

    def _is_overdue(self, context: JobContext[Any], now: float) -> bool:
        """A handler that does not hear its time limit loses its lease, so that the job at least ends in the table."""
        return context.deadline is not None and now > context.deadline + self._settings.lease_s

    def _run(self) -> None:
        pause = min(LOOK_S, self._settings.heartbeat_s / 2)
        while not self._stop.wait(pause):
            try:
                self.look()
            except Exception:  # the database is away: leases last a while, the next round may reach it
                log.exception("keeper_failed")
