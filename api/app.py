"""The ASGI application: routes, middleware, and what starts and stops with it."""

import contextlib
from collections.abc import AsyncIterator, Callable
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL

from api.artwork.routes import ROUTES as IMAGE_ROUTES
from api.artwork.thumbnail_routes import ROUTES as THUMBNAIL_ROUTES
from api.downloaders.routes import routes as webhook_routes
from api.kit.auth import public_origin
from api.kit.hosts import KnownHosts
from api.kit.pace import Pace
from api.kit.services import Services
from api.kit.view import GraphQLView
from api.players.routes import routes as player_routes
from api.playground.operations import operations
from api.playground.routes import ROUTES as PLAYGROUND_ROUTES
from api.schema import build_schema
from api.system.routes import ROUTES as SYSTEM_ROUTES
from api.system.tailer import Tailer
from api.uploads.routes import ROUTES as UPLOAD_ROUTES


def create_app(services: Services, *, pace: Pace | None = None) -> Starlette:
    """The application over shared services. `pace` shortens what open connections wait for."""
    ours = public_origin(services.settings)
    services.documents.allow(operations())
    view = GraphQLView(
        build_schema(),
        services,
        subscription_protocols=[GRAPHQL_TRANSPORT_WS_PROTOCOL],
        pace=pace or Pace(),
        allowed_origins=sorted(services.settings.allowed_origins | ({ours} if ours else set())),
    )

    async def graphql(request: Request) -> Response:
        response: Response = await view.run(request)
        return response

    routes: list[BaseRoute] = [
        Route("/graphql", graphql, methods=["GET", "POST", "PUT", "PATCH", "DELETE"]),
        WebSocketRoute("/graphql", view),
        *SYSTEM_ROUTES,
        *THUMBNAIL_ROUTES,
        *IMAGE_ROUTES,
        *UPLOAD_ROUTES,
        *player_routes(services),
        *webhook_routes(services),
        *PLAYGROUND_ROUTES,
    ]
    middleware = [
        Middleware(KnownHosts, settings=services.settings),
        Middleware(
            CORSMiddleware,
            allow_origins=sorted(services.settings.allowed_origins),
            allow_methods=["GET", "POST", "PUT", "OPTIONS"],
            allow_headers=["authorization", "content-type", "if-none-match"],
            expose_headers=["etag", "retry-after", "x-request-id"],
            max_age=600,
        ),
    ]
    app = Starlette(routes=routes, middleware=middleware, lifespan=_lifespan(services))
    app.state.services = services
    return app


def _lifespan(services: Services) -> Callable[[Starlette], Any]:
    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        tailer = Tailer(services.database, poll_s=services.settings.event_poll_s)
        await tailer.start()
        services.events = tailer
        end = services.wakeups.listen(tailer.wake) if services.wakeups is not None else None
        try:
            yield
        finally:
            if end is not None:
                end()
            await tailer.stop()
            services.close()

    return lifespan
