"""One execution and one encoding of an event for every subscriber of the same thing.

Subscribers that sent the same document and variables and have the same rights get the same bytes: the first executes,
the others take what it made from the event itself, where it lives exactly as long as the event.
"""

import asyncio
import dataclasses
from typing import Any

import orjson
from graphql import ExecutionResult

from api.kit.planner.executor import PlanExecutor


class SharingExecutor(PlanExecutor):
    """The planner's executor; for events it looks first whether its like has answered already."""

    share_key: Any = None

    def build_per_event_executor(self, payload: Any) -> Any:
        """Once per event; the key is made once per subscription and inherited by the copies."""
        if self.share_key is None:
            viewer = self.context_value.viewer
            rights = dataclasses.replace(viewer, user_id=None) if viewer.is_admin else viewer
            variables = orjson.dumps(self.variable_values.coerced, default=repr, option=orjson.OPT_SORT_KEYS)
            self.share_key = (id(self.operation), variables, rights)
        return super().build_per_event_executor(payload)

    def execute_operation(self, *rest: Any) -> Any:
        """The shared answer of an event, else graphql-core's."""
        fact = getattr(self.root_value, "fact", None)  # what the event log told, the same object for all
        if fact is None or self.share_key is None:
            return super().execute_operation(*rest)
        hit = fact.shared.get(self.share_key)
        if hit is None:
            result = super().execute_operation(*rest)
            # holding the operation keeps its id from being given to another one
            later = asyncio.ensure_future(_encoded(result)) if self.is_awaitable(result) else _encode(result)
            hit = fact.shared[self.share_key] = (later, self.operation)
        answer = hit[0]
        return asyncio.shield(answer) if isinstance(answer, asyncio.Future) else answer


async def _encoded(result: Any) -> Any:
    return _encode(await result)


def _encode(result: Any) -> ExecutionResult:
    if result.data is None:
        unchanged: ExecutionResult = result
        return unchanged
    encoded: Any = orjson.Fragment(orjson.dumps(result.data))  # bytes that every encoder passes on as they are
    return ExecutionResult(encoded, result.errors)
