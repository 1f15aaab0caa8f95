"""The planner's way to rows: raw statements in a snapshot, off the event loop."""

import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Protocol, TypeVar

import psycopg
import sqlalchemy as sa
from psycopg_pool import ConnectionPool

from domain.kit.database.engines import postgresql_pool, sqlite_reader

R = TypeVar("R")
Rows = list[tuple[Any, ...]]
Read = Callable[[str, Sequence[Any]], Rows]


class Reader(Protocol):
    """Runs `work(read)` in a thread; all its statements see one state of the database."""

    statements: int

    def submit(self, work: Callable[[Read], R], *, snapshot: bool) -> "Future[R]": ...

    def close(self) -> None: ...


class SqliteReader:
    """One thread, one connection: more of them only hand the GIL to each other, row by row (4.6 times slower)."""

    def __init__(self, url: sa.URL) -> None:
        self._url = url
        self._connection: sqlite3.Connection | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="reader")
        self.statements = 0

    def submit(self, work: Callable[[Read], R], *, snapshot: bool) -> "Future[R]":
        return self._thread.submit(self._run, work, snapshot)

    def _read(self, sql: str, parameters: Sequence[Any]) -> Rows:
        assert self._connection is not None
        self.statements += 1
        return self._connection.execute(sql, parameters).fetchall()

    def _run(self, work: Callable[[Read], R], snapshot: bool) -> R:
        if self._connection is None:
            self._connection = sqlite_reader(self._url)
        if not snapshot:
            return work(self._read)
        self._connection.execute("BEGIN")
        try:
            return work(self._read)
        finally:
            self._connection.execute("COMMIT")

    def close(self) -> None:
        self._thread.submit(lambda: self._connection.close() if self._connection else None).result()
        self._thread.shutdown()


class PostgresqlReader:
    """A few threads, each with a pooled connection; psycopg waits without the GIL."""

    def __init__(self, url: sa.URL, *, size: int, statement_timeout_ms: int) -> None:
        self._pool: ConnectionPool[psycopg.Connection[Any]] = postgresql_pool(
            url, size=size, statement_timeout_ms=statement_timeout_ms
        )
        self._threads = ThreadPoolExecutor(size, thread_name_prefix="reader")
        self.statements = 0

    def submit(self, work: Callable[[Read], R], *, snapshot: bool) -> "Future[R]":
        return self._threads.submit(self._run, work, snapshot)

    def _run(self, work: Callable[[Read], R], snapshot: bool) -> R:
        self._pool.open()
        with self._pool.connection() as connection:

            def read(sql: str, parameters: Sequence[Any]) -> Rows:
                self.statements += 1
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
