"""The planner's way to rows: raw statements in a snapshot, off the event loop."""

import math
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Final, Protocol, TypeVar

import sqlalchemy as sa

from domain.kit.database import deadlines
from domain.kit.database.deadlines import Deadline, interruptible
from domain.kit.database.engines import interrupter, postgresql_readers, sqlite_reader

R = TypeVar("R")
Rows = list[tuple[Any, ...]]
Read = Callable[[str, Sequence[Any]], Rows]

AT_ONCE_S: Final = 0.006
"""CPU time for which a read may hold up the event loop."""
AT_ONCE_AT_MOST_S: Final = 0.05
"""The same by the clock on the wall: a cold disk, or a machine that has other work."""
LOOK_EVERY: Final = 20_000
"""Instructions of SQLite between two looks at the clocks: some 0.5 ms. Each look asks for the interpreter's lock."""
_GIVEN_UP: Final = (sqlite3.SQLITE_INTERRUPT, sqlite3.SQLITE_BUSY)


class TooLong(Exception):
    """Not to be read at once: it takes longer than the event loop can wait, or this database is elsewhere."""


class Reader(Protocol):
    """Runs `work(read)`; all its statements see one state of the database."""

    statements: int
    can_fetch: bool

    def submit(self, work: Callable[[Read], R], *, snapshot: bool) -> "Future[R]":
        """In a thread. Its statements end with the deadline of the operation that submits (DeadlineExceeded)."""

    def at_once(self, work: Callable[[Read], R], *, snapshot: bool) -> R:
        """Here and now, if its statements take no longer than `AT_ONCE_S`. Raises TooLong; then nothing has happened."""

    async def fetch(self, sql: str, parameters: Sequence[Any]) -> Rows:
        """The rows of one statement, awaited; only where `can_fetch`. It ends with the operation's deadline, too."""

    def close(self) -> None: ...


class SqliteReader:
    """One thread, one connection: more of them only hand the GIL to each other, row by row (4.6 times slower).

    Short reads need not even that one: handing a read of 1 ms over and back costs 0.3 ms of CPU time. A connection of
    the event loop's own tries them first, and is interrupted when they are not short.
    """

    can_fetch = False

    def __init__(self, url: sa.URL) -> None:
        self._url = url
        self._connection: sqlite3.Connection | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="reader")
        self._here: sqlite3.Connection | None = None
        self._turn = threading.Lock()
        self._until = self._until_wall = math.inf
        self.statements = 0

    def submit(self, work: Callable[[Read], R], *, snapshot: bool) -> "Future[R]":
        return self._thread.submit(self._run, work, snapshot, deadlines.current.get())

    def at_once(self, work: Callable[[Read], R], *, snapshot: bool) -> R:
        if not self._turn.acquire(blocking=False):
            raise TooLong
        try:
            if self._here is None:
                self._here = self._own_connection()
            self._until_wall = time.monotonic() + AT_ONCE_AT_MOST_S
            self._until = time.thread_time() + AT_ONCE_S
            return self._within(self._here, work, snapshot)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode in _GIVEN_UP:
                raise TooLong from None
            raise
        finally:
            self._turn.release()

    async def fetch(self, sql: str, parameters: Sequence[Any]) -> Rows:
        raise NotImplementedError

    def _own_connection(self) -> sqlite3.Connection:
        connection = sqlite_reader(self._url)
        connection.execute("PRAGMA busy_timeout=0")
        connection.set_progress_handler(self._is_late, LOOK_EVERY)
        return connection

    def _is_late(self) -> bool:
        return time.monotonic() > self._until_wall or time.thread_time() > self._until

    def _run(self, work: Callable[[Read], R], snapshot: bool, deadline: Deadline | None) -> R:
        if deadline is not None:
            deadline.check()  # it may have waited long for the thread
        if self._connection is None:
            self._connection = sqlite_reader(self._url)
        return self._within(self._connection, work, snapshot, deadline)

    def _within(
        self, connection: sqlite3.Connection, work: Callable[[Read], R], snapshot: bool, deadline: Deadline | None = None
    ) -> R:
        made = 0
        interrupt = interrupter(connection)

        def read(sql: str, parameters: Sequence[Any]) -> Rows:
            nonlocal made
            made += 1
            with interruptible(deadline, interrupt):
                return connection.execute(sql, parameters).fetchall()

        if snapshot:
            connection.execute("BEGIN")
        try:
            done = work(read)
        finally:
            if connection is self._here:  # the end of a transaction is not interrupted
                self._until = self._until_wall = math.inf
            if snapshot:
                connection.execute("COMMIT")
        self.statements += made
        return done

    def close(self) -> None:
        self._thread.submit(lambda: self._connection.close() if self._connection else None).result()
        self._thread.shutdown()
        if self._here is not None:
            self._here.close()


class PostgresqlReader:
    """A few threads, each with a pooled connection, for reads of several statements; the event loop waits for the others."""

    can_fetch = True

    def __init__(self, url: sa.URL, *, size: int, statement_timeout_ms: int) -> None:
        self._pool, self._lanes = postgresql_readers(url, size=size, statement_timeout_ms=statement_timeout_ms)
        self._threads = ThreadPoolExecutor(size, thread_name_prefix="reader")
        self.statements = 0

    def submit(self, work: Callable[[Read], R], *, snapshot: bool) -> "Future[R]":
        return self._threads.submit(self._run, work, snapshot, deadlines.current.get())

    def at_once(self, work: Callable[[Read], R], *, snapshot: bool) -> R:
        raise TooLong

    async def fetch(self, sql: str, parameters: Sequence[Any]) -> Rows:
        self.statements += 1
        return await self._lanes.fetch(sql, parameters)

    def _run(self, work: Callable[[Read], R], snapshot: bool, deadline: Deadline | None) -> R:
        if deadline is not None:
            deadline.check()
        self._pool.open()
        with self._pool.connection() as connection:
            interrupt = interrupter(connection)

            def read(sql: str, parameters: Sequence[Any]) -> Rows:
                self.statements += 1
                with interruptible(deadline, interrupt):
                    return connection.execute(sql, parameters).fetchall()

            if not snapshot:
                return work(read)
            connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            try:
                return work(read)
            finally:
                connection.execute("ROLLBACK")

    def close(self) -> None:
        self._threads.shutdown()
        self._pool.close()
        self._lanes.close()
