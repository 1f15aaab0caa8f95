"""GraphQL over HTTP: one request in, one answer or one event stream out. WebSockets go to Strawberry's handler."""

import asyncio
import dataclasses
import secrets
from datetime import timedelta
from typing import Any

import orjson
import structlog
from graphql import GraphQLSchema
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from strawberry.asgi import GraphQL
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types.graphql import OperationType
from strawberry.types.unset import UNSET

from api.kit import auth, metrics, sse, websocket
from api.kit.advice import advise
from api.kit.answering import VARY, response_of
from api.kit.context import Context
from api.kit.hub import Hub
from api.kit.masking import presentable
from api.kit.pace import Pace
from api.kit.reading import EVENT_STREAM, GRAPHQL_JSON, JSON, GraphQLRequest, Refused, accepted_type, read_request
from api.kit.services import Services
from api.kit.shedding import OVERLOADED

log = structlog.get_logger()

_NAMES = {"query", "documentId", "extensions"}
_READS = frozenset({OperationType.QUERY})
_CHANGES = frozenset({OperationType.MUTATION})
_STREAMS = frozenset({OperationType.SUBSCRIPTION})


class GraphQLView(GraphQL[Context, None]):
    """Strawberry's view with our HTTP layer: statuses, limits and errors as the GraphQL-over-HTTP audit wants them."""

    websocket_adapter_class = websocket.TextAdapter
    graphql_transport_ws_handler_class = websocket.Handler

    def __init__(self, schema: Any, services: Services, *, pace: Pace, **options: Any) -> None:
        super().__init__(
            schema,
            graphql_ide=None,
            connection_init_wait_timeout=timedelta(seconds=pace.init_s),
            max_subscriptions_per_connection=websocket.MAX_OPERATIONS,
            **options,
        )
        self.types: GraphQLSchema = schema._schema
        self.services = services
        self.pace = pace
        self.hub = services.hub = Hub(schema, services)

    async def run(self, request: Any, context: Any = None, root_value: Any = None) -> Any:
        if self.is_websocket_request(request):
            return await super().run(request)
        request_id = secrets.token_hex(8)
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            try:
                response = await self._answer(request, request_id)
            except Refused as refusal:
                response = _refusal(refusal, request_id, request)
            except Exception:
                log.exception("request_failed")
                response = _refusal(Refused(500, "INTERNAL", "Something went wrong inside the server."), request_id, request)
        response.headers["X-Request-Id"] = request_id
        response.headers["Vary"] = VARY
        return response

    async def _answer(self, request: Request, request_id: str) -> Response:
        is_visit = request.method == "GET" and not _NAMES & request.query_params.keys()
        if is_visit and "text/html" in request.headers.get("accept", ""):
            return RedirectResponse("/", 303)
        media_type = accepted_type(request)
        settings = self.services.settings
        parameters = await read_request(request, limit=settings.body_limit_bytes, seconds=settings.body_deadline_s)
        context = await self._context(request, request_id)
        text = await self.services.documents.text_of(parameters, is_signed_in=context.identity is not None)
        parameters = dataclasses.replace(parameters, query=text)
        allowed = _READS if request.method == "GET" else _READS | _CHANGES
        if media_type == EVENT_STREAM:
            return sse.EventStream(sse.events(self.schema, parameters, context, allowed | _STREAMS, self.pace), self.pace)
        with context.closing():
            answer, has_data = await self._execute(parameters, context, allowed)
        status = _status(answer, has_data, media_type)
        return await response_of(answer, status=status, media_type=media_type, request=request, context=context)

    async def _context(self, request: Request, request_id: str) -> Context:
        token = auth.bearer(request.headers.get("authorization"))
        secret = auth.session_secret(request) if token is None else None
        if secret is not None and not auth.origin_is_own(request, self.services.settings):
            # a page on another site sends the cookie along; bearer tokens never come by themselves
            raise Refused(403, "CROSS_SITE", "A page of another site may not use your session. Use a token.")
        identity = await auth.identify(self.services, asyncio.to_thread, token=token, secret=secret)
        if token is not None and identity is None:
            challenge = {"WWW-Authenticate": 'Bearer error="invalid_token"'}
            raise Refused(401, "UNAUTHENTICATED", "The token is wrong, revoked or expired.", headers=challenge)
        return Context(
            services=self.services,
            identity=identity,
            request_id=request_id,
            ip_address=request.client.host if request.client else "",
            user_agent=request.headers.get("user-agent", ""),
            is_secure=auth.is_secure(request, self.services.settings),
            host=request.headers.get("host", ""),
            proof=secret if token is None else f"Bearer {token}",
        )

    async def _execute(
        self, parameters: GraphQLRequest, context: Context, allowed: frozenset[OperationType]
    ) -> tuple[dict[str, Any], bool]:
        try:
            result = await self.schema.execute(
                parameters.query,
                variable_values=parameters.variables,
                context_value=context,
                operation_name=parameters.operation_name,
                allowed_operation_types=allowed,
            )
        except CannotGetOperationTypeError:
            raise Refused(400, "BAD_REQUEST", "`operationName` names no operation of the document.") from None
        except InvalidOperationTypeError as error:
            raise _wrong_operation(error) from None
        answer: dict[str, Any] = {}
        if result.errors:
            answer["errors"] = presentable(result.errors, request_id=context.request_id)
            if context.identity is not None:
                advise(self.types, answer["errors"])
        executed = result.data is not None or any(error.path is not None for error in result.errors or ())
        if executed:
            answer["data"] = result.data
        if result.extensions:
            answer["extensions"] = result.extensions
        return answer, executed

    async def get_context(self, request: Any, response: Any) -> Context:
        """The context of a WebSocket connection; its operations get copies of their own."""
        # an origin of MARQUEE_ORIGINS may connect, but only with a token: the cookie is for our own pages
        secret = auth.session_secret(request) if auth.origin_is_own(request, self.services.settings) else None
        return Context(
            services=self.services,
            identity=await auth.identify_again(self.services, secret),
            request_id=secrets.token_hex(8),
            ip_address=request.client.host if request.client else "",
            user_agent=request.headers.get("user-agent", ""),
            is_secure=auth.is_secure(request, self.services.settings),
            host=request.headers.get("host", ""),
            connection_params={},
            proof=secret,
        )

    async def on_ws_connect(self, context: Context) -> Any:
        await websocket.sign_in(context)
        return UNSET

    def encode_json(self, data: object) -> bytes:
        return orjson.dumps(data)

    def decode_json(self, data: str | bytes) -> object:
        return orjson.loads(data)


