"""A filled world on either engine, once per module, and what runs an operation through planner and oracle."""

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import psycopg
import pytest
import strawberry

from api.kit.planner import Planner
from api.kit.planner.json.embedding import BackEnd
from domain.kit.database import Database, unit
from domain.kit.policy import Viewer
from tests.planner import world
from tests.planner.schema import Context, make_schema

ADMIN = Viewer(user_id=9, is_admin=True, scopes=frozenset({"read", "finance"}))
VIEWERS = {
    "admin": ADMIN,
    "two places": Viewer(user_id=1),
    "one place, young": Viewer(user_id=2, max_age=12, sees_unrated=False, scopes=frozenset({"finance"})),
    "teenager": Viewer(user_id=3, max_age=13),
    "nobody": Viewer(user_id=None),
}


@dataclass
class Lab:
    """One world, answered twice."""

    database: Database
    schema: strawberry.Schema
    planner: Planner
    oracle: Planner

    async def run(self, planner: Planner, query: str, variables: dict[str, Any] | None, viewer: Viewer) -> dict[str, Any]:
        context = Context(viewer, self.database, planner)
        result = await self.schema.execute(query, variable_values=variables, context_value=context)
        context.close()
        errors = [json.dumps(error.formatted, sort_keys=True) for error in result.errors or ()]
        return {"data": orjson.loads(orjson.dumps(result.data)), "errors": [json.loads(each) for each in sorted(errors)]}

    async def ask(self, query: str, variables: dict[str, Any] | None = None, viewer: Viewer = ADMIN) -> dict[str, Any]:
        """The planner's answer."""
        return await self.run(self.planner, query, variables, viewer)

    async def same(self, query: str, variables: dict[str, Any] | None = None, viewer: Viewer = ADMIN) -> dict[str, Any]:
        """Both answers, which must be one: data with its order of keys, and errors."""
        ours = await self.run(self.planner, query, variables, viewer)
        theirs = await self.run(self.oracle, query, variables, viewer)
        assert json.dumps(ours, ensure_ascii=False) == json.dumps(theirs, ensure_ascii=False), (query, variables, viewer)
        return ours


@pytest.fixture(autouse=True, scope="module")
def registered() -> Iterator[None]:
    logging.getLogger("strawberry.execution").setLevel(logging.CRITICAL + 1)
    with pytest.MonkeyPatch.context() as patch:
        world.register(patch)
        patch.setattr(unit, "LAST_STEPS", [])  # the world has none of the product's tables
        yield
    logging.getLogger("strawberry.execution").setLevel(logging.NOTSET)


@pytest.fixture(scope="module")
def lab_url(engine: str, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[str]:
    if engine == "sqlite":
        yield f"sqlite:///{Path(tmp_path_factory.mktemp('lab')) / 'lab.db'}"
        return
    server: str = request.getfixturevalue("postgresql_url")
    name = f"lab_{request.module.__name__.rsplit('.', 1)[-1]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield server.rsplit("/", 1)[0] + f"/{name}"
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="module")
def lab_database(lab_url: str, registered: None) -> Iterator[Database]:
    database = Database(lab_url)
    world.fill(database)
    yield database
    database.close()


@pytest.fixture(scope="module", params=["rows", "json"])
def back_end(request: pytest.FixtureRequest) -> BackEnd:
    """Both, whatever the measurements say; a module may replace this fixture."""
    found: BackEnd = request.param
    return found


@pytest.fixture(scope="module")
def lab(lab_database: Database, back_end: BackEnd) -> Lab:
    return Lab(lab_database, make_schema(), Planner(lab_database, back_end=back_end), Planner(lab_database, enabled=False))
