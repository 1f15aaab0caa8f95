"""What came of asking: a row for each provider and thing, and how complete a thing is."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from domain.catalog.enums import Enrichment, EntityKind
from domain.catalog.queries import chunks, rows_of
from domain.enrich.asking import Said
from domain.enrich.enums import LookupOutcome
from domain.enrich.tables import EnrichmentResult
from domain.kit.database import UnitOfWork

By = Mapping[int, Mapping[str, Said]]
"""Entity -> provider."""


def outcome_of(said: Said) -> LookupOutcome:
    """What came of one question."""
    if said.error is not None:
        return LookupOutcome.FAILED
    return LookupOutcome.NOT_THERE if said.details is None else LookupOutcome.ANSWERED


def state_after(before: Enrichment, said: Mapping[str, Said]) -> Enrichment:
    """How complete a thing is. What a failure did not bring may be there from before: then it is partial, not failed."""
    outcomes = {outcome_of(one) for one in said.values()}
    has_words = any(one.details is not None for one in said.values())
    if LookupOutcome.FAILED in outcomes:
        had = before in (Enrichment.COMPLETE, Enrichment.PARTIAL)
        return Enrichment.PARTIAL if has_words or had else Enrichment.FAILED
    if LookupOutcome.ANSWERED in outcomes:
        return Enrichment.COMPLETE
    return before


def note_results(uow: UnitOfWork, said: By, kinds: Mapping[int, EntityKind]) -> None:
    """Write what came of it where it is another than before. An episode has a row only where its season's answer lacks it."""
    present = {(row.entity_id, row.provider): row for row in rows_of(uow.session, EnrichmentResult.entity_id, said)}
    gone: list[int] = []
    new: list[dict[str, Any]] = []
    for entity, by_provider in said.items():
        for provider, one in by_provider.items():
            row, values = present.get((entity, provider)), _values(one)
            is_wanted = values["outcome"] is not LookupOutcome.ANSWERED or kinds.get(entity) is not EntityKind.EPISODE
            if row is not None and is_wanted and all(getattr(row, name) == value for name, value in values.items()):
                continue
            if row is not None:
                gone.append(row.id)
            if is_wanted:
                retry_at = None if one.error is None else one.error.retry_at
                now = {"asked_at": uow.now(), "retry_at": retry_at}
                new.append({"entity_id": entity, "provider": provider, **values, **now})
    connection = uow.session.connection()
    for piece in chunks(gone):
        connection.execute(sa.delete(EnrichmentResult).where(col(EnrichmentResult.id).in_(piece)))
    if new:
        connection.execute(sa.insert(EnrichmentResult), new)


def _values(said: Said) -> dict[str, Any]:
    error = said.error
    return {
        "outcome": outcome_of(said),
        "external_id": said.external_id,
        "error": None if error is None else error.message,
        "code": None if error is None else error.code,
    }
