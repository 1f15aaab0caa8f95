"""What both rivals share: their inputs, Strawberry's view at its best, and a tuned uvicorn."""

import gc
from collections.abc import Callable
from enum import Enum
from typing import Any

import orjson
import strawberry
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from strawberry.asgi import GraphQL
from strawberry.extensions import ParserCache, ValidationCache

EXTENSIONS = [ParserCache, ValidationCache]


@strawberry.input
class YearFilter:
    gte: int


@strawberry.input
class FilmWhere:
    year: YearFilter


@strawberry.enum
class OrderField(Enum):
    """The one order that the operation asks for."""

    YEAR = "year"


@strawberry.input
class FilmOrder:
    field: OrderField


class View(GraphQL[Any, None]):
    """Strawberry's view with orjson on both ends and a context of its own per request."""

    def __init__(self, schema: strawberry.Schema, context: Callable[[], Any]) -> None:
        super().__init__(schema, graphql_ide=None)
        self._make_context = context

    async def get_context(self, request: Any, response: Any) -> Any:
        return self._make_context()

    def encode_json(self, data: object) -> bytes:
        return orjson.dumps(data)

    def decode_json(self, data: str | bytes) -> object:
        return orjson.loads(data)


def application(schema: strawberry.Schema, context: Callable[[], Any]) -> Starlette:
    """One route, no middleware, no authentication."""
    view = View(schema, context)

    async def graphql(request: Request) -> Response:
        response: Response = await view.run(request)
        return response

    return Starlette(routes=[Route("/graphql", graphql, methods=["POST"])])


def serve(app: Starlette, port: int) -> None:
    """uvloop and httptools on loopback, with the garbage collector out of the way."""
    config = uvicorn.Config(
        app, host="127.0.0.1", port=port, loop="uvloop", http="httptools", lifespan="off", log_level="error", access_log=False
    )
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    uvicorn.Server(config).run()
