"""graphql-transport-ws: signed in at the start, checked again while open, slow readers cut off."""

import asyncio
import contextlib
import dataclasses
import secrets
from collections.abc import Awaitable
from typing import Any, Final, cast

import orjson
import structlog
from graphql import GraphQLError
from strawberry.asgi import ASGIWebSocketAdapter
from strawberry.exceptions import ConnectionRejectionError
from strawberry.http.exceptions import NonJsonMessageReceived, WebSocketDisconnected
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import BaseGraphQLTransportWSHandler, Operation
from strawberry.types.execution import ExecutionResult, PreExecutionError

from api.kit import auth, metrics
from api.kit.context import Context
from api.kit.hub import Asked, End, Hub, Seat
from api.kit.masking import masked
from api.kit.pace import Pace
from api.kit.reading import Refused, request_of
from api.kit.sse import is_still_good

log = structlog.get_logger()

FORBIDDEN: Final = 4403
TOO_SLOW: Final = 4008
MAX_OPERATIONS: Final = 50
"""Open at once on one connection."""
LONGEST_ID: Final = 256
"""Letters of an operation's id, which the client chooses and which comes back with every message."""


def text_message(text: str) -> dict[str, Any]:
    """ASGI's message of a text frame."""
    return {"type": "websocket.send", "text": text}


class SlowReader(WebSocketDisconnected):
    """The client did not read for too long."""


class TextAdapter(ASGIWebSocketAdapter):
    """Takes objects only, sends text frames (Strawberry sends binary ones for bytes), and does not wait for ever."""

    async def iter_json(self, *, ignore_parsing_errors: bool = False) -> Any:
        async for message in super().iter_json(ignore_parsing_errors=ignore_parsing_errors):
            if not isinstance(message, dict):
                raise NonJsonMessageReceived
            yield message

    async def send_json(self, message: Any) -> None:
        await self.patiently(self.ws.send_text(orjson.dumps(message).decode()))

    async def patiently(self, sending: Awaitable[None]) -> None:
        """Wait for a message to be taken. Raises SlowReader, or WebSocketDisconnected when the connection is over."""
        pace: Pace = cast(Any, self.view).pace
        try:
            async with asyncio.timeout(pace.send_s):
                await sending
        except TimeoutError:
            raise SlowReader from None
        except Exception as error:
            raise WebSocketDisconnected from error


