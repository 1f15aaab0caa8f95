"""Mutations of enrichment."""

from collections.abc import Mapping
from typing import Annotated, Any

import strawberry

from api.enrich import inputs as i
from api.enrich import payloads as p
from api.enrich.types import ProviderPriority
from api.jobs.types import Job
from api.kit.access import Permission
from api.kit.context import Info
from api.kit.fields import mutation
from api.kit.mutations import attempt, change_once
from api.kit.planner import ref
from api.kit.problems import ConflictError, IdempotencyKeyReusedError, InvalidError, NotFoundError
from domain.enrich import ordering, requesting
from domain.enrich.ordering import PlaceWanted
from domain.kit.database import UnitOfWork
from domain.kit.ids import global_id, key_of

What = strawberry.argument(description="What to do.")


@strawberry.type
class EnrichMutations:
    """Whose word counts."""

    @mutation(Permission.JOBS, "Ask the providers about things, in the background. What people and NFO files say stands.")
    async def enrich_items(self, info: Info, input: Annotated[i.EnrichItemsInput, What]) -> p.EnrichItemsPayload:
        context = info.context

        async def work() -> Mapping[str, Any]:
            user_id = context.viewer.user_id
            library = None if input.what.library is None else key_of("libraries", input.what.library.value, path=("library",))
            named = [] if input.what.items is None else list(input.what.items.value)

            def run(uow: UnitOfWork) -> Mapping[str, Any]:
                same: dict[str, Any] = {"is_renewed": input.renew, "user_id": user_id}
                if library is not None:
                    made = requesting.request_library(uow, context.viewer, library, people=input.people, **same)
                else:
                    keys = requesting.entities_of(uow.session, context.viewer, named)
                    made = requesting.request_entities(uow, keys, **same)
                return {"id": global_id("jobs", made.job.id)}

            fingerprint = {"items": sorted(named), "library": library, "renew": input.renew, "people": input.people}
            done = await change_once(context, "enrichItems", input.idempotency_key, fingerprint, run)
            return {"job": ref(Job, key_of("jobs", done["id"]))}

        allowed = (NotFoundError, InvalidError, ConflictError, IdempotencyKeyReusedError)
        return await attempt(p.EnrichItemsPayload, allowed, work, client_mutation_id=input.client_mutation_id)

    @mutation(Permission.ADMIN, "Put providers in an order for a field. What people and NFO files say stands above all of them.")
    async def set_provider_priorities(
        self, info: Info, input: Annotated[i.SetProviderPrioritiesInput, What]
    ) -> p.SetProviderPrioritiesPayload:
        context = info.context

        async def work() -> Mapping[str, Any]:
            media_type = None if input.media_type is None else key_of("media_types", input.media_type, path=("mediaType",))
            places = [
                PlaceWanted(key_of("provider_configs", one.provider, path=("order",)), one.fallback, one.is_enabled)
                for one in input.order
            ]
            keys = await context.change(ordering.set_order, media_type_id=media_type, field=input.field, places=places)
            return {"priorities": [ref(ProviderPriority, key) for key in keys]}

        allowed = (NotFoundError, InvalidError)
        return await attempt(p.SetProviderPrioritiesPayload, allowed, work, client_mutation_id=input.client_mutation_id)
