"""Tags in use, and renaming and deleting one wherever people set it."""

from typing import Annotated

import strawberry

from api.catalog.bulk import payloads as p
from api.catalog.bulk.answering import What, answer
from api.catalog.bulk.types import BulkCounts, BulkRow, Change
from api.jobs.types import Job
from api.kit.access import Permission
from api.kit.context import Info
from api.kit.fields import mutation, query
from api.kit.filtering import refuse
from api.kit.mutations import IDEMPOTENCY_KEY, client_id, errors_field
from api.kit.problems import ConflictError, IdempotencyKeyReusedError, InvalidError, NotFoundError
from domain.catalog.edits.model import Edit, NamesEdit
from domain.catalog.enums import ChangeAction, ErrorPolicy
from domain.catalog.tags import MOST_TAGS, USER_TAGS, USUAL_TAGS, carriers, tags_in_use
from domain.kit.database import UnitOfWork
from domain.kit.errors import NotFound
from domain.libraries.bulk import running
from domain.libraries.bulk.running import Request, Started

Namespace = Annotated[
    str | None, strawberry.argument(description="The set of tags; `user` if not given: those of people and files.")
]
StartsWith = Annotated[str | None, strawberry.argument(description="Only tags that begin so, blind to case and accents.")]
Limit = Annotated[int | None, strawberry.argument(description=f"At most so many, 1 to {MOST_TAGS}; 100 if not given.")]
_DRY_RUN = "Tell exactly what would happen, and change nothing."


@strawberry.type(description="A tag, and how many items carry it.")
class TagUse:
    namespace: str = strawberry.field(description="The set it belongs to.")
    key: str = strawberry.field(description="Its text.")
    item_count: int = strawberry.field(description="How many of the items that you may see carry it.")


@strawberry.input(description="A tag of people's to call otherwise, on every item that you may see.")
class RenameTagInput:
    key: str = strawberry.field(description="Its text now, exactly.")
    to: str = strawberry.field(description="Its new text; where an item has that tag already, the two become one.")
    dry_run: bool = strawberry.field(default=False, description=_DRY_RUN)
    idempotency_key: str | None = strawberry.field(default=None, description=IDEMPOTENCY_KEY)
    client_mutation_id: str | None = client_id()


@strawberry.input(description="A tag of people's to take off every item that you may see.")
class DeleteTagInput:
    key: str = strawberry.field(description="Its text, exactly.")
    dry_run: bool = strawberry.field(default=False, description=_DRY_RUN)
    idempotency_key: str | None = strawberry.field(default=None, description=IDEMPOTENCY_KEY)
    client_mutation_id: str | None = client_id()


RenameTagError = Annotated[
    NotFoundError | InvalidError | ConflictError | IdempotencyKeyReusedError,
    strawberry.union("RenameTagError", description="Why nothing was renamed."),
]
DeleteTagError = Annotated[
    NotFoundError | InvalidError | ConflictError | IdempotencyKeyReusedError,
    strawberry.union("DeleteTagError", description="Why nothing was deleted."),
]


@strawberry.type(description="The items whose tag was renamed.")
class RenameTagPayload:
    errors: list[RenameTagError] = errors_field()
    rows: list[BulkRow] = p.rows_field()
    counts: BulkCounts | None = p.counts_field()
    change: Change | None = p.change_field()
    job: Job | None = p.job_field()
    client_mutation_id: str | None = client_id()


@strawberry.type(description="The items that lost the tag.")
class DeleteTagPayload:
    errors: list[DeleteTagError] = errors_field()
    rows: list[BulkRow] = p.rows_field()
    counts: BulkCounts | None = p.counts_field()
    change: Change | None = p.change_field()
    job: Job | None = p.job_field()
    client_mutation_id: str | None = client_id()


@strawberry.type
class TagQueries:
    """Tags in use."""

    @query(Permission.READ, "The tags that are on items you may see, by name.")
    async def tags(
        self, info: Info, namespace: Namespace = None, starts_with: StartsWith = None, limit: Limit = None
    ) -> list[TagUse] | None:
        most = USUAL_TAGS if limit is None else limit
        space, start = USER_TAGS if namespace is None else namespace, starts_with or ""
        if not 1 <= most <= MOST_TAGS or "\x00" in space + start:
            raise refuse(f"`limit` is 1 to {MOST_TAGS}, and no text holds a null character.")
        context = info.context
        found = await context.read(tags_in_use, context.viewer, namespace=space, starts_with=start, limit=most)
        return [TagUse(namespace=each.namespace, key=each.key, item_count=each.items) for each in found]


@strawberry.type
class TagMutations:
    """What is done to a tag wherever it is."""

    @mutation(Permission.EDIT, "Rename a tag wherever people set it. It can be undone.")
    async def rename_tag(self, info: Info, input: Annotated[RenameTagInput, What]) -> RenameTagPayload:
        def work(uow: UnitOfWork) -> Started:
            return _everywhere(uow, info, input.key, NamesEdit(add=[input.to], remove=[input.key]), is_dry_run=input.dry_run)

        return await answer(info.context, RenameTagPayload, "renameTag", input, work)

    @mutation(Permission.EDIT, "Take a tag off every item on which people set it. It can be undone.")
    async def delete_tag(self, info: Info, input: Annotated[DeleteTagInput, What]) -> DeleteTagPayload:
        def work(uow: UnitOfWork) -> Started:
            return _everywhere(uow, info, input.key, NamesEdit(remove=[input.key]), is_dry_run=input.dry_run)

        return await answer(info.context, DeleteTagPayload, "deleteTag", input, work)


def _everywhere(uow: UnitOfWork, info: Info, key: str, names: NamesEdit, *, is_dry_run: bool) -> Started:
    viewer = info.context.viewer
    keys = [] if "\x00" in key else carriers(uow.session, viewer, key, limit=running.MOST + 1)
    if not keys:
        raise NotFound("Nobody set that tag on an item that you may see. `tags` lists those in use.", path=("key",))
    edit = Edit(names={"tags": names}, lock=False)
    policy = ErrorPolicy.REJECT_FAILED
    request = Request(action=ChangeAction.UPDATE, wanted=keys, edits=[edit], policy=policy, is_dry_run=is_dry_run)
    return running.start(uow, viewer, request)
