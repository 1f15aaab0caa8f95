"""Mutations of items: editing, locking, deleting, restoring."""

from collections.abc import Mapping
from typing import Annotated, Any

import strawberry

from api.catalog import inputs as i
from api.catalog import payloads as p
from api.catalog.references import find
from api.catalog.types.items import MediaItem
from api.kit.access import Permission
from api.kit.context import Info
from api.kit.fields import mutation
from api.kit.mutations import attempt, sent
from api.kit.planner import ref
from api.kit.problems import AmbiguousReferenceError, ConflictError, InvalidError, NotFoundError, VersionConflictError
from domain.catalog import deleting, editing, locking
from domain.catalog.queries import rows_of
from domain.catalog.tables import MediaItem as MediaItemRow
from domain.kit.database import UnitOfWork
from domain.kit.errors import NotFound
from domain.kit.ids import global_id, key_of
from domain.libraries import item_trees
from domain.libraries.visibility import visible_item_ids

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
            if input.dry_run:
                tree = await context.read(deleting.live_tree, key)
            else:
                version = input.expected_version
                tree = await context.change(item_trees.delete_item, item_id=key, expected_version=version)
            deleted_id = None if input.dry_run else strawberry.ID(global_id("media_items", key))
            return {"deleted_id": deleted_id, "deleted_item_count": len(tree.keys)}

        return await attempt(p.DeleteMediaItemPayload, _REFERENCE, work, client_mutation_id=input.client_mutation_id)

    @mutation(Permission.EDIT, "Bring back a deleted item with the parts that went with it.")
    async def restore_media_item(self, info: Info, input: Annotated[i.RestoreMediaItemInput, What]) -> p.RestoreMediaItemPayload:
        context = info.context

        async def work() -> Mapping[str, Any]:
            key = key_of("media_items", input.id)

            def run(uow: UnitOfWork) -> None:
                if any(row.deleted_at is None for row in rows_of(uow.session, MediaItemRow.id, [key])):
                    check(uow)  # that a hidden item is not deleted is nobody's business
                item_trees.restore_item(uow, item_id=key)
                check(uow)  # undoes the restoration

            def check(uow: UnitOfWork) -> None:
                if key not in visible_item_ids(uow.session, context.viewer, [key]):
                    raise NotFound("There is no such item.", path=("id",))

            await context.change(run)
            return {"media_item": ref(MediaItem, key)}

        allowed = (NotFoundError, InvalidError, ConflictError)
        return await attempt(p.RestoreMediaItemPayload, allowed, work, client_mutation_id=input.client_mutation_id)
