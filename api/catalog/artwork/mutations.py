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
from domain.jobs.kinds import AddArtwork
from domain.kit.database import UnitOfWork
from domain.kit.errors import Invalid, RefusedByPolicy
from domain.kit.ids import global_id, key_of
from domain.libraries.visibility import require_library

What = strawberry.argument(description="What to do.")
_OWNER = (NotFoundError, InvalidError, AmbiguousReferenceError)
_CANDIDATE = (NotFoundError, InvalidError, ConflictError)
_MOST = 100


@strawberry.type
class ArtworkMutations:
    """What people decide about pictures."""

    @mutation(
        Permission.EDIT,
        "Make an uploaded picture, or one at an address, one of an item's, a person's, a collection's or a studio's, in the "
        "background.",
    )
    async def add_artwork(self, info: Info, input: Annotated[i.AddArtworkInput, What]) -> p.AddArtworkPayload:
        context = info.context
        identity = context.identity
        assert identity is not None

        async def work() -> Mapping[str, Any]:
            entity_id = await i.owner(context, input.of, input.library)
            if (input.upload is None) == (input.url is None):
                raise Invalid("Give an upload or an address.", path=("upload",))
            upload_id = None if input.upload is None else key_of("uploads", input.upload, path=("upload",))
            if input.url is not None:
                _check_address(context, input.url)
            asked = AddArtwork(upload_id, entity_id, input.type, identity.user_id, input.language, input.is_shown, input.url)

            def run(uow: UnitOfWork) -> Mapping[str, Any]:
                return {"id": global_id("jobs", adding.request(uow, asked).id)}

            fingerprint = {
                "of": entity_id, "type": input.type, "upload": upload_id, "language": input.language, "shown": input.is_shown,
                **({} if input.url is None else {"url": input.url}),
            }  # fmt: skip
            made = await change_once(context, "addArtwork", input.idempotency_key, fingerprint, run)
            return {"job": ref(Job, key_of("jobs", made["id"]))}

        allowed = (*_OWNER, ConflictError, IdempotencyKeyReusedError)
        return await attempt(p.AddArtworkPayload, allowed, work, client_mutation_id=input.client_mutation_id)

    @mutation(
        Permission.EDIT,
        "Download the pictures that are to be shown and are not here yet. What could not be had is tried anew; unmonitored items "
        "count, too.",
    )
    async def refresh_artwork(self, info: Info, input: Annotated[i.RefreshArtworkInput, What]) -> p.RefreshArtworkPayload:
        context = info.context
        user_id = context.viewer.user_id

        async def work() -> Mapping[str, Any]:
            if input.of is not None:
                entity_id = await i.owner(context, input.of, input.library)
                job = await context.change(lambda uow: preparing.request_fetch(uow, entity_id, user_id=user_id).id)
            elif input.library is not None:
                library_id = key_of("libraries", input.library, path=("library",))
                await context.read(require_library, context.viewer, library_id)
                job = await context.change(lambda uow: preparing.request_fetch_for_library(uow, library_id, user_id=user_id).id)
            else:
                raise Invalid("Say of what, or in which library.", path=("of",))
            return {"job": ref(Job, job)}

        return await attempt(p.RefreshArtworkPayload, _OWNER, work, client_mutation_id=input.client_mutation_id)

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
            return await _decide(context, input.candidate, choosing.block, lacking=True, is_blocked=input.is_blocked)

        return await attempt(p.BlockArtworkPayload, _CANDIDATE, work, client_mutation_id=input.client_mutation_id)

    @mutation(Permission.EDIT, "Forget a picture that a person brought.")
    async def remove_artwork(self, info: Info, input: Annotated[i.RemoveArtworkInput, What]) -> p.RemoveArtworkPayload:
        context = info.context

        async def work() -> Mapping[str, Any]:
            return {**await _decide(context, input.candidate, choosing.remove), "deleted_id": input.candidate}

        return await attempt(p.RemoveArtworkPayload, _CANDIDATE, work, client_mutation_id=input.client_mutation_id)


def _check_address(context: Context, url: str) -> None:
    """Raise Invalid for what can be seen at once not to be an address of a public server."""
    try:
        context.services.egress.check(url)
    except RefusedByPolicy as error:
        raise Invalid(error.message, path=("url",)) from None


def _prepared(uow: UnitOfWork, context: Context, entity_id: int, asset_type: str) -> Mapping[str, Any]:
    """What is shown, and the job that prepares it."""
    job = preparing.request_what_lacks(uow, entity_id, user_id=context.viewer.user_id)
    keys = choosing.shown(uow, entity_id=entity_id, asset_type=asset_type)
    return {"images": refs(Image, keys), "job": None if job is None else ref(Job, job.id)}


async def _decide(
    context: Context, candidate: strawberry.ID, act: Callable[..., tuple[int, str]], *, lacking: bool = False, **more: bool
) -> Mapping[str, Any]:
    """Decide about one candidate that the viewer may see; what is shown of its type afterwards.

    With `lacking` what is to be shown instead is asked for.
    """
    key = key_of("image_candidates", candidate, path=("candidate",))
    await context.read(require_candidate, context.viewer, key)

    def run(uow: UnitOfWork) -> Mapping[str, Any]:
        entity_id, asset_type = act(uow, candidate_id=key, **more)
        if lacking:
            return _prepared(uow, context, entity_id, asset_type)
        return {"images": refs(Image, choosing.shown(uow, entity_id=entity_id, asset_type=asset_type))}

    return await context.change(run)
