"""Seams: the environment, sessions, outbound HTTP and the clock each have one place."""

import ast
from collections.abc import Callable

import pytest

from tests.rules.sources import TREES, Module, calls, module_of, modules, qualified

ENVIRONMENT = {
    "domain/settings.py": "reads every setting",
    "workers/confined/worker.py": "hands a child process the few variables it needs, and no secret",
    "workers/libraries/demo/clips.py": "an encoder library has no other switch for its noise",
}
HTTP = ("httpx", "httpcore", "requests", "urllib.request", "urllib3", "aiohttp", "http.client", "websockets")
SESSIONS = {
    "sqlmodel.Session", "sqlalchemy.orm.Session", "sqlalchemy.orm.sessionmaker", "sqlalchemy.orm.scoped_session",
    "sqlmodel.create_engine", "sqlalchemy.create_engine", "sqlalchemy.ext.asyncio.create_async_engine",
    "sqlite3.connect", "psycopg.connect", "psycopg_pool.ConnectionPool",
}  # fmt: skip
CLOCKS = {
    "datetime.datetime.now", "datetime.datetime.utcnow", "datetime.datetime.today", "datetime.date.today",
    "time.time", "time.time_ns",
}  # fmt: skip


def environment(module: Module) -> list[str]:
    """Only domain/settings.py reads the environment; who else must touch it is listed with its reason."""
    if module.path in ENVIRONMENT:
        return []
    names = {"os.environ", "os.environb", "os.getenv", "os.putenv"}
    uses = [node for node in ast.walk(module.tree) if isinstance(node, ast.Attribute | ast.Name)]
    return [module.at(node, qualified(module, node)) for node in uses if qualified(module, node) in names]


def sessions(module: Module) -> list[str]:
    """Only domain/kit/database opens sessions and connections, commits and rolls back."""
    if module.path.startswith("domain/kit/database/"):
        return []
    return [
        module.at(node, name)
        for node, name in calls(module)
        if name in SESSIONS or ("." in name and name.rpartition(".")[2] in ("commit", "rollback"))
    ]


def http(module: Module) -> list[str]:
    """Only domain/kit/http (egress) and the command line (a client of our own server) speak HTTP."""
    if module.path.startswith(("domain/kit/http/", "api/cli/")) or module.path == "domain/kit/http.py":
        return []
    found = []
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        found += [module.at(node, name) for name in names if f"{name}.".startswith(tuple(f"{banned}." for banned in HTTP))]
    return found


def clocks(module: Module) -> list[str]:
    """Only domain/kit/clock.py asks the system for the time of day: tests must be able to move it."""
    if module.path == "domain/kit/clock.py":
        return []
    return [module.at(node, name) for node, name in calls(module) if name in CLOCKS]


def sleeps(module: Module) -> list[str]:
    """Nobody sleeps: who waits, waits for an event that can come early (`Event.wait`, `stop.wait`)."""
    return [module.at(node, name) for node, name in calls(module) if name == "time.sleep"]


Rule = Callable[[Module], list[str]]
RULES: tuple[Rule, ...] = (environment, sessions, http, clocks, sleeps)


@pytest.mark.parametrize("rule", RULES)
def test_each_seam_has_one_place(rule: Rule) -> None:
    assert [line for module in modules(*TREES, "alembic") for line in rule(module)] == []


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (environment, "import os\nos.environ['X']"),
        (environment, "from os import environ\nenviron.get('X')"),
        (environment, "import os as o\no.getenv('X')"),
        (sessions, "from sqlmodel import Session\nSession(engine)"),
        (sessions, "import sqlalchemy as sa\nsa.create_engine('sqlite://')"),
        (sessions, "def f(uow):\n    uow.session.commit()"),
        (sessions, "def f(session):\n    session.connection().rollback()"),
        (http, "import httpx"),
        (http, "import httpcore"),
        (http, "def f():\n    from httpx import Client"),
        (http, "from urllib import request"),
        (http, "import urllib.request"),
        (clocks, "from datetime import datetime\ndatetime.now()"),
        (clocks, "import datetime as dt\ndt.datetime.now(dt.UTC)"),
        (clocks, "from datetime import date\ndate.today()"),
        (clocks, "import time\ntime.time()"),
        (sleeps, "from time import sleep\nsleep(1)"),
    ],
)
def test_a_way_around_a_seam_is_found(rule: Rule, text: str) -> None:
    assert len(rule(module_of(text))) == 1


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (sessions, "from sqlmodel import Session\ndef f(session: Session) -> None:\n    session.flush()"),
        (http, "import urllib.parse\nfrom http import HTTPStatus"),
        (clocks, "from domain.kit import clock\nclock.now()\nimport time\ntime.monotonic()"),
        (environment, "from domain.settings import Settings\nSettings()"),
    ],
)
def test_the_right_way_is_not_found(rule: Rule, text: str) -> None:
    assert rule(module_of(text)) == []
