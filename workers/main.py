"""Processes that do jobs: inside `marquee serve`, or on their own beside Redis."""

import contextlib
import os
import signal
import socket
import threading
from collections.abc import Collection, Iterator

import dramatiq
import structlog

import workers.actors  # noqa: F401 - registers the handlers
from domain.jobs import declaring
from domain.jobs.kinds import SYNC_PLAYERS
from domain.kit.database import Database
from domain.settings import Settings
from workers.broker import Bells, ring_actor
from workers.players.watching import Watching
from workers.runner import STOP_S, Runner
from workers.scheduler import Scheduler

log = structlog.get_logger()


class EmbeddedWorkers:
    """Broker, worker threads, poll, scheduler and listeners of one process, from `start` to `stop`; used once.

    With Redis in the settings other processes may run the same beside it; SQLite belongs to one process.
    """

    def __init__(self, settings: Settings, database: Database, *, queues: Collection[str] = ()) -> None:
        self.bells = Bells(settings)
        """Its wake-ups are what a tailer of the event log listens to."""
        self.queues = tuple(queues) or declaring.queues()
        """All of them unless some were named."""
        self._stop = threading.Event()
        self._runner = Runner(database, settings, queues=self.queues, worker=f"{socket.gethostname()}:{os.getpid()}")
        for queue in self.queues:
            self._declare_ring(queue)
        # One thread more than jobs, so that rings are heard (and dropped) while every slot is taken.
        self._dramatiq = dramatiq.Worker(
            self.bells.broker, queues=set(self.queues), worker_threads=settings.job_threads + 1, worker_timeout=200
        )
        self._scheduler = threading.Thread(
            target=Scheduler(database, settings).run, args=(self._stop,), name="scheduler", daemon=True
        )
        # Players are listened to by whoever does their jobs.
        self._watching = Watching(database, settings) if SYNC_PLAYERS.queue in self.queues else None

    def start(self) -> None:
        """From now on commits of this process ring, and jobs are done."""
        self.bells.install()
        self._runner.start()
        self._dramatiq.start()
        self._scheduler.start()
        if self._watching is not None:
            self._watching.start()

    def stop(self, *, timeout_s: float = STOP_S) -> None:
        """Claim nothing more, let jobs save a checkpoint for at most `timeout_s` seconds, give the rest back."""
        if self._stop.is_set():
            return
        self._stop.set()
        if self._watching is not None:
            self._watching.stop()
        self._runner.stop(timeout_s=timeout_s)
        self._dramatiq.stop(timeout=1000)
        self._scheduler.join(5)
        self.bells.close()

    def _declare_ring(self, queue: str) -> None:
        def ring() -> None:
            try:
                self._runner.drain()
            except Exception:  # Dramatiq would keep the message as a dead letter; the poll comes by anyway
                log.exception("drain_failed")

        dramatiq.actor(broker=self.bells.broker, actor_name=ring_actor(queue), queue_name=queue)(ring)


def run_worker(settings: Settings, *, queues: Collection[str] = ()) -> None:
    """A worker process for some queues (all if none is named), until SIGTERM or SIGINT.

    It sweeps and schedules too: `run_scheduler` is for who wants that without workers.
    """
    with _database(settings) as database, _until_signal() as stopped:
        embedded = EmbeddedWorkers(settings, database, queues=queues)
        embedded.start()
        log.info("worker_started", queues=embedded.queues)
        stopped.wait()
        embedded.stop()
        log.info("worker_stopped")


def run_scheduler(settings: Settings) -> None:
    """A process that only sweeps and schedules, until SIGTERM or SIGINT."""
    with _database(settings) as database, _until_signal() as stopped:
        bells = Bells(settings)
        bells.install()
        Scheduler(database, settings).run(stopped)
        bells.close()


@contextlib.contextmanager
def _database(settings: Settings) -> Iterator[Database]:
    database = Database(settings.database, pool_size=settings.job_threads + 4)
    try:
        yield database
    finally:
        database.close()


@contextlib.contextmanager
def _until_signal() -> Iterator[threading.Event]:
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    yield stopped
