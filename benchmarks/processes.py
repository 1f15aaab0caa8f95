"""Servers in processes of their own, and what a load on one of them measured."""

import contextlib
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Final

import orjson
import psutil

from benchmarks.load import Load, Result, drive

START_S: Final = 60.0


@dataclass(slots=True)
class Measured:
    """What one server did in each round at one number of connections."""

    results: list[Result] = field(default_factory=list)
    cpu_ms: list[float] = field(default_factory=list)
    """CPU time of the server's process per answer."""


@contextlib.contextmanager
def started(command: Sequence[str], port: int, environment: Mapping[str, str] | None = None) -> Iterator[psutil.Process]:
    """A server, once it listens; it gets SIGTERM afterwards. Raises RuntimeError when it does not start."""
    with subprocess.Popen(command, env=environment) as process:
        try:
            wait_for_port(process, port)
            yield psutil.Process(process.pid)
        finally:
            process.send_signal(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(10)
            process.kill()


def marquee(name: str, given: dict[str, Any]) -> contextlib.AbstractContextManager[psutil.Process]:
    """One of the servers of `benchmarks.serving`."""
    return started([sys.executable, "-m", "benchmarks.serving", name, orjson.dumps(given).decode()], given["port"])


def wait_for_port(process: "subprocess.Popen[bytes]", port: int) -> None:
    """Wait until a server listens. Raises RuntimeError when it does not."""
    until = time.monotonic() + START_S
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError("A server did not start.")
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1.0):
            return
        time.sleep(0.1)
    raise RuntimeError("A server did not answer in time.")


def measure(client: ProcessPoolExecutor, process: psutil.Process, load: Load, measured: Measured) -> None:
    """One load on one server."""
    before = sum(process.cpu_times()[:2])
    result = client.submit(drive, load).result()
    measured.results.append(result)
    measured.cpu_ms.append((sum(process.cpu_times()[:2]) - before) * 1000 / len(result.latencies_s))
