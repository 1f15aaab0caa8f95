"""What a server has for itself: its port and, with SQLite, its data folder."""

import contextlib
import errno
import fcntl
import socket
from collections.abc import Iterator

from domain.settings import Settings


@contextlib.contextmanager
def hold_folder(settings: Settings) -> Iterator[None]:
    """Keep other servers away from the data folder of a SQLite database, which has one writer.

    Ends the process, saying what to do, where one is at work there. The lock ends with the process, also by `kill -9`.
    """
    if settings.database_url.startswith("postgres"):
        yield
        return
    with (settings.data_dir / "marquee.lock").open("wb") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SystemExit(
                f"A Marquee is running on the data folder {settings.data_dir.resolve()} already. Stop it first, or choose"
                " another folder with MARQUEE_DATA_DIR."
            ) from None
        except OSError:  # a file system without locks: nobody is told, nobody is kept from starting
            pass
        yield


def take_port(settings: Settings) -> socket.socket:
    """A socket bound to the address and port to serve on. Ends the process, saying what to do, where that is not possible."""
    listening = socket.socket(socket.AF_INET6 if ":" in settings.bind else socket.AF_INET)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((settings.bind, settings.port))
    except OSError as refused:
        listening.close()
        reason = f"cannot be opened on {settings.bind}: {refused.strerror}"
        if refused.errno == errno.EADDRINUSE:
            reason = "is taken, perhaps by a Marquee that runs already"
        other = 8700 if settings.port != 8700 else 8701
        raise SystemExit(
            f'Port {settings.port} {reason}. Another port: --port {other}, with make: ARGS="--port {other}".'
        ) from None
    listening.set_inheritable(True)
    return listening
