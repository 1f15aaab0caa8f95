"""A probing child that does what the name of the file tells it, the way damaged media does."""

import os
import signal
import time
from pathlib import Path

from workers.libraries.probing.child import serve
from workers.libraries.probing.probe import probe_file
from workers.libraries.probing.results import ProbeResult


def misbehave(path: str) -> ProbeResult:
    """Hang, spin, crash or eat memory by name; anything else is probed."""
    name = Path(path).name
    if name == "hang":
        time.sleep(3600)
    if name == "spin":
        while True:
            pass
    if name == "crash":
        os.kill(os.getpid(), signal.SIGSEGV)
    if name == "crash-once" and not Path(path).with_name("crashed").exists():
        Path(path).with_name("crashed").touch()
        os.kill(os.getpid(), signal.SIGKILL)
    if name == "memory":
        held = bytearray()
        while True:
            held += bytes(2**24)
    if name == "babble":
        os.write(3, b"\xff" * 64)
    return probe_file(str(Path(path).with_name("small.mkv")))


if __name__ == "__main__":
    serve(misbehave)