_STATUSES = {"UNAUTHENTICATED": 401, "DEADLINE": 503, OVERLOADED: 503, "INTERNAL": 500}


def _status(answer: dict[str, Any], executed: bool, media_type: str) -> int:
    if executed or "errors" not in answer:
        return 200
    for error in answer["errors"]:
        if (status := _STATUSES.get(error["extensions"]["code"])) is not None:
            return status
    # Old clients of application/json take anything but 200 for a broken server (GraphQL over HTTP, 6.4.1).
    return 400 if media_type == GRAPHQL_JSON else 200


def _wrong_operation(error: InvalidOperationTypeError) -> Refused:
    if error.operation_type is OperationType.SUBSCRIPTION:
        return Refused(400, "BAD_REQUEST", "Subscriptions come over WebSocket (graphql-transport-ws) or as text/event-stream.")
    return Refused(405, "METHOD_NOT_ALLOWED", "Mutations are sent by POST.", headers={"Allow": "POST"})


def _refusal(refusal: Refused, request_id: str, request: Request) -> Response:
    metrics.ERRORS.labels(refusal.code).inc()
    error = {"message": refusal.message, "extensions": {"code": refusal.code, "requestId": request_id}}
    try:
        media_type = accepted_type(request)
    except Refused:
        media_type = JSON
    media_type = JSON if media_type == EVENT_STREAM else media_type
    status = 200 if refusal.is_about_document and media_type == JSON else refusal.status
    return Response(orjson.dumps({"errors": [error]}), status, headers=refusal.headers, media_type=media_type)
