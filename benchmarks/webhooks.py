"""Webhooks as a storm brings them, beside their aim: 200 a second, answered at p99 < 200 ms, every one kept.

The server is the whole program in one process, workers and all; the senders are another process that sends on time, however
slow the answers come (an open loop), over connections that stay open. Beside it, in the same run, what an answer of the same
server costs that writes nothing (`/healthz`).
"""

import argparse
import asyncio
import json
import os
import socket
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from multiprocessing import get_context
from pathlib import Path
from typing import Final

import sqlalchemy as sa

import domain.registry
from benchmarks.processes import started
from domain.downloaders import service
from domain.jobs.tables import JOBS
from domain.kit.database import Database, migrations
from domain.kit.secrets import load_key
from domain.libraries.enums import SourceKind
from domain.system.tables import InboundEvent
from tests.peers.servers import postgresql

assert domain.registry

AIM_MS: Final = 200.0
CONNECTIONS: Final = 64
"""As many answers as may be waited for at once."""
FIXTURE: Final = Path(__file__).parents[1] / "tests" / "downloaders" / "fixtures" / "radarr-6.1-grab.json"


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=int, default=200, help="webhooks a second")
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--postgresql", action="store_true")
    given = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = stack.enter_context(postgresql()) if given.postgresql else f"sqlite:///{folder}/marquee.db"
        database = Database(url)
        stack.callback(database.close)
        migrations.upgrade(database)
        key = load_key(folder, None)
        with database.transaction() as uow:
            row, token = service.create(uow, kind=SourceKind.RADARR, name="Radarr", base_url=None, api_key=None, secret=key)
            path = f"/webhooks/src_{row.id}"
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        environment = {
            "PATH": os.environ["PATH"], "DATABASE_URL": url, "MARQUEE_DATA_DIR": str(folder), "MARQUEE_PORT": str(port),
            "MARQUEE_BIND": "127.0.0.1", "MARQUEE_LOG_LEVEL": "WARNING",
        }  # fmt: skip
        server = stack.enter_context(started([sys.executable, "-m", "api.cli.main", "serve"], port, environment))
        for name, sent in (("health", ("GET", "/healthz", "")), ("webhooks", ("POST", path, token))):
            before, began = server.cpu_times(), time.perf_counter()
            with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
                waits = pool.submit(storm, port, *sent, given.rate, given.seconds).result()
            after = server.cpu_times()
            cpu_s = after.user + after.system - before.user - before.system
            share = cpu_s / (time.perf_counter() - began)
            print(f"{name:>10}: {said(waits)}  CPU {share * 100:.0f} % of a core")
            if name == "webhooks":
                p99 = sorted(waits)[int(len(waits) * 0.99)] * 1000
                print(f"{'aim':>10}: p99 < {AIM_MS:.0f} ms: {'met' if p99 < AIM_MS else 'missed'}, {p99 / AIM_MS:.2f} of it")
        report(database, given.rate * given.seconds)


def storm(port: int, method: str, path: str, token: str, rate: int, seconds: int) -> list[float]:
    """Seconds from when each was due until it was answered."""
    return asyncio.run(_storm(port, method, path, token, rate, seconds))


async def _storm(port: int, method: str, path: str, token: str, rate: int, seconds: int) -> list[float]:
    body = json.loads(FIXTURE.read_text(encoding="utf-8"))
    waits: list[float] = []
    begin = time.perf_counter() + 0.5
    numbers = iter(range(rate * seconds))

    async def sender() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for number in numbers:
            content = b"" if method == "GET" else json.dumps({**body, "downloadId": str(number)}, indent=2).encode()
            due = begin + number / rate
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            head = f"{method} {path} HTTP/1.1\r\nHost: localhost:{port}\r\nX-Api-Key: {token}\r\nContent-Length: {len(content)}"
            writer.write(head.encode() + b"\r\n\r\n" + content)
            status, length = await _answer(reader)
            await reader.readexactly(length)
            assert status in (200, 202), status
            waits.append(time.perf_counter() - due)
        writer.close()

    await asyncio.gather(*(sender() for _ in range(CONNECTIONS)))
    return waits


async def _answer(reader: asyncio.StreamReader) -> tuple[int, int]:
    """(status, bytes of the body) of an answer, once its head has come."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    length = next(line for line in head.split("\r\n") if line.startswith("content-length:"))
    return int(head.split(" ", 2)[1]), int(length.partition(":")[2])


def said(waits: list[float]) -> str:
    """Percentiles in words."""
    ordered = sorted(each * 1000 for each in waits)
    shown = {share: ordered[min(len(ordered) - 1, int(len(ordered) * share))] for share in (0.5, 0.9, 0.99)}
    return f"{len(waits)} answers  p50 {shown[0.5]:.1f}  p90 {shown[0.9]:.1f}  p99 {shown[0.99]:.1f}  worst {ordered[-1]:.1f} ms"


def report(database: Database, sent: int) -> None:
    """What was kept, and how far the workers are with it. Raises AssertionError when one is lost."""
    with database.read() as session:
        connection = session.connection()
        kept = connection.execute(sa.select(sa.func.count()).select_from(InboundEvent)).scalar_one()
        dealt = sa.select(sa.func.count()).select_from(JOBS).where(JOBS.c.finished_at.is_not(None))
        done = connection.execute(dealt).scalar_one()
    assert kept == sent, f"{sent - kept} are lost"
    print(f"{'kept':>10}: {kept} of {sent}; dealt with by now: {done}")


if __name__ == "__main__":
    main()
