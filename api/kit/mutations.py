"""What every mutation shares: expected failures become `errors`, a repeated idempotency key does nothing twice."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any, TypeVar

import strawberry
from strawberry import Some

from api.kit.context import Context
from api.kit.problems import UserError, problems
from domain.kit.database import UnitOfWork
from domain.kit.errors import DomainError
from domain.system.idempotency import once

Payload = TypeVar("Payload")

CLIENT_MUTATION_ID = "Comes back in the payload, to match answers to requests."
IDEMPOTENCY_KEY = "Repeat the mutation with the same key within 24 hours and it is done once."
EXPECTED_VERSION = "The `version` you read; if somebody changed it since, nothing is written."
ERRORS = "Why nothing was changed; empty on success."


def client_id() -> Any:
    """`clientMutationId` of an input and of its payload."""
    return strawberry.field(default=None, description=CLIENT_MUTATION_ID)


def errors_field() -> Any:
    """`errors` of a payload."""
    return strawberry.field(description=ERRORS)


async def attempt(
    payload: Callable[..., Payload],
    allowed: Sequence[type[UserError]],
    work: Callable[[], Awaitable[Mapping[str, Any]]],
    *,
    client_mutation_id: str | None,
) -> Payload:
    """The payload of a mutation: what `work` returns as its fields, or the expected failure in `errors`."""
    try:
        fields = await work()
    except DomainError as error:
        return payload(errors=problems(error, allowed), client_mutation_id=client_mutation_id)
    return payload(**fields, errors=[], client_mutation_id=client_mutation_id)


async def change_once(
    context: Context,
    operation: str,
    key: str | None,
    input: Mapping[str, Any],
    run: Callable[[UnitOfWork], Mapping[str, Any]],
) -> Mapping[str, Any]:
    """Run a change in one transaction; with a key, once. `run` returns JSON (ids): that is what a repetition answers."""
    identity = context.identity
    assert identity is not None

    def work(uow: UnitOfWork) -> Mapping[str, Any]:
        return once(uow, user_id=identity.user_id, key=key, operation=operation, input=input, run=lambda: run(uow))

    return await context.change(work)


def as_sent(input: Any) -> Any:
    """What a client sent, for comparing: fields that are absent are left out, those that are null are not the same as absent."""
    if isinstance(input, Some):
        return [as_sent(input.value)]
    if isinstance(input, list):
        return [as_sent(each) for each in input]
    if not is_dataclass(input):
        return input
    values = {field.name: getattr(input, field.name) for field in fields(input)}
    return {name: as_sent(value) for name, value in values.items() if value is not None}


def sent(**values: Some[Any] | None) -> dict[str, Any]:
    """The values of `Maybe` fields that were sent: absent ones left out, null kept."""
    return {name: value.value for name, value in values.items() if value is not None}
