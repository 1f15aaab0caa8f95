"""Fixtures of every test: a database of either engine, a replaceable clock, real servers on private ports."""

import os
import shutil
import tempfile
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
import structlog
from sqlalchemy.util import LRUCache

from domain.kit import clock
from domain.kit.database import Database, migrations
from tests.peers.servers import postgresql, redis_server
from tests.sampling import IS_FULL, SEED

ENGINES = ("sqlite", "postgresql")
MEMORY = Path("/dev/shm")
MEMORY_BYTES = 8 * 2**30


def _keep_files_in_memory() -> None:
    """Thousands of databases are made and thrown away: where there is room in memory, no disk is asked."""
    if "TMPDIR" in os.environ or not os.access(MEMORY, os.W_OK) or shutil.disk_usage(MEMORY).free < MEMORY_BYTES:
        return
    os.environ["TMPDIR"] = str(MEMORY)  # of this process and those that it starts
    tempfile.tempdir = None


def _log_plainly() -> None:
    """Unconfigured, structlog draws every traceback with Rich and all local variables: a second of a core each."""
    plain = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[*structlog.get_config()["processors"][:-1], plain])


def _compile_statements_once() -> None:
    """Each test has engines of its own, and SQLAlchemy keeps compiled statements by engine and dialect object: a fifth of
    a run's processor time went into compiling the same ones anew. Here all engines of one driver share both."""
    create = sa.create_engine
    compiled: dict[str, Any] = defaultdict(lambda: LRUCache(4000))
    dialects: dict[str, sa.Dialect] = {}

    def sharing(*arguments: Any, **options: Any) -> sa.Engine:
        engine = create(*arguments, **options)
        dialect = dialects.setdefault(engine.dialect.driver, engine.dialect)
        if dialect.server_version_info is not None:  # it has met a server, which told it what it can
            engine.dialect = dialect
            engine.update_execution_options(compiled_cache=compiled[dialect.driver])
        return engine

    sa.create_engine = sharing


_keep_files_in_memory()
_log_plainly()
_compile_statements_once()


LONG_FILES = (
    "planner/whole/test_corpus.py",
    "planner/whole/test_payloads.py",
    "planner/whole/test_documented.py",
    "planner/whole/test_nested.py",
    "clients/",
    "playground/test_browser",
    "attacks/",
    "rules/test_constraints.py",
    "libraries/demo/test_demo.py",
    "jobs/test_processes.py",
    "catalog/bulk/",
    "publish/",
    "libraries/",
    "jobs/",
)
"""Beginnings of the files that take longest, longest first: begun early, no worker waits at the end for another's."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Several workers take whole files in this order (`--no-loadscope-reorder`): the long ones, then those of many tests."""
    if not hasattr(config, "workerinput"):
        return
    counts = Counter(item.path for item in items)

    def turn(item: pytest.Item) -> tuple[int, int, str]:
        name = item.path.relative_to(Path(__file__).parent).as_posix()
        rank = next((place for place, each in enumerate(LONG_FILES) if name.startswith(each)), len(LONG_FILES))
        return rank, -counts[item.path], name

    items.sort(key=turn)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What repeats this run's samples."""
    terminalreporter.write_line("every case, none sampled" if IS_FULL else f"sampled by SAMPLE_SEED={SEED}")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Tests marked `both` get every engine; the others SQLite (or, under `make check`, every engine too)."""
    if "engine" in metafunc.fixturenames:
        every = metafunc.definition.get_closest_marker("both") or os.environ.get("EVERY_ENGINE")
        engines = ENGINES if every else ENGINES[:1]
        if metafunc.definition.get_closest_marker("postgresql"):
            engines = ENGINES[1:]
        if metafunc.definition.get_closest_marker("sqlite"):
            engines = ENGINES[:1]
        metafunc.parametrize("engine", engines, scope="session")


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    with postgresql() as url:
        yield url


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    with redis_server() as url:
        yield url


def create_schema(database: Database) -> None:
    """The whole schema, as the migrations make it."""
    migrations.upgrade(database)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "template.db"
    database = Database(f"sqlite:///{path}")
    create_schema(database)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return path


@pytest.fixture(scope="session")
def postgresql_template(postgresql_url: str) -> str:
    with psycopg.connect(postgresql_url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE template_marquee")
    database = Database(postgresql_url.rsplit("/", 1)[0] + "/template_marquee")
    create_schema(database)
    database.close()
    return postgresql_url


_copies = iter(range(1, 1_000_000))
_copies_guard = threading.Lock()


@pytest.fixture
def database_url(engine: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of a fresh, migrated database of the test's engine."""
    if engine == "sqlite":
        path = tmp_path / "marquee.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    server: str = request.getfixturevalue("postgresql_template")
    with _copies_guard:
        name = f"test_{os.getpid()}_{next(_copies)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template_marquee STRATEGY file_copy")
        yield server.rsplit("/", 1)[0] + f"/{name}"
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.close()


class ManualClock:
    """A clock that moves when the test says so."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment

    def advance(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


@pytest.fixture
def manual_clock() -> Iterator[ManualClock]:
    source = ManualClock()
    clock.replace_clock(source)
    yield source
    clock.replace_clock(None)


@pytest.fixture
def statements(database: Database) -> Callable[[], int]:
    """The number of statements the planner's reader ran since the last call."""
    seen = 0

    def count() -> int:
        nonlocal seen
        total: int = database.reader.statements
        delta, seen = total - seen, total
        return delta

    count()
    return count
