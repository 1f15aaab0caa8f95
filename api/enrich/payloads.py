"""Payloads of the mutations of enrichment."""

from typing import Annotated

import strawberry

from api.enrich.types import ProviderPriority
from api.jobs.types import Job
from api.kit.mutations import client_id, errors_field
from api.kit.problems import ConflictError, IdempotencyKeyReusedError, InvalidError, NotFoundError

EnrichItemsError = Annotated[
    NotFoundError | InvalidError | ConflictError | IdempotencyKeyReusedError,
    strawberry.union("EnrichItemsError", description="Why nobody is asked."),
]


@strawberry.type(description="The enrichment, which goes on in the background.")
class EnrichItemsPayload:
    errors: list[EnrichItemsError] = errors_field()
    job: Job | None = strawberry.field(
        default=None,
        description="The job that asks: `jobProgressed` follows it; its result counts things and tells how each provider did.",
    )
    client_mutation_id: str | None = client_id()


SetProviderPrioritiesError = Annotated[
    NotFoundError | InvalidError, strawberry.union("SetProviderPrioritiesError", description="Why the order stays as it was.")
]


@strawberry.type(description="The order as it is now. It shows with the next enrichment.")
class SetProviderPrioritiesPayload:
    errors: list[SetProviderPrioritiesError] = errors_field()
    priorities: list[ProviderPriority] | None = strawberry.field(
        default=None, description="The places, the first first; empty where the field has no order of its own any more."
    )
    client_mutation_id: str | None = client_id()
