"""Root fields that read publishing: previews, runs, the recycle bin."""

from collections.abc import Sequence
from functools import partial
from typing import Annotated

import strawberry

from api.catalog.types.items import MediaItem
from api.kit.access import Permission
from api.kit.connections import Connection
from api.kit.context import Context, Info
from api.kit.fields import query
from api.kit.filtering import refuse
from api.kit.paging import After, Before, First, Last
from api.kit.planner import Compare, Condition, IsNull, desc, page, ref
from api.kit.scalars import BigInt
from api.publish.types import FileProblem, PlannedFile, PublishPlan, PublishRun, RecycledFile
from domain.artwork.cache import folder
from domain.kit.errors import DomainError, Invalid
from domain.kit.ids import key_of
from domain.libraries import tables as libraries
from domain.publish import requesting
from domain.publish import tables as t
from domain.publish.disk import Disk, Trouble
from domain.publish.enums import ON_DISK, WRITING, FileProblemKind
from domain.publish.model import Step
from domain.publish.planning import REASONS
from domain.publish.service import Publisher
from domain.publish.sets import home_of

Items = Annotated[list[strawberry.ID], strawberry.argument(description="The items: at most 100, and 200 with their parts.")]
WithParts = Annotated[
    bool | None, strawberry.argument(description="Seasons and episodes of series, and episodes of seasons, too.")
]
ReplaceChanged = Annotated[
    bool | None, strawberry.argument(description="As if files that somebody changed since we wrote them were to make way, too.")
]
ItemId = Annotated[strawberry.ID | None, strawberry.argument(description="Only those of this item.")]
LibraryId = Annotated[strawberry.ID | None, strawberry.argument(description="Only those in this library.")]
ProblemKind = Annotated[FileProblemKind | None, strawberry.argument(description="Only those of this kind.")]
Present = Annotated[
    bool | None,
    strawberry.argument(description="true: only files that can be restored; false: those that were, or were let go, too."),
]


@strawberry.type
class PublishQueries:
    """Reads of what lies beside the media."""

    @query(Permission.EDIT, "What publishing items would do, file by file, with the reason. Nothing is changed.")
    async def publish_preview(
        self, info: Info, items: Items, with_parts: WithParts = True, replace_changed: ReplaceChanged = False
    ) -> list[PublishPlan] | None:
        context = info.context
        try:
            keys = [key_of("media_items", id, path=("items",)) for id in items]
            every = await context.read(requesting.expand, context.viewer, keys, with_parts=with_parts is not False)
            requesting.check_preview(every)
        except DomainError as error:
            raise refuse(error.message) from None
        return await context.run(_plans, context, every, replace_changed is True)

    @query(Permission.EDIT, "Runs of publishing, newest first.")
    def publish_runs(
        self, item: ItemId = None, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[PublishRun] | None:
        where: list[Condition] = []
        if item is not None:
            try:
                where.append(Compare(t.PublishRun.item_id, "=", key_of("media_items", item)))
            except Invalid as error:
                raise refuse(error.message) from None
        return page(PublishRun, where=where, order_by=desc(t.PublishRun.id), first=first, after=after, last=last, before=before)

    @query(Permission.ADMIN, "Files of ours that are not as they should be, as the last verification found them; newest first.")
    def file_problems(
        self,
        kind: ProblemKind = None,
        library: LibraryId = None,
        item: ItemId = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[FileProblem] | None:
        row = t.FileProblem
        where: list[Condition] = [] if kind is None else [Compare(row.kind, "=", kind)]
        try:
            if library is not None:
                where.append(Compare(row.library_id, "=", key_of("libraries", library)))
            if item is not None:
                where.append(Compare(row.item_id, "=", key_of("media_items", item)))
        except Invalid as error:
            raise refuse(error.message) from None
        return page(FileProblem, where=where, order_by=desc(row.id), first=first, after=after, last=last, before=before)

    @query(Permission.ADMIN, "Files in the recycle bin, newest first.")
    def recycled_files(
        self, present: Present = True, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[RecycledFile] | None:
        row = libraries.RecycledFile
        where = [IsNull(row.restored_at), IsNull(row.purged_at)] if present is not False else []
        return page(RecycledFile, where=where, order_by=desc(row.id), first=first, after=after, last=last, before=before)


def _plans(context: Context, keys: Sequence[int], replace_changed: bool) -> list[PublishPlan]:
    publisher = publisher_of(context)
    plans: list[PublishPlan] = []
    for subject in publisher.subjects(keys):
        try:
            steps, problem = publisher.plan(subject, replace_changed=replace_changed), None
        except Trouble as error:
            steps, problem = [], error.message
        files = [_file(step) for step in steps]
        is_current = problem is None and not any(step.action in ON_DISK for step in steps)
        plans.append(PublishPlan(item=ref(MediaItem, subject.item_id), is_current=is_current, files=files, problem=problem))
    return plans


def publisher_of(context: Context) -> Publisher:
    """Publishing on behalf of a request."""

    writing = partial(context.database.transaction, actor=context.actor, request_id=context.request_id)
    settings = context.services.settings
    sets = home_of(settings.movie_set_folder)
    return Publisher(context.database.read, writing, Disk(), folder(settings.data_dir), sets=sets)


def _file(step: Step) -> PlannedFile:
    size = BigInt(step.digest.size) if step.digest is not None and step.action in WRITING else None
    return PlannedFile(
        path=step.path, action=step.action, reason=step.reason, explanation=REASONS[step.reason], asset_type=step.asset_type,
        size_bytes=size,
    )  # fmt: skip
