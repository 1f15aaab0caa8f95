"""Mutations of publishing: write files beside the media, take displaced ones back."""

from collections.abc import Mapping
from typing import Annotated, Any

import strawberry

from api.jobs.types import Job
from api.kit.access import Permission
from api.kit.context import Info
from api.kit.fields import mutation
from api.kit.mutations import attempt, change_once
from api.kit.planner import ref
from api.kit.problems import ConflictError, IdempotencyKeyReusedError, InvalidError, NotFoundError, PathUnusableError
from api.publish import inputs as i
from api.publish import payloads as p
from api.publish.queries import publisher_of
from api.publish.types import RecycledFile
from domain.kit.database import UnitOfWork
from domain.kit.ids import global_id, key_of
from domain.publish import recycling, requesting

What = strawberry.argument(description="What to do.")


@strawberry.type
class PublishMutations:
    """What is written beside the media."""

    @mutation(Permission.JOBS, "Write NFO files and pictures beside the media, in the background. Twice writes nothing twice.")
    async def publish_items(self, info: Info, input: Annotated[i.PublishItemsInput, What]) -> p.PublishItemsPayload:
        context = info.context

        async def work() -> Mapping[str, Any]:
            user_id, options = context.viewer.user_id, {"replace_changed": input.replace_changed}
            library = None if input.what.library is None else key_of("libraries", input.what.library.value, path=("library",))
            named = [] if input.what.items is None else input.what.items.value
            keys = [key_of("media_items", id, path=("items",)) for id in named]

            def run(uow: UnitOfWork) -> Mapping[str, Any]:
                if library is not None:
                    made = requesting.request_library(uow, context.viewer, library, user_id=user_id, **options)
                else:
                    every = requesting.expand(uow.session, context.viewer, keys, with_parts=input.with_parts)
                    made = requesting.request_items(uow, every, user_id=user_id, **options)
                return {"id": global_id("jobs", made.job.id)}

            fingerprint = {"items": sorted(keys), "library": library, "with_parts": input.with_parts, **options}
            done = await change_once(context, "publishItems", input.idempotency_key, fingerprint, run)
            return {"job": ref(Job, key_of("jobs", done["id"]))}

        allowed = (NotFoundError, InvalidError, IdempotencyKeyReusedError)
        return await attempt(p.PublishItemsPayload, allowed, work, client_mutation_id=input.client_mutation_id)

    @mutation(Permission.ADMIN, "Bring a displaced file back to where it was. What lies there now goes to the recycle bin.")
    async def restore_recycled(self, info: Info, input: Annotated[i.RestoreRecycledInput, What]) -> p.RestoreRecycledPayload:
        context = info.context

        async def work() -> Mapping[str, Any]:
            key = key_of("recycle_bin", input.id)
            displaced = await context.run(recycling.restore, publisher_of(context), key)
            return {
                "recycled_file": ref(RecycledFile, key),
                "displaced_file": None if displaced is None else ref(RecycledFile, displaced),
            }

        allowed = (NotFoundError, InvalidError, ConflictError, PathUnusableError)
        return await attempt(p.RestoreRecycledPayload, allowed, work, client_mutation_id=input.client_mutation_id)
