"""The root field that asks what an item could be."""

from typing import Annotated

import strawberry

from api.identify.types import IdentificationCandidates, shown
from api.kit.access import Permission
from api.kit.context import Info
from api.kit.fields import query
from api.kit.filtering import refuse
from api.kit.problems import ErrorCode
from api.providers.types import ProviderFailure
from domain.identify.suggesting import suggest
from domain.kit.errors import DomainError, Invalid
from domain.kit.ids import key_of
from domain.libraries.visibility import visible_item_ids

ItemId = Annotated[strawberry.ID, strawberry.argument(description="Id of the film or series.")]


@strawberry.type
class IdentifyQueries:
    """What items could be."""

    @query(
        Permission.EDIT,
        "Ask the providers what a film or series could be, the likeliest first, with reasons. Nothing is stored. Waits up to "
        "10 seconds. null when it is not there or not yours.",
    )
    async def identification_candidates(self, info: Info, item: ItemId) -> IdentificationCandidates | None:
        context = info.context
        try:
            key = key_of("media_items", item)
        except Invalid as error:
            raise refuse(error.message) from None
        if key not in await context.read(visible_item_ids, context.viewer, [key]):
            return None
        try:
            return shown(await context.ask(suggest, context.services.desk, key))
        except DomainError as error:
            failure = ProviderFailure(provider=None, code=ErrorCode(error.code), message=error.message, retry_at=None)
            return IdentificationCandidates(candidates=[], failures=[failure])
