"""The examples of docs/clients, installed and built, and a server of their own: `marquee demo` as a process of its own.

Without Node.js the tests are skipped; with it, whatever does not install, compile or answer is a failure.
"""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from domain.system.cursors import Cursor
from tests import patience
from tests.peers.servers import ending_with_us
from tests.rules.sources import ROOT

CLIENTS = ROOT / "docs" / "clients"
NODE_VERSION = 20


def run(*command: str, env: dict[str, str] | None = None, timeout_s: float = patience.LONG_S) -> str:
    """What the command prints; a failure shows everything it said."""
    done = subprocess.run(
        command, cwd=CLIENTS, env=os.environ | (env or {}), capture_output=True, text=True, timeout=timeout_s, check=False
    )
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="session")
def npm() -> str:
    """The path of npm, which comes with a Node.js that is new enough."""
    node, found = shutil.which("node"), shutil.which("npm")
    if node is None or found is None:
        pytest.skip(f"Node.js {NODE_VERSION} or newer with npm is not installed (Debian: apt-get install nodejs npm)")
    version = run(node, "--version").strip()
    if int(re.findall(r"\d+", version)[0]) < NODE_VERSION:
        pytest.skip(f"Node.js {version} is too old for the clients: {NODE_VERSION} or newer")
    return found


@pytest.fixture(scope="session")
def installed(npm: str) -> str:
    """npm, with the locked packages installed."""
    lock = sha256((CLIENTS / "package-lock.json").read_bytes()).hexdigest()
    stamp = CLIENTS / "node_modules" / ".lock"
    if not stamp.exists() or stamp.read_text() != lock:
        run(npm, "ci", "--no-audit", "--no-fund", timeout_s=patience.LONG_S)
        stamp.write_text(lock)
    return npm


@pytest.fixture(scope="session")
def generated(installed: str) -> str:
    """npm, with types and compiled documents made from the committed schema."""
    run(installed, "run", "--silent", "generate")
    return installed


@pytest.fixture(scope="session")
def built(generated: str) -> None:
    run(generated, "run", "--silent", "build")


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The environment of a client of a running server."""
    folder = tmp_path_factory.mktemp("demo")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MARQUEE_")}
    kept = {name: value for name, value in kept.items() if name not in ("DATABASE_URL", "REDIS_URL")}
    environment = kept | patience.ENVIRONMENT | {"MARQUEE_DATA_DIR": str(folder / "data"), "MARQUEE_BIND": "127.0.0.1"}
    marquee = str(Path(sys.executable).parent / "marquee")
    subprocess.run([marquee, "migrate"], env=environment, check=True, capture_output=True)
    log = folder / "log"
    with log.open("wb") as said:
        command = [marquee, "demo", "--folder", str(folder / "library"), "--port", str(port)]
        process = subprocess.Popen(command, env=environment, stdout=said, stderr=said, preexec_fn=ending_with_us)
    try:
        url = f"http://127.0.0.1:{port}"
        _wait(url, process, log)
        create = [marquee, "token", "create", "demo", "--scope", "read", "--scope", "write"]
        token = subprocess.run(create, env=environment, check=True, capture_output=True, text=True).stdout.strip()
        told = {"MARQUEE_URL": url, "MARQUEE_TOKEN": token, "MARQUEE_OLD_CURSOR": Cursor(1, 0, 1).encode()}
        yield told | {"MARQUEE_DATA_DIR": environment["MARQUEE_DATA_DIR"]}
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(120)
        except subprocess.TimeoutExpired:
            process.kill()
            raise


@pytest.fixture(scope="session")
def registered(generated: str, server: dict[str, str]) -> None:
    """The server knows the documents that Relay's compiler wrote down."""
    marquee = str(Path(sys.executable).parent / "marquee")
    manifest = CLIENTS / "src" / "generated" / "relay-documents.json"
    known = run(marquee, "documents", "register", str(manifest), "--manifest", "relay example", env=server)
    assert len(known.splitlines()) == 5, known


def _wait(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + patience.LONG_S
    while True:
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < deadline, f"not ready after {patience.LONG_S:g} s:\n{log.read_text()}"
        try:
            with urllib.request.urlopen(f"{url}/readyz", timeout=5) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.2)
