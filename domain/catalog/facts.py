"""Puts credits, catalogue ids, scores and certificates on many items at once, in few statements."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from domain.catalog import queries
from domain.catalog.enums import Department, EntityKind
from domain.catalog.tables import Credit, ExternalId, ItemRating
from domain.kit.database import UnitOfWork


@dataclass(frozen=True, slots=True)
class CreditFact:
    """A person's part; `role` is the character of an actor ('' otherwise)."""

    person_id: int
    department: Department
    job: str
    role: str = ""


@dataclass(frozen=True, slots=True)
class CatalogueId:
    """What a provider calls an entity; `namespace` '' where the provider has one space."""

    provider: str
    namespace: str
    external_id: str
    is_default: bool = False
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Score:
    """The average (0 to 10) that a source's users give, and how many they are."""

    source: str
    value: Decimal
    votes: int | None = None


def set_credits(
    uow: UnitOfWork, wanted: Mapping[int, Sequence[CreditFact]], *, departments: Mapping[int, Set[Department]] | None = None
) -> None:
    """These credits on each item, positions by order within a department; with `departments` only of those of each item.

    What a person decided stays: a removed credit does not come back, a locked role keeps its text.
    """
    kept: dict[int, dict[tuple[Any, ...], Any]] = {item: {} for item in wanted}
    locked: dict[int, dict[tuple[Any, ...], Any]] = {item: {} for item in wanted}
    for row in queries.rows_of(uow.session, Credit.item_id, wanted):
        if departments is not None and row.department not in departments[row.item_id]:
            continue
        kept[row.item_id][row.person_id, row.department, row.job, row.role] = row
        if row.is_role_locked:
            locked[row.item_id][row.person_id, row.department, row.job] = row
    new: list[dict[str, Any]] = []
    moved: list[dict[str, Any]] = []
    for item, credits in wanted.items():
        present = kept[item]
        for position, fact in _numbered(credits):
            held = locked[item].get((fact.person_id, fact.department, fact.job))
            role = held.role if held is not None else fact.role
            row = present.pop((fact.person_id, fact.department, fact.job, role), None)
            if row is None and held is None:
                new.append(_credit(item, fact, position))
            elif row is not None and row.position != position:
                moved.append({"key": row.id, "place": position})
    connection = uow.session.connection()
    gone = [row.id for rows in kept.values() for row in rows.values() if not (row.is_removed or row.is_role_locked)]
    for piece in queries.chunks(gone):
        connection.execute(sa.delete(Credit).where(col(Credit.id).in_(piece)))
    if moved:
        statement = sa.update(Credit.__table__).where(sa.column("id") == sa.bindparam("key"))  # type: ignore[attr-defined]
        connection.execute(statement.values(position=sa.bindparam("place")), moved)
    if new:
        connection.execute(sa.insert(Credit), new)


def add_external_ids(uow: UnitOfWork, wanted: Mapping[int, tuple[EntityKind, Sequence[CatalogueId]]]) -> None:
    """Add these ids to each entity. The first of a provider's namespace is its primary id, unless it has one already."""
    known: set[tuple[int, str, str, str]] = set()
    primary: set[tuple[int, str, str]] = set()
    default: set[int] = set()
    for row in queries.rows_of(uow.session, ExternalId.entity_id, wanted):
        known.add((row.entity_id, row.provider, row.namespace, row.external_id))
        if row.is_primary:
            primary.add((row.entity_id, row.provider, row.namespace))
        if row.is_default:
            default.add(row.entity_id)
    rows: list[dict[str, Any]] = []
    for entity, (kind, ids) in wanted.items():
        for one in ids:
            key = (entity, one.provider, one.namespace)
            if (*key, one.external_id) in known:
                continue
            rows.append(
                {
                    "entity_id": entity,
                    "entity_kind": kind,
                    "provider": one.provider,
                    "namespace": one.namespace,
                    "external_id": one.external_id,
                    "url": one.url,
                    "is_primary": key not in primary,
                    "is_default": one.is_default and entity not in default,
                }
            )
            known.add((*key, one.external_id))
            primary.add(key)
            if one.is_default:
                default.add(entity)
    if rows:
        uow.session.connection().execute(sa.insert(ExternalId), rows)


