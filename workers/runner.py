"""Claims jobs and runs their handlers: the same on both brokers, and without any."""

import contextlib
import random
import threading
import time
from collections.abc import Callable, Collection
from typing import Any, Final

import structlog
from sqlalchemy.exc import DBAPIError

from domain.jobs import declaring, doorbell, leases
from domain.jobs.backoff import Random
from domain.jobs.leases import Lease, LeaseLost
from domain.kit.database import Database, database_time
from domain.kit.errors import DomainError
from domain.kit.logs import bind_job
from domain.settings import Settings
from workers.context import Cancelled, Interrupted, JobContext, Stopping, TimedOut
from workers.keeper import Keeper
from workers.runtime import handled, handler_of

log = structlog.get_logger()

SETTLE_TRIES: Final = 5
SETTLE_PAUSE_S: Final = 1.0
STOP_S: Final = 15.0
"""How long jobs have to save a checkpoint when the process stops."""


class Runner:
    """Runs at most `settings.job_threads` jobs at once, in the threads that call `drain`."""

    def __init__(
        self,
        database: Database,
        settings: Settings,
        *,
        queues: Collection[str],
        worker: str,
        random: Random = random.random,  # not a secret: it spreads retries
    ) -> None:
        self._database = database
        self._settings = settings
        self._queues = tuple(queues)
        self._worker = worker
        self._random = random
        self._long_queues = declaring.long_queues()
        self._long_jobs = 0
        self._claiming = threading.Lock()
        self._slots = threading.BoundedSemaphore(settings.job_threads)
        self._missed = threading.Event()
        self._stopping = threading.Event()
        self._ended = threading.Event()
        self._keeper = Keeper(database, settings)
        self._poller = threading.Thread(target=self._poll, name="job-poll", daemon=True)

    def start(self) -> None:
        self._keeper.start()
        self._poller.start()

    def stop(self, *, timeout_s: float = STOP_S) -> None:
        """Claim nothing more, ask jobs to save a checkpoint, and give back those that are not done in time."""
        self._stopping.set()
        for context in self._keeper.contexts():
            context.interrupt(Stopping)
        deadline = time.monotonic() + timeout_s
        for _ in range(self._settings.job_threads):  # whoever holds a slot runs a job, or is about to
            self._slots.acquire(timeout=max(0.0, deadline - time.monotonic()))
        for context in self._keeper.contexts():
            context.log.warning("released_unfinished")
            self._settle(leases.release, context)
        self._ended.set()
        self._keeper.stop()
        if self._poller.is_alive():
            self._poller.join(5)

    def drain(self) -> None:
        """Run jobs, best first over all queues, until none is ready or every slot is taken."""
        while not self._stopping.is_set():
            if not self._slots.acquire(blocking=False):
                self._missed.set()  # whoever frees a slot looks once more
                return
            try:
                self._missed.clear()
                lease = self._claim()
                if lease is not None:
                    doorbell.ring(lease.queue)  # there may be more: another thread or process should look
                    try:
                        self._run(lease)
                    finally:
                        self._free(lease)
            finally:
                self._slots.release()
            if lease is None and not self._missed.is_set():
                return

    def _claim(self) -> Lease | None:
        """The best job that is ready; of those that may take hours always leaves a thread to the others (if it has two)."""
        with self._claiming:
            spare = max(1, self._settings.job_threads - 1) - self._long_jobs
            queues = [queue for queue in self._queues if spare > 0 or queue not in self._long_queues]
            with self._database.transaction() as uow:
                lease = leases.claim(uow, queues=queues, kinds=handled(), worker=self._worker, lease_s=self._settings.lease_s)
            if lease is not None and lease.queue in self._long_queues:
                self._long_jobs += 1
            return lease

    def _free(self, lease: Lease) -> None:
        with self._claiming:
            if lease.queue in self._long_queues:
                self._long_jobs -= 1

    def _run(self, lease: Lease) -> None:
        kind = declaring.named(lease.kind)
        context: JobContext[Any] = JobContext(self._database, self._settings, lease, None, time_limit_s=kind.time_limit_s)
        self._keeper.add(context)
        with bind_job(lease.job_id, lease.request_id or None):
            try:
                if self._stopping.is_set():
                    raise Stopping
                context.payload = kind.decode(lease.payload)
                result = handler_of(lease.kind)(context)
                if not context.is_completed:
                    self._settle(leases.complete, context, result, progress=context.waiting_progress)
            except Interrupted as interruption:
                self._interrupted(context, interruption)
            except LeaseLost:
                context.log.warning("lease_lost")
            except Exception as error:
                self._failed(context, error)
            finally:
                self._keeper.remove(context)

    def _interrupted(self, context: JobContext[Any], interruption: Interrupted) -> None:
        match interruption:
            case Cancelled():
                self._settle(leases.cancelled, context)
            case Stopping():
                self._settle(leases.release, context)
            case TimedOut():
                self._failed(context, TimeoutError("The job took longer than its kind allows."))
            case _:
                context.log.warning("lease_lost")

    def _failed(self, context: JobContext[Any], error: Exception) -> None:
        if context.is_completed:
            context.log.exception("raised_after_completion", exc_info=error)
            return
        if isinstance(error, DomainError):  # expected: the sentence says it all
            context.log.warning("job_failed", attempt=context.lease.attempt, code=error.code, error=error.message)
        else:
            context.log.warning("job_failed", attempt=context.lease.attempt, exc_info=error)
        self._settle(leases.fail, context, error, random=self._random)

    def _settle(self, write: Callable[..., object], context: JobContext[Any], *args: Any, **more: Any) -> None:
        """Write how the attempt ended. A database that is away for a moment gets a few tries, then the sweeper has it."""
        for _ in range(SETTLE_TRIES):
            try:
                with self._database.transaction(actor=context.actor, request_id=context.lease.request_id) as uow:
                    write(uow, context.lease, *args, **more)
                return
            except LeaseLost:
                context.log.warning("lease_lost")
                return
            except DBAPIError:
                context.log.exception("job_end_not_written")
                self._ended.wait(SETTLE_PAUSE_S)

    def _poll(self) -> None:
        """Look for work by itself: rings may be lost, times come, Redis may be away."""
        while not self._stopping.wait(self._settings.job_poll_s):
            with contextlib.suppress(DBAPIError):  # it is logged where it matters; the next look may reach the database
                with self._database.read() as session:
                    now = database_time(session)
                    found = leases.has_work(session, queues=self._queues, kinds=handled(), now=now)
                if found:
                    threading.Thread(target=self._drain_quietly, name="job-poll-drain", daemon=True).start()

    def _drain_quietly(self) -> None:
        try:
            self.drain()
        except Exception:
            log.exception("drain_failed")
