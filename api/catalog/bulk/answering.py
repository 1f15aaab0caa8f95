"""How mutations of many items answer: once for an idempotency key, with rows, and with what is wrong with the whole."""

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

import strawberry

from api.catalog.bulk import payloads as p
from api.kit.context import Context
from api.kit.mutations import as_sent, change_once
from api.kit.problems import (
    AmbiguousReferenceError,
    ConflictError,
    IdempotencyKeyReusedError,
    InvalidError,
    NotFoundError,
    problems,
)
from domain.catalog.enums import ErrorPolicy, RowOutcome
from domain.kit.database import UnitOfWork
from domain.kit.errors import Conflict, DomainError
from domain.libraries.bulk.running import Started

What = strawberry.argument(description="What to do.")
Payload = TypeVar("Payload")
_ALLOWED: Final = (NotFoundError, InvalidError, ConflictError, AmbiguousReferenceError, IdempotencyKeyReusedError)


async def answer(
    context: Context, payload: Callable[..., Payload], operation: str, input: Any, work: Callable[[UnitOfWork], Started]
) -> Payload:
    """Run a change once for its idempotency key; a whole that was rejected says so in `errors`, too."""
    given = {name: value for name, value in as_sent(input).items() if name != "client_mutation_id"}
    more: dict[str, Any] = {"client_mutation_id": input.client_mutation_id}

    def run(uow: UnitOfWork) -> Mapping[str, Any]:
        return p.started_json(work(uow))

    try:
        stored = await change_once(context, operation, input.idempotency_key, given, run)
        fields = p.fields_of(stored)
        if not input.dry_run and getattr(input, "error_policy", None) is ErrorPolicy.REJECT_ALL:
            failed = sum(row["outcome"] == RowOutcome.REJECTED for row in stored["rows"] or ())
            if failed:
                refusal = Conflict(f"Nothing was changed: {failed} of {stored['total']} items cannot be.", path=("errorPolicy",))
                return payload(**fields, **more, errors=problems(refusal, _ALLOWED))
    except DomainError as error:
        return payload(**more, errors=problems(error, _ALLOWED))
    return payload(**fields, **more, errors=[])
