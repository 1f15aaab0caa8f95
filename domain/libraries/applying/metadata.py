"""Writes what names and NFO files say of items: fields, ids, scores, certificates, credits, collections."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlmodel import col

from domain.catalog.enums import EntityKind, Identification, ItemKind
from domain.catalog.queries import rows_of
from domain.catalog.resolving import forget_source, store_values
from domain.catalog.sources import NAME, NFO, NFO_ABOVE
from domain.catalog.tables import ExternalId, MediaItem
from domain.catalog.told import EXTERNAL_IDS
from domain.kit.database import UnitOfWork
from domain.libraries.applying import nfo_record
from domain.libraries.applying.doubts import ID_CONTRADICTED, UNIDENTIFIED
from domain.libraries.applying.episodes import season_title
from domain.libraries.applying.model import Batch, ItemFacts
from domain.libraries.applying.nfo_values import field_values, id_values
from domain.libraries.applying.rows import update_rows
from domain.libraries.enums import ReviewStatus
from domain.libraries.tables import ReviewItem


def write_metadata(uow: UnitOfWork, batch: Batch) -> None:
    """Store what was learned of the batch's items, each source's word for itself. Locks and people's own words stand."""
    facts = list(batch.facts.values())
    silent = [one.item_id for one in facts if one.is_nfo_gone and one.nfo is None]
    _note(batch, store_values(uow, NAME, {one.item_id: _name_values(one) for one in facts if one.name_values}))
    _note(batch, store_values(uow, NFO, {one.item_id: _nfo_values(one) for one in facts if one.nfo is not None}))
    _note(batch, forget_source(uow, NFO, silent))
    _write_season_names(uow, batch, facts)
    _write_states(uow, batch, facts)


def _name_values(facts: ItemFacts) -> Mapping[str, Any]:
    """What a name says; ids only where it has some: another copy's name may say none."""
    return {**facts.name_values, EXTERNAL_IDS: id_values(facts.ids)} if facts.ids else facts.name_values


def _nfo_values(facts: ItemFacts) -> Mapping[str, Any]:
    assert facts.nfo is not None
    return {**field_values(facts.nfo, facts.kind, facts.nfo_ids), **nfo_record.value_of(facts.nfo_file)}


def _note(batch: Batch, changed: Mapping[int, Iterable[str]]) -> None:
    for item, fields in changed.items():
        batch.change(item, *fields)


def _write_states(uow: UnitOfWork, batch: Batch, facts: Sequence[ItemFacts]) -> None:
    """Identified is what a catalogue has an id for; ambiguous what a person is asked about."""
    keys = [one.item_id for one in facts]
    with_ids = {row.entity_id for row in rows_of(uow.session, ExternalId.entity_id, keys)}
    asked = {doubt.item_id for doubt in batch.doubts if doubt.item_id is not None}
    pending = rows_of(uow.session, ReviewItem.item_id, keys, ReviewItem.status == ReviewStatus.PENDING)
    asked |= {row.item_id for row in pending if (row.reason, row.item_id) not in batch.settled and _is_open(row)}
    contradicted = {row.item_id for row in pending if row.reason == ID_CONTRADICTED}
    lost = {key for key in keys if EXTERNAL_IDS in batch.changed.get(key, ())} - with_ids - _decided(uow, keys)
    editions = {one.item_id: one.edition for one in facts if one.edition is not None}
    rows: list[dict[str, Any]] = []
    for row in rows_of(uow.session, MediaItem.id, keys):
        state = Identification.IDENTIFIED if row.id in with_ids else Identification.UNIDENTIFIED
        if (row.id in asked and row.id not in with_ids) or row.id in contradicted:
            state = Identification.AMBIGUOUS
        elif row.identification is Identification.IDENTIFIED and row.id not in lost:
            state = Identification.IDENTIFIED
        edition = editions.get(row.id, row.edition)
        if (state, edition) != (row.identification, row.edition):
            rows.append({"key": row.id, "identification": state, "edition": edition})
            batch.change(row.id, *(["identification"] if state != row.identification else []))
            batch.change(row.id, *(["edition"] if edition != row.edition else []))
    update_rows(uow, MediaItem, rows)
    update_rows(uow, MediaItem, [{"key": key, "last_scanned_at": uow.now()} for key in keys])


def _is_open(question: Any) -> bool:
    """Whether there is something to choose from: what the providers know nothing of is just not identified."""
    return question.reason != UNIDENTIFIED or bool(question.candidates)


def _decided(uow: UnitOfWork, items: Iterable[int]) -> set[int]:
    """Items of which a person has said what they are."""
    rows = rows_of(uow.session, ReviewItem.item_id, items, col(ReviewItem.status) == ReviewStatus.RESOLVED)
    return {row.item_id for row in rows if (row.resolution or {}).get("by") == "user"}


def _write_season_names(uow: UnitOfWork, batch: Batch, facts: Sequence[ItemFacts]) -> None:
    """Give seasons the names that their series' NFO has for them, and take back those that it no longer has."""
    heard = [one for one in facts if one.kind is EntityKind.SERIES and (one.nfo is not None or one.is_nfo_gone)]
    named = {one.item_id: {name.number: name.title for name in one.nfo.named_seasons} if one.nfo else {} for one in heard}
    seasons = rows_of(uow.session, MediaItem.parent_id, named, MediaItem.kind == ItemKind.SEASON)
    _note(batch, store_values(uow, NAME, {row.id: {"title": season_title(row.position)} for row in seasons}))
    _note(batch, store_values(uow, NFO_ABOVE, {row.id: {"title": named[row.parent_id].get(row.position)} for row in seasons}))
