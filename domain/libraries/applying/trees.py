"""The seasons and episodes of series as they are known, and the slots of those that are still to be made."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

import sqlalchemy as sa

from domain.catalog.enums import Availability, EpisodeOrdering, ItemKind
from domain.catalog.queries import chunks, rows_of
from domain.catalog.service import NewItem, create_items
from domain.catalog.tables import EpisodeOrder, MediaItem
from domain.kit.database import UnitOfWork
from domain.libraries.applying.rows import insert_rows

Slot = tuple[str, Any]
"""What tells an episode apart in its series: ("aired", (season, number)), ("date", day) or ("absolute", number)."""

_ABSOLUTE_SEASON: Final = 1
"""Absolute numbers count over the whole series; their rows stand under season 1."""


@dataclass(slots=True)
class Tree:
    """One series. Items still to be made have negative keys."""

    series: int
    seasons: dict[int | None, int] = field(default_factory=dict)
    episodes: dict[Slot, int] = field(default_factory=dict)
    slots: dict[int, set[Slot]] = field(default_factory=dict)

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
    for row in rows_of(uow.session, EpisodeOrder.root_id, trees, EpisodeOrder.ordering == EpisodeOrdering.ABSOLUTE):
        if row.item_id in {row.id for row in rows}:
            trees[row.root_id].add(("absolute", row.episode_number), row.item_id)
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
    roots = {row.id: row.root_id for row in rows_of(uow.session, MediaItem.id, numbers)}
    is_absolute = EpisodeOrder.ordering == EpisodeOrdering.ABSOLUTE
    known = rows_of(uow.session, EpisodeOrder.root_id, set(roots.values()), is_absolute)
    taken = {(row.root_id, row.episode_number) for row in known}
    have = {row.item_id for row in known}
    rows = []
    for item, number in numbers.items():
        if item in have or item not in roots or (roots[item], number) in taken:
            continue
        taken.add((roots[item], number))
        rows.append(
            {
                "item_id": item,
                "ordering": EpisodeOrdering.ABSOLUTE,
                "root_id": roots[item],
                "season_number": _ABSOLUTE_SEASON,
                "episode_number": number,
            }
        )
    insert_rows(uow, EpisodeOrder, rows)
