"""How an operation runs, over whatever transport: let in, within its deadline, and measured."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from typing import Any

from graphql import GraphQLError
from strawberry.extensions import SchemaExtension
from strawberry.types.graphql import OperationType

from api.kit import metrics
from api.kit.context import Context
from domain.kit.database import Deadline, deadlines


class Running(SchemaExtension):
    """Outside of all that looks at the operation while it runs. Of a subscription only the beginning is meant."""

    async def on_execute(self) -> AsyncIterator[None]:
        operation = self.execution_context
        async with running(operation.context, operation.operation_type):
            yield


@contextlib.asynccontextmanager
async def running(context: Context, kind: OperationType) -> AsyncIterator[None]:
    """The block is an operation at work. Raises GraphQLError with code OVERLOADED or DEADLINE."""
    context.is_change = kind is OperationType.MUTATION
    gate = context.services.gate
    user = context.viewer.user_id or context.ip_address
    began = time.perf_counter()
    if not gate.try_enter(user):
        await gate.wait(user)
    try:
        async with _in_time(context.services.settings, kind):
            yield
    finally:
        gate.leave(user)
        if kind is not OperationType.SUBSCRIPTION:
            metrics.DURATION.labels(kind.value).observe(time.perf_counter() - began)


@contextlib.asynccontextmanager
async def _in_time(settings: Any, kind: OperationType) -> AsyncIterator[None]:
    """The block and every statement made for it end when the time is up. Raises GraphQLError with code DEADLINE."""
    is_mutation = kind is OperationType.MUTATION
    seconds = settings.mutation_deadline_s if is_mutation else settings.query_deadline_s
    deadline = Deadline(seconds)
    deadlines.current.set(deadline)
    try:
        async with asyncio.timeout(seconds) as clock:
            yield
        if deadline.has_struck:  # a statement was interrupted before the event loop looked at the clock
            raise TimeoutError
    except TimeoutError as error:
        if not clock.expired() and not deadline.has_struck:
            raise
        metrics.DEADLINES.labels(kind.value).inc()
        message = f"The operation took longer than {seconds:g} s. Ask for less, or page."
        if is_mutation:
            message = f"The operation took longer than {seconds:g} s. It may yet have happened: look before you repeat it."
        raise GraphQLError(message, extensions={"code": "DEADLINE"}, original_error=error) from None
    except asyncio.CancelledError:
        if not is_mutation:  # nobody waits for what is read
            deadline.expire()
        raise
    finally:
        deadlines.current.set(None)
        deadline.end()
