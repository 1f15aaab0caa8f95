"""Payloads of changes of many items, made from the JSON that an idempotency key remembers."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import strawberry

from api.catalog.bulk.types import BulkCounts, BulkRow, Change, field_changes, shown_fields
from api.catalog.types.items import MediaItem
from api.jobs.types import Job
from api.kit.mutations import client_id, errors_field
from api.kit.planner import ref
from api.kit.problems import (
    AmbiguousReferenceError,
    ConflictError,
    IdempotencyKeyReusedError,
    InvalidError,
    NotFoundError,
    problem,
)
from domain.catalog.edits.model import RowResult
from domain.catalog.edits.recording import error_json, error_of
from domain.catalog.enums import RowOutcome
from domain.kit.ids import global_id
from domain.libraries.bulk.running import Started

_ROWS = "What became of each item, in the order of the request; empty when a job does it."
_COUNTS = "How many items came to what; of a job, so far only the total."
_CHANGE = "The recorded change, to look at and to undo; null when nothing was changed."
_JOB = "The job that does it; null when it was done at once."


def rows_field() -> Any:
    """What became of the items."""
    return strawberry.field(default_factory=list, description=_ROWS)


def counts_field() -> Any:
    """How many items came to what."""
    return strawberry.field(default=None, description=_COUNTS)


def change_field() -> Any:
    """The recorded change."""
    return strawberry.field(default=None, description=_CHANGE)


def job_field() -> Any:
    """The job of a change."""
    return strawberry.field(default=None, description=_JOB)


BulkUpdateMediaItemsError = Annotated[
    NotFoundError | InvalidError | ConflictError | AmbiguousReferenceError | IdempotencyKeyReusedError,
    strawberry.union("BulkUpdateMediaItemsError", description="Why nothing was changed."),
]


@strawberry.type(description="What became of the items.")
class BulkUpdateMediaItemsPayload:
    errors: list[BulkUpdateMediaItemsError] = errors_field()
    rows: list[BulkRow] = rows_field()
    counts: BulkCounts | None = counts_field()
    change: Change | None = change_field()
    job: Job | None = job_field()
    client_mutation_id: str | None = client_id()


BulkDeleteMediaItemsError = Annotated[
    NotFoundError | InvalidError | ConflictError | AmbiguousReferenceError | IdempotencyKeyReusedError,
    strawberry.union("BulkDeleteMediaItemsError", description="Why nothing was deleted."),
]


@strawberry.type(description="What became of the items.")
class BulkDeleteMediaItemsPayload:
    errors: list[BulkDeleteMediaItemsError] = errors_field()
    rows: list[BulkRow] = rows_field()
    counts: BulkCounts | None = counts_field()
    change: Change | None = change_field()
    job: Job | None = job_field()
    client_mutation_id: str | None = client_id()


BulkRestoreMediaItemsError = Annotated[
    NotFoundError | InvalidError | ConflictError | IdempotencyKeyReusedError,
    strawberry.union("BulkRestoreMediaItemsError", description="Why nothing was restored."),
]


@strawberry.type(description="What became of the items.")
class BulkRestoreMediaItemsPayload:
    errors: list[BulkRestoreMediaItemsError] = errors_field()
    rows: list[BulkRow] = rows_field()
    counts: BulkCounts | None = counts_field()
    change: Change | None = change_field()
    job: Job | None = job_field()
    client_mutation_id: str | None = client_id()


UndoChangeError = Annotated[
    NotFoundError | InvalidError | ConflictError | IdempotencyKeyReusedError,
    strawberry.union("UndoChangeError", description="Why nothing was undone."),
]


@strawberry.type(description="What became of the items; those that were changed since are rejected with a conflict.")
class UndoChangePayload:
    errors: list[UndoChangeError] = errors_field()
    rows: list[BulkRow] = rows_field()
    counts: BulkCounts | None = counts_field()
    change: Change | None = change_field()
    job: Job | None = job_field()
    client_mutation_id: str | None = client_id()


def started_json(started: Started) -> dict[str, Any]:
    """What was done, as JSON."""
    rows = None if started.results is None else [_row_json(each) for each in started.results]
    return {"change": started.change_id, "job": started.job_id, "total": started.total, "rows": rows}


def fields_of(stored: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a payload."""
    rows: Sequence[Mapping[str, Any]] = stored["rows"] or ()
    counts = Counter(row["outcome"] for row in rows)
    return {
        "rows": [_row(row) for row in rows],
        "counts": BulkCounts(total=stored["total"], **{outcome.value: counts[outcome.value] for outcome in RowOutcome}),
        "change": None if stored["change"] is None else ref(Change, stored["change"]),
        "job": None if stored["job"] is None else ref(Job, stored["job"]),
    }


def _row_json(row: RowResult) -> dict[str, Any]:
    errors = [error_json(each) for each in row.errors]
    return {"item": row.item_id, "outcome": row.outcome.value, "errors": errors, "before": row.before, "after": row.after}


def _row(row: Mapping[str, Any]) -> BulkRow:
    fields = list(field_changes(row["before"], row["after"]))
    return BulkRow(
        item=None if row["item"] is None else ref(MediaItem, row["item"]),
        item_id=None if row["item"] is None else strawberry.ID(global_id("media_items", row["item"])),
        outcome=RowOutcome(row["outcome"]),
        errors=[problem(error_of(each)) for each in row["errors"]],  # type: ignore[misc]
        changed_fields=shown_fields(fields),
        fields=fields,
        item_count=row["after"].get("items", 1),
    )
