"""Mutations of many items, and undoing."""

from collections.abc import Sequence
from typing import Annotated, Final

import strawberry

from api.catalog.bulk import inputs as i
from api.catalog.bulk import payloads as p
from api.catalog.bulk.answering import What, answer
from api.catalog.filters import item_conditions
from api.catalog.references import reference_of
from api.kit.access import Permission
from api.kit.context import Context, Info
from api.kit.fields import mutation
from api.kit.filtering import holds_always
from api.kit.planner import matching_keys
from domain.catalog.enums import ChangeAction
from domain.catalog.tables import MediaItem
from domain.kit.database import UnitOfWork
from domain.kit.errors import Invalid
from domain.kit.ids import key_of
from domain.libraries.bulk import running
from domain.libraries.bulk.finding import Named, find_items
from domain.libraries.bulk.rows import Wanted
from domain.libraries.bulk.running import Request, Started

MOST_NAMED: Final = 1000


@strawberry.type
class BulkMutations:
    """Changes of many items."""

    @mutation(Permission.EDIT, "Edit many items: one change for all, or one for each. Up to 100 at once, more by a job.")
    async def bulk_update_media_items(
        self, info: Info, input: Annotated[i.BulkUpdateMediaItemsInput, What]
    ) -> p.BulkUpdateMediaItemsPayload:
        def work(uow: UnitOfWork) -> Started:
            viewer = info.context.viewer
            if input.edit.same is not None:
                same = input.edit.same.value
                wanted, versions = _selected(uow, info.context, same.select)
                edits = [i.edit_of(same.changes)]
            else:
                rows = [] if input.edit.rows is None else input.edit.rows.value
                wanted, versions = _named(uow, info.context, rows, most=running.AT_ONCE)
                edits = [i.edit_of(row.changes) for row in rows]
            request = Request(
                action=ChangeAction.UPDATE, wanted=wanted, edits=edits, versions=versions, policy=input.error_policy,
                is_dry_run=input.dry_run,
            )  # fmt: skip
            return running.start(uow, viewer, request)

        return await answer(info.context, p.BulkUpdateMediaItemsPayload, "bulkUpdateMediaItems", input, work)

    @mutation(Permission.EDIT, "Delete many items with their parts. They can be restored for 30 days; files stay on the disk.")
    async def bulk_delete_media_items(
        self, info: Info, input: Annotated[i.BulkDeleteMediaItemsInput, What]
    ) -> p.BulkDeleteMediaItemsPayload:
        def work(uow: UnitOfWork) -> Started:
            wanted, versions = _selected(uow, info.context, input.select)
            request = Request(
                action=ChangeAction.DELETE, wanted=wanted, versions=versions, policy=input.error_policy, is_dry_run=input.dry_run
            )
            return running.start(uow, info.context.viewer, request)

        return await answer(info.context, p.BulkDeleteMediaItemsPayload, "bulkDeleteMediaItems", input, work)

    @mutation(Permission.EDIT, "Bring back many deleted items with the parts that went with them.")
    async def bulk_restore_media_items(
        self, info: Info, input: Annotated[i.BulkRestoreMediaItemsInput, What]
    ) -> p.BulkRestoreMediaItemsPayload:
        def work(uow: UnitOfWork) -> Started:
            if not 1 <= len(input.ids) <= MOST_NAMED:
                raise Invalid(f"Name 1 to {MOST_NAMED:,} items.", path=("ids",))
            request = Request(
                action=ChangeAction.RESTORE, wanted=[_key(each) for each in input.ids], policy=input.error_policy,
                is_dry_run=input.dry_run,
            )  # fmt: skip
            return running.start(uow, info.context.viewer, request)

        return await answer(info.context, p.BulkRestoreMediaItemsPayload, "bulkRestoreMediaItems", input, work)

    @mutation(Permission.EDIT, "Take a change back. What somebody changed since stays; undoing can be undone.")
    async def undo_change(self, info: Info, input: Annotated[i.UndoChangeInput, What]) -> p.UndoChangePayload:
        def work(uow: UnitOfWork) -> Started:
            key = key_of("changes", input.change, path=("change",))
            return running.undo(uow, info.context.viewer, key, is_dry_run=input.dry_run)

        return await answer(info.context, p.UndoChangePayload, "undoChange", input, work)


def _selected(uow: UnitOfWork, context: Context, select: i.MediaItemSelection) -> tuple[list[Wanted], dict[int, int | None]]:
    if select.items is not None:
        return _named(uow, context, select.items.value, most=MOST_NAMED)
    conditions = item_conditions(select.where.value) if select.where is not None else []
    if all(map(holds_always, conditions)):
        raise Invalid("Name at least one condition: this would be every item.", path=("where",))
    order = (MediaItem.level, MediaItem.id)  # what belongs to something comes after it
    keys = matching_keys(uow.session, context.viewer, conditions, order=order, limit=running.MOST + 1)  # type: ignore[arg-type]
    return list(keys), {}


def _named(
    uow: UnitOfWork, context: Context, rows: Sequence[i.SelectedMediaItem | i.RowEdit], *, most: int
) -> tuple[list[Wanted], dict[int, int | None]]:
    if not 1 <= len(rows) <= most:
        raise Invalid(f"Name 1 to {most:,} items.", path=("items",))
    libraries = [None if row.library is None else key_of("libraries", row.library, path=("library",)) for row in rows]
    named = [Named(reference_of(row.item), library) for row, library in zip(rows, libraries, strict=True)]
    found = find_items(uow.session, context.viewer, named)
    versions: dict[int, int | None] = {}
    for key, row in zip(found, rows, strict=True):
        if isinstance(key, int):
            versions.setdefault(key, row.expected_version)  # an item that is named twice is changed as its first row says
    return found, versions


def _key(text: str) -> Wanted:
    try:
        return key_of("media_items", text)
    except Invalid as error:
        return error
