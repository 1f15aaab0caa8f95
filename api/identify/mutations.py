"""Mutations of identification: let automation look again, say what an item is, say that it is not."""

from collections.abc import Mapping
from typing import Annotated, Any

import strawberry

from api.catalog.references import find
from api.catalog.types.items import MediaItem
from api.identify import inputs as i
from api.identify import payloads as p
from api.jobs.types import Job
from api.kit.access import Permission
from api.kit.context import Info
from api.kit.fields import mutation
from api.kit.mutations import attempt, change_once
from api.kit.planner import ref
from api.kit.problems import (
    AmbiguousReferenceError,
    ConflictError,
    IdempotencyKeyReusedError,
    InvalidError,
    NotFoundError,
    UpstreamError,
    VersionConflictError,
)
from domain.artwork.reidentifying import identify
from domain.catalog.enums import EpisodeOrdering
from domain.identify import orders, requesting
from domain.identify.suggesting import ids_at
from domain.kit.database import UnitOfWork
from domain.kit.ids import global_id, key_of

What = strawberry.argument(description="What to do.")
_REFERENCE = (NotFoundError, InvalidError, VersionConflictError, AmbiguousReferenceError)


@strawberry.type
class IdentifyMutations:
    """What items are."""

    @mutation(Permission.EDIT, "Ask the providers what films and series are, in the background. What a person chose stays.")
    async def identify_items(self, info: Info, input: Annotated[i.IdentifyItemsInput, What]) -> p.IdentifyItemsPayload:
        context = info.context

        async def work() -> Mapping[str, Any]:
            library = None if input.what.library is None else key_of("libraries", input.what.library.value, path=("library",))
            named = [] if input.what.items is None else input.what.items.value
            keys = [key_of("media_items", id, path=("items",)) for id in named]

            def run(uow: UnitOfWork) -> Mapping[str, Any]:
                if library is not None:
                    made = requesting.request_library(uow, context.viewer, library)
                else:
                    made = requesting.request_items(uow, context.viewer, keys)
                return {"id": global_id("jobs", made.job.id)}

            fingerprint = {"items": sorted(keys), "library": library}
            done = await change_once(context, "identifyItems", input.idempotency_key, fingerprint, run)
            return {"job": ref(Job, key_of("jobs", done["id"]))}

        allowed = (NotFoundError, InvalidError, ConflictError, IdempotencyKeyReusedError)
        return await attempt(p.IdentifyItemsPayload, allowed, work, client_mutation_id=input.client_mutation_id)

    @mutation(Permission.EDIT, "Say what a film or series is, for good; what was told of another thing goes. Waits up to 10 s.")
    async def identify_item(self, info: Info, input: Annotated[i.IdentifyItemInput, What]) -> p.IdentifyItemPayload:
        context = info.context

        async def work() -> Mapping[str, Any]:
            key = await find(context, input.item, input.library)
            provider = input.provider.strip().lower()
            ids = await context.ask(ids_at, context.services.desk, key, provider, input.external_id.strip())
            user_id = context.viewer.user_id
            await context.change(identify, key, ids, user_id=user_id, expected_version=input.expected_version)
            return {"media_item": ref(MediaItem, key)}

        allowed = (*_REFERENCE, ConflictError, UpstreamError)
        return await attempt(p.IdentifyItemPayload, allowed, work, client_mutation_id=input.client_mutation_id)

    @mutation(Permission.EDIT, "Say that a film or series is not what it was taken for: what providers told of it goes.")
    async def unidentify_item(self, info: Info, input: Annotated[i.UnidentifyItemInput, What]) -> p.UnidentifyItemPayload:
        context = info.context

        async def work() -> Mapping[str, Any]:
            key = await find(context, input.item, input.library)
            word = None if input.is_left_to_automation else ()
            user_id = context.viewer.user_id
            await context.change(identify, key, word, user_id=user_id, expected_version=input.expected_version)
            return {"media_item": ref(MediaItem, key)}

        return await attempt(p.UnidentifyItemPayload, _REFERENCE, work, client_mutation_id=input.client_mutation_id)

    @mutation(Permission.EDIT, "Say by which order of episodes the names of a series' files count: files move to their episodes.")
    async def set_episode_order(self, info: Info, input: Annotated[i.SetEpisodeOrderInput, What]) -> p.SetEpisodeOrderPayload:
        context = info.context

        async def work() -> Mapping[str, Any]:
            key = await find(context, input.item, input.library)
            provider = None if input.provider is None else input.provider.strip().lower()
            more = {"user_id": context.viewer.user_id, "expected_version": input.expected_version}
            made = await context.change(_chosen, key, input.ordering, provider=provider, **more)
            return {"media_item": ref(MediaItem, key), "job": ref(Job, made)}

        allowed = (*_REFERENCE, ConflictError)
        return await attempt(p.SetEpisodeOrderPayload, allowed, work, client_mutation_id=input.client_mutation_id)

    @mutation(Permission.EDIT, "Ask what every order of a series' episodes counts, so that each episode shows its numbers in it.")
    async def refresh_episode_orders(
        self, info: Info, input: Annotated[i.RefreshEpisodeOrdersInput, What]
    ) -> p.RefreshEpisodeOrdersPayload:
        context = info.context

        async def work() -> Mapping[str, Any]:
            key = await find(context, input.item, input.library)
            made = await context.change(_fetched, key, user_id=context.viewer.user_id)
            return {"media_item": ref(MediaItem, key), "job": ref(Job, made)}

        allowed = (NotFoundError, InvalidError, AmbiguousReferenceError, ConflictError)
        return await attempt(p.RefreshEpisodeOrdersPayload, allowed, work, client_mutation_id=input.client_mutation_id)


def _chosen(uow: UnitOfWork, /, key: int, ordering: EpisodeOrdering, **more: Any) -> int:
    return orders.choose(uow, key, ordering, **more).job.id


def _fetched(uow: UnitOfWork, /, key: int, *, user_id: int | None) -> int:
    return orders.request_all(uow, key, user_id=user_id).job.id
