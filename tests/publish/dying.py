"""A process that dies, or whose disk is full, at the call of a number: of the system, or of the database."""

import contextlib
import errno
import os
import signal
import sqlite3
import sys
import traceback
from collections.abc import Callable
from typing import Any, Final

import psycopg
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from domain.kit.database import Database

_FILLING: Final = frozenset({"open", "mkdir", "write", "fsync", "link", "rename"})
_CALLS: Final = _FILLING | {"unlink", "utime", "stat"}
_DONE, _FAILED, _FILLED = 0, 1, 3


class Doom:
    """`os` and a database's engine in one row of calls; that of the number `at` ends the process, or finds the disk full."""

    def __init__(self, at: int, *, is_full: bool) -> None:
        self.at, self.is_full, self.count = at, is_full, 0
        self.is_filled = False

    def __getattr__(self, name: str) -> Any:
        real = getattr(os, name)
        return self._counted(name, real) if name in _CALLS else real

    def watch(self, engine: sa.Engine) -> None:
        """Count the engine's statements and commits, too."""

        def statement(_connection: Any, _cursor: Any, text: str, *_: Any) -> None:
            is_writing = text.lstrip()[:6].upper() in ("INSERT", "UPDATE", "DELETE")
            self._call(_database_full(engine) if is_writing else None)

        sa.event.listen(engine, "before_cursor_execute", statement)
        sa.event.listen(engine, "commit", lambda _: self._call(_database_full(engine)))

    def _counted(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **named: Any) -> Any:
            is_filling = name in _FILLING and not (name == "open" and not args[1] & os.O_CREAT)
            self._call(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)) if is_filling else None)
            return real(*args, **named)

        return call

    def _call(self, full: Exception | None) -> None:
        if self.is_full and full is None:
            return  # it needs no room
        self.count += 1
        if self.count - 1 != self.at:
            return
        if full is None or not self.is_full:
            os.kill(os.getpid(), signal.SIGKILL)
        self.is_filled = True
        raise full


def perish(database: Database, work: Callable[[Database, Doom], object], *, at: int, is_full: bool) -> bool:
    """Do the work in a process of its own, to its death or to the end; whether the call of that number was reached.

    A full disk may fail the work: only what it leaves behind is asked. `database` has no open connection meanwhile.
    """
    database.close()
    sys.stdout.flush()
    child = os.fork()
    if not child:
        os._exit(_child(str(database.url.render_as_string(hide_password=False)), work, Doom(at, is_full=is_full)))
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return True
    assert os.WEXITSTATUS(status) in (_DONE, _FILLED), "the child failed for another reason than the one that was made"
    return os.WEXITSTATUS(status) == _FILLED


def _child(url: str, work: Callable[[Database, Doom], object], doom: Doom) -> int:
    try:
        database = Database(url)
        doom.watch(database.engine)
        with contextlib.suppress(*([Exception] if doom.is_full else [])):
            work(database, doom)
        return _FILLED if doom.is_filled else _DONE
    except BaseException:
        traceback.print_exc()
        return _FAILED


def _database_full(engine: sa.Engine) -> Exception:
    if engine.dialect.name == "postgresql":
        return OperationalError("", None, psycopg.errors.DiskFull("could not extend file: No space left on device"))
    full = sqlite3.OperationalError("database or disk is full")
    full.sqlite_errorcode = sqlite3.SQLITE_FULL
    return OperationalError("", None, full)
