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
from domain.kit.database import Database
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
def lab(lab_url: str, registered: None) -> Iterator[Lab]:
    database = Database(lab_url)
    world.fill(database)
    yield Lab(database, make_schema(), Planner(database), Planner(database, enabled=False))
    database.close()
