"""Payloads of the mutations of artwork."""

from typing import Annotated, Any

import strawberry

from api.artwork.types import Image
from api.jobs.types import Job
from api.kit.mutations import client_id, errors_field
from api.kit.problems import (
    AmbiguousReferenceError,
    ConflictError,
    IdempotencyKeyReusedError,
    InvalidError,
    NotFoundError,
)


def images_field() -> Any:
    """The shown pictures of a payload."""
    return strawberry.field(
        default_factory=list, description="The pictures of the type that are shown now, in order; empty when nothing was done."
    )


def job_field() -> Any:
    """The job that prepares what is shown."""
    return strawberry.field(
        default=None,
        description="The job that downloads what is not here yet, looks at the bytes and makes smaller variants; null when all "
        "is prepared.",
    )


AddArtworkError = Annotated[
    NotFoundError | InvalidError | ConflictError | AmbiguousReferenceError | IdempotencyKeyReusedError,
    strawberry.union("AddArtworkError", description="Why no picture is added."),
]


@strawberry.type(description="A picture is being added.")
class AddArtworkPayload:
    errors: list[AddArtworkError] = errors_field()
    job: Job | None = strawberry.field(
        default=None,
        description="The job that downloads or takes the picture and looks at it. Its `result` names the `image` and the "
        "`candidate`; it fails, and its "
        "`error` says why, when they are no whole picture or break a rule of the type (size, shape).",
    )
    client_mutation_id: str | None = client_id()


ChooseArtworkError = Annotated[
    NotFoundError | InvalidError | ConflictError | AmbiguousReferenceError,
    strawberry.union("ChooseArtworkError", description="Why nothing was chosen."),
]


@strawberry.type(description="What is shown now. The type is locked against automation.")
class ChooseArtworkPayload:
    errors: list[ChooseArtworkError] = errors_field()
    images: list[Image] = images_field()
    job: Job | None = job_field()
    client_mutation_id: str | None = client_id()


RefreshArtworkError = Annotated[
    NotFoundError | InvalidError | AmbiguousReferenceError,
    strawberry.union("RefreshArtworkError", description="Why nothing is fetched."),
]


@strawberry.type(description="Pictures are being fetched.")
class RefreshArtworkPayload:
    errors: list[RefreshArtworkError] = errors_field()
    job: Job | None = strawberry.field(
        default=None,
        description="The job. Its counters are `looked_at`, `downloaded`, `reused`, `failed`, `changed` and `bytes`.",
    )
    client_mutation_id: str | None = client_id()


ResetArtworkError = Annotated[
    NotFoundError | InvalidError | AmbiguousReferenceError,
    strawberry.union("ResetArtworkError", description="Why the type stays as it was."),
]


@strawberry.type(description="What automation shows now.")
class ResetArtworkPayload:
    errors: list[ResetArtworkError] = errors_field()
    images: list[Image] = images_field()
    job: Job | None = job_field()
    client_mutation_id: str | None = client_id()


PinArtworkError = Annotated[
    NotFoundError | InvalidError | ConflictError,
    strawberry.union("PinArtworkError", description="Why nothing was pinned or unpinned."),
]


@strawberry.type(description="The pictures of the type.")
class PinArtworkPayload:
    errors: list[PinArtworkError] = errors_field()
    images: list[Image] = images_field()
    client_mutation_id: str | None = client_id()


BlockArtworkError = Annotated[
    NotFoundError | InvalidError | ConflictError,
    strawberry.union("BlockArtworkError", description="Why nothing was blocked or unblocked."),
]


@strawberry.type(description="The pictures of the type.")
class BlockArtworkPayload:
    errors: list[BlockArtworkError] = errors_field()
    images: list[Image] = images_field()
    job: Job | None = job_field()
    client_mutation_id: str | None = client_id()


RemoveArtworkError = Annotated[
    NotFoundError | InvalidError | ConflictError,
    strawberry.union("RemoveArtworkError", description="Why the picture stays."),
]


@strawberry.type(description="The picture is forgotten.")
class RemoveArtworkPayload:
    errors: list[RemoveArtworkError] = errors_field()
    deleted_id: strawberry.ID | None = strawberry.field(default=None, description="Id of the candidate that is gone.")
    images: list[Image] = images_field()
    client_mutation_id: str | None = client_id()
