"""Mutations of uploads."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

import strawberry

from api.kit.access import Permission
from api.kit.context import Info
from api.kit.fields import mutation
from api.kit.mutations import attempt, client_id, errors_field
from api.kit.planner import ref
from api.kit.problems import ConflictError, InvalidError, NotFoundError
from api.kit.scalars import BigInt
from api.uploads.types import Upload
from domain.kit.ids import key_of
from domain.uploads import service, sweeping
from domain.uploads.enums import UploadKind

What = strawberry.argument(description="What to do.")


@strawberry.input(description="A file that will be sent.")
class CreateUploadInput:
    kind: UploadKind = strawberry.field(description="What it is meant for.")
    filename: str = strawberry.field(description="Its name, without a path: 1 to 255 characters.")
    size_bytes: BigInt = strawberry.field(description="Its exact size in bytes.")
    sha256: str = strawberry.field(description="Its SHA-256, 64 hex digits.")
    client_mutation_id: str | None = client_id()


@strawberry.input(description="An upload to delete.")
class DeleteUploadInput:
    id: strawberry.ID = strawberry.field(description="The upload.")
    client_mutation_id: str | None = client_id()


CreateUploadError = Annotated[
    InvalidError | ConflictError,
    strawberry.union("CreateUploadError", description="Why no place was made."),
]
DeleteUploadError = Annotated[
    NotFoundError | InvalidError,
    strawberry.union("DeleteUploadError", description="Why nothing was deleted."),
]


@strawberry.type(description="A place for a file.")
class CreateUploadPayload:
    errors: list[CreateUploadError] = errors_field()
    upload: Upload | None = strawberry.field(default=None, description="The upload as it stands.")
    url: str | None = strawberry.field(
        default=None, description="PUT the file's bytes here, on this server; no other permission is asked."
    )
    token: str | None = strawberry.field(default=None, description="The last part of `url`; shown once.")
    expires_at: datetime | None = strawberry.field(default=None, description="Until when the file must have come: an hour.")
    client_mutation_id: str | None = client_id()


@strawberry.type(description="The upload that is gone.")
class DeleteUploadPayload:
    errors: list[DeleteUploadError] = errors_field()
    deleted_id: strawberry.ID | None = strawberry.field(default=None, description="Its id.")
    client_mutation_id: str | None = client_id()


@strawberry.type
class UploadMutations:
    """Announcing files and taking them back."""

    @mutation(Permission.WRITE, "Make a place for a file. Then PUT its bytes to `url`, and name the upload where it is used.")
    async def create_upload(self, info: Info, input: Annotated[CreateUploadInput, What]) -> CreateUploadPayload:
        context = info.context
        identity = context.identity
        assert identity is not None

        async def work() -> Mapping[str, Any]:
            row, token = await context.change(
                service.announce, key=context.services.key, user_id=identity.user_id, kind=input.kind, filename=input.filename,
                size_bytes=input.size_bytes, sha256=input.sha256, quota_bytes=context.services.settings.upload_quota_bytes,
            )  # fmt: skip
            return {"upload": ref(Upload, row.id), "url": f"/uploads/{token}", "token": token, "expires_at": row.expires_at}

        allowed = (InvalidError, ConflictError)
        return await attempt(CreateUploadPayload, allowed, work, client_mutation_id=input.client_mutation_id)

    @mutation(Permission.WRITE, "Delete an upload before its time.")
    async def delete_upload(self, info: Info, input: Annotated[DeleteUploadInput, What]) -> DeleteUploadPayload:
        context = info.context
        identity = context.identity
        assert identity is not None

        async def work() -> Mapping[str, Any]:
            owner = None if context.viewer.is_admin else identity.user_id
            key = key_of("uploads", input.id)
            await context.change(service.delete, upload_id=key, user_id=owner)
            await context.run(sweeping.remove, context.services.settings.data_dir, key)
            return {"deleted_id": input.id}

        allowed = (NotFoundError, InvalidError)
        return await attempt(DeleteUploadPayload, allowed, work, client_mutation_id=input.client_mutation_id)
