"""Payloads of the mutations of identification."""

from typing import Annotated

import strawberry

from api.catalog.payloads import item_field
from api.catalog.types.items import MediaItem
from api.jobs.types import Job
from api.kit.mutations import client_id, errors_field
from api.kit.problems import (
    AmbiguousReferenceError,
    ConflictError,
    IdempotencyKeyReusedError,
    InvalidError,
    NotFoundError,
    UpstreamError,
    VersionConflictError,
)

IdentifyItemsError = Annotated[
    NotFoundError | InvalidError | ConflictError | IdempotencyKeyReusedError,
    strawberry.union("IdentifyItemsError", description="Why nothing is identified."),
]


@strawberry.type(description="The search for what items are, which goes on in the background.")
class IdentifyItemsPayload:
    errors: list[IdentifyItemsError] = errors_field()
    job: Job | None = strawberry.field(
        default=None, description="The job: `jobProgressed` follows it, its result counts items and names providers that failed."
    )
    client_mutation_id: str | None = client_id()


IdentifyItemError = Annotated[
    NotFoundError | InvalidError | ConflictError | VersionConflictError | AmbiguousReferenceError | UpstreamError,
    strawberry.union("IdentifyItemError", description="Why the item stays what it was."),
]


@strawberry.type(description="The item is what a person says. What was told of another thing has been forgotten.")
class IdentifyItemPayload:
    errors: list[IdentifyItemError] = errors_field()
    media_item: MediaItem | None = item_field()
    client_mutation_id: str | None = client_id()


UnidentifyItemError = Annotated[
    NotFoundError | InvalidError | VersionConflictError | AmbiguousReferenceError,
    strawberry.union("UnidentifyItemError", description="Why the item stays what it was."),
]


@strawberry.type(description="The item without what providers told of it.")
class UnidentifyItemPayload:
    errors: list[UnidentifyItemError] = errors_field()
    media_item: MediaItem | None = item_field()
    client_mutation_id: str | None = client_id()


SetEpisodeOrderError = Annotated[
    NotFoundError | InvalidError | ConflictError | VersionConflictError | AmbiguousReferenceError,
    strawberry.union("SetEpisodeOrderError", description="Why the files go by the order that they went by."),
]
_JOB = "The job: its result counts `orders` that were asked about, `moved_files` and `new_episodes`."


@strawberry.type(description="The series, whose files are given their episodes in the background.")
class SetEpisodeOrderPayload:
    errors: list[SetEpisodeOrderError] = errors_field()
    media_item: MediaItem | None = item_field()
    job: Job | None = strawberry.field(default=None, description=_JOB)
    client_mutation_id: str | None = client_id()


RefreshEpisodeOrdersError = Annotated[
    NotFoundError | InvalidError | ConflictError | AmbiguousReferenceError,
    strawberry.union("RefreshEpisodeOrdersError", description="Why nobody is asked."),
]


@strawberry.type(description="The series, whose orders of episodes are asked for in the background.")
class RefreshEpisodeOrdersPayload:
    errors: list[RefreshEpisodeOrdersError] = errors_field()
    media_item: MediaItem | None = item_field()
    job: Job | None = strawberry.field(default=None, description=_JOB)
    client_mutation_id: str | None = client_id()
