"""Sweeps up after vanished workers and makes the jobs that come by the clock; any number may run at once."""

import random
import threading
from datetime import timedelta

import structlog

from domain.jobs import leases, schedules
from domain.jobs.backoff import Random
from domain.kit.database import Database
from domain.publish import automatic
from domain.settings import Settings
from domain.system import events

log = structlog.get_logger()


class Scheduler:
    """A loop over one database. Every write of it is a compare-and-set, so several never do a thing twice."""

    def __init__(self, database: Database, settings: Settings, *, random: Random = random.random) -> None:
        self._database = database
        self._settings = settings
        self._random = random
        self._is_prepared = False

    def run(self, stop: threading.Event) -> None:
        """Tick every `settings.sweep_s` until `stop` is set; an unreachable database is waited for."""
        while True:
            try:
                self.tick()
            except Exception:
                log.exception("scheduler_failed")
            if stop.wait(self._settings.sweep_s):
                return

    def tick(self) -> None:
        """One round: builtin schedules (once), the event log's epoch, lost leases, due schedules, files that
        somebody was writing when he died, libraries to be published."""
        with self._database.transaction() as uow:
            if not self._is_prepared:
                schedules.install_builtins(uow)
            events.ensure_epoch(uow)
        self._is_prepared = True
        while True:
            with self._database.transaction() as uow:
                found = leases.sweep(uow, max_deaths=self._settings.max_deaths, random=self._random)
            if found:
                log.warning("workers_vanished", jobs=found)
            else:
                break
        with self._database.transaction() as uow:
            schedules.run_due(uow)
        automatic.look_for_abandoned(self._database)
        automatic.look(self._database, quiet=timedelta(seconds=self._settings.publish_quiet_s))
