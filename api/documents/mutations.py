"""Mutations of registered documents."""

from collections.abc import Mapping
from typing import Annotated, Any

import strawberry

from api.documents.manifests import checked
from api.kit.access import Permission
from api.kit.context import Info
from api.kit.fields import mutation
from api.kit.mutations import attempt, client_id, errors_field
from api.kit.problems import ConflictError, InvalidError, NotFoundError
from domain.documents import service
from domain.documents.service import NewDocument

What = strawberry.argument(description="What to do.")


@strawberry.input(description="A document to register.")
class DocumentInput:
    text: str = strawberry.field(description="The operation with its fragments, exactly as its digest is made of it.")
    id: str | None = strawberry.field(
        default=None, description="The manifest's own id; default: `sha256:` and the SHA-256 of the text, which is always good."
    )
    name: str | None = strawberry.field(default=None, description="For people; default: the operation's name.")


@strawberry.input(description="A manifest of documents.")
class RegisterDocumentsInput:
    manifest: str = strawberry.field(description="Program and release: `kiosk 1.4`. What it held before goes.")
    documents: list[DocumentInput] = strawberry.field(description="1 to 1,000 documents.")
    client_mutation_id: str | None = client_id()


@strawberry.input(description="A manifest to take back.")
class RemoveDocumentsInput:
    manifest: str = strawberry.field(description="Its name.")
    client_mutation_id: str | None = client_id()


RegisterDocumentsError = Annotated[
    InvalidError | ConflictError,
    strawberry.union("RegisterDocumentsError", description="Why nothing was registered."),
]
RemoveDocumentsError = Annotated[
    NotFoundError,
    strawberry.union("RemoveDocumentsError", description="Why nothing was removed."),
]


@strawberry.type(description="What was registered.")
class RegisterDocumentsPayload:
    errors: list[RegisterDocumentsError] = errors_field()
    registered_count: int | None = strawberry.field(
        default=None, description="How many different documents the manifest has now; null when nothing was done."
    )
    client_mutation_id: str | None = client_id()


@strawberry.type(description="What was taken back.")
class RemoveDocumentsPayload:
    errors: list[RemoveDocumentsError] = errors_field()
    removed_count: int | None = strawberry.field(default=None, description="How many documents the manifest had.")
    client_mutation_id: str | None = client_id()


@strawberry.type
class DocumentMutations:
    """Registering documents and taking them back."""

    @mutation(Permission.ADMIN, "Register the documents of a program's release. All of them or none.")
    async def register_documents(self, info: Info, input: Annotated[RegisterDocumentsInput, What]) -> RegisterDocumentsPayload:
        context, schema = info.context, info.schema._schema

        async def work() -> Mapping[str, Any]:
            given = [NewDocument(each.text, each.id, each.name) for each in input.documents]
            documents = await context.run(checked, schema, given, context.services.settings)
            assert context.identity is not None
            rows = await context.change(
                service.register, manifest=input.manifest, documents=documents, user_id=context.identity.user_id
            )
            context.services.documents.forget()
            return {"registered_count": len(rows)}

        allowed = (InvalidError, ConflictError)
        return await attempt(RegisterDocumentsPayload, allowed, work, client_mutation_id=input.client_mutation_id)

    @mutation(Permission.ADMIN, "Take a manifest's documents back. Other processes notice within five seconds.")
    async def remove_documents(self, info: Info, input: Annotated[RemoveDocumentsInput, What]) -> RemoveDocumentsPayload:
        context = info.context

        async def work() -> Mapping[str, Any]:
            count = await context.change(service.remove, manifest=input.manifest)
            context.services.documents.forget()
            return {"removed_count": count}

        return await attempt(RemoveDocumentsPayload, (NotFoundError,), work, client_mutation_id=input.client_mutation_id)
