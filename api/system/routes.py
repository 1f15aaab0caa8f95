"""Health for supervisors and numbers for Prometheus."""

import asyncio

import sqlalchemy as sa
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from api.kit import metrics as numbers
from api.kit.services import Services


async def healthz(request: Request) -> Response:
    """The process answers."""
    return JSONResponse({"status": "ok"})


async def readyz(request: Request) -> Response:
    """The process can do its work: the database answers. 503 while it cannot or while it is stopping."""
    services: Services = request.app.state.services
    if services.stopping:
        return JSONResponse({"status": "stopping"}, 503)

    def probe() -> None:
        with services.database.read() as session:
            session.execute(sa.text("SELECT 1"))

    try:
        async with asyncio.timeout(5):
            await asyncio.to_thread(probe)
    except Exception as error:  # whatever it is: not ready
        return JSONResponse({"status": "unavailable", "reason": type(error).__name__}, 503)
    return JSONResponse({"status": "ready"})


async def metrics(request: Request) -> Response:
    """Prometheus text format."""
    return Response(numbers.exposition(request.app.state.services), media_type=CONTENT_TYPE_LATEST)


ROUTES = [Route("/healthz", healthz), Route("/readyz", readyz), Route("/metrics", metrics)]
