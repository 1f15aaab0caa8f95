"""Mutations of relationships: a person adds one, or takes one away for good."""

from collections.abc import Mapping
from typing import Annotated, Any

import strawberry

from api.catalog.payloads import item_field
from api.catalog.references import LIBRARY, MediaRef, find
from api.catalog.types.items import MediaItem
from api.kit.access import Permission
from api.kit.context import Context, Info
from api.kit.fields import mutation
from api.kit.mutations import attempt, client_id, errors_field
from api.kit.planner import ref
from api.kit.problems import AmbiguousReferenceError, ConflictError, InvalidError, NotFoundError
from domain.catalog import relating
from domain.catalog.enums import Relation
from domain.kit.errors import AmbiguousReference, Invalid, NotFound

What = strawberry.argument(description="What to do.")
_ALLOWED = (NotFoundError, InvalidError, AmbiguousReferenceError)


@strawberry.input(description="Two items, and what the second is to the first.")
class RelationTarget:
    item: MediaRef = strawberry.field(description="Which item.")
    relation: Relation = strawberry.field(description="What the other item is to it.")
    related_item: MediaRef = strawberry.field(description="The other item.")
    library: strawberry.ID | None = strawberry.field(default=None, description=LIBRARY)


@strawberry.input(description="A relationship to add. The other item gets its inverse: what has a sequel is its prequel.")
class AddRelationshipInput(RelationTarget):
    client_mutation_id: str | None = client_id()


@strawberry.input(description="A relationship to take away, whoever said it. Automation does not say it again.")
class RemoveRelationshipInput(RelationTarget):
    client_mutation_id: str | None = client_id()


AddRelationshipError = Annotated[
    NotFoundError | InvalidError | ConflictError | AmbiguousReferenceError,
    strawberry.union("AddRelationshipError", description="Why nothing was added."),
]
RemoveRelationshipError = Annotated[
    NotFoundError | InvalidError | AmbiguousReferenceError,
    strawberry.union("RemoveRelationshipError", description="Why nothing was taken away."),
]


@strawberry.type(description="The item with its relationships.")
class AddRelationshipPayload:
    errors: list[AddRelationshipError] = errors_field()
    media_item: MediaItem | None = item_field()
    client_mutation_id: str | None = client_id()


@strawberry.type(description="The item with the relationships that it still has.")
class RemoveRelationshipPayload:
    errors: list[RemoveRelationshipError] = errors_field()
    media_item: MediaItem | None = item_field()
    client_mutation_id: str | None = client_id()


@strawberry.type
class RelationMutations:
    """What people say of how items stand to each other."""

    @mutation(Permission.EDIT, "Say that an item is another's sequel, prequel, remake …; automation leaves it alone.")
    async def add_relationship(self, info: Info, input: Annotated[AddRelationshipInput, What]) -> AddRelationshipPayload:
        context = info.context

        async def work() -> Mapping[str, Any]:
            key, related = await _both(context, input)
            await context.change(relating.relate, item_id=key, related_id=related, relation=input.relation)
            return {"media_item": ref(MediaItem, key)}

        allowed = (*_ALLOWED, ConflictError)
        return await attempt(AddRelationshipPayload, allowed, work, client_mutation_id=input.client_mutation_id)

    @mutation(Permission.EDIT, "Take a relationship of two items away, whoever said it.")
    async def remove_relationship(self, info: Info, input: Annotated[RemoveRelationshipInput, What]) -> RemoveRelationshipPayload:
        context = info.context

        async def work() -> Mapping[str, Any]:
            key, related = await _both(context, input)
            await context.change(relating.unrelate, item_id=key, related_id=related, relation=input.relation)
            return {"media_item": ref(MediaItem, key)}

        return await attempt(RemoveRelationshipPayload, _ALLOWED, work, client_mutation_id=input.client_mutation_id)


async def _both(context: Context, input: RelationTarget) -> tuple[int, int]:
    """The keys of two items that the viewer may see. Raises NotFound, Invalid, AmbiguousReference."""
    key = await find(context, input.item, input.library)
    try:
        related = await find(context, input.related_item, input.library)
    except (NotFound, Invalid, AmbiguousReference) as error:
        error.path = ("relatedItem", *error.path[1:])
        raise
    return key, related
