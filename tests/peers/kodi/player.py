"""A real Kodi without a screen or a sound card: started, asked over JSON-RPC, told to scan, ended."""

import contextlib
import os
import signal
import sqlite3
import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import httpx

from tests.peers.kodi.profile import Ports, Source, write_profile
from tests.peers.kodi.programs import NoKodi, Programs
from tests.peers.servers import free_port

_SCREEN = "320x240x24"
"""The smallest: a processor draws it."""
_START_S = 120
_SCAN_S = 300
_STOP_S = 20


class Kodi:
    """A running player."""

    def __init__(self, ports: Ports, home: Path, process: "subprocess.Popen[bytes]") -> None:
        self.ports = ports
        self._http = httpx.Client(base_url=f"http://127.0.0.1:{ports.http}", timeout=30, trust_env=False)
        self._home = home
        self._process = process

    def call(self, method: str, **parameters: Any) -> Any:
        """The result of a JSON-RPC call. Raises RuntimeError for an error that Kodi answers."""
        body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": parameters}
        answer = self._http.post("/jsonrpc", json=body).raise_for_status().json()
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']}")
        return answer["result"]

    def is_up(self) -> bool:
        with contextlib.suppress(httpx.HTTPError, ValueError):
            return bool(self.call("JSONRPC.Ping") == "pong")
        return False

    def version(self) -> str:
        """Kodi's version, such as 20.1."""
        found = self.call("Application.GetProperties", properties=["version"])["version"]
        return f"{found['major']}.{found['minor']}"

    def scan(self, sources: Sequence[Source]) -> float:
        """Read the folders with the scraper for local files; returns how many seconds it took."""
        self.know(sources)
        start = time.monotonic()
        self.call("VideoLibrary.Scan", showdialogs=False)
        time.sleep(0.5)
        while self._is_scanning():
            if time.monotonic() - start > _SCAN_S:
                raise NoKodi(f"Kodi still scans after {_SCAN_S} seconds.")
            time.sleep(0.2)
        return time.monotonic() - start

    def _is_scanning(self) -> bool:
        name = "Library.IsScanningVideo"
        return bool(self.call("XBMC.GetInfoBooleans", booleans=[name])[name])

    def kill(self) -> None:
        """End it without a word."""
        self._process.kill()
        self._process.wait()

    def know(self, sources: Sequence[Source]) -> None:
        """What the dialog "Set content" writes: no call of JSON-RPC does."""
        found = sorted((self._home / "userdata" / "Database").glob("MyVideos*.db"))
        if not found:
            raise NoKodi("Kodi made no video database.")
        with contextlib.closing(sqlite3.connect(found[-1], timeout=30)) as connection, connection:
            connection.executemany(
                "INSERT INTO path (strPath, strContent, scanRecursive, useFolderNames, strScraper, strHash, strSettings,"
                " noUpdate, exclude) VALUES (?, ?, ?, ?, 'metadata.local', '', '', 0, 0)",
                [source.row for source in sources],
            )


@contextlib.contextmanager
def running(programs: Programs, folder: Path, sources: Sequence[Source]) -> Iterator[Kodi]:
    """A new Kodi that keeps everything in `folder`. Raises NoKodi where it does not start."""
    home, scratch = folder / "home", folder / "scratch"
    scratch.mkdir(parents=True, mode=0o700)
    ports = Ports(free_port(), free_port(), free_port())
    write_profile(home, ports, list(sources))
    with contextlib.ExitStack() as stack:
        environment = {
            **os.environ, "HOME": str(folder), "KODI_DATA": str(home), "KODI_TEMP": str(scratch), "TMPDIR": str(scratch),
            "XDG_RUNTIME_DIR": str(scratch), "LIBGL_ALWAYS_SOFTWARE": "1", "LP_NUM_THREADS": "1",
        }  # fmt: skip
        environment["DISPLAY"] = stack.enter_context(_screen(programs, folder, environment))
        if programs.pulseaudio is not None:
            environment["PULSE_SERVER"] = stack.enter_context(_sound(programs.pulseaudio, folder, environment))
        command = [programs.kodi, "--standalone", "--windowing=x11", "--logging=console"]
        process = stack.enter_context(_process(command, folder / "kodi.log", environment))
        kodi = Kodi(ports, home, process)
        deadline = time.monotonic() + _START_S
        while not kodi.is_up():
            if process.poll() is not None or time.monotonic() > deadline:
                raise NoKodi(f"Kodi does not answer; it said:\n{_tail(folder / 'kodi.log')}")
            time.sleep(0.2)
        try:
            yield kodi
        finally:
            with contextlib.suppress(httpx.HTTPError, RuntimeError):
                kodi.call("Application.Quit")
                process.wait(_STOP_S)


@contextlib.contextmanager
def _screen(programs: Programs, folder: Path, environment: dict[str, str]) -> Iterator[str]:
    """An X server that draws into memory, on a display that it chooses itself."""
    reading, writing = os.pipe()
    command = [programs.xvfb, "-displayfd", str(writing), "-screen", "0", _SCREEN, "-nolisten", "tcp", "+extension", "GLX"]
    with os.fdopen(reading) as told, _process(command, folder / "xvfb.log", environment, pass_fds=(writing,)):
        os.close(writing)
        number = told.readline().strip()  # it ends without a line when the server does
        if not number:
            raise NoKodi(f"Xvfb does not start; it said:\n{_tail(folder / 'xvfb.log')}")
        yield f":{number}"


@contextlib.contextmanager
def _sound(pulseaudio: str, folder: Path, environment: dict[str, str]) -> Iterator[str]:
    """A sound card that nobody hears: without one Kodi looks for one for six seconds."""
    socket = folder / "pulse.socket"
    command = [pulseaudio, "-n", "--daemonize=no", "--exit-idle-time=-1", "--disable-shm=yes", "--use-pid-file=no"]
    command += ["-L", "module-null-sink rate=48000 channels=2", "-L", f"module-native-protocol-unix socket={socket}"]
    with _process(command, folder / "pulseaudio.log", environment):
        yield f"unix:{socket}"


@contextlib.contextmanager
def _process(
    command: list[str], log: Path, environment: dict[str, str], *, pass_fds: tuple[int, ...] = ()
) -> Iterator["subprocess.Popen[bytes]"]:
    """A program that is ended with the block."""
    with log.open("wb") as said:
        process = subprocess.Popen(
            command, env=environment, stdin=subprocess.DEVNULL, stdout=said, stderr=said, pass_fds=pass_fds
        )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(_STOP_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _tail(log: Path) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-12:])
