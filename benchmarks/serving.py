"""One of the servers in a process of its own: `python -m benchmarks.serving ours|stock|threads|dicts` with the rest as JSON."""

import json
import sys
from pathlib import Path
from typing import Any

from api.app import create_app
from api.cli.compose import House, house, make_services
from api.cli.place import take_port
from api.cli.serving import run_app
from benchmarks import dicts, stock
from benchmarks.plain import serve
from domain.kit.logs import configure_logging
from domain.settings import Settings
from workers.broker import Bells


def settings_of(given: dict[str, Any]) -> Settings:
    """The product's settings, save for where it listens and keeps its data."""
    settings = Settings(data_dir=Path(given["data_dir"]), bind="127.0.0.1", port=given["port"], log_level="WARNING")
    return settings.model_copy(update={"database_url": given["database_url"], "redis_url": ""})


def ours(found: House) -> None:
    """What `marquee api` runs: the whole application with authentication, policy, limits and event log."""
    bells = Bells(found.settings)
    services = make_services(found, bells)
    bells.install()
    try:
        run_app(create_app(services), services, found.settings, take_port(found.settings))
    finally:
        bells.close()


def main(name: str, given: dict[str, Any]) -> None:
    """Serve until SIGTERM."""
    settings = settings_of(given)
    configure_logging(settings.log_format, settings.log_level)
    if name in ("stock", "threads"):
        rights = {"library_id": given["library_id"], "max_age": given["max_age"]}
        app = stock.create_app(given["database_url"], **rights, is_async=name == "stock")
        serve(app, given["port"])
        return
    with house(settings) as found:
        if name == "ours":
            ours(found)
        else:
            serve(dicts.create_app(make_services(found, Bells(settings)), token=given["token"]), given["port"])


if __name__ == "__main__":
    main(sys.argv[1], json.loads(sys.argv[2]))
