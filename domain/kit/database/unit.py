"""A unit of work: one transaction, and what is to happen once it is durable."""

import contextlib
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlmodel import Session

from domain.kit import clock


class UnitOfWork:
    """The open transaction. Services get it first; only the database commits it."""

    def __init__(self, session: Session, *, actor: str = "system", request_id: str = "") -> None:
        self.session = session
        self.actor = actor
        self.request_id = request_id
        self._callbacks: list[Callable[[], None]] = []
        self._now: datetime | None = None

    def after_commit(self, callback: Callable[[], None]) -> None:
        """Call `callback` after the commit returned; never after a rollback (SQLAlchemy's own event fires on savepoints)."""
        self._callbacks.append(callback)

    @contextlib.contextmanager
    def attempt(self) -> Iterator[Callable[[], None]]:
        """A stretch of the transaction that can be taken back: `with uow.attempt() as take_back:`, called at its end."""
        with self.session.begin_nested() as savepoint:

            def take_back() -> None:
                self.session.flush()
                savepoint.rollback()

            yield take_back

    def now(self) -> datetime:
        """The database's time, read once per transaction: leases must not depend on a worker's clock."""
        if self._now is None:
            self._now = database_time(self.session)
        return self._now

    def finish(self) -> None:
        """Write what follows from the changes, in the same transaction."""
        self.session.flush()
        for step in LAST_STEPS:
            step(self)

    def run_callbacks(self) -> None:
        for callback in self._callbacks:
            callback()


LAST_STEPS: Final[list[Callable[[UnitOfWork], None]]] = []
"""What every transaction does before it is committed; a feature adds its own where it is imported (see `domain.registry`)."""


def database_time(session: Session) -> datetime:
    """The time of the database server (a replaced clock answers instead)."""
    if clock.replaced() or session.get_bind().dialect.name == "sqlite":
        return clock.now()  # SQLite runs inside this process: its clock is ours
    moment: datetime = session.connection().execute(sa.select(sa.func.clock_timestamp())).scalar_one()
    return moment


def serialize(session: Session, name: str) -> None:
    """Let transactions that name the same thing pass one after the other (SQLite's writers do so anyway)."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection().execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtextextended(name, 0))))
