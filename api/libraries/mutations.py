"""Mutations of libraries, their scans and the review queue."""

from collections.abc import Mapping
from typing import Annotated, Any

import strawberry

from api.jobs.types import Job
from api.kit.access import Permission
from api.kit.context import Context, Info
from api.kit.fields import mutation
from api.kit.mutations import attempt, change_once, sent
from api.kit.planner import ref
from api.kit.problems import (
    AmbiguousReferenceError,
    ConflictError,
    IdempotencyKeyReusedError,
    InvalidError,
    NotFoundError,
    PathUnusableError,
    ScanUnderWayError,
    VersionConflictError,
)
from api.libraries import inputs as i
from api.libraries import payloads as p
from api.libraries.types import Library, ReviewItem
from domain.artwork.reidentifying import follow
from domain.kit.database import UnitOfWork
from domain.kit.errors import AlreadyUnderWay, NotFound
from domain.kit.ids import global_id, key_of
from domain.libraries import removal, reviewing, service
from domain.libraries.identifying import Identity
from domain.libraries.references import is_review_visible
from domain.libraries.timetable import Timetable
from domain.libraries.visibility import require_library

What = strawberry.argument(description="What to do.")


@strawberry.type
class ReviewMutations:
    """Answers to the review queue."""

    @mutation(Permission.EDIT, "Say what a file or item is that automation is not sure about.")
    async def resolve_review(self, info: Info, input: Annotated[i.ResolveReviewInput, What]) -> p.ResolveReviewPayload:
        context = info.context

        async def work() -> Mapping[str, Any]:
            key = await _review(context, input.id)
            user_id = context.viewer.user_id

            def run(uow: UnitOfWork) -> reviewing.Resolved:
                done = reviewing.resolve(uow, key, choice=_choice(input.choice), user_id=user_id)
                if done.is_other_work:
                    follow(uow, done.items, is_other=True, is_known=True, user_id=user_id)
                return done

            done = await context.change(run)
            return {"review_item": ref(ReviewItem, key), "job": None if done.job is None else ref(Job, done.job.id)}

        allowed = (NotFoundError, InvalidError, ConflictError, AmbiguousReferenceError)
        return await attempt(p.ResolveReviewPayload, allowed, work, client_mutation_id=input.client_mutation_id)

    @mutation(Permission.EDIT, "Leave a file or item as it is, and do not ask again.")
    async def reject_review(self, info: Info, input: Annotated[i.RejectReviewInput, What]) -> p.RejectReviewPayload:
        context = info.context

        async def work() -> Mapping[str, Any]:
            key = await _review(context, input.id)
            await context.change(reviewing.reject, key, user_id=context.viewer.user_id)
            return {"review_item": ref(ReviewItem, key)}

        allowed = (NotFoundError, InvalidError, ConflictError)
        return await attempt(p.RejectReviewPayload, allowed, work, client_mutation_id=input.client_mutation_id)

    @mutation(Permission.EDIT, "Ask a question again that was answered or rejected.")
    async def reopen_review(self, info: Info, input: Annotated[i.ReopenReviewInput, What]) -> p.ReopenReviewPayload:
        context = info.context

        async def work() -> Mapping[str, Any]:
            key = await _review(context, input.id)
            await context.change(reviewing.reopen, key)
            return {"review_item": ref(ReviewItem, key)}

        allowed = (NotFoundError, InvalidError, ConflictError)
        return await attempt(p.ReopenReviewPayload, allowed, work, client_mutation_id=input.client_mutation_id)


