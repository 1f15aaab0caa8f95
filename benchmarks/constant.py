"""The floor of every HTTP answer: one that parses the request's JSON and sends constant bytes. `… PORT SIZE SIZE …`."""

import sys

import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from benchmarks.plain import serve


def create_app(sizes: list[int]) -> Starlette:
    """POST /graphql with {"query": "<number>"} sends as many bytes as that size says."""
    bodies = [b'{"data":"' + b"x" * (size - 11) + b'"}' for size in sizes]

    async def answer(request: Request) -> Response:
        number = orjson.loads(await request.body())["query"]
        return Response(bodies[int(number)], media_type="application/json")

    return Starlette(routes=[Route("/graphql", answer, methods=["POST"])])


if __name__ == "__main__":
    serve(create_app([int(each) for each in sys.argv[2:]]), int(sys.argv[1]))
