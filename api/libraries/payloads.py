"""Payloads of the mutations of libraries and of the review queue."""

from typing import Annotated, Any

import strawberry

from api.jobs.types import Job
from api.kit.mutations import client_id, errors_field
from api.kit.problems import (
    AmbiguousReferenceError,
    ConflictError,
    IdempotencyKeyReusedError,
    InvalidError,
    NotFoundError,
    PathUnusableError,
    ScanUnderWayError,
    VersionConflictError,
)
from api.libraries.types import Library, ReviewItem


def library_field() -> Any:
    """The library of a payload."""
    return strawberry.field(default=None, description="The library as it stands now; null when nothing was done.")


def review_field() -> Any:
    """The question of a payload."""
    return strawberry.field(default=None, description="The question as it stands now; null when nothing was done.")


CreateLibraryError = Annotated[
    InvalidError | ConflictError | PathUnusableError | IdempotencyKeyReusedError,
    strawberry.union("CreateLibraryError", description="Why there is no library."),
]


@strawberry.type(description="The new library. Scan it to fill it.")
class CreateLibraryPayload:
    errors: list[CreateLibraryError] = errors_field()
    library: Library | None = library_field()
    client_mutation_id: str | None = client_id()


UpdateLibraryError = Annotated[
    NotFoundError | InvalidError | ConflictError | PathUnusableError | VersionConflictError,
    strawberry.union("UpdateLibraryError", description="Why nothing was changed."),
]


@strawberry.type(description="The changed library.")
class UpdateLibraryPayload:
    errors: list[UpdateLibraryError] = errors_field()
    library: Library | None = library_field()
    client_mutation_id: str | None = client_id()


DeleteLibraryError = Annotated[
    NotFoundError | InvalidError, strawberry.union("DeleteLibraryError", description="Why the library stays.")
]


@strawberry.type(description="The library is gone; with `dryRun`, what would go.")
class DeleteLibraryPayload:
    errors: list[DeleteLibraryError] = errors_field()
    deleted_id: strawberry.ID | None = strawberry.field(default=None, description="Id of what is gone; null for a dry run.")
    deleted_item_count: int | None = strawberry.field(
        default=None, description="Items that go; they can be restored for 30 days."
    )
    kept_item_count: int | None = strawberry.field(
        default=None, description="Items that stay without a library, because they are in somebody's history or lists."
    )
    forgotten_file_count: int | None = strawberry.field(
        default=None, description="Files that are forgotten. On the disk nothing happens to them."
    )
    client_mutation_id: str | None = client_id()


ScanLibraryError = Annotated[
    NotFoundError | InvalidError | ConflictError | ScanUnderWayError | PathUnusableError | IdempotencyKeyReusedError,
    strawberry.union("ScanLibraryError", description="Why no scan begins."),
]


@strawberry.type(description="The scan, which goes on in the background.")
class ScanLibraryPayload:
    errors: list[ScanLibraryError] = errors_field()
    job: Job | None = strawberry.field(
        default=None,
        description="The job that scans. If the same scan is under way already it is that one; if it is somebody else's that "
        "you may not see, a `ScanUnderWayError` tells how far it is.",
    )
    client_mutation_id: str | None = client_id()


ResolveReviewError = Annotated[
    NotFoundError | InvalidError | ConflictError | AmbiguousReferenceError,
    strawberry.union("ResolveReviewError", description="Why the question is still open."),
]


@strawberry.type(description="The answered question.")
class ResolveReviewPayload:
    errors: list[ResolveReviewError] = errors_field()
    review_item: ReviewItem | None = review_field()
    job: Job | None = strawberry.field(
        default=None, description="The scan that looks again at what lies beside the files; null if there is nothing to scan."
    )
    client_mutation_id: str | None = client_id()


RejectReviewError = Annotated[
    NotFoundError | InvalidError | ConflictError,
    strawberry.union("RejectReviewError", description="Why the question stays as it was."),
]


@strawberry.type(description="The question that needs no answer.")
class RejectReviewPayload:
    errors: list[RejectReviewError] = errors_field()
    review_item: ReviewItem | None = review_field()
    client_mutation_id: str | None = client_id()


ReopenReviewError = Annotated[
    NotFoundError | InvalidError | ConflictError,
    strawberry.union("ReopenReviewError", description="Why it is not asked again."),
]


@strawberry.type(description="The question that is open again. What an answer changed stays until there is another.")
class ReopenReviewPayload:
    errors: list[ReopenReviewError] = errors_field()
    review_item: ReviewItem | None = review_field()
    client_mutation_id: str | None = client_id()