@strawberry.type
class LibraryMutations(ReviewMutations):
    """Libraries and their scans."""

    @mutation(Permission.ADMIN, "Make a library of folders.")
    async def create_library(self, info: Info, input: Annotated[i.CreateLibraryInput, What]) -> p.CreateLibraryPayload:
        context = info.context

        async def work() -> Mapping[str, Any]:
            await context.run(service.check_paths, input.paths, data_dir=context.services.settings.data_dir)
            await context.run(service.check_apart, context.database, input.paths)
            columns: dict[str, Any] = {
                "name": input.name, "media_type": input.media_type, "paths": input.paths,
                "ignore_patterns": input.ignore_patterns, "auto_enrich": input.auto_enrich, "auto_publish": input.auto_publish,
                "is_enabled": input.is_enabled, "metadata_languages": input.metadata_languages,
            }  # fmt: skip
            schedule = _timetable(input.schedule)

            def run(uow: UnitOfWork) -> Mapping[str, Any]:
                return {"id": global_id("libraries", service.create_library(uow, schedule=schedule, **columns).id)}

            fingerprint = {**columns, "schedule": schedule and [schedule.cron, schedule.zone]}
            made = await change_once(context, "createLibrary", input.idempotency_key, fingerprint, run)
            return {"library": ref(Library, key_of("libraries", made["id"]))}

        allowed = (InvalidError, ConflictError, PathUnusableError, IdempotencyKeyReusedError)
        return await attempt(p.CreateLibraryPayload, allowed, work, client_mutation_id=input.client_mutation_id)

    @mutation(Permission.ADMIN, "Change a library.")
    async def update_library(self, info: Info, input: Annotated[i.UpdateLibraryInput, What]) -> p.UpdateLibraryPayload:
        context = info.context

        async def work() -> Mapping[str, Any]:
            key = key_of("libraries", input.id)
            changes = sent(
                name=input.name, paths=input.paths, ignore_patterns=input.ignore_patterns, auto_enrich=input.auto_enrich,
                auto_publish=input.auto_publish, is_enabled=input.is_enabled, metadata_languages=input.metadata_languages,
            )  # fmt: skip
            if input.schedule is not None:
                changes["schedule"] = _timetable(input.schedule.value)
            if "paths" in changes:
                await context.run(service.check_paths, changes["paths"], data_dir=context.services.settings.data_dir)
                await context.run(service.check_apart, context.database, changes["paths"], library_id=key)
            version = input.expected_version
            await context.change(service.update_library, library_id=key, changes=changes, expected_version=version)
            return {"library": ref(Library, key)}

        allowed = (NotFoundError, InvalidError, ConflictError, PathUnusableError, VersionConflictError)
        return await attempt(p.UpdateLibraryPayload, allowed, work, client_mutation_id=input.client_mutation_id)

    @mutation(Permission.ADMIN, "Delete a library. Files stay on the disk; what is in somebody's history stays, too.")
    async def delete_library(self, info: Info, input: Annotated[i.DeleteLibraryInput, What]) -> p.DeleteLibraryPayload:
        context = info.context

        async def work() -> Mapping[str, Any]:
            key = key_of("libraries", input.id)
            if input.dry_run:
                counts = await context.read(removal.preview, key)
            else:
                counts = await context.run(
                    removal.delete_library, context.database, key, actor=context.actor, request_id=context.request_id
                )
            return {
                "deleted_id": None if input.dry_run else input.id, "deleted_item_count": counts.deleted_items,
                "kept_item_count": counts.kept_items, "forgotten_file_count": counts.forgotten_files,
            }  # fmt: skip

        allowed = (NotFoundError, InvalidError)
        return await attempt(p.DeleteLibraryPayload, allowed, work, client_mutation_id=input.client_mutation_id)

    @mutation(Permission.JOBS, "Read a library's folders, or one path in them, in the background.")
    async def scan_library(self, info: Info, input: Annotated[i.ScanLibraryInput, What]) -> p.ScanLibraryPayload:
        context = info.context

        async def work() -> Mapping[str, Any]:
            key = key_of("libraries", input.library, path=("library",))
            await context.read(require_library, context.viewer, key)

            def run(uow: UnitOfWork) -> Mapping[str, Any]:
                asked_by = context.viewer.user_id
                job = service.request_scan(uow, library_id=key, path=input.path, requested_by_user_id=asked_by)
                if not context.viewer.is_admin and job.requested_by_user_id != asked_by:
                    since = job.started_at or job.created_at
                    raise AlreadyUnderWay("The library is being scanned already.", since=since, progress=job.progress)
                return {"id": global_id("jobs", job.id)}

            fingerprint = {"library": input.library, "path": input.path}
            made = await change_once(context, "scanLibrary", input.idempotency_key, fingerprint, run)
            return {"job": ref(Job, key_of("jobs", made["id"]))}

        allowed = (
            NotFoundError, InvalidError, ConflictError, ScanUnderWayError, PathUnusableError, IdempotencyKeyReusedError,
        )  # fmt: skip
        return await attempt(p.ScanLibraryPayload, allowed, work, client_mutation_id=input.client_mutation_id)


async def _review(context: Context, id: strawberry.ID) -> int:
    key = key_of("review_queue", id)
    if not await context.read(is_review_visible, context.viewer, key):
        raise NotFound("There is no such question. `reviewItems` lists what waits.", path=("id",))
    return key


def _choice(given: i.ReviewChoiceInput) -> int | Identity:
    if given.candidate is not None:
        return given.candidate.value
    assert given.identity is not None  # one of the two, by the schema
    said = given.identity.value
    return Identity(said.kind, said.title, said.year, said.season, tuple(said.episodes), said.edition)


def _timetable(given: i.LibraryScheduleInput | None) -> Timetable | None:
    return None if given is None else Timetable(given.cron, given.zone)
