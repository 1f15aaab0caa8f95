"""The server of `benchmarks.provider_faults` in a process of its own: API, workers, and threads that ask who misbehaves.

Lines in: `{"storm": true}` or `{"storm": false}`. Lines out: `{"stormed": {"UNREACHABLE": 12, …}}` when a storm has ended: how
many requests of ours ended how.
"""

import json
import sys
import threading
from collections import Counter
from functools import partial
from typing import Any, Final

from api.app import create_app
from api.cli.compose import House, house, make_services
from api.cli.place import take_port
from api.cli.serving import run_app
from benchmarks.serving import settings_of
from domain.catalog.enums import EntityKind
from domain.kit import clock
from domain.kit.errors import DomainError, Paused
from domain.kit.http import Egress, Limits
from domain.kit.logs import configure_logging
from domain.providers import service
from domain.providers.desk import Desk, Patience
from domain.providers.known import provider_named
from domain.providers.model import Request, Wishes
from domain.providers.queries import setups
from workers.main import EmbeddedWorkers

LIMITS: Final = Limits(total_s=2.0, connect_s=1.0, read_s=1.0)


class Storm:
    """One thread for each provider asks for a film, again and again; who is paused waits, as a job does.

    A storm begins with closed breakers. With `is_merciless` they are closed again after every five requests, which no
    household meets: a breaker that five faults open lets nobody through for five minutes.
    """

    def __init__(self, found: House, given: dict[str, Any]) -> None:
        self._found = found
        self._given = given
        ports = frozenset(each["port"] for each in given["providers"].values())
        addresses = {name: each["address"] for name, each in given["providers"].items()}
        self._over = threading.Event()
        self._desk = Desk(
            found.database, Egress(limits=LIMITS, loopback_ports=ports), key=found.key, pause=self._over.wait, addresses=addresses
        )
        self._threads: list[threading.Thread] = []
        self._counts: Counter[str] = Counter()

    def begin(self) -> None:
        self._over.clear()
        self._counts.clear()
        self._threads = [threading.Thread(target=self._ask, args=(name,), daemon=True) for name in self._given["providers"]]
        for thread in self._threads:
            thread.start()

    def end(self) -> dict[str, int]:
        self._over.set()
        for thread in self._threads:
            thread.join()
        return dict(self._counts)

    def _ask(self, name: str) -> None:
        provider, film = provider_named(name), self._given["providers"][name]["film"]
        self._close_breaker(name)
        while not self._over.is_set():
            if self._given["is_merciless"]:
                self._close_breaker(name)
            with self._found.database.read() as session:
                setup = next(each for each in setups(session) if each.name == name)
            for _ in range(5):
                try:
                    provider.details(partial(self._once, provider, setup), EntityKind.MOVIE, film, Wishes())
                    self._counts["answered"] += 1
                except Paused as error:
                    self._counts["paused"] += 1
                    self._over.wait((error.retry_at - clock.now()).total_seconds() if error.retry_at else 1.0)
                    break
                except DomainError as error:
                    self._counts[str(error.code)] += 1

    def _once(self, provider: Any, setup: Any, request: Request) -> Any:
        return self._desk.asking(provider, setup, Patience(5, 1), is_renewed=True)(request)

    def _close_breaker(self, name: str) -> None:
        with self._found.database.transaction() as uow:
            setup = next(each for each in setups(uow.session) if each.name == name)
            changes = {"key": self._given["providers"][name]["key"], "rate_limit": self._given["rate"]}
            service.update(uow, provider_id=setup.id, changes=changes, secret=self._found.key)


def listen(storm: Storm) -> None:
    """Begin and end storms as told."""
    for line in sys.stdin:
        if json.loads(line)["storm"]:
            storm.begin()
        else:
            sys.stdout.write(json.dumps({"stormed": storm.end()}) + "\n")
            sys.stdout.flush()


def main(given: dict[str, Any]) -> None:
    """Serve until SIGTERM."""
    settings = settings_of(given)
    configure_logging(settings.log_format, settings.log_level)
    with house(settings) as found:
        workers = EmbeddedWorkers(found.settings, found.database)
        services = make_services(found, workers.bells)
        workers.start()
        threading.Thread(target=listen, args=(Storm(found, given),), daemon=True).start()
        try:
            run_app(create_app(services), services, found.settings, take_port(found.settings))
        finally:
            workers.stop()


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
