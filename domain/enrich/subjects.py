"""What is enriched: films, series with their seasons and episodes, film series, people; read in few statements."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from domain.catalog import episode_orders
from domain.catalog.enums import EntityKind, ItemKind
from domain.catalog.queries import rows_of
from domain.catalog.tables import Entity, ExternalId, MediaItem
from domain.enrich.keys import Space
from domain.providers.model import OrderOnOffer


@dataclass(slots=True)
class Subject:
    """One thing with the ids it is known by. `number` is a season's or episode's own."""

    id: int
    kind: EntityKind
    ids: dict[Space, str] = field(default_factory=dict)
    number: int | None = None
    is_monitored: bool = True
    media_type_id: int | None = None


@dataclass(slots=True)
class Unit:
    """What one round of questions answers: a thing, of a series its seasons, each with its episodes.

    `wanted` are the keys that are written; the others are there because theirs are asked by way of them.
    """

    top: Subject
    seasons: dict[int, Subject] = field(default_factory=dict)
    """By number."""
    episodes: dict[int, dict[int, Subject]] = field(default_factory=dict)
    """By the numbers of season and episode."""
    wanted: set[int] = field(default_factory=set)
    orders: dict[str, list[OrderOnOffer]] = field(default_factory=dict)
    """Other orders of a series' episodes that were asked for once, by provider: they are kept up to date."""

    def subject(self, entity: int) -> Subject:
        """The thing of a key."""
        parts = [self.top, *self.seasons.values(), *(one for some in self.episodes.values() for one in some.values())]
        return next(one for one in parts if one.id == entity)


TOPS = (ItemKind.MOVIE, ItemKind.SERIES)
KINDS = (*TOPS, ItemKind.SEASON, ItemKind.EPISODE)


def units_of_items(session: Session, items: Sequence[int]) -> list[Unit]:
    """Units of the named items with all below them, by the keys of their tops; those that are deleted are left out."""
    named = [row for row in rows_of(session, MediaItem.id, items) if row.kind in KINDS and row.deleted_at is None]
    keys = {row.id for row in named}
    roots = {row.root_id for row in named}
    tree = [row for row in rows_of(session, MediaItem.root_id, roots) if row.deleted_at is None and row.kind in KINDS]
    units = _units(session, tree, keys)
    series = {unit.top.id: unit for unit in units if unit.top.kind is EntityKind.SERIES and unit.top.id in keys}
    for key, offered in episode_orders.rows(session, series).items():
        for row in offered:
            if row.numbers is not None:
                order = OrderOnOffer(row.ordering, row.external_id, row.name)
                series[key].orders.setdefault(row.provider, []).append(order)
    return units


def units_of_entities(session: Session, keys: Iterable[int], kind: EntityKind) -> list[Unit]:
    """Units of people or of film series."""
    found = {row.id: row for row in rows_of(session, Entity.id, keys) if row.kind == kind and row.merged_into_id is None}
    units = [Unit(Subject(key, kind), wanted={key}) for key in sorted(found)]
    _fill_ids(session, [unit.top for unit in units])
    return units


def page_of_items(session: Session, library_id: int, *, after: int, limit: int, conditions: Sequence[Any] = ()) -> list[int]:
    """Keys of the films and series of a library, in their order."""
    query = (
        sa.select(col(MediaItem.id))
        .where(col(MediaItem.library_id) == library_id, col(MediaItem.level) == 0, col(MediaItem.kind).in_(TOPS))
        .where(col(MediaItem.deleted_at).is_(None), col(MediaItem.id) > after, *conditions)
        .order_by(col(MediaItem.id))
        .limit(limit)
    )  # unguarded: whoever asked might see and edit them
    return list(session.execute(query).scalars())


def _units(session: Session, tree: Sequence[Any], keys: set[int]) -> list[Unit]:
    subjects = {
        row.id: Subject(row.id, EntityKind(row.kind), {}, row.position, row.is_monitored, row.media_type_id) for row in tree
    }
    _fill_ids(session, list(subjects.values()))
    units: dict[int, Unit] = {}
    seasons: dict[int, tuple[int, int | None]] = {}
    asked = set(keys)
    for row in sorted(tree, key=lambda row: (row.level, row.id)):
        one = subjects[row.id]
        if row.parent_id in asked:
            asked.add(row.id)
        if row.level == 0:
            units[row.id] = Unit(one)
        else:
            one.is_monitored = one.is_monitored and subjects[row.parent_id].is_monitored
        unit = units[row.root_id]
        if row.id in asked:
            unit.wanted.add(row.id)
        if one.kind is EntityKind.SEASON:
            seasons[row.id] = (row.root_id, one.number)
            if one.number is not None:
                unit.seasons[one.number] = one
        elif one.kind is EntityKind.EPISODE and row.parent_id in seasons:
            number = seasons[row.parent_id][1]
            if number is not None and one.number is not None:
                unit.episodes.setdefault(number, {}).setdefault(one.number, one)
    return [units[key] for key in sorted(units)]


def _fill_ids(session: Session, subjects: Sequence[Subject]) -> None:
    by_key = {one.id: one for one in subjects}
    rows = rows_of(session, ExternalId.entity_id, by_key)
    for row in sorted(rows, key=lambda row: (not row.is_primary, row.id)):
        by_key[row.entity_id].ids.setdefault((row.provider, row.namespace), row.external_id)
