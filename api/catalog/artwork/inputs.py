"""Inputs of the mutations of artwork."""

import strawberry

from api.catalog.references import LIBRARY, MediaRef, find
from api.kit.context import Context
from api.kit.mutations import IDEMPOTENCY_KEY, client_id
from domain.artwork.queries import visible_owner
from domain.catalog.enums import EntityKind
from domain.kit.errors import Invalid
from domain.kit.ids import key_of

_OF = "Whose pictures."
_TYPE = "The type of picture: poster, fanart, banner, clearlogo, landscape, thumb, actor_thumb …"
_CANDIDATE = "The candidate, as `imageCandidates` names it (cnd_7)."


@strawberry.input(one_of=True, description="Something with pictures: an item, a person, a collection or a studio.")
class ArtworkOwner:
    item: strawberry.Maybe[MediaRef] = strawberry.field(description="An item.")
    person: strawberry.Maybe[strawberry.ID] = strawberry.field(description="A person, such as per_7.")
    collection: strawberry.Maybe[strawberry.ID] = strawberry.field(description="A collection, such as col_7.")
    studio: strawberry.Maybe[strawberry.ID] = strawberry.field(description="A studio or network, such as stu_7.")


@strawberry.input(description=_OF)
class ArtworkTarget:
    of: ArtworkOwner = strawberry.field(description=_OF)
    library: strawberry.ID | None = strawberry.field(default=None, description=LIBRARY)
    type: str = strawberry.field(description=_TYPE)


@strawberry.input(description="A picture to add: an upload, or what is at an address.")
class AddArtworkInput(ArtworkTarget):
    upload: strawberry.ID | None = strawberry.field(
        default=None, description="Your upload of kind IMAGE, complete. It is used up. Either this or `url`."
    )
    url: str | None = strawberry.field(
        default=None,
        description="Address of a picture on a public server, http or https, at most 2,000 characters; it is downloaded once.",
    )
    language: str | None = strawberry.field(
        default=None, description="Language of the text in it: two or three small letters (ISO 639); null = none."
    )
    is_shown: bool = strawberry.field(
        default=True, description="Show it first of its type, and lock the type. Else it is only there to be chosen."
    )
    idempotency_key: str | None = strawberry.field(default=None, description=IDEMPOTENCY_KEY)
    client_mutation_id: str | None = client_id()


@strawberry.input(description="The pictures of a type that are to be shown.")
class ChooseArtworkInput(ArtworkTarget):
    candidates: list[strawberry.ID] = strawberry.field(
        description="Candidates in the order they are shown; at most 100, and no more than the type may show. Empty = none."
    )
    client_mutation_id: str | None = client_id()


@strawberry.input(description="Whose missing pictures are to be downloaded: of one thing, or of everything in a library.")
class RefreshArtworkInput:
    of: ArtworkOwner | None = strawberry.field(default=None, description=f"{_OF} Either this or `library` alone.")
    library: strawberry.ID | None = strawberry.field(
        default=None, description="The library, such as lib_1: all of it, or with `of` where the item is to be looked for."
    )
    client_mutation_id: str | None = client_id()


@strawberry.input(description="A type of pictures that automation is to choose again.")
class ResetArtworkInput(ArtworkTarget):
    client_mutation_id: str | None = client_id()


@strawberry.input(description="A picture to pin or to unpin.")
class PinArtworkInput:
    candidate: strawberry.ID = strawberry.field(description=_CANDIDATE)
    is_pinned: bool = strawberry.field(default=True, description="Whether it is to be pinned.")
    client_mutation_id: str | None = client_id()


@strawberry.input(description="A picture to block or to unblock.")
class BlockArtworkInput:
    candidate: strawberry.ID = strawberry.field(description=_CANDIDATE)
    is_blocked: bool = strawberry.field(default=True, description="Whether it is to be blocked.")
    client_mutation_id: str | None = client_id()


@strawberry.input(description="A picture to forget.")
class RemoveArtworkInput:
    candidate: strawberry.ID = strawberry.field(description=_CANDIDATE)
    client_mutation_id: str | None = client_id()


async def owner(context: Context, given: ArtworkOwner, library: strawberry.ID | None) -> int:
    """The key of the entity that is meant. Raises NotFound, Invalid, AmbiguousReference."""
    if given.item is not None:
        return await find(context, given.item.value, library)
    if given.person is not None:
        key = key_of("people", given.person.value, path=("of", "person"))
        return await context.read(visible_owner, context.viewer, EntityKind.PERSON, key)
    if given.collection is not None:
        key = key_of("collections", given.collection.value, path=("of", "collection"))
        return await context.read(visible_owner, context.viewer, EntityKind.COLLECTION, key)
    if given.studio is not None:
        key = key_of("studios", given.studio.value, path=("of", "studio"))
        return await context.read(visible_owner, context.viewer, EntityKind.STUDIO, key)
    raise Invalid("Name an item, a person, a collection or a studio.", path=("of",))
