"""SIGTERM with open subscriptions: `marquee serve` ends in time, and tells its listeners to come back."""

import asyncio
import os
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
import websockets

from api.system.tailer import Tailer
from domain.accounts import tokens
from domain.accounts.enums import Scope
from domain.kit.database import Database
from domain.kit.secrets import load_key
from tests.api.sockets import PROTOCOL, Socket
from tests.factories.accounts import make_admin

EVENTS = "subscription { events { __typename } }"


@pytest.fixture
def data(tmp_path: Path, sqlite_template: Path) -> Path:
    """A data folder with a database."""
    folder = tmp_path / "data"
    folder.mkdir()
    shutil.copy(sqlite_template, folder / "marquee.db")
    return folder


@pytest.fixture
def token(data: Path) -> str:
    """An administrator's."""
    database = Database(f"sqlite:///{data / 'marquee.db'}")
    admin = make_admin(database)
    with database.transaction() as uow:
        _, clear = tokens.create_token(uow, key=load_key(data, None), user_id=admin.id, name="test", scopes=tuple(Scope))
    database.close()
    return clear


async def test_serve_stops_in_time_while_people_listen(data: Path, token: str) -> None:
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
    environment |= {"MARQUEE_DATA_DIR": str(data), "MARQUEE_PORT": str(port), "MARQUEE_BIND": "127.0.0.1"}
    command = [sys.executable, "-c", "from api.cli.main import main; main()", "serve"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            await until_ready(port, process)
            headers = {"authorization": f"Bearer {token}", "accept": "text/event-stream"}
            address = f"127.0.0.1:{port}"
            async with (
                websockets.connect(f"ws://{address}/graphql", subprotocols=[websockets.Subprotocol(PROTOCOL)]) as connection,
                httpx.AsyncClient(base_url=f"http://{address}", headers=headers, timeout=60) as http,
                http.stream("POST", "/graphql", json={"query": EVENTS}) as stream,
            ):
                listener = Socket(connection)
                await listener.send({"type": "connection_init", "payload": headers})
                await listener.receive()
                await listener.following(await listener.subscribe(EVENTS))
                process.send_signal(signal.SIGTERM)
                assert await listener.closed() == 1012  # "service restart"
                text = (await stream.aread()).decode()
                await asyncio.to_thread(process.wait, 25)
            assert process.returncode in (0, -signal.SIGTERM)
            assert "event: next" in text
            assert "event: complete" not in text
        finally:
            process.kill()


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


async def until_ready(port: int, process: "subprocess.Popen[bytes]") -> None:
    """Wait until the server answers."""
    async with httpx.AsyncClient() as http, asyncio.timeout(60):
        while True:
            assert process.poll() is None
            try:
                if (await http.get(f"http://127.0.0.1:{port}/readyz")).status_code == 200:
                    return
            except httpx.TransportError:
                pass
            await asyncio.sleep(0.1)


async def test_the_tailer_stops_also_when_it_is_just_being_woken(database: Database) -> None:
    for ticks in range(6):
        tailer = Tailer(database, poll_s=30)
        await tailer.start()
        await asyncio.sleep(0.05)  # until it waits
        tailer.wake()
        for _ in range(ticks):
            await asyncio.sleep(0)
        stopping = asyncio.create_task(tailer.stop())
        await asyncio.wait({stopping}, timeout=3)
        assert stopping.done(), ticks
