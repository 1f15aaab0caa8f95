"""The short way of a known query: graphql-core and the planner without Strawberry's life cycle of extensions.

That cycle costs more than a small read. Whatever is not plainly an allowed query with a known document, asked by somebody
who is signed in, takes the long way, where refusals are told; what runs is the same executor in the same bounds.
"""

from collections.abc import Iterable
from typing import Any, Final

from graphql import GraphQLError, OperationType, execute
from strawberry.execution import optimized_is_awaitable
from strawberry.types import ExecutionResult
from strawberry.types.graphql import OperationType as Kind

from api.kit.limits import Sizes, check, check_variables, told
from api.kit.planner.documents import DocumentCache
from api.kit.roots import Roots
from api.kit.running import running

_QUERY: Final = Kind.QUERY
_is_awaitable: Final[Any] = optimized_is_awaitable


class ShortWay:
    """What one schema needs for it."""

    def __init__(self, schema: Any, documents: DocumentCache, sizes: Sizes, *, executor: type) -> None:
        self._core = schema._schema
        self._documents = documents
        self._sizes = sizes
        self._executor: Any = executor
        self._roots = Roots(schema, executor=executor)

    async def answer(
        self,
        query: str | None,
        *,
        variable_values: dict[str, Any] | None = None,
        context_value: Any = None,
        operation_name: str | None = None,
        allowed_operation_types: Iterable[Kind] = (),
        **others: Any,
    ) -> ExecutionResult | None:
        """The answer; None where the long way has to be taken, and nothing has happened yet."""
        if query is None or others or context_value.identity is None or _QUERY not in allowed_operation_types:
            return None
        document = self._documents.peek(query)
        if document is None:
            return None
        variables, settings = variable_values or {}, context_value.services.settings
        try:
            verdict = self._sizes.of(self._core, document, query, operation_name, variables)
        except GraphQLError:
            return None
        if verdict.kind is not OperationType.QUERY or check(verdict.size, verdict.kind, settings) or check_variables(variables):
            return None
        data, errors = None, None
        try:
            async with running(context_value, _QUERY):
                data = await self._roots.answer(document, operation_name, variables, context_value)
                if data is None:
                    result: Any = execute(
                        self._core,
                        document,
                        variable_values=variables,
                        operation_name=operation_name,
                        context_value=context_value,
                        is_awaitable=_is_awaitable,
                        executor_class=self._executor,
                    )
                    if _is_awaitable(result):
                        result = await result
                    data, errors = result.data, result.errors
        except Exception as error:  # as Strawberry would: told as an error of the whole operation, masked by the view
            errors = [error if isinstance(error, GraphQLError) else GraphQLError(str(error), original_error=error)]
        return ExecutionResult(data, errors, told(verdict, settings))
