"""Writes what identification found: ids, states, questions to people, and when to try again. People's decisions stand."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from sqlmodel import col

from domain.catalog.edits.holding import lock_rows
from domain.catalog.enums import Identification
from domain.catalog.identity import found_ids, merge, set_states
from domain.catalog.queries import rows_of
from domain.identify.enums import AttemptOutcome
from domain.identify.finding import Finding
from domain.identify.knowing import Known, load
from domain.identify.tables import IdentificationAttempt
from domain.kit.database import UnitOfWork
from domain.kit.ids import global_id
from domain.kit.spelling import camel
from domain.libraries.applying.doubts import ID_CONTRADICTED, REOPENED, UNIDENTIFIED
from domain.libraries.applying.rows import insert_rows, update_rows
from domain.libraries.enums import ReviewStatus
from domain.libraries.reviewing import lock_questions
from domain.libraries.tables import ReviewItem
from domain.system import events

RETRIES: Final = (timedelta(days=1), timedelta(days=3), timedelta(days=7), timedelta(days=30))
"""After so long the same question is asked again by a job that comes by: by the number of attempts, the last one for ever."""
_REASONS: Final = {AttemptOutcome.CANDIDATES: UNIDENTIFIED, AttemptOutcome.NOTHING: UNIDENTIFIED,
                   AttemptOutcome.CONTRADICTED: ID_CONTRADICTED}  # fmt: skip
_BY: Final = "identification"
"""Who closed a question: it comes back when the doubt does."""


def record(uow: UnitOfWork, findings: Sequence[Finding]) -> list[int]:
    """Write findings; keys of the items that are identified by them.

    What changed while providers were asked is left alone: an item that a person decided about, or that says other things
    about itself now, is due again.
    """
    keys = [one.known.key for one in findings]
    lock_questions(uow, keys)
    rows = lock_rows(uow, keys)
    live = [row for row in rows.values() if row.deleted_at is None]
    now = {known.key: known for known in load(uow.session, live)}
    standing = [one for one in findings if _is_still_asked(one.known, now.get(one.known.key))]
    changed = found_ids(uow, {one.known.key: one.ids for one in standing if one.outcome is AttemptOutcome.IDENTIFIED})
    states = {one.known.key: _state(one) for one in standing if one.outcome is not AttemptOutcome.FAILED}
    for key in set_states(uow, states):
        merge(changed, {key: {"identification"}})
    _ask_people(uow, standing)
    _write_attempts(uow, standing)
    _tell(uow, rows, changed)
    return [one.known.key for one in standing if one.outcome is AttemptOutcome.IDENTIFIED]


def _is_still_asked(then: Known, now: Known | None) -> bool:
    return now is not None and now.asked == then.asked and not now.is_said_by_person


def _state(one: Finding) -> Identification:
    if one.outcome is AttemptOutcome.IDENTIFIED or (one.outcome is AttemptOutcome.NOTHING and one.known.ids):
        return Identification.IDENTIFIED  # ids that no provider has may still be right
    return Identification.AMBIGUOUS if one.candidates else Identification.UNIDENTIFIED


def _ask_people(uow: UnitOfWork, findings: Sequence[Finding]) -> None:
    """One question for an item; none again that a person has decided, and none where the doubt is gone."""
    keys = [one.known.key for one in findings]
    known: dict[tuple[int, str], Any] = {}
    reasons = col(ReviewItem.reason).in_((UNIDENTIFIED, ID_CONTRADICTED))
    every = rows_of(uow.session, ReviewItem.item_id, keys, reasons)
    for row in sorted(every, key=lambda row: (row.status == ReviewStatus.PENDING, row.id)):
        known[row.item_id, row.reason] = row
    new, updates = [], []
    for one in findings:
        reason = _REASONS.get(one.outcome)
        if one.outcome is AttemptOutcome.NOTHING and one.known.ids:
            reason = None
        for (key, other), row in known.items():
            if key == one.known.key and other != reason and row.status == ReviewStatus.PENDING:
                updates.append({"key": row.id, **_closed(uow)})
        if reason is None:
            continue
        row = known.get((one.known.key, reason))
        said = {"confidence": one.confidence, "candidates": list(one.candidates)}
        if row is None:
            new.append({"item_id": one.known.key, "reason": reason, "status": ReviewStatus.PENDING, **said})
        elif row.status == ReviewStatus.PENDING or (row.resolution or {}).get("by") == _BY:
            updates.append({"key": row.id, **said, **REOPENED})
    update_rows(uow, ReviewItem, updates)
    insert_rows(uow, ReviewItem, new)


def _closed(uow: UnitOfWork) -> dict[str, Any]:
    return {"status": ReviewStatus.RESOLVED, "resolution": {"by": _BY}, "resolved_at": uow.now()}


def _write_attempts(uow: UnitOfWork, findings: Sequence[Finding]) -> None:
    keys = [one.known.key for one in findings]
    present = {row.item_id: row for row in rows_of(uow.session, IdentificationAttempt.item_id, keys)}
    new, updates = [], []
    for one in findings:
        row, asked = present.get(one.known.key), one.known.asked
        is_same = row is not None and row.asked == asked and row.outcome is not AttemptOutcome.IDENTIFIED
        attempts = row.attempts + 1 if row is not None and is_same else 1
        is_settled = one.outcome is AttemptOutcome.IDENTIFIED
        retry_at = None if is_settled else uow.now() + RETRIES[min(attempts, len(RETRIES)) - 1]
        values = {"outcome": one.outcome, "asked": asked, "attempts": attempts, "tried_at": uow.now(), "retry_at": retry_at}
        if row is None:
            new.append({"item_id": one.known.key, **values})
        else:
            updates.append({"key": row.id, **values})
    update_rows(uow, IdentificationAttempt, updates)
    insert_rows(uow, IdentificationAttempt, new)


def _tell(uow: UnitOfWork, rows: Mapping[int, Any], changed: Mapping[int, set[str]]) -> None:
    audiences: dict[str, list[events.Fact]] = {}
    for key in sorted(key for key, fields in changed.items() if fields):
        audience = events.EVERYONE if rows[key].library_id is None else events.for_library(rows[key].library_id)
        fact = events.Fact("item.changed", global_id("media_items", key), changed_fields=[camel(name) for name in changed[key]])
        audiences.setdefault(audience, []).append(fact)
    for audience, facts in audiences.items():
        events.emit_many(uow, facts, topic="catalog", audience=audience)
