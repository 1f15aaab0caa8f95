"""What a job's handler works with: payload, progress, checkpoints, fenced transactions, and the wish to stop."""

import contextlib
import threading
import time
from collections.abc import Iterator, Mapping
from typing import Any, Final, Generic

import structlog

from domain.jobs import leases
from domain.jobs.declaring import P
from domain.jobs.enums import JobStatus
from domain.jobs.leases import Lease, LeaseLost, Progress
from domain.kit.database import Database, UnitOfWork
from domain.kit.ids import global_id
from domain.settings import Settings

PROGRESS_S: Final = 0.5
"""Progress is told at most this often (seconds), and the last value always."""


class Interrupted(BaseException):
    """The handler must stop. Not an Exception, so that `except Exception` around one item of many lets it pass."""


class Cancelled(Interrupted):
    """Somebody cancelled the job."""


class Stopping(Interrupted):
    """The process stops: save a checkpoint; another worker goes on from it."""


class TimedOut(Interrupted):
    """The attempt took longer than its kind allows."""


class Superseded(Interrupted):
    """The lease was lost: another worker may have the job by now."""


class _Open(threading.local):
    """The fenced transaction that is open in this thread."""

    uow: UnitOfWork | None = None
    checkpoint: Mapping[str, Any] | None = None


class JobContext(Generic[P]):
    """One attempt at one job. Safe to use from several threads of its handler."""

    def __init__(
        self, database: Database, settings: Settings, lease: Lease, payload: P, *, time_limit_s: float | None = None
    ) -> None:
        self.database = database
        self.settings = settings
        self.lease = lease
        self.payload = payload
        self.log = structlog.get_logger().bind(kind=lease.kind)
        """Its lines name the job and the request that caused it, as does every logger in the handler's thread."""
        self.interrupted = threading.Event()
        """Set when `check_cancelled` would raise: for handlers that wait on something else."""
        self.is_completed = False
        self.deadline = None if time_limit_s is None else time.monotonic() + time_limit_s
        """Of the monotonic clock."""
        self._reason: type[Interrupted] | None = None
        self._open = _Open()
        self._guard = threading.Lock()
        self._progress: Progress | None = None
        self._told_at = -PROGRESS_S

    @property
    def saved(self) -> Mapping[str, Any] | None:
        """The checkpoint of an earlier attempt; None = begin at the beginning."""
        return self.lease.checkpoint

    def report(self, fraction: float | None, text: str = "", **counters: int | float) -> None:
        """Say how far it is: a fraction 0–1 (None = unknown), a few words, named numbers.

        Cheap enough for every item of a loop: at most two a second are written, and always the last one.
        Inside `transaction()` it is written with that transaction. Raises LeaseLost.
        """
        with self._guard:
            self._progress = Progress(fraction, text, counters)
        if self._open.uow is None:
            self.flush()

    def checkpoint(self, state: Mapping[str, Any]) -> None:
        """Remember where a later attempt can go on; inside `transaction()` together with its effects. Raises LeaseLost."""
        if self._open.uow is not None:
            self._open.checkpoint = state
        else:
            with self.transaction():
                self._open.checkpoint = state

    @contextlib.contextmanager
    def transaction(self) -> Iterator[UnitOfWork]:
        """A unit of work that is committed only if the lease still stands at its end. Raises LeaseLost.

        Keep it under 100 ms, with no hashing, HTTP or file work inside.
        """
        with self.database.transaction(actor=self.actor, request_id=self.lease.request_id) as uow:
            self._open.uow, self._open.checkpoint = uow, None
            try:
                yield uow
                if "job_completed" not in uow.session.info:
                    self._fence(uow, self._open.checkpoint)
            finally:
                self._open.uow = self._open.checkpoint = None

    def complete(self, uow: UnitOfWork, result: Mapping[str, Any] | None = None) -> None:
        """Complete the job in the transaction of its last effects (else the handler's return does). Raises LeaseLost."""
        leases.complete(uow, self.lease, result, progress=self.waiting_progress)
        uow.session.info["job_completed"] = True
        uow.after_commit(self._mark_completed)

    def check_cancelled(self) -> None:
        """To be called every second or two, without cost. Raises an Interrupted when the job must stop."""
        if self._reason is not None:
            raise self._reason

    @property
    def actor(self) -> str:
        """On whose behalf changes are made: who asked for the job, else the system."""
        user_id = self.lease.requested_by_user_id
        return "system" if user_id is None else global_id("users", user_id)

    @property
    def waiting_progress(self) -> Progress | None:
        """The last report, if it was not written yet."""
        return self._progress

    def interrupt(self, reason: type[Interrupted]) -> None:
        """Ask the handler to stop; the first reason stands."""
        self._reason = self._reason or reason
        self.interrupted.set()

    def flush(self) -> None:
        """Write progress that waits, if it is time. Raises LeaseLost."""
        if self._due() is not None:
            with self.database.transaction(actor=self.actor, request_id=self.lease.request_id) as uow:
                self._fence(uow, None)

    def _due(self) -> Progress | None:
        with self._guard:
            return self._progress if time.monotonic() - self._told_at >= PROGRESS_S else None

    def _fence(self, uow: UnitOfWork, checkpoint: Mapping[str, Any] | None) -> None:
        progress = self._due()
        try:
            status = leases.hold(uow, self.lease, lease_s=self.settings.lease_s, progress=progress, checkpoint=checkpoint)
        except LeaseLost:
            self.interrupt(Superseded)
            raise
        if progress is not None:
            uow.after_commit(lambda: self._told(progress))
        if status is JobStatus.CANCELLING:
            self.interrupt(Cancelled)

    def _told(self, progress: Progress) -> None:
        with self._guard:
            self._told_at = time.monotonic()
            if self._progress is progress:
                self._progress = None

    def _mark_completed(self) -> None:
        self.is_completed = True
