"""GraphQL over server-sent events: graphql-sse's distinct connections mode."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any, Final

import orjson
from strawberry.types.execution import ExecutionResult

from api.kit.context import Context
from api.kit.masking import presentable
from api.kit.reading import GraphQLRequest

MEDIA_TYPE: Final = "text/event-stream"
HEARTBEAT_S: Final = 12.0
_COMPLETE: Final = "event: complete\ndata:\n\n"


async def events(schema: Any, parameters: GraphQLRequest, context: Context) -> AsyncIterator[str]:
    """The text of the stream: `next` for each result, a comment while nothing happens, `complete` at the end."""
    results = await schema.stream(
        parameters.query or "",
        variable_values=parameters.variables,
        context_value=context,
        operation_name=parameters.operation_name,
    )
    upcoming: asyncio.Task[Any] | None = None
    try:
        while True:
            upcoming = upcoming or asyncio.ensure_future(anext(results, None))
            done, _ = await asyncio.wait({upcoming}, timeout=HEARTBEAT_S)
            if not done:
                yield ":\n\n"
                continue
            result, upcoming = upcoming.result(), None
            if result is None:
                break
            yield _next(result, context)
    finally:
        if upcoming is not None:
            upcoming.cancel()
        await results.aclose()
    yield _COMPLETE


def _next(result: ExecutionResult, context: Context) -> str:
    answer: dict[str, Any] = {"data": result.data}
    if result.errors:
        answer["errors"] = presentable(result.errors, request_id=context.request_id)
    return f"event: next\ndata: {orjson.dumps(answer).decode()}\n\n"
