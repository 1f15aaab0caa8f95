"""The one place that opens sessions, commits and rolls back."""

import contextlib
import threading
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import sqlalchemy as sa
import structlog
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from domain.kit.database import contention, deadlines
from domain.kit.database.contention import Busy
from domain.kit.database.deadlines import Deadline, DeadlineExceeded
from domain.kit.database.engines import STATISTICS, interrupter, normal_url, postgresql_engine, sqlite_engine
from domain.kit.database.locks import FairLock
from domain.kit.database.reader import PostgresqlReader, Reader, SqliteReader
from domain.kit.database.unit import UnitOfWork, database_time, serialize

__all__ = ["Busy", "Database", "Deadline", "DeadlineExceeded", "UnitOfWork", "database_time", "serialize"]

log = structlog.get_logger()
R = TypeVar("R")


class Database:
    """One database, either engine. `read()` for reading, `transaction()` for everything that changes something."""

    def __init__(self, url: str, *, pool_size: int = 8, statement_timeout_ms: int = 60_000) -> None:
        self.url = normal_url(url)
        self.dialect = self.url.get_backend_name()
        self._pool_size = pool_size
        self._statement_timeout_ms = statement_timeout_ms
        self._lock: FairLock | contextlib.AbstractContextManager[Any]
        if self.dialect == "sqlite":
            self.engine = sqlite_engine(self.url, readonly=False)
            self._read_engine = sqlite_engine(self.url, readonly=True)
            self._lock = FairLock()
        else:
            self.engine = postgresql_engine(self.url, statement_timeout_ms=statement_timeout_ms, pool_size=pool_size)
            self._read_engine = self.engine.execution_options(postgresql_readonly=True)
            self._lock = contextlib.nullcontext()
        self._reader: Reader | None = None
        self._reader_guard = threading.Lock()

    @contextlib.contextmanager
    def read(self) -> Iterator[Session]:
        """A session that cannot write; a write in it fails."""
        with Session(self._read_engine, expire_on_commit=False, autoflush=False) as session, _in_time(session):
            yield session

    def open_read_session(self) -> Session:
        """A read session that the caller closes (one per GraphQL operation, for the slow resolvers)."""
        session = Session(self._read_engine, expire_on_commit=False, autoflush=False)
        deadline = deadlines.current.get()
        if deadline is not None:
            deadline.hold(_interrupter(session))
        return session

    @contextlib.contextmanager
    def transaction(self, *, actor: str = "system", request_id: str = "") -> Iterator[UnitOfWork]:
        """A unit of work, committed when the block ends and rolled back when it raises.

        Keep it under 100 ms on SQLite, where one transaction writes at a time: no hashing, HTTP or file work inside.
        Within an operation that has a deadline it raises DeadlineExceeded, rolled back, when the time is up.
        """
        with self._lock, Session(self.engine, expire_on_commit=False) as session:
            unit = UnitOfWork(session, actor=actor, request_id=request_id)
            try:
                with _in_time(session):
                    yield unit
                    unit.finish()
                session.commit()
            except BaseException:
                session.rollback()
                raise
        try:
            unit.run_callbacks()
        except Exception:  # the commit stands: a doorbell that fails is rung again by the poll
            log.exception("after_commit_failed")

    def perform(self, work: Callable[[UnitOfWork], R], *, actor: str = "system", request_id: str = "") -> R:
        """What `work` returns, done in one transaction; begun anew, some times, when others got in its way. Raises Busy.

        `work` may run several times, so it does nothing that a rollback does not take back.
        """
        for tries_left in reversed(range(contention.TRIES)):
            try:
                with self.transaction(actor=actor, request_id=request_id) as uow:
                    return work(uow)
            except DBAPIError as error:
                if not tries_left or not contention.may_pass(error):
                    if contention.is_busy(error):
                        raise Busy from error
                    raise
                log.info("transaction_begun_anew", cause=type(error.orig).__name__)
        raise AssertionError

    def refresh_statistics(self) -> None:
        """Let the engine look how values are spread; without that, SQLite walks whole lists where an index would do.

        Every connection plans anew afterwards. After the first fill, after big changes, and once a day.
        """
        with self._lock, self.engine.begin() as connection:
            for statement in STATISTICS[self.dialect]:
                connection.exec_driver_sql(statement)

    @property
    def reader(self) -> Reader:
        """The planner's raw reader, started at first use."""
        with self._reader_guard:
            if self._reader is None:
                if self.dialect == "sqlite":
                    self._reader = SqliteReader(self.url)
                else:
                    self._reader = PostgresqlReader(
                        self.url, size=self._pool_size, statement_timeout_ms=self._statement_timeout_ms
                    )
            return self._reader

    def is_migrated(self) -> bool:
        """Whether the schema is there at all."""
        return sa.inspect(self.engine).has_table("alembic_version")

    def close(self) -> None:
        """Close every connection. The object must not be used afterwards."""
        if self._reader is not None:
            self._reader.close()
        self._read_engine.dispose()
        self.engine.dispose()


@contextlib.contextmanager
def _in_time(session: Session) -> Iterator[None]:
    """The block ends with its operation's deadline, if there is one."""
    deadline = deadlines.current.get()
    if deadline is None:
        yield
        return
    deadline.check()
    with deadline.running(_interrupter(session)):
        yield
        deadline.check()


def _interrupter(session: Session) -> deadlines.Interrupt:
    return interrupter(session.connection().connection.driver_connection)