class Handler(BaseGraphQLTransportWSHandler[Context, None]):
    """Each operation gets a context of its own; the connection's identity is looked up again every minute."""

    _main: asyncio.Task[Any] | None = None
    _watch: asyncio.Task[None] | None = None
    _is_cut_off = False

    async def handle(self) -> None:
        self._main = asyncio.current_task()
        try:
            await super().handle()
        except asyncio.CancelledError:
            if not self._is_cut_off or self._main is None:
                raise
            self._main.uncancel()

    async def handle_message(self, message: Any) -> None:
        """Like the stock one, which a payload of the wrong shape takes down."""
        if message.get("type") == "subscribe" and not _is_subscribe(message):
            await self.handle_invalid_message("Invalid subscribe message")
        elif message.get("type") == "complete" and not isinstance(message.get("id"), str):
            await self.handle_invalid_message("Invalid complete message")
        else:
            if message.get("type") == "subscribe" and self.connection_acknowledged:
                message = await self._with_text(message)
            if message is not None:
                await super().handle_message(message)

    async def _with_text(self, message: Any) -> Any:
        """The message with the text of the document it names; None when it was refused."""
        payload, services = message["payload"], self.context.services
        try:
            text = await services.documents.text_of(request_of(payload), is_signed_in=self.context.identity is not None)
        except Refused as refusal:
            metrics.ERRORS.labels(refusal.code).inc()
            extensions = {"code": refusal.code, "requestId": secrets.token_hex(8)}
            error = GraphQLError(refusal.message, extensions=extensions).formatted
            await self.send_message({"id": message["id"], "type": "error", "payload": [error]})
            return None
        return {**message, "payload": {**payload, "query": text}}

    async def handle_connection_init(self, message: Any) -> None:
        if message.get("payload", {}) is None:  # optional in the protocol; some clients write null
            message = {"type": "connection_init"}
        await super().handle_connection_init(message)
        if self.connection_acknowledged and self._watch is None:
            self._watch = asyncio.create_task(self._recheck())

    async def shutdown(self) -> None:
        if self._watch is not None and self._watch is not asyncio.current_task():
            self._watch.cancel()
        await super().shutdown()

    async def run_operation(self, operation: Operation[Context, None]) -> None:
        """Like the stock one, with a context per operation, masked errors, and equal subscriptions sharing a stream."""
        seat = self._seat(operation)
        context = dataclasses.replace(self.context, request_id=secrets.token_hex(8), set_cookies=[], _session=None, seat=seat)
        try:
            with structlog.contextvars.bound_contextvars(request_id=context.request_id), context.closing():
                while True:
                    results = await self.schema.stream(
                        operation.query,
                        variable_values=operation.variables,
                        context_value=context,
                        operation_name=operation.operation_name,
                    )
                    async with contextlib.aclosing(results):
                        await self._forward(operation, results, context)
                    if seat is None or not seat.is_taken or await self._sit(seat):
                        break
            await operation.send_operation_message({"id": operation.id, "type": "complete"})
        except SlowReader:
            await self._cut_off()
        except WebSocketDisconnected:
            return  # whoever reads this connection's messages learns of it too
        except Exception as error:
            with contextlib.suppress(Exception):
                await operation.send_initial_errors(masked([GraphQLError("", original_error=error)], context.request_id))

    def _seat(self, operation: Operation[Context, None]) -> Seat | None:
        hub: Hub = cast(Any, self.view).hub
        head = f'{{"id":{orjson.dumps(operation.id).decode()},"type":"next","payload":'
        asked = Asked(operation.query, operation.variables, operation.operation_name)
        return hub.seat(asked, cast(TextAdapter, self.websocket).ws.send, lambda text: text_message(f"{head}{text}}}"))

    async def _sit(self, seat: Seat) -> bool:
        """Whether the subscription was complete when its seat in a group was given up; else it goes on alone."""
        end = await seat.end()
        if end is End.GONE:
            raise WebSocketDisconnected
        if seat.unsent is not None:
            unsent, seat.unsent = seat.unsent, None
            await cast(TextAdapter, self.websocket).patiently(unsent)
        return end is End.OVER

    async def _forward(self, operation: Operation[Context, None], results: Any, context: Context) -> None:
        async for result in results:
            errors = masked(result.errors, context.request_id) if result.errors else None
            if errors and isinstance(result, PreExecutionError):
                await operation.send_initial_errors(errors)
                return
            await operation.send_next(ExecutionResult(data=result.data, errors=errors, extensions=result.extensions))

    async def _cut_off(self) -> None:
        """End the connection without waiting for a client that does not read."""
        if self._is_cut_off:
            return
        self._is_cut_off = True
        log.info("slow_reader_cut_off", transport="websocket")
        with contextlib.suppress(Exception):
            async with asyncio.timeout(1):
                await self.websocket.close(TOO_SLOW, "Too slow")
        if self._main is not None:
            self._main.cancel()

    async def _recheck(self) -> None:
        pace: Pace = cast(Any, self.view).pace
        while True:
            await asyncio.sleep(pace.recheck_s)
            if not await is_still_good(self.context):
                for id_ in list(self.operations):
                    await self.cleanup_operation(id_)
                with contextlib.suppress(Exception):
                    await self.websocket.close(FORBIDDEN, "Signed out, or rights changed")
                return


async def sign_in(context: Context) -> None:
    """The identity of a connection from its `connection_init` payload, else from its cookie. Raises ConnectionRejectionError.

    The payload is `{"authorization": "Bearer mq_…"}` (or `{"token": "mq_…"}`).
    """
    parameters = {str(key).lower(): value for key, value in (context.connection_params or {}).items()}
    token = parameters.get("token") or auth.bearer(str(parameters.get("authorization") or ""))
    if token is not None:
        context.proof = f"Bearer {token}"
        context.identity = await auth.identify_again(context.services, context.proof)
    if context.identity is None:
        raise ConnectionRejectionError


def _is_subscribe(message: dict[str, Any]) -> bool:
    payload = message.get("payload")
    id_ = message.get("id")
    if not isinstance(id_, str) or len(id_) > LONGEST_ID or not isinstance(payload, dict):
        return False
    kinds = {"query": str, "documentId": str, "variables": dict, "operationName": str, "extensions": dict}
    if any(payload.get(name) is not None and not isinstance(payload[name], kind) for name, kind in kinds.items()):
        return False
    return any(payload.get(name) is not None for name in ("query", "documentId", "extensions"))
