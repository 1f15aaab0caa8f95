"""Root fields that read artwork."""

from typing import Annotated

import strawberry
from graphql import GraphQLError

from api.catalog.artwork.inputs import ArtworkOwner, owner
from api.catalog.references import LIBRARY
from api.kit.access import Permission
from api.kit.context import Info
from api.kit.fields import query
from api.kit.filtering import refuse
from domain.artwork import completeness
from domain.artwork.completeness import MissingFact
from domain.artwork.queries import similar_pairs
from domain.catalog.enums import ItemKind
from domain.kit.errors import AmbiguousReference, Invalid, NotFound
from domain.kit.ids import global_id, key_of
from domain.libraries.visibility import visible_library_ids

Of = Annotated[ArtworkOwner, strawberry.argument(description="Whose pictures.")]
LibraryId = Annotated[strawberry.ID, strawberry.argument(description="The library.")]
InLibrary = Annotated[strawberry.ID | None, strawberry.argument(description=LIBRARY)]


@strawberry.type(description="Two pictures of one type that are the same: equal bytes, or alike by their perceptual hashes.")
class SimilarImages:
    type: str = strawberry.field(description="The type of both: poster, fanart …")
    candidates: list[strawberry.ID] = strawberry.field(description="Both candidates, the older one first.")
    similarity: float = strawberry.field(description="How much alike they are, 0 to 1; 1 = equal bytes or equal hashes.")


@strawberry.type(description="How many items lack something.")
class MissingCount:
    fact: MissingFact = strawberry.field(description="What they lack.")
    item_count: int = strawberry.field(description="How many items.")


@strawberry.type(description="How complete the items of one kind in a library are.")
class KindCompleteness:
    kind: ItemKind = strawberry.field(description="The kind.")
    item_count: int = strawberry.field(description="How many there are.")
    complete_count: int = strawberry.field(description="How many of them lack nothing.")
    fraction: float = strawberry.field(description="The mean of their `completeness`, 0 to 1.")
    missing: list[MissingCount] = strawberry.field(description="What they lack, the commonest first.")


@strawberry.type
class ArtworkQueries:
    """Reads of artwork beside the types' own fields."""

    @query(
        Permission.READ,
        "Pictures of an item, a person or a collection that are there twice, likest first; null when you may not see it. "
        "Pictures that nobody looked at yet are left out.",
    )
    async def similar_images(self, info: Info, of: Of, library: InLibrary = None) -> list[SimilarImages] | None:
        try:
            entity_id = await owner(info.context, of, library)
        except NotFound:
            return None
        except Invalid as error:
            raise refuse(error.message) from None
        except AmbiguousReference as error:
            extensions = {"code": error.code, "candidates": list(error.candidates)}
            raise GraphQLError(error.message, extensions=extensions) from None
        found = await info.context.read(similar_pairs, entity_id)
        return [
            SimilarImages(
                type=pair.asset_type,
                candidates=[strawberry.ID(global_id("image_candidates", key)) for key in (pair.one, pair.other)],
                similarity=round(pair.similarity, 4),
            )
            for pair in found
        ]

    @query(Permission.READ, "How complete the items of a library are, by kind; null when you may not see it.")
    async def library_completeness(self, info: Info, library: LibraryId) -> list[KindCompleteness] | None:
        context = info.context
        try:
            key = key_of("libraries", library, path=("library",))
        except Invalid as error:
            raise refuse(error.message) from None
        if key not in await context.read(visible_library_ids, context.viewer):
            return None
        return [
            KindCompleteness(
                kind=one.kind,
                item_count=one.items,
                complete_count=one.complete,
                fraction=one.fraction,
                missing=[MissingCount(fact=fact, item_count=count) for fact, count in one.missing.most_common()],
            )
            for one in await context.read(completeness.of_library, context.viewer, key)
        ]
