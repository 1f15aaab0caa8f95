"""graphql-transport-ws: signed in at the start, checked again while open, slow readers cut off."""

import asyncio
import contextlib
import dataclasses
import secrets
from typing import Any, Final

import orjson
from graphql import GraphQLError
from strawberry.asgi import ASGIWebSocketAdapter
from strawberry.exceptions import ConnectionRejectionError
from strawberry.http.exceptions import NonTextMessageReceived, WebSocketDisconnected
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import BaseGraphQLTransportWSHandler, Operation
from strawberry.types.execution import ExecutionResult

from api.kit import auth
from api.kit.context import Context
from api.kit.masking import masked

SEND_TIMEOUT_S: Final = 15.0
RECHECK_S: Final = 60.0
FORBIDDEN: Final = 4403


class TextAdapter(ASGIWebSocketAdapter):
    """Sends text frames (Strawberry sends binary ones for bytes), and gives up on a client that does not read."""

    async def iter_json(self, *, ignore_parsing_errors: bool = False) -> Any:
        try:
            async for message in super().iter_json(ignore_parsing_errors=ignore_parsing_errors):
                if not isinstance(message, dict):
                    raise NonTextMessageReceived
                yield message
        except RecursionError:
            raise NonTextMessageReceived from None

    async def send_json(self, message: Any) -> None:
        try:
            async with asyncio.timeout(SEND_TIMEOUT_S):
                await self.ws.send_text(orjson.dumps(message).decode())
        except Exception as error:
            # gone, or not reading: either way this connection is over
            raise WebSocketDisconnected from error


class Handler(BaseGraphQLTransportWSHandler[Context, None]):
    """Each operation gets a context of its own; the connection's identity is looked up again every minute."""

    _watch: asyncio.Task[None] | None = None
    _token: str | None = None

    async def handle_connection_init(self, message: Any) -> None:
        await super().handle_connection_init(message)
        if self.connection_acknowledged and self._watch is None:
            self._watch = asyncio.create_task(self._recheck())

    async def shutdown(self) -> None:
        if self._watch is not None:
            self._watch.cancel()
        await super().shutdown()

    async def run_operation(self, operation: Operation[Context, None]) -> None:
        """Like the stock one, with a context per operation and masked errors."""
        context = dataclasses.replace(self.context, request_id=secrets.token_hex(8), _session=None)
        try:
            with context.closing():
                results = await self.schema.stream(
                    operation.query,
                    variable_values=operation.variables,
                    context_value=context,
                    operation_name=operation.operation_name,
                )
                async with contextlib.aclosing(results):
                    await self._forward(operation, results, context)
            await operation.send_operation_message({"id": operation.id, "type": "complete"})
        except WebSocketDisconnected:
            await self.disconnect()
        except Exception as error:
            await self.handle_task_exception(error)
            with contextlib.suppress(Exception):
                await operation.send_initial_errors(masked([GraphQLError("", original_error=error)], context.request_id))

    async def _forward(self, operation: Operation[Context, None], results: Any, context: Context) -> None:
        is_first = True
        async for result in results:
            errors = masked(result.errors, context.request_id) if result.errors else None
            if is_first and result.data is None and errors and errors[0].path is None:
                await operation.send_initial_errors(errors)
                return
            await operation.send_next(ExecutionResult(data=result.data, errors=errors))
            is_first = False

    async def disconnect(self) -> None:
        """End the connection without waiting for a client that does not read."""
        with contextlib.suppress(Exception):
            async with asyncio.timeout(1):
                await self.websocket.close(4008, "Too slow")

    async def _recheck(self) -> None:
        while True:
            await asyncio.sleep(RECHECK_S)
            proof = self.context.proof
            token, secret = (proof, None) if proof and proof.startswith("mq_") else (None, proof)
            self.context.identity = await auth.identify(self.context.services, asyncio.to_thread, token=token, secret=secret)
            if self.context.identity is None:
                await self.websocket.close(FORBIDDEN, "Forbidden")
                return


async def sign_in(context: Context) -> None:
    """The identity of a connection from its `connection_init` payload, else from its cookie. Raises ConnectionRejectionError.

    The payload is `{"authorization": "Bearer mq_…"}` (or `{"token": "mq_…"}`).
    """
    parameters = {str(key).lower(): value for key, value in (context.connection_params or {}).items()}
    token = parameters.get("token") or auth.bearer(str(parameters.get("authorization") or ""))
    if token is not None:
        context.identity = await auth.identify(context.services, asyncio.to_thread, token=str(token), secret=None)
        context.proof = str(token)
    if context.identity is None:
        raise ConnectionRejectionError
