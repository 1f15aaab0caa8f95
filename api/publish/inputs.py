"""Inputs of the mutations of publishing."""

import strawberry

from api.kit.mutations import IDEMPOTENCY_KEY, client_id
from domain.publish.enums import FileRepair


@strawberry.input(one_of=True, description="What is published: named items, or a whole library.")
class PublishWhatInput:
    items: strawberry.Maybe[list[strawberry.ID]] = strawberry.field(
        description="Films, series, seasons and episodes: at most 100."
    )
    library: strawberry.Maybe[strawberry.ID] = strawberry.field(description="Everything in this library.")


@strawberry.input(description="Files to be written beside the media.")
class PublishItemsInput:
    what: PublishWhatInput = strawberry.field(description="Of which items.")
    with_parts: bool = strawberry.field(
        default=True, description="Of named items: their seasons and episodes, too. A library is always published whole."
    )
    replace_changed: bool = strawberry.field(
        default=False,
        description="Files that somebody changed since we wrote them make way, too; they go to the recycle bin.",
    )
    idempotency_key: str | None = strawberry.field(default=None, description=IDEMPOTENCY_KEY)
    client_mutation_id: str | None = client_id()


@strawberry.input(description="Files to be compared with what is known of them.")
class VerifyFilesInput:
    what: PublishWhatInput | None = strawberry.field(
        default=None, description="Beside which items; without it: beside all, and those of the cache."
    )
    deep: bool = strawberry.field(
        default=False,
        description="Read every byte. Else size and time are looked at, and each day the bytes of another thirtieth.",
    )
    client_mutation_id: str | None = client_id()


@strawberry.input(description="Problems to be repaired.")
class RepairFilesInput:
    problems: list[strawberry.ID] = strawberry.field(description="Which; `fileProblems` lists them. At most 100.")
    repair: FileRepair | None = strawberry.field(default=None, description="How; without it each in its usual way.")
    client_mutation_id: str | None = client_id()


@strawberry.input(description="How the cache is cleared up.")
class ClearCacheInput:
    dry_run: bool = strawberry.field(default=False, description="Only count: the job's result says what would be done.")
    client_mutation_id: str | None = client_id()


@strawberry.input(description="What is in the quarantine of the cache.")
class RestoreCacheInput:
    client_mutation_id: str | None = client_id()


@strawberry.input(description="A file to bring back from the recycle bin.")
class RestoreRecycledInput:
    id: strawberry.ID = strawberry.field(description="Which; `recycledFiles` lists them.")
    client_mutation_id: str | None = client_id()
