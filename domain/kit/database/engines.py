"""The two engines and what differs between them: the only place that asks which database this is."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy as sa
from psycopg_pool import ConnectionPool

from domain.kit.database.lane import Lanes

SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA busy_timeout=5000",
    "PRAGMA trusted_schema=OFF",
    "PRAGMA cell_size_check=ON",
    "PRAGMA journal_size_limit=67108864",
    "PRAGMA cache_size=-32768",
    "PRAGMA temp_store=MEMORY",
)

STATISTICS = {
    "sqlite": (
        "PRAGMA analysis_limit=1000",  # rows looked at per index: enough to choose by, a second for a million rows
        "ANALYZE",
        "CREATE TABLE statistics_are_new (id INTEGER)",  # connections read statistics again only when the schema changes
        "DROP TABLE statistics_are_new",
    ),
    "postgresql": ("ANALYZE",),
}
"""What makes an engine look again at how values are spread."""


_CANCEL_S = 5.0
"""For the server to take the request to cancel a statement."""


def normal_url(url: str) -> sa.URL:
    """The URL with the driver this project uses. Raises ValueError for any other database."""
    parsed = sa.make_url(url)
    backend = parsed.get_backend_name()
    if backend == "sqlite":
        return parsed.set(drivername="sqlite+pysqlite")
    if backend in ("postgresql", "postgres"):
        return parsed.set(drivername="postgresql+psycopg")
    raise ValueError(f"{backend} is not supported: use sqlite:///file or postgresql://…")


def sqlite_engine(url: sa.URL, *, readonly: bool) -> sa.Engine:
    """One writing connection (BEGIN IMMEDIATE), or a few that can only read."""
    if url.database and url.database != ":memory:":
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(
        url,
        poolclass=sa.pool.QueuePool,
        pool_size=4 if readonly else 1,
        max_overflow=4 if readonly else 0,
        connect_args={"check_same_thread": False, "timeout": 5.0},
    )

    @sa.event.listens_for(engine, "connect")
    def prepare(connection: Any, _: object) -> None:
        connection.isolation_level = None  # the driver must not begin transactions on its own
        for pragma in SQLITE_PRAGMAS:
            connection.execute(pragma)
        if readonly:
            connection.execute("PRAGMA query_only=ON")

    @sa.event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        # A deferred transaction that reads first and writes later fails at once, whatever the timeout.
        connection.exec_driver_sql("BEGIN" if readonly else "BEGIN IMMEDIATE")

    return engine


def postgresql_engine(url: sa.URL, *, statement_timeout_ms: int, pool_size: int) -> sa.Engine:
    """Pooled connections with statement and lock timeouts."""
    options = f"-c statement_timeout={statement_timeout_ms} -c lock_timeout=10000 -c timezone=UTC -c jit=off"
    return sa.create_engine(
        url,
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_pre_ping=True,
        connect_args={"options": options, "prepare_threshold": 1},
    )


def interrupter(driver: Any) -> Callable[[], None]:
    """What ends the statement that a driver's connection runs, called from another thread; nothing when it runs none."""
    if isinstance(driver, sqlite3.Connection):
        return driver.interrupt
    connection: psycopg.Connection[Any] = driver
    return lambda: connection.cancel_safe(timeout=_CANCEL_S)


def sqlite_reader(url: sa.URL) -> sqlite3.Connection:
    """A raw connection for the planner's statements: reads only, belongs to one thread."""
    connection = sqlite3.connect(str(url.database), isolation_level=None, check_same_thread=False, cached_statements=512)
    for pragma in (*SQLITE_PRAGMAS[2:], "PRAGMA cache_size=-65536", "PRAGMA query_only=ON"):
        connection.execute(pragma)
    return connection


def postgresql_readers(
    url: sa.URL, *, size: int, statement_timeout_ms: int
) -> "tuple[ConnectionPool[psycopg.Connection[Any]], Lanes]":
    """Raw autocommit connections for the planner's statements: for threads, and for the event loop itself."""
    # Rows lie in memory or on a solid disk: at its usual 4, a page by index is thought dearer than a walk through a table.
    planning = "-c jit=off -c plan_cache_mode=force_generic_plan -c random_page_cost=1.1"
    options = f"-c statement_timeout={statement_timeout_ms} -c timezone=UTC {planning}"
    # Statements number their parameters as the server does ($1): nothing in a long text has to be looked for and replaced.
    kwargs: dict[str, Any] = {"autocommit": True, "prepare_threshold": 0, "options": options}
    conninfo = url.set(drivername="postgresql").render_as_string(hide_password=False)
    pool: ConnectionPool[psycopg.Connection[Any]] = ConnectionPool(
        conninfo, min_size=1, max_size=size, open=False, kwargs={**kwargs, "cursor_factory": psycopg.RawCursor}
    )
    return pool, Lanes(conninfo, size=size, options={**kwargs, "cursor_factory": psycopg.AsyncRawCursor})
