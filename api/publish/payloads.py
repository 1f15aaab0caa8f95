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


VerifyFilesError = Annotated[
    NotFoundError | InvalidError, strawberry.union("VerifyFilesError", description="Why nothing is verified.")
]


@strawberry.type(description="The verification, which goes on in the background.")
class VerifyFilesPayload:
    errors: list[VerifyFilesError] = errors_field()
    job: Job | None = strawberry.field(
        default=None, description="The job; its result counts problems by kind, and what automation repaired."
    )
    client_mutation_id: str | None = client_id()


RepairFilesError = Annotated[
    NotFoundError | InvalidError, strawberry.union("RepairFilesError", description="Why nothing is repaired.")
]


@strawberry.type(description="The repair, which goes on in the background.")
class RepairFilesPayload:
    errors: list[RepairFilesError] = errors_field()
    job: Job | None = strawberry.field(default=None, description="The job; its result counts repairs and names failures.")
    client_mutation_id: str | None = client_id()


ClearCacheError = Annotated[ConflictError | InvalidError, strawberry.union("ClearCacheError", description="Why nothing is done.")]


@strawberry.type(description="The clearing up, which goes on in the background.")
class ClearCachePayload:
    errors: list[ClearCacheError] = errors_field()
    job: Job | None = strawberry.field(default=None, description="The job; its result counts files and bytes.")
    client_mutation_id: str | None = client_id()


RestoreCacheError = Annotated[
    ConflictError | InvalidError, strawberry.union("RestoreCacheError", description="Why nothing is restored.")
]


@strawberry.type(description="What is in quarantine comes back, in the background.")
class RestoreCachePayload:
    errors: list[RestoreCacheError] = errors_field()
    job: Job | None = strawberry.field(default=None, description="The job; its result counts the files.")
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
