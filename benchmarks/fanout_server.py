"""The server of `benchmarks.fanout` in a process of its own: `marquee api` that writes events when told to on its standard input.

Lines in: `{"count": 100, "rate": 20}` (events, and how many a second). Lines out: `{"seated": 950, "at": …}` whenever the
number of subscriptions in groups changes, `{"told": 100}` when the events are written.
"""

import json
import sys
import threading
import time
from typing import Any

from api.app import create_app
from api.cli.compose import house, make_services
from api.cli.place import take_port
from api.cli.serving import run_app
from api.kit.hub import Hub, Seat
from api.kit.services import Services
from benchmarks.serving import settings_of
from benchmarks.subscribers import TYPE
from domain.kit.database import Database
from domain.kit.logs import configure_logging
from domain.system import events
from workers.broker import Bells

LOOK_S = 0.05


def say(**what: Any) -> None:
    """One line to whoever started this."""
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def publish(database: Database) -> None:
    """Write events as told, each in its own transaction at its time."""
    for line in sys.stdin:
        wanted = json.loads(line)
        begin = time.perf_counter()
        for number in range(wanted["count"]):
            time.sleep(max(begin + number / wanted["rate"] - time.perf_counter(), 0))
            with database.transaction() as uow:
                events.emit(
                    uow, TYPE, "job_1", topic="bench", audience=events.EVERYONE,
                    payload={"t": time.time_ns(), "number": number, "title": "A title of usual length"},
                )  # fmt: skip
        say(told=wanted["count"], began=begin)


def watch(services: Services) -> None:
    """Say how many sit in groups whenever that changes; it does not hurt that it is read from another thread."""
    last = 0
    while True:
        time.sleep(LOOK_S)
        try:
            seated = services.hub.seated
        except RuntimeError:  # it changed while being counted
            continue
        if seated != last:
            last = seated
            say(seated=seated, at=time.perf_counter())


def never(self: Seat, *_: object) -> bool:
    """What is compared with: nobody takes a seat, every subscription keeps its own stream."""
    return False


def main(given: dict[str, Any]) -> None:
    """Serve until SIGTERM."""
    settings = settings_of(given)
    configure_logging(settings.log_format, settings.log_level)
    if not given["shares"]:
        Seat.caught_up = never  # type: ignore[method-assign]
    with house(settings) as found:
        bells = Bells(found.settings)
        services = make_services(found, bells)
        bells.install()
        app = create_app(services)
        assert isinstance(services.hub, Hub)
        for work, argument in ((publish, found.database), (watch, services)):
            threading.Thread(target=work, args=(argument,), daemon=True).start()
        try:
            run_app(app, services, found.settings, take_port(found.settings))
        finally:
            bells.close()


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
