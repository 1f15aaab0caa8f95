"""Running the application: alone (`marquee api`) or with workers and scheduler in one process (`marquee serve`)."""

import gc
import socket
import sys
from typing import Any, Final

import structlog
import uvicorn
from rich.console import Console

from api.app import create_app
from api.cli.compose import House, make_services, offer_code, prepare
from api.cli.place import hold_folder, take_port
from domain.settings import Settings
from workers.broker import Bells
from workers.main import EmbeddedWorkers

log = structlog.get_logger()
UNREAD_S: Final = 30.0
"""Longer than a WebSocket waits before it closes, so that only what is left behind is meant."""
console = Console(stderr=True, highlight=False, soft_wrap=True)


PING_S: Final = 10.0
PONG_S: Final = 8.0
"""A WebSocket whose client stops reading is noticed within the sum, however much the kernel still buffers for it."""


LOOP: Final = "auto"
"""uvloop where there is one: an answer costs 0.2 ms less of CPU time than on asyncio's own loop."""


SWITCH_S: Final = 0.001
"""How long the event loop waits for the interpreter's lock while a worker's thread computes (Python's own: 5 ms)."""


class Server(uvicorn.Server):
    """uvicorn's server that tells the services when it is told to stop."""

    def __init__(self, config: uvicorn.Config, services: Any) -> None:
        super().__init__(config)
        self._services = services

    def handle_exit(self, sig: int, frame: Any) -> None:
        self._services.stopping = True
        super().handle_exit(sig, frame)


def serve(found: House, *, with_workers: bool) -> None:
    """Serve until SIGTERM or SIGINT; with workers, they stop first and save their checkpoints."""
    # Before anything else: a start that fails must not end the setup code of a server that runs.
    with hold_folder(found.settings):
        _serve(found, take_port(found.settings), with_workers=with_workers)


def _serve(found: House, listening: socket.socket, *, with_workers: bool) -> None:
    prepare(found)
    code = offer_code(found)
    workers = EmbeddedWorkers(found.settings, found.database) if with_workers else None
    bells = workers.bells if workers is not None else Bells(found.settings)
    services = make_services(found, bells)
    if workers is not None:
        workers.start()
    else:
        bells.install()
    announce(found.settings, code)
    try:
        run_app(create_app(services), services, found.settings, listening)
    finally:
        if workers is not None:
            workers.stop()
        else:
            bells.close()


def run_app(app: Any, services: Any, settings: Settings, listening: socket.socket) -> None:
    """Serve on that socket: uvicorn with WebSockets that are not compressed per message.

    That would be twice the work, and fan-out sends each message once.
    """
    config = uvicorn.Config(
        app,
        host=settings.bind,
        port=settings.port,
        loop=LOOP,
        http="httptools",
        ws="websockets-sansio",
        ws_max_size=settings.body_limit_bytes,
        ws_per_message_deflate=False,
        ws_ping_interval=PING_S,
        ws_ping_timeout=PONG_S,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.url),
        timeout_graceful_shutdown=int(settings.shutdown_s),
    )
    server = Server(config, services)
    set_up_connections(listening, unread_s=UNREAD_S)
    # What is there by now stays: collections need not look at it again, and answers are made of too many small
    # objects to look for cycles every 700 of them (a third of the CPU time of an answer with 16 connections).
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    sys.setswitchinterval(SWITCH_S)
    server.run(sockets=[listening])


def set_up_connections(listening: socket.socket, *, unread_s: float) -> None:
    """What connections taken from this socket inherit (tcp(7)): send at once, and end when nobody reads.

    An answer is two writes, head and body; without TCP_NODELAY the second waits 40 ms for the first one's delayed ACK,
    and asyncio sets it only on sockets that it made itself. A WebSocket that was closed because its client does not read
    keeps a full buffer: TCP itself would go on asking for a quarter of an hour (RFC 5482; where the system can: Linux).
    """
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, int(unread_s * 1000))


def announce(settings: Settings, code: str | None) -> None:
    """Say on the console where the playground is and, before the first administrator, the setup code."""
    addresses = [f"http://localhost:{settings.port}/"]
    if settings.url:
        addresses = [settings.url.rstrip("/") + "/"]
    elif settings.bind in ("0.0.0.0", "::"):  # noqa: S104 - only compared
        addresses += [f"http://{address}:{settings.port}/" for address in own_addresses()]
    console.print(f"\n  [bold]Marquee[/bold] is on  {'  '.join(addresses)}")
    if code is not None:
        console.print(f"  Setup code   [bold]{code}[/bold]   (enter it there to make the first administrator)")
    console.print()


def own_addresses() -> list[str]:
    """Addresses of this machine by which others on the network reach it."""
    found: list[str] = []
    for family, probe in ((socket.AF_INET, "192.0.2.1"),):
        with socket.socket(family, socket.SOCK_DGRAM) as udp:
            try:
                udp.connect((probe, 9))  # chooses a route; a datagram socket sends nothing by that
                found.append(str(udp.getsockname()[0]))
            except OSError:
                continue
    return [address for address in found if not address.startswith("127.")]
