"""`marquee demo` made once, and served anew from a copy of its data for each test: processes, as a newcomer starts them."""

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests import patience
from tests.peers.servers import ending_with_us

MARQUEE = str(Path(sys.executable).parent / "marquee")


@dataclass(frozen=True)
class Household:
    """A demo that was made and stopped: its data, its library, and the password that it printed."""

    data: Path
    library: Path
    password: str


def make(folder: Path) -> Household:
    """Make the demo household in `folder`, from the command line."""
    data, library = folder / "data", folder / "library"
    with running(data, "demo", "--folder", str(library)) as (_, log):
        said = log.read_text()
    password = re.search(r"User demo +Password (\S+)", said)
    assert password is not None, said
    return Household(data, library, password[1])


@contextlib.contextmanager
def served(household: Household, folder: Path) -> Iterator[int]:
    """The port of a server over a copy of the household's data."""
    shutil.copytree(household.data, folder / "data")
    with running(folder / "data", "serve") as (port, _):
        yield port


@contextlib.contextmanager
def running(data: Path, *command: str) -> Iterator[tuple[int, Path]]:
    """A `marquee` command that serves; its port, and the file with what it says."""
    data.mkdir(parents=True, exist_ok=True)
    port, log = free_port(), data / "console.log"
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MARQUEE_")}
    kept = {name: value for name, value in kept.items() if name not in ("DATABASE_URL", "REDIS_URL")}
    environment = kept | patience.ENVIRONMENT | {"MARQUEE_DATA_DIR": str(data), "MARQUEE_BIND": "127.0.0.1"}
    with log.open("wb") as said:
        full = [MARQUEE, *command, "--port", str(port)]
        process = subprocess.Popen(full, env=environment, stdout=said, stderr=said, preexec_fn=ending_with_us)
    try:
        wait(port, process, log)
        yield port, log
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(120)
        except subprocess.TimeoutExpired:
            process.kill()
            raise


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    """Until the port is open. A process that ends before is a failure that shows what it said."""
    deadline = time.monotonic() + patience.LONG_S
    while True:
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < deadline, f"not ready after {patience.LONG_S:g} s:\n{log.read_text()}"
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
