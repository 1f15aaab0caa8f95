"""Changes that people made, and what became of each item."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, Final

import strawberry

from api.catalog.types.items import MediaItem
from api.jobs.types import Job
from api.kit.connections import Connection, Node
from api.kit.enums import expose
from api.kit.planner import argument, column, computed, connection, entity, global_id, one
from api.kit.problems import AmbiguousReferenceError, ConflictError, InvalidError, NotFoundError, VersionConflictError
from api.kit.scalars import JSON
from domain.catalog import tables as t
from domain.catalog.enums import ChangeAction, LockState, RowOutcome
from domain.kit.spelling import camel

expose(
    ChangeAction,
    "What a person did to items.",
    {
        "UPDATE": "Edited, tagged, locked or unlocked them.",
        "DELETE": "Deleted them with their parts.",
        "RESTORE": "Brought them back.",
        "UNDO": "Took another change back.",
    },
)
expose(
    RowOutcome,
    "What became of an item.",
    {
        "CHANGED": "It was changed; in a dry run, it would be.",
        "UNCHANGED": "It was so already.",
        "REJECTED": "It cannot be changed so; `errors` says why.",
        "SKIPPED": "Left alone because another item failed, or gone together with what it belongs to.",
    },
)

BulkRowError = Annotated[
    NotFoundError | InvalidError | ConflictError | VersionConflictError | AmbiguousReferenceError,
    strawberry.union("BulkRowError", description="Why an item, or a field of it, was not changed."),
]


@strawberry.type(description="A field of an item before and after a change.")
class FieldChange:
    field: str = strawberry.field(description="The field, as the schema names it; artwork.poster … for locks of pictures.")
    before: JSON | None = strawberry.field(description="What was shown.")
    after: JSON | None = strawberry.field(description="What is shown now; in a dry run, what would be.")
    lock_before: LockState | None = strawberry.field(description="The item's own decision about its lock; null = none.")
    lock_after: LockState | None = strawberry.field(description="The decision now.")


@strawberry.type(description="What became of one item of a change.")
class BulkRow:
    item: MediaItem | None = strawberry.field(description="The item as it stands now; null when it is not there, or deleted.")
    item_id: strawberry.ID | None = strawberry.field(description="Its id, also when it is deleted now.")
    outcome: RowOutcome = strawberry.field(description="What became of it.")
    errors: list[BulkRowError] = strawberry.field(description="Why it, or a field of it, was not changed.")
    changed_fields: list[str] = strawberry.field(description="The fields that are shown otherwise.")
    fields: list[FieldChange] = strawberry.field(description="Its fields before and after.")
    item_count: int = strawberry.field(description="How many items went or came: itself and its parts.")


@strawberry.type(description="How many items came to what.")
class BulkCounts:
    total: int = strawberry.field(description="Items that were meant.")
    changed: int = strawberry.field(description="Changed.")
    unchanged: int = strawberry.field(description="So already.")
    rejected: int = strawberry.field(description="Not changed, because it cannot be.")
    skipped: int = strawberry.field(description="Left alone.")


def field_changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[FieldChange]:
    """The fields of a row of a change, by name."""
    shown, shown_now = before.get("shown", {}), after.get("shown", {})
    locks, locks_now = before.get("locks", {}), after.get("locks", {})
    for name in sorted({*shown, *shown_now, *locks, *locks_now}):
        values, decisions = (shown.get(name), shown_now.get(name)), (locks.get(name), locks_now.get(name))
        if values[0] != values[1] or decisions[0] != decisions[1]:
            yield _change(camel(name), values, decisions)
    if "is_monitored" in after:
        yield _change("isMonitored", (before["is_monitored"], after["is_monitored"]))
    if "deleted_at" in after:
        yield _change("isDeleted", (before["deleted_at"] is not None, after["deleted_at"] is not None))


def _change(name: str, values: tuple[Any, Any], locks: tuple[Any, Any] = (None, None)) -> FieldChange:
    lock_before, lock_after = (None if state is None else LockState(state) for state in locks)
    return FieldChange(field=name, before=values[0], after=values[1], lock_before=lock_before, lock_after=lock_after)


def shown_fields(fields: Sequence[FieldChange]) -> list[str]:
    """The fields that are shown otherwise."""
    return [each.field for each in fields if each.before != each.after]


def _fields(rows: Sequence[tuple[Any, Any]]) -> list[Any]:
    return [[_json(each) for each in field_changes(before, after)] for before, after in rows]


def _json(each: FieldChange) -> dict[str, Any]:
    return {
        "field": each.field, "before": each.before, "after": each.after,
        "lockBefore": None if each.lock_before is None else each.lock_before.name,
        "lockAfter": None if each.lock_after is None else each.lock_after.name,
    }  # fmt: skip


def _errors(rows: Sequence[tuple[Any]]) -> list[Any]:
    return [[{name: each[name] for name in ("code", "message", "path")} for each in errors] for (errors,) in rows]


_OUTCOME: Final = "Only rows with this outcome."


@entity(t.ChangeRow, description="What became of one item of a recorded change. Items that stayed as they were have none.")
class ChangeRow(Node):
    id: strawberry.ID = global_id()
    position: int = column(t.ChangeRow.position, description="Its place among the items that were meant, from 0.")
    outcome: RowOutcome = column(t.ChangeRow.outcome, description="What became of it.")
    item: MediaItem | None = one(t.ChangeRow.item_id, description="The item as it stands now; null when it is deleted.")
    fields: JSON = computed(
        _fields, requires=(t.ChangeRow.before, t.ChangeRow.after),
        description="Its fields before and after, in the shape of `FieldChange`.",
    )  # fmt: skip
    errors: JSON = computed(
        _errors, requires=(t.ChangeRow.errors,), description="Why it was not changed: a list of code, message and path."
    )


@entity(t.Change, description="What a person changed about one or many items; kept for 30 days.")
class Change(Node):
    id: strawberry.ID = global_id()
    action: ChangeAction = column(t.Change.action, description="What was done.")
    is_dry_run: bool = column(t.Change.is_dry_run, description="It tells what would happen; nothing did.")
    total: int = column(t.Change.total, description="Items that were meant.")
    changed: int = column(t.Change.changed, description="Items that were changed so far.")
    unchanged: int = column(t.Change.unchanged, description="Items that were so already.")
    rejected: int = column(t.Change.rejected, description="Items that cannot be changed so.")
    skipped: int = column(t.Change.skipped, description="Items that were left alone.")
    created_at: dt.datetime = column(t.Change.created_at, description="When it was asked for.")
    finished_at: dt.datetime | None = column(t.Change.finished_at, description="When every item had had its turn.")
    undone_at: dt.datetime | None = column(t.Change.undone_at, description="When it was taken back.")
    undoes: Annotated["Change", strawberry.lazy("api.catalog.bulk.types")] | None = one(
        t.Change.undoes_id, description="The change that it took back."
    )
    job: Job | None = one(t.Change.job_id, description="The job that does it; null when it was done at once.")
    rows: Connection[ChangeRow] = connection(
        t.ChangeRow.change_id,
        order_by=t.ChangeRow.position,
        arguments=(argument("outcome", RowOutcome | None, t.ChangeRow.outcome, description=_OUTCOME),),
        description="What became of its items; those that stayed as they were are only counted.",
    )
