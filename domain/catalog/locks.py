"""Which fields automation must leave alone: the nearest ancestor with a decision decides."""

from collections.abc import Iterable, Mapping

from sqlmodel import Session

from domain.catalog import queries
from domain.catalog.enums import LockState
from domain.catalog.tables import FieldLock, MediaItem


def locked_fields(session: Session, entities: Iterable[int]) -> Mapping[int, frozenset[str]]:
    """The locked fields of each entity, those of items inherited down their tree; entities without any are left out."""
    wanted = list(dict.fromkeys(entities))
    parents = _parents(session, wanted)
    decided: dict[int, dict[str, LockState]] = {}
    for row in queries.rows_of(session, FieldLock.entity_id, {*wanted, *parents.values()}):
        decided.setdefault(row.entity_id, {})[row.field] = row.state
    if not decided:
        return {}
    found = {entity: _locked(entity, parents, decided) for entity in wanted}
    return {entity: fields for entity, fields in found.items() if fields}


def inherited_fields(session: Session, entities: Iterable[int]) -> Mapping[int, frozenset[str]]:
    """The fields of each item that something above it locks, whatever the item itself says."""
    wanted = list(dict.fromkeys(entities))
    parents = _parents(session, wanted)
    above = locked_fields(session, {parents[entity] for entity in wanted if entity in parents})
    return {entity: above[parents[entity]] for entity in wanted if parents.get(entity) in above}


def _parents(session: Session, entities: Iterable[int]) -> dict[int, int]:
    parents: dict[int, int] = {}
    asked: set[int] = set(entities)
    todo = set(asked)
    while todo:
        rows = queries.rows_of(session, MediaItem.id, todo)
        parents |= {row.id: row.parent_id for row in rows if row.parent_id is not None}
        todo = {row.parent_id for row in rows if row.parent_id is not None} - asked
        asked |= todo
    return parents


def _locked(entity: int, parents: Mapping[int, int], decided: Mapping[int, Mapping[str, LockState]]) -> frozenset[str]:
    nearest: dict[str, LockState] = {}
    step: int | None = entity
    while step is not None:
        for field, state in decided.get(step, {}).items():
            nearest.setdefault(field, state)
        step = parents.get(step)
    return frozenset(field for field, state in nearest.items() if state is LockState.LOCKED)