def replace_external_ids(
    uow: UnitOfWork, wanted: Mapping[int, tuple[EntityKind, Sequence[CatalogueId]]], before: Mapping[int, Sequence[CatalogueId]]
) -> None:
    """Add these ids to each entity in the place of those of `before`; other ids stay. A space that lost its primary id has
    another one, if any is left."""
    gone: list[int] = []
    lost: set[tuple[int, str, str]] = set()
    for row in queries.rows_of(uow.session, ExternalId.entity_id, before):
        if any(
            (one.provider, one.namespace, one.external_id) == (row.provider, row.namespace, row.external_id)
            for one in before[row.entity_id]
        ):
            gone.append(row.id)
            lost |= {(row.entity_id, row.provider, row.namespace)} if row.is_primary else set()
    connection = uow.session.connection()
    for piece in queries.chunks(gone):
        connection.execute(sa.delete(ExternalId).where(col(ExternalId.id).in_(piece)))
    add_external_ids(uow, wanted)
    left: dict[tuple[int, str, str], list[Any]] = {}
    for row in queries.rows_of(uow.session, ExternalId.entity_id, {entity for entity, _, _ in lost}):
        left.setdefault((row.entity_id, row.provider, row.namespace), []).append(row)
    heirs = [
        min(rows, key=lambda row: row.id).id
        for key, rows in left.items()
        if key in lost and not any(row.is_primary for row in rows)
    ]
    if heirs:
        connection.execute(sa.update(ExternalId).where(col(ExternalId.id).in_(heirs)).values(is_primary=True))


def set_ratings(uow: UnitOfWork, wanted: Mapping[int, Sequence[Score]], *, gone: Mapping[int, Set[str]] | None = None) -> None:
    """These scores on each item, and none of the sources in `gone`; scores of sources that are not named stay."""
    present = {(row.item_id, row.source): row for row in queries.rows_of(uow.session, ItemRating.item_id, wanted)}
    new: list[dict[str, Any]] = []
    changed: list[dict[str, Any]] = []
    for item, scores in wanted.items():
        for score in {score.source: score for score in scores}.values():
            row = present.get((item, score.source))
            if row is None:
                new.append({"item_id": item, "source": score.source, "value": score.value, "votes": score.votes})
            elif (row.value, row.votes) != (score.value, score.votes):
                changed.append({"key": row.id, "score": score.value, "number": score.votes})
    connection = uow.session.connection()
    over = [row.id for (item, source), row in present.items() if gone is not None and source in gone.get(item, ())]
    for piece in queries.chunks(over):
        connection.execute(sa.delete(ItemRating).where(col(ItemRating.id).in_(piece)))
    if changed:
        statement = sa.update(ItemRating.__table__).where(sa.column("id") == sa.bindparam("key"))  # type: ignore[attr-defined]
        connection.execute(statement.values(value=sa.bindparam("score"), votes=sa.bindparam("number")), changed)
    if new:
        connection.execute(sa.insert(ItemRating), new)


def _numbered(credits: Sequence[CreditFact]) -> list[tuple[int, CreditFact]]:
    counts: dict[Department, int] = {}
    numbered: list[tuple[int, CreditFact]] = []
    for fact in dict.fromkeys(credits):
        numbered.append((counts.setdefault(fact.department, 0), fact))
        counts[fact.department] += 1
    return numbered


def _credit(item: int, fact: CreditFact, position: int) -> dict[str, Any]:
    return {
        "item_id": item,
        "person_id": fact.person_id,
        "department": fact.department,
        "job": fact.job,
        "role": fact.role,
        "position": position,
    }
