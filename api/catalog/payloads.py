"""Payloads of the mutations of items."""

from typing import Annotated, Any

import strawberry

from api.catalog.types.items import MediaItem
from api.kit.mutations import client_id, errors_field
from api.kit.problems import AmbiguousReferenceError, ConflictError, InvalidError, NotFoundError, VersionConflictError


def item_field() -> Any:
    """The item of a payload."""
    return strawberry.field(default=None, description="The item as it stands now; null when nothing was done.")


UpdateMediaItemError = Annotated[
    NotFoundError | InvalidError | ConflictError | VersionConflictError | AmbiguousReferenceError,
    strawberry.union("UpdateMediaItemError", description="Why nothing was changed."),
]


@strawberry.type(description="The edited item.")
class UpdateMediaItemPayload:
    errors: list[UpdateMediaItemError] = errors_field()
    media_item: MediaItem | None = item_field()
    client_mutation_id: str | None = client_id()


LockFieldsError = Annotated[
    NotFoundError | InvalidError | VersionConflictError | AmbiguousReferenceError,
    strawberry.union("LockFieldsError", description="Why nothing was locked."),
]


@strawberry.type(description="The item with its locks.")
class LockFieldsPayload:
    errors: list[LockFieldsError] = errors_field()
    media_item: MediaItem | None = item_field()
    client_mutation_id: str | None = client_id()


UnlockFieldsError = Annotated[
    NotFoundError | InvalidError | VersionConflictError | AmbiguousReferenceError,
    strawberry.union("UnlockFieldsError", description="Why nothing was unlocked."),
]


@strawberry.type(description="The item with its locks.")
class UnlockFieldsPayload:
    errors: list[UnlockFieldsError] = errors_field()
    media_item: MediaItem | None = item_field()
    client_mutation_id: str | None = client_id()


DeleteMediaItemError = Annotated[
    NotFoundError | InvalidError | VersionConflictError | AmbiguousReferenceError,
    strawberry.union("DeleteMediaItemError", description="Why the item stays."),
]


@strawberry.type(description="The item is gone; with `dryRun`, what would go.")
class DeleteMediaItemPayload:
    errors: list[DeleteMediaItemError] = errors_field()
    deleted_id: strawberry.ID | None = strawberry.field(
        default=None, description="Id of what is gone, to restore it by within 30 days; null for a dry run."
    )
    deleted_item_count: int | None = strawberry.field(default=None, description="How many items go: itself and its parts.")
    client_mutation_id: str | None = client_id()


RestoreMediaItemError = Annotated[
    NotFoundError | InvalidError | ConflictError,
    strawberry.union("RestoreMediaItemError", description="Why the item does not come back."),
]


@strawberry.type(description="The item that is back.")
class RestoreMediaItemPayload:
    errors: list[RestoreMediaItemError] = errors_field()
    media_item: MediaItem | None = item_field()
    client_mutation_id: str | None = client_id()
