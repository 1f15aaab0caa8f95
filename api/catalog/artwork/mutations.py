"""Mutations of artwork: adding, choosing, pinning, blocking, removing."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any

import strawberry

from api.artwork.types import Image
from api.catalog.artwork import inputs as i
from api.catalog.artwork import payloads as p
from api.jobs.types import Job
from api.kit.access import Permission
from api.kit.context import Context, Info
from api.kit.fields import mutation
from api.kit.mutations import attempt, change_once
from api.kit.planner import ref, refs
from api.kit.problems import (
    AmbiguousReferenceError,
    ConflictError,
    IdempotencyKeyReusedError,
    InvalidError,
    NotFoundError,
)
from domain.artwork import adding, choosing, preparing
from domain.artwork.queries import require_candidate
from domain.kit.database import UnitOfWork
from domain.kit.errors import Invalid
from domain.kit.ids import global_id, key_of

What = strawberry.argument(description="What to do.")
_OWNER = (NotFoundError, InvalidError, AmbiguousReferenceError)
_CANDIDATE = (NotFoundError, InvalidError, ConflictError)
_MOST = 100


@strawberry.type
class ArtworkMutations:
    """What people decide about pictures."""

    @mutation(Permission.EDIT, "Make an uploaded picture one of an item's, a person's or a collection's, in the background.")
    async def add_artwork(self, info: Info, input: Annotated[i.AddArtworkInput, What]) -> p.AddArtworkPayload:
        context = info.context
        identity = context.identity
        assert identity is not None

        async def work() -> Mapping[str, Any]:
            entity_id = await i.owner(context, input.of, input.library)
            upload_id = key_of("uploads", input.upload, path=("upload",))

            def run(uow: UnitOfWork) -> Mapping[str, Any]:
                job = adding.request(
                    uow, entity_id=entity_id, asset_type=input.type, upload_id=upload_id, user_id=identity.user_id,
                    language=input.language, is_shown=input.is_shown,
                )  # fmt: skip
                return {"id": global_id("jobs", job.id)}

            fingerprint = {
                "of": entity_id, "type": input.type, "upload": upload_id, "language": input.language, "shown": input.is_shown,
            }  # fmt: skip
            made = await change_once(context, "addArtwork", input.idempotency_key, fingerprint, run)
            return {"job": ref(Job, key_of("jobs", made["id"]))}

        allowed = (*_OWNER, ConflictError, IdempotencyKeyReusedError)
        return await attempt(p.AddArtworkPayload, allowed, work, client_mutation_id=input.client_mutation_id)

    @mutation(Permission.EDIT, "Say which pictures of a type are shown, and in which order. It locks the type.")
    async def choose_artwork(self, info: Info, input: Annotated[i.ChooseArtworkInput, What]) -> p.ChooseArtworkPayload:
        context = info.context

        async def work() -> Mapping[str, Any]:
            if len(input.candidates) > _MOST:
                raise Invalid(f"At most {_MOST} candidates.", path=("candidates",))
            entity_id = await i.owner(context, input.of, input.library)
            keys = [key_of("image_candidates", each, path=("candidates",)) for each in input.candidates]

            def run(uow: UnitOfWork) -> Mapping[str, Any]:
                choosing.choose(
                    uow, entity_id=entity_id, asset_type=input.type, candidate_ids=keys, user_id=context.viewer.user_id
                )
                return _prepared(uow, context, entity_id, input.type)

            return await context.change(run)

        allowed = (*_OWNER, ConflictError)
        return await attempt(p.ChooseArtworkPayload, allowed, work, client_mutation_id=input.client_mutation_id)

    @mutation(Permission.EDIT, "Leave a type of pictures to automation again.")
    async def reset_artwork(self, info: Info, input: Annotated[i.ResetArtworkInput, What]) -> p.ResetArtworkPayload:
        context = info.context

        async def work() -> Mapping[str, Any]:
            entity_id = await i.owner(context, input.of, input.library)

            def run(uow: UnitOfWork) -> Mapping[str, Any]:
                choosing.give_back(uow, entity_id=entity_id, asset_type=input.type)
                return _prepared(uow, context, entity_id, input.type)

            return await context.change(run)

        return await attempt(p.ResetArtworkPayload, _OWNER, work, client_mutation_id=input.client_mutation_id)

    @mutation(Permission.EDIT, "Pin a picture, so that automation never replaces or releases it, or unpin it.")
    async def pin_artwork(self, info: Info, input: Annotated[i.PinArtworkInput, What]) -> p.PinArtworkPayload:
        context = info.context

        async def work() -> Mapping[str, Any]:
            return await _decide(context, input.candidate, choosing.pin, is_pinned=input.is_pinned)

        return await attempt(p.PinArtworkPayload, _CANDIDATE, work, client_mutation_id=input.client_mutation_id)

    @mutation(Permission.EDIT, "Block a picture, so that it is never shown, or unblock it.")
    async def block_artwork(self, info: Info, input: Annotated[i.BlockArtworkInput, What]) -> p.BlockArtworkPayload:
        context = info.context

        async def work() -> Mapping[str, Any]:
            return await _decide(context, input.candidate, choosing.block, is_blocked=input.is_blocked)

        return await attempt(p.BlockArtworkPayload, _CANDIDATE, work, client_mutation_id=input.client_mutation_id)

    @mutation(Permission.EDIT, "Forget a picture that a person brought.")
    async def remove_artwork(self, info: Info, input: Annotated[i.RemoveArtworkInput, What]) -> p.RemoveArtworkPayload:
        context = info.context

        async def work() -> Mapping[str, Any]:
            return {**await _decide(context, input.candidate, choosing.remove), "deleted_id": input.candidate}

        return await attempt(p.RemoveArtworkPayload, _CANDIDATE, work, client_mutation_id=input.client_mutation_id)


def _prepared(uow: UnitOfWork, context: Context, entity_id: int, asset_type: str) -> Mapping[str, Any]:
    """What is shown, and the job that prepares it."""
    job = preparing.request_for_entity(uow, entity_id, user_id=context.viewer.user_id)
    keys = choosing.shown(uow, entity_id=entity_id, asset_type=asset_type)
    return {"images": refs(Image, keys), "job": None if job is None else ref(Job, job.id)}


async def _decide(
    context: Context, candidate: strawberry.ID, act: Callable[..., tuple[int, str]], **more: bool
) -> Mapping[str, Any]:
    """Decide about one candidate that the viewer may see; what is shown of its type afterwards."""
    key = key_of("image_candidates", candidate, path=("candidate",))
    await context.read(require_candidate, context.viewer, key)

    def run(uow: UnitOfWork) -> Mapping[str, Any]:
        entity_id, asset_type = act(uow, candidate_id=key, **more)
        return {"images": refs(Image, choosing.shown(uow, entity_id=entity_id, asset_type=asset_type))}

    return await context.change(run)
