"""The seasons and episodes of series as they are known, and the slots of those that are still to be made."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

import sqlalchemy as sa

from domain.catalog import episode_orders
from domain.catalog.enums import Availability, EpisodeOrdering, ItemKind
from domain.catalog.episode_orders import Orders
from domain.catalog.queries import chunks, rows_of
from domain.catalog.service import NewItem, create_items
from domain.catalog.tables import EpisodeOrder, MediaItem
from domain.kit.database import UnitOfWork
from domain.libraries.applying.rows import insert_rows
from domain.libraries.names import ParsedName

Slot = tuple[str, Any]
"""What tells an episode apart in its series: ("aired", (season, number)), ("date", day) or ("absolute", number); ("ordered",
(season, number)) in the order that the series' files go by, where nobody knows which episode that is."""

_ABSOLUTE_SEASON: Final = 1
"""Absolute numbers count over the whole series; their rows stand under season 1."""


@dataclass(slots=True)
class Tree:
    """One series. Items still to be made have negative keys."""

    series: int
    seasons: dict[int | None, int] = field(default_factory=dict)
    episodes: dict[Slot, int] = field(default_factory=dict)
    slots: dict[int, set[Slot]] = field(default_factory=dict)
    orders: Orders = episode_orders.NONE

    def add(self, slot: Slot, item: int) -> None:
        """Enter an episode under a slot."""
        self.episodes[slot] = item
        self.slots.setdefault(item, set()).add(slot)


@dataclass(slots=True)
class Wanted:
    """An item to be made: a series, a season or an episode, below an existing item or an earlier wanted one."""

    kind: ItemKind
    title: str
    parent: int | None
    values: dict[str, Any]
    absolute: tuple[int, ...] = ()


@dataclass(slots=True)
class Nursery:
    """The items of a batch that are still to be made; the first has the key -1."""

    wanted: list[Wanted] = field(default_factory=list)

    def add(self, one: Wanted) -> int:
        """The key of a new item."""
        self.wanted.append(one)
        return -len(self.wanted)


def load_trees(uow: UnitOfWork, series: Iterable[int]) -> dict[int, Tree]:
    """The trees of existing series, without what was deleted."""
    trees = {key: Tree(key) for key in series}
    items: Any = MediaItem.__table__  # type: ignore[attr-defined]
    columns = (
        items.c.id,
        items.c.root_id,
        items.c.parent_id,
        items.c.kind,
        items.c.position,
        items.c.release_date,
        items.c.edition,
    )
    rows: list[Any] = []
    for piece in chunks(trees):
        query = sa.select(*columns).where(items.c.root_id.in_(piece), items.c.deleted_at.is_(None), items.c.level > 0)
        rows += uow.session.connection().execute(query.order_by(items.c.id)).all()
    numbers: dict[int, int | None] = {}
    for row in rows:
        if row.kind == ItemKind.SEASON:
            trees[row.root_id].seasons.setdefault(row.position, row.id)
            numbers[row.id] = row.position
    for row in rows:
        if row.kind == ItemKind.EPISODE and row.edition == "":
            tree = trees[row.root_id]
            if row.position is not None:
                tree.add(aired(numbers.get(row.parent_id), row.position), row.id)
            if row.release_date is not None:
                tree.add(("date", row.release_date), row.id)
    for key, orders in episode_orders.load(uow.session, trees).items():
        trees[key].orders = orders
    live = {row.id: row for row in rows}
    for row in rows_of(uow.session, EpisodeOrder.root_id, trees, EpisodeOrder.ordering != EpisodeOrdering.AIRED):
        if row.item_id not in live:
            continue
        if row.ordering is EpisodeOrdering.ABSOLUTE:
            trees[row.root_id].add(absolute(row.episode_number), row.item_id)
        if row.ordering is trees[row.root_id].orders.chosen and live[row.item_id].position is None:
            trees[row.root_id].add(ordered(row.season_number, row.episode_number), row.item_id)
    return trees


def aired(season: int | None, number: int) -> Slot:
    """The slot of a season's episode."""
    return "aired", (season, number)


def on_day(day: date) -> Slot:
    """The slot of an episode that is known by its day."""
    return "date", day


def absolute(number: int) -> Slot:
    """The slot of an episode that is counted over the whole series."""
    return "absolute", number


def ordered(season: int, number: int) -> Slot:
    """The slot of an episode that is known by its number in another order than the aired one."""
    return "ordered", (season, number)


def slots_of(parsed: ParsedName, orders: Orders) -> list[Slot]:
    """The slots of the episodes that a name means: by season and number, else by day, else by absolute number.

    Numbers of a series whose files go by another order are that order's: what it does not have is the aired episode of that
    number, unless the order has that one elsewhere.
    """
    if parsed.episodes:
        return [_slot_of(parsed.season, number, orders) for number in parsed.episodes]
    if parsed.air_date is not None:
        return [on_day(parsed.air_date)]
    known = orders.of(EpisodeOrdering.ABSOLUTE)
    places = [known.get((_ABSOLUTE_SEASON, number)) for number in parsed.absolute]
    return [absolute(number) if place is None else aired(*place) for number, place in zip(parsed.absolute, places, strict=True)]


def _slot_of(season: int | None, number: int, orders: Orders) -> Slot:
    numbers = orders.of(orders.chosen)
    if season is None or not numbers:
        return aired(season, number)
    place = numbers.get((season, number))
    if place is not None:
        return aired(*place)
    return ordered(season, number) if (season, number) in numbers.values() else aired(season, number)


def make(uow: UnitOfWork, nursery: Nursery, *, media_type_id: int, library_id: int) -> dict[int, int]:
    """Make the wanted items; returns the real id of each key."""
    items = [
        NewItem(
            media_type_id=media_type_id,
            kind=one.kind,
            title=one.title,
            parent_id=one.parent if one.parent is not None and one.parent > 0 else None,
            parent_index=-one.parent - 1 if one.parent is not None and one.parent < 0 else None,
            library_id=library_id if one.parent is None else None,
            values={**one.values, "availability": Availability.PRESENT, "last_scanned_at": uow.now()},
        )
        for one in nursery.wanted
    ]
    return {-number: key for number, key in enumerate(create_items(uow, items), start=1)}


def write_absolute(uow: UnitOfWork, numbers: Mapping[int, int]) -> None:
    """Keep the absolute numbers of episodes (by item); one that another episode of the series has already is left out."""
    write_orders(uow, EpisodeOrdering.ABSOLUTE, {item: (_ABSOLUTE_SEASON, number) for item, number in numbers.items()})


def write_orders(uow: UnitOfWork, ordering: EpisodeOrdering, numbers: Mapping[int, tuple[int, int]]) -> None:
    """The same of any order, by season and number."""
    roots = {row.id: row.root_id for row in rows_of(uow.session, MediaItem.id, numbers)}
    known = rows_of(uow.session, EpisodeOrder.root_id, set(roots.values()), EpisodeOrder.ordering == ordering)
    taken = {(row.root_id, row.season_number, row.episode_number) for row in known}
    have = {row.item_id for row in known}
    rows = []
    for item, (season, number) in numbers.items():
        if item in have or item not in roots or (roots[item], season, number) in taken:
            continue
        taken.add((roots[item], season, number))
        rows.append(
            {
                "item_id": item,
                "ordering": ordering,
                "root_id": roots[item],
                "season_number": season,
                "episode_number": number,
            }
        )
    insert_rows(uow, EpisodeOrder, rows)
