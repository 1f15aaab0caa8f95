"""Mutations of items: editing, locking, deleting, restoring."""

from collections.abc import Mapping
from typing import Annotated, Any

import strawberry

from api.catalog import inputs as i
from api.catalog import payloads as p
from api.catalog.references import find
from api.catalog.types.items import MediaItem
from api.kit.access import Permission
from api.kit.context import Context, Info
from api.kit.fields import mutation
from api.kit.mutations import attempt, sent
from api.kit.planner import ref
from api.kit.problems import AmbiguousReferenceError, ConflictError, InvalidError, NotFoundError, VersionConflictError
from domain.catalog import editing, locking
from domain.catalog.edits.model import RowResult
from domain.catalog.enums import ChangeAction
from domain.kit.database import UnitOfWork
from domain.kit.ids import global_id, key_of
from domain.libraries.bulk.running import Request, start

What = strawberry.argument(description="What to do.")
_REFERENCE = (NotFoundError, InvalidError, VersionConflictError, AmbiguousReferenceError)


@strawberry.type
class CatalogMutations:
    """What people change about items."""

    @mutation(Permission.EDIT, "Edit an item. Editing a field locks it against automation, unless `lock` is false.")
    async def update_media_item(self, info: Info, input: Annotated[i.UpdateMediaItemInput, What]) -> p.UpdateMediaItemPayload:
        context = info.context

        async def work() -> Mapping[str, Any]:
            key = await find(context, input.item, input.library)
            changes = sent(
                title=input.title, sort_title=input.sort_title, original_title=input.original_title, edition=input.edition,
                tagline=input.tagline, plot=input.plot, outline=input.outline, year=input.year,
                release_date=input.release_date, end_date=input.end_date, runtime_ms=input.runtime_ms,
                album_type=input.album_type, is_kids_friendly=input.is_kids_friendly, genres=input.genres,
                studios=input.studios, countries=input.countries, tags=input.tags,
            )  # fmt: skip
            await context.change(
                editing.update_item, item_id=key, changes=changes, lock=input.lock, expected_version=input.expected_version,
                is_monitored=None if input.is_monitored is None else input.is_monitored.value,
                user_id=context.viewer.user_id,
            )  # fmt: skip
            return {"media_item": ref(MediaItem, key)}

        allowed = (*_REFERENCE, ConflictError)
        return await attempt(p.UpdateMediaItemPayload, allowed, work, client_mutation_id=input.client_mutation_id)

    @mutation(Permission.EDIT, "Keep automation away from fields of an item, and of its parts.")
    async def lock_fields(self, info: Info, input: Annotated[i.LockFieldsInput, What]) -> p.LockFieldsPayload:
        context = info.context

        async def work() -> Mapping[str, Any]:
            key = await find(context, input.item, input.library)
            await context.change(
                locking.lock_fields, item_id=key, fields=input.fields, user_id=context.viewer.user_id,
                expected_version=input.expected_version,
            )  # fmt: skip
            return {"media_item": ref(MediaItem, key)}

        return await attempt(p.LockFieldsPayload, _REFERENCE, work, client_mutation_id=input.client_mutation_id)

    @mutation(Permission.EDIT, "Let automation write fields of an item again, also below a locked series or season.")
    async def unlock_fields(self, info: Info, input: Annotated[i.UnlockFieldsInput, What]) -> p.UnlockFieldsPayload:
        context = info.context

        async def work() -> Mapping[str, Any]:
            key = await find(context, input.item, input.library)
            await context.change(
                locking.unlock_fields, item_id=key, fields=input.fields, user_id=context.viewer.user_id,
                expected_version=input.expected_version,
            )  # fmt: skip
            return {"media_item": ref(MediaItem, key)}

        return await attempt(p.UnlockFieldsPayload, _REFERENCE, work, client_mutation_id=input.client_mutation_id)

    @mutation(Permission.EDIT, "Delete an item with its parts. It can be restored for 30 days; files stay on the disk.")
    async def delete_media_item(self, info: Info, input: Annotated[i.DeleteMediaItemInput, What]) -> p.DeleteMediaItemPayload:
        context = info.context

        async def work() -> Mapping[str, Any]:
            key = await find(context, input.item, input.library)
            versions = {key: input.expected_version}
            request = Request(action=ChangeAction.DELETE, wanted=[key], versions=versions, is_dry_run=input.dry_run)
            row = await context.change(_one, context, request)
            deleted_id = None if input.dry_run else strawberry.ID(global_id("media_items", key))
            return {"deleted_id": deleted_id, "deleted_item_count": row.after["items"]}

        return await attempt(p.DeleteMediaItemPayload, _REFERENCE, work, client_mutation_id=input.client_mutation_id)

    @mutation(Permission.EDIT, "Bring back a deleted item with the parts that went with it.")
    async def restore_media_item(self, info: Info, input: Annotated[i.RestoreMediaItemInput, What]) -> p.RestoreMediaItemPayload:
        context = info.context

        async def work() -> Mapping[str, Any]:
            key = key_of("media_items", input.id)

            await context.change(_one, context, Request(action=ChangeAction.RESTORE, wanted=[key]))
            return {"media_item": ref(MediaItem, key)}

        allowed = (NotFoundError, InvalidError, ConflictError)
        return await attempt(p.RestoreMediaItemPayload, allowed, work, client_mutation_id=input.client_mutation_id)


def _one(uow: UnitOfWork, context: Context, request: Request) -> RowResult:
    """The change of one item, recorded as those of many are. Raises what is wrong with it."""
    (row,) = start(uow, context.viewer, request).results or ()
    if row.errors:
        raise row.errors[0]
    return row
