"""GraphQL over server-sent events: graphql-sse's distinct connections mode."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Iterable
from typing import Any, Final

import orjson
import structlog
from graphql import GraphQLError
from starlette.responses import StreamingResponse
from starlette.types import Send
from strawberry.types.execution import ExecutionResult
from strawberry.types.graphql import OperationType

from api.kit import auth
from api.kit.context import Context
from api.kit.masking import answer
from api.kit.pace import Pace
from api.kit.reading import EVENT_STREAM, GraphQLRequest

log = structlog.get_logger()

HEADERS: Final = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
_COMPLETE: Final = "event: complete\ndata:\n\n"
_BEAT: Final = ":\n\n"
_LOOK_UP_S: Final = 1.0
"""A silent stream learns within this that the server stops."""


class EventStream(StreamingResponse):
    """Sends the stream, closes it however it ends, and gives up on a client that does not read."""

    def __init__(self, events: AsyncGenerator[str, None], pace: Pace) -> None:
        super().__init__(events, media_type=EVENT_STREAM, headers=HEADERS)
        self._events, self._pace = events, pace

    async def stream_response(self, send: Send) -> None:
        async def patiently(message: dict[str, Any]) -> None:
            async with asyncio.timeout(self._pace.send_s):
                await send(message)

        async with contextlib.aclosing(self._events) as events:
            try:
                await patiently({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
                async for text in events:
                    await patiently({"type": "http.response.body", "body": text.encode(), "more_body": True})
                await patiently({"type": "http.response.body", "body": b"", "more_body": False})
            except TimeoutError:
                log.info("slow_reader_cut_off", transport="sse")


async def events(
    schema: Any, parameters: GraphQLRequest, context: Context, allowed: Iterable[OperationType], pace: Pace
) -> AsyncGenerator[str, None]:
    """The text of the stream: `next` for each result, a comment while nothing happens, `complete` at the end.

    It ends with an error when the token or session is revoked, or its user's rights change.
    """
    loop = asyncio.get_running_loop()
    beat_at, check_at = loop.time() + pace.heartbeat_s, loop.time() + pace.recheck_s
    with context.closing():
        results = await schema.stream(
            parameters.query,
            variable_values=parameters.variables,
            context_value=context,
            operation_name=parameters.operation_name,
            allowed_operation_types=allowed,
        )
        upcoming: asyncio.Future[Any] | None = None
        try:
            while True:
                upcoming = upcoming or asyncio.ensure_future(anext(results, None))
                patience = max(min(beat_at, check_at, loop.time() + _LOOK_UP_S) - loop.time(), 0)
                done, _ = await asyncio.wait({upcoming}, timeout=patience)
                if context.services.stopping:
                    return  # not complete: clients come back
                if loop.time() >= check_at:
                    check_at = loop.time() + pace.recheck_s
                    if not await is_still_good(context):
                        yield _next(ExecutionResult(data=None, errors=[signed_out()]), context)
                        break
                if loop.time() >= beat_at:
                    beat_at = loop.time() + pace.heartbeat_s
                    yield _BEAT
                if not done:
                    continue
                result, upcoming = upcoming.result(), None
                if result is None:
                    break
                yield _next(result, context)
            yield _COMPLETE
        finally:
            if upcoming is not None:
                upcoming.cancel()
                await asyncio.wait({upcoming})
            await results.aclose()


async def is_still_good(context: Context) -> bool:
    """Whether whoever opened a connection may still use it, with the same rights. Nobody has nothing to lose."""
    if context.identity is None:
        return True
    try:
        found = await auth.identify_again(context.services, context.proof)
    except Exception:
        log.exception("recheck_failed")  # the database is away: the next look will tell
        return True
    return found is not None and found.viewer == context.identity.viewer


def signed_out() -> GraphQLError:
    """Why a connection ends."""
    return GraphQLError("You were signed out, or your rights changed.", extensions={"code": "UNAUTHENTICATED"})


def _next(result: ExecutionResult, context: Context) -> str:
    return f"event: next\ndata: {orjson.dumps(answer(result, context.request_id)).decode()}\n\n"
