"""Mutations of publishing: write files beside the media, take displaced ones back."""

from collections.abc import Mapping
from typing import Annotated, Any, TypeVar

import strawberry

from api.jobs.types import Job
from api.kit.access import Permission
from api.kit.context import Context, Info
from api.kit.fields import mutation
from api.kit.mutations import attempt, change_once
from api.kit.planner import ref
from api.kit.problems import ConflictError, IdempotencyKeyReusedError, InvalidError, NotFoundError, PathUnusableError
from api.publish import inputs as i
from api.publish import payloads as p
from api.publish.queries import publisher_of
from api.publish.types import RecycledFile
from domain.jobs.kinds import Verify
from domain.kit.database import UnitOfWork
from domain.kit.ids import global_id, key_of
from domain.libraries.visibility import require_library
from domain.publish import recycling, requesting

P = TypeVar("P")
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

    @mutation(
        Permission.ADMIN, "Put cached files that nothing refers to into quarantine, and delete what was there for its time."
    )
    async def clear_cache(self, info: Info, input: Annotated[i.ClearCacheInput, What]) -> p.ClearCachePayload:
        return await _clear(info.context, p.ClearCachePayload, input.client_mutation_id, is_dry_run=input.dry_run)

    @mutation(Permission.ADMIN, "Compare files of ours with what is known of them; `fileProblems` lists what is not right.")
    async def verify_files(self, info: Info, input: Annotated[i.VerifyFilesInput, What]) -> p.VerifyFilesPayload:
        context = info.context

        async def work() -> Mapping[str, Any]:
            what = input.what or i.PublishWhatInput(items=None, library=None)
            library = None if what.library is None else key_of("libraries", what.library.value, path=("library",))
            named = [] if what.items is None else [key_of("media_items", id, path=("items",)) for id in what.items.value]

            def run(uow: UnitOfWork) -> int:
                if library is not None:
                    require_library(uow.session, context.viewer, library)
                items = requesting.expand(uow.session, context.viewer, named, with_parts=True) if what.items is not None else []
                payload = Verify(tuple(items), library, input.deep)
                return requesting.request_verifying(uow, payload, user_id=context.viewer.user_id).job.id

            return {"job": ref(Job, await context.change(run))}

        return await attempt(
            p.VerifyFilesPayload, (NotFoundError, InvalidError), work, client_mutation_id=input.client_mutation_id
        )

    @mutation(Permission.ADMIN, "Repair problems of files in the background.")
    async def repair_files(self, info: Info, input: Annotated[i.RepairFilesInput, What]) -> p.RepairFilesPayload:
        context = info.context

        async def work() -> Mapping[str, Any]:
            keys = [key_of("file_problems", id, path=("problems",)) for id in input.problems]

            def run(uow: UnitOfWork) -> int:
                user_id = context.viewer.user_id
                return requesting.request_repair(uow, keys, repair=input.repair, user_id=user_id).job.id

            return {"job": ref(Job, await context.change(run))}

        return await attempt(
            p.RepairFilesPayload, (NotFoundError, InvalidError), work, client_mutation_id=input.client_mutation_id
        )

    @mutation(Permission.ADMIN, "Put everything in the cache's quarantine back; its time of grace begins anew.")
    async def restore_cache(self, info: Info, input: Annotated[i.RestoreCacheInput, What]) -> p.RestoreCachePayload:
        return await _clear(info.context, p.RestoreCachePayload, input.client_mutation_id, is_restoring=True)

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


async def _clear(
    context: Context, payload: type[P], client_mutation_id: str | None, *, is_dry_run: bool = False, is_restoring: bool = False
) -> P:
    async def work() -> Mapping[str, Any]:
        user_id = context.viewer.user_id

        def run(uow: UnitOfWork) -> int:
            options = {"is_dry_run": is_dry_run, "is_restoring": is_restoring}
            return requesting.request_clearing(uow, user_id=user_id, **options).job.id

        return {"job": ref(Job, await context.change(run))}

    return await attempt(payload, (ConflictError, InvalidError), work, client_mutation_id=client_mutation_id)
