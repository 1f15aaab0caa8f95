"""Writes doubts to the review queue: one row for a subject and reason, and none again once a person has decided."""

from collections.abc import Iterable
from typing import Any, Final

from domain.catalog.queries import rows_of
from domain.kit.database import UnitOfWork
from domain.libraries.applying.model import Batch, Doubt
from domain.libraries.applying.rows import insert_rows, update_rows
from domain.libraries.enums import ReviewStatus
from domain.libraries.tables import ReviewItem

UNCERTAIN_NAME: Final = "uncertain_name"
UNKNOWN_NAME: Final = "unknown_name"
AMBIGUOUS: Final = "ambiguous_duplicate"
CONTRADICTION: Final = "nfo_contradicts_name"
NFO_REFUSED: Final = "nfo_refused"
PROBE_FAILED: Final = "probe_failed"
UNIDENTIFIED: Final = "unidentified"
"""The providers know nothing like it, or several things: asked by identification, not by scans."""
ID_CONTRADICTED: Final = "id_contradicted"
"""What its catalogue id names has another title and year: asked by identification."""

IDENTITY: Final = frozenset({UNCERTAIN_NAME, UNKNOWN_NAME, AMBIGUOUS, UNIDENTIFIED, ID_CONTRADICTED})
"""Doubts about what a thing is: a person's answer to one of them stands whatever its files are called later."""
CERTAIN: Final = 0.8
"""Names of at least this confidence are believed without asking."""

_OF_FILES: Final = frozenset({UNKNOWN_NAME, NFO_REFUSED, PROBE_FAILED})


REOPENED: Final = {"status": ReviewStatus.PENDING, "resolution": None, "resolved_at": None}


def write_doubts(uow: UnitOfWork, batch: Batch) -> None:
    """Queue the batch's doubts, and close those that it settled."""
    doubts = {(doubt.reason, doubt.file_id, doubt.item_id): doubt for doubt in batch.doubts}
    files = [doubt.file_id for doubt in doubts.values() if doubt.file_id is not None]
    items = [doubt.item_id for doubt in doubts.values() if doubt.item_id is not None]
    files += [key for reason, key in batch.settled if reason in _OF_FILES]
    items += [key for reason, key in batch.settled if reason not in _OF_FILES]
    known: dict[tuple[str, int | None, int | None], Any] = {}
    rows = (*rows_of(uow.session, ReviewItem.file_id, files), *rows_of(uow.session, ReviewItem.item_id, items))
    for row in sorted(rows, key=lambda row: (row.status == ReviewStatus.PENDING, row.id)):
        known[row.reason, row.file_id, row.item_id] = row
    insert_rows(uow, ReviewItem, [_row(doubt) for key, doubt in doubts.items() if key not in known])
    update_rows(uow, ReviewItem, [row for key, doubt in doubts.items() if (row := _update(known.get(key), doubt)) is not None])
    closed = [row for key, row in known.items() if key not in doubts and (key[0], key[1] or key[2]) in batch.settled]
    update_rows(uow, ReviewItem, list(_closed(uow, closed)))
    batch.applied.counts["doubts"] += sum(1 for key in doubts if key not in known or is_closed_by_scan(known[key]))


def _row(doubt: Doubt) -> dict[str, Any]:
    return {
        "file_id": doubt.file_id,
        "item_id": doubt.item_id,
        "reason": doubt.reason,
        "confidence": doubt.confidence,
        "candidates": [dict(candidate) for candidate in doubt.candidates],
        "status": ReviewStatus.PENDING,
    }


def _update(row: Any, doubt: Doubt) -> dict[str, Any] | None:
    candidates = [dict(candidate) for candidate in doubt.candidates]
    if row is None:
        return None
    if is_closed_by_scan(row):
        return {"key": row.id, "confidence": doubt.confidence, "candidates": candidates, **REOPENED}
    if row.status != ReviewStatus.PENDING or (row.confidence, row.candidates) == (doubt.confidence, candidates):
        return None
    return {"key": row.id, "confidence": doubt.confidence, "candidates": candidates}


def is_closed_by_scan(row: Any) -> bool:
    """Whether a doubt went by itself: it may come back, as one that a person decided may not."""
    return row.status == ReviewStatus.RESOLVED and (row.resolution or {}).get("by") == "scan"


def _closed(uow: UnitOfWork, rows: Iterable[Any]) -> Iterable[dict[str, Any]]:
    for row in rows:
        if row.status == ReviewStatus.PENDING:
            yield {"key": row.id, **closed_now(uow)}


def closed_now(uow: UnitOfWork) -> dict[str, Any]:
    """What a doubt's row holds that has gone by itself."""
    return {"status": ReviewStatus.RESOLVED, "resolution": {"by": "scan"}, "resolved_at": uow.now()}
