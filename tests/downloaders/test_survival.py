"""No webhook that was answered is lost, wherever the server is killed."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa

from domain.downloaders import service
from domain.jobs.tables import JOBS
from domain.kit.database import Database
from domain.kit.secrets import load_key
from domain.libraries.enums import SourceKind
from domain.system.tables import InboundEvent

ROOT = Path(__file__).parents[2]
ANSWERED = 40
"""So many answers are waited for before the server is killed."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(database_url: str, data_dir: Path, port: int) -> subprocess.Popen[bytes]:
    """A real server with its workers, in a process of its own."""
    given = {
        "DATABASE_URL": database_url, "MARQUEE_DATA_DIR": str(data_dir), "MARQUEE_BIND": "127.0.0.1", "MARQUEE_PORT": str(port),
        "PATH": os.environ["PATH"], "MARQUEE_LOG_LEVEL": "WARNING",
    }  # fmt: skip
    return subprocess.Popen([sys.executable, "-m", "api.cli.main", "serve"], cwd=ROOT, env=given)


async def ready(http: httpx.AsyncClient, process: subprocess.Popen[bytes]) -> None:
    async with asyncio.timeout(60):
        while True:
            assert process.poll() is None
            try:
                if (await http.get("/readyz")).status_code == 200:
                    return
            except httpx.TransportError:
                pass
            await asyncio.sleep(0.05)


async def answered_until_killed(http: httpx.AsyncClient, path: str, token: str, process: subprocess.Popen[bytes]) -> set[str]:
    """Ids of the webhooks that were answered by a server that is killed in the middle of a storm."""
    kept: set[str] = set()
    enough = asyncio.Event()

    async def send(number: int) -> None:
        body = {"eventType": "Grab", "downloadId": f"{process.pid}-{number}"}
        try:
            answer = await http.post(path, json=body, headers={"x-api-key": token})
        except httpx.TransportError:
            return
        assert answer.status_code == 202
        kept.add(answer.json()["id"])
        if len(kept) >= ANSWERED:
            enough.set()

    storm = [asyncio.create_task(send(number)) for number in range(400)]
    async with asyncio.timeout(60):
        await enough.wait()
    process.send_signal(signal.SIGKILL)
    await asyncio.gather(*storm)
    process.wait()
    return kept


@pytest.mark.both
async def test_whoever_was_answered_is_kept_when_the_server_is_killed(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    data_dir = tmp_path / "data"
    key = load_key(data_dir, None)
    with database.transaction() as uow:
        row, token = service.create(uow, kind=SourceKind.RADARR, name="Radarr", base_url=None, api_key=None, secret=key)
        path = f"/webhooks/src_{row.id}"
    told: set[str] = set()
    for _ in range(2):
        port = free_port()
        process = start(database_url, data_dir, port)
        try:
            limits = httpx.Limits(max_connections=64)
            async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", limits=limits, timeout=60) as http:
                await ready(http, process)
                told |= await answered_until_killed(http, path, token, process)
        finally:
            process.kill()
            process.wait()
    assert len(told) >= 2 * ANSWERED
    with database.read() as session:
        rows = session.execute(sa.select(InboundEvent)).scalars().all()
        jobs = {job.id: job.payload for job in session.connection().execute(sa.select(JOBS.c.id, JOBS.c.payload))}
    kept = {f"inb_{row.id}": row for row in rows}
    assert told <= set(kept)
    assert {row.deliveries for row in rows} == {1}
    # whatever was kept, answered or not, is dealt with
    assert [jobs[row.job_id or 0] for row in rows] == [{"inbound_event_id": row.id} for row in rows]
