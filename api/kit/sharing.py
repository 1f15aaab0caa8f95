"""One execution and one encoding of an event for every subscriber of the same thing.

Subscribers that sent the same document and variables and have the same rights get the same bytes: the first executes,
the others take what it made from the event itself, where it lives exactly as long as the event.
"""

import asyncio
import dataclasses
from collections import Counter
from collections.abc import Iterable
from typing import Any

import orjson
from graphql import ExecutionResult, FieldNode, Node, OperationDefinitionNode, VariableNode, Visitor, visit

from api.kit.hub import Seat
from api.kit.planner.executor import PlanExecutor


class SharingExecutor(PlanExecutor):
    """The planner's executor; for events it looks first whether its like has answered already."""

    share_key: Any = None

    def cancellable_iterable(self, iterable: Any) -> Any:
        """Once per subscription, before its first event: the keys, which the copies for each event inherit."""
        context = self.context_value
        viewer = context.viewer
        rights = dataclasses.replace(viewer, user_id=None) if viewer.is_admin else viewer
        self.share_key = (id(self.operation), _encoded_variables(self.variable_values.coerced), rights)
        if isinstance(context.seat, Seat):
            cursor = _cursor_variable(self.operation, self.fragment_definitions.values())
            told = {name: value for name, value in self.variable_values.coerced.items() if name != cursor}
            context.seat.operation = self.operation
            context.seat.key = (id(self.operation), _encoded_variables(told), viewer)
        return super().cancellable_iterable(iterable)

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


class _Uses(Visitor):
    """Counts how often variables are used."""

    def __init__(self) -> None:
        super().__init__()
        self.counts: Counter[str] = Counter()

    def enter_variable(self, node: VariableNode, *_: object) -> None:
        self.counts[node.name.value] += 1


def _cursor_variable(operation: OperationDefinitionNode, fragments: Iterable[Node]) -> str | None:
    """The variable that says only where to begin (`after`): it may differ between those who share what comes next."""
    for field in operation.selection_set.selections:
        for argument in (field.arguments or ()) if isinstance(field, FieldNode) else ():
            if argument.name.value == "after" and isinstance(argument.value, VariableNode):
                uses = _Uses()
                for node in (operation.selection_set, *(operation.directives or ()), *fragments):
                    visit(node, uses)
                name = argument.value.name.value
                return name if uses.counts[name] == 1 else None
    return None


def _encoded_variables(coerced: dict[str, Any]) -> bytes:
    return orjson.dumps(coerced, default=repr, option=orjson.OPT_SORT_KEYS)


async def _encoded(result: Any) -> Any:
    return _encode(await result)


def _encode(result: Any) -> ExecutionResult:
    if result.data is None:
        unchanged: ExecutionResult = result
        return unchanged
    encoded: Any = orjson.Fragment(orjson.dumps(result.data))  # bytes that every encoder passes on as they are
    return ExecutionResult(encoded, result.errors)
