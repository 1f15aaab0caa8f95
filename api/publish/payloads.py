"""Payloads of the mutations of publishing."""

from typing import Annotated

import strawberry

from api.jobs.types import Job
from api.kit.mutations import client_id, errors_field
from api.kit.problems import ConflictError, IdempotencyKeyReusedError, InvalidError, NotFoundError, PathUnusableError
from api.publish.types import RecycledFile

PublishItemsError = Annotated[
    NotFoundError | InvalidError | IdempotencyKeyReusedError,
    strawberry.union("PublishItemsError", description="Why nothing is published."),
]


@strawberry.type(description="The publication, which goes on in the background.")
class PublishItemsPayload:
    errors: list[PublishItemsError] = errors_field()
    job: Job | None = strawberry.field(
        default=None,
        description="The job that writes: `jobProgressed` follows it, its result counts files and items and names failures.",
    )
    client_mutation_id: str | None = client_id()


RestoreRecycledError = Annotated[
    NotFoundError | InvalidError | ConflictError | PathUnusableError,
    strawberry.union("RestoreRecycledError", description="Why the file stays in the recycle bin."),
]


@strawberry.type(description="The file lies where it was. It stays there: publishing takes it for a person's choice.")
class RestoreRecycledPayload:
    errors: list[RestoreRecycledError] = errors_field()
    recycled_file: RecycledFile | None = strawberry.field(default=None, description="The entry of the bin that was restored.")
    displaced_file: RecycledFile | None = strawberry.field(
        default=None, description="What lay there until now, and lies in the bin in its turn; null if nothing did."
    )
    client_mutation_id: str | None = client_id()
