"""Payloads of the mutations of downloaders."""

from typing import Annotated, Any

import strawberry

from api.downloaders.types import InboundEvent, Source
from api.jobs.types import Job
from api.kit.mutations import client_id, errors_field
from api.kit.problems import ConflictError, InvalidError, NotFoundError, UpstreamError, VersionConflictError


def source_field() -> Any:
    """The downloader of a payload."""
    return strawberry.field(default=None, description="The downloader as it stands now; null when nothing was done.")


def token_field() -> Any:
    """The token of a payload."""
    return strawberry.field(
        default=None,
        description="What its webhooks carry: as password, as header X-Api-Key or X-Marquee-Token, as bearer, or at the end of"
        " the address. Shown this once.",
    )


def url_field() -> Any:
    """The address of a payload."""
    return strawberry.field(default=None, description="Where its webhooks go, without the token.")


CreateSourceError = Annotated[
    InvalidError | ConflictError, strawberry.union("CreateSourceError", description="Why it was not added.")
]


@strawberry.type(description="The new downloader, and what its webhooks need.")
class CreateSourcePayload:
    errors: list[CreateSourceError] = errors_field()
    source: Source | None = source_field()
    webhook_token: str | None = token_field()
    webhook_url: str | None = url_field()
    client_mutation_id: str | None = client_id()


UpdateSourceError = Annotated[
    NotFoundError | InvalidError | ConflictError | VersionConflictError,
    strawberry.union("UpdateSourceError", description="Why nothing was changed."),
]


@strawberry.type(description="The changed downloader.")
class UpdateSourcePayload:
    errors: list[UpdateSourceError] = errors_field()
    source: Source | None = source_field()
    client_mutation_id: str | None = client_id()


DeleteSourceError = Annotated[
    NotFoundError | InvalidError, strawberry.union("DeleteSourceError", description="Why it is still there.")
]


@strawberry.type(description="The downloader is forgotten, with its path mappings; what it sent stays for its time.")
class DeleteSourcePayload:
    errors: list[DeleteSourceError] = errors_field()
    deleted_id: strawberry.ID | None = strawberry.field(default=None, description="Id of what is gone.")
    client_mutation_id: str | None = client_id()


TestSourceError = Annotated[
    NotFoundError | InvalidError | ConflictError | UpstreamError,
    strawberry.union("TestSourceError", description="Why it does not work: `code` tells a refused key from a silent server."),
]


@strawberry.type(description="What came of the test.")
class TestSourcePayload:
    __test__ = False

    errors: list[TestSourceError] = errors_field()
    source: Source | None = source_field()
    instance_name: str | None = strawberry.field(default=None, description="What it calls itself.")
    software_version: str | None = strawberry.field(default=None, description="Its version.")
    response_ms: int | None = strawberry.field(default=None, description="How long it took to answer, in milliseconds.")
    client_mutation_id: str | None = client_id()


RotateWebhookTokenError = Annotated[
    NotFoundError | InvalidError, strawberry.union("RotateWebhookTokenError", description="Why there is no other token.")
]


@strawberry.type(description="The new token; the one before is good for nothing.")
class RotateWebhookTokenPayload:
    errors: list[RotateWebhookTokenError] = errors_field()
    source: Source | None = source_field()
    webhook_token: str | None = token_field()
    webhook_url: str | None = url_field()
    client_mutation_id: str | None = client_id()


RevokeWebhookTokenError = Annotated[
    NotFoundError | InvalidError, strawberry.union("RevokeWebhookTokenError", description="Why the token is still good.")
]


@strawberry.type(description="Its webhooks are answered 401 until there is another token.")
class RevokeWebhookTokenPayload:
    errors: list[RevokeWebhookTokenError] = errors_field()
    source: Source | None = source_field()
    client_mutation_id: str | None = client_id()


SetUpDownloaderWebhookError = Annotated[
    NotFoundError | InvalidError | ConflictError | UpstreamError,
    strawberry.union("SetUpDownloaderWebhookError", description="Why the downloader does not tell us."),
]


@strawberry.type(description="The connection in the downloader. The token before is good for nothing.")
class SetUpDownloaderWebhookPayload:
    errors: list[SetUpDownloaderWebhookError] = errors_field()
    source: Source | None = source_field()
    webhook_url: str | None = url_field()
    connection_id: int | None = strawberry.field(default=None, description="Its number there, under Settings > Connect.")
    is_new: bool | None = strawberry.field(default=None, description="Whether it was not there before.")
    client_mutation_id: str | None = client_id()


ReplayInboundEventError = Annotated[
    NotFoundError | InvalidError | ConflictError,
    strawberry.union("ReplayInboundEventError", description="Why it is not dealt with once more."),
]


@strawberry.type(description="The webhook that is dealt with once more.")
class ReplayInboundEventPayload:
    errors: list[ReplayInboundEventError] = errors_field()
    inbound_event: InboundEvent | None = strawberry.field(default=None, description="The webhook as it stands now.")
    job: Job | None = strawberry.field(default=None, description="The job that deals with it: the first of its chain.")
    client_mutation_id: str | None = client_id()
