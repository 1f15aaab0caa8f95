"""The corpus' world, made once a session on SQLite and copied to PostgreSQL, and the lab over copies of it."""

import faulthandler
import itertools
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from unittest.mock import Mock

import psycopg
import pytest

from domain.kit.database import Database
from domain.settings import Settings
from tests import patience
from tests.planner.whole import world
from tests.planner.whole.lab import Lab, Way, planners, watched_schema

ENGINES: Final = ("sqlite", "postgresql")
_numbers = itertools.count(1)


@pytest.fixture(autouse=True, scope="module")
def registered() -> None:
    """The small world of the folder above is not needed here."""


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Faults are looked at in the answers; their tracebacks in the log would take longer than all the rest."""
    monkeypatch.setattr("api.kit.masking.log", Mock())


@pytest.fixture(autouse=True)
def unhurried() -> None:
    """These tests take minutes: no dump of every thread while they run, which now and then ends the interpreter (Python 3.11)."""
    faulthandler.cancel_dump_traceback_later()


@dataclass
class Made:
    """A filled database file, what it holds, and the viewers' tokens."""

    path: Path
    rows: world.Snapshot
    tokens: dict[str, str]


@pytest.fixture(scope="session")
def made(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Made:
    path = tmp_path_factory.mktemp("world") / "world.db"
    shutil.copy(sqlite_template, path)
    database = Database(f"sqlite:///{path}")
    tokens = world.build(database)
    rows = world.snapshot(database)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return Made(path, rows, tokens)


@pytest.fixture(scope="session")
def filled_postgresql(made: Made, postgresql_template: str) -> str:
    """The URL of the server, which has the world as the template `whole_world`."""
    with psycopg.connect(postgresql_template, autocommit=True) as connection:
        connection.execute("CREATE DATABASE whole_world TEMPLATE template_marquee STRATEGY file_copy")
    database = Database(postgresql_template.rsplit("/", 1)[0] + "/whole_world")
    world.restore(database, made.rows)
    database.close()
    return postgresql_template


@pytest.fixture(scope="module")
def copied(made: Made, filled_postgresql: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Database]]:
    """Makes a copy of the world on an engine, which ends with the module."""
    databases: list[Database] = []
    names: list[str] = []

    def copy(engine: str) -> Database:
        if engine == "sqlite":
            path = tmp_path_factory.mktemp("copy") / "marquee.db"
            shutil.copy(made.path, path)
            databases.append(Database(f"sqlite:///{path}"))
            return databases[-1]
        names.append(f"world_{next(_numbers)}")
        with psycopg.connect(filled_postgresql, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {names[-1]} TEMPLATE whole_world STRATEGY file_copy")
        url = f"{filled_postgresql.rsplit('/', 1)[0]}/{names[-1]}"
        databases.append(Database(url, statement_timeout_ms=patience.STATEMENT_MS))
        return databases[-1]

    yield copy
    for database in databases:
        database.close()
    with psycopg.connect(filled_postgresql, autocommit=True) as connection:
        for name in names:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """As installed, but that no answer depends on the machine's speed; the databases are given apart."""
    return Settings(data_dir=tmp_path_factory.mktemp("data"), **patience.SETTINGS)


@pytest.fixture(scope="module")
def lab(copied: Callable[[str], Database], made: Made, settings: Settings) -> Lab:
    """One database on each engine, and every planner over both: for reading."""
    ways = [
        Way.over(f"{name} on {engine}", database, planner, settings)
        for engine, database in ((engine, copied(engine)) for engine in ENGINES)
        for name, planner in planners(database).items()
    ]
    return Lab(watched_schema(), ways, made.tokens)


@pytest.fixture(scope="module")
def writing_lab(copied: Callable[[str], Database], made: Made, settings: Settings) -> Callable[[str], Lab]:
    """Makes a lab of one engine in which the oracle and the planner have a database each: for mutations."""

    def make(engine: str) -> Lab:
        databases = {name: copied(engine) for name in ("oracle", "measured")}
        ways = [Way.over(name, each, planners(each)[name], settings) for name, each in databases.items()]
        return Lab(watched_schema(), ways, made.tokens)

    return make
