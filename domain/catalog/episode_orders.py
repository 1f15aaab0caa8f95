"""Orders of a series' episodes beside the aired one: what providers offer, what is chosen, and each episode's numbers in them.

The whole order as a provider told it stands with the series (`series_orders`), because most of its episodes may not be here
yet; `episode_orders` has the numbers of those that are. An episode itself hangs on its season and number as aired, always.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Session, col

from domain.catalog.enums import EpisodeOrdering, ItemKind
from domain.catalog.queries import chunks, rows_of
from domain.catalog.tables import EpisodeOrder, MediaItem, SeriesOrder
from domain.kit.database import UnitOfWork

Number = tuple[int, int]
"""(season, episode)"""
Numbers = Mapping[Number, Number]
"""Number in an order -> number as aired."""
MOST: Final = 10
"""Orders of one series that are kept; a provider has at most seven sorts of them."""
_TABLE: Final[Any] = SeriesOrder.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Offer:
    """An order as a provider offers it; `external_id` is what it calls it."""

    ordering: EpisodeOrdering
    external_id: str
    name: str


@dataclass(frozen=True, slots=True)
class Orders:
    """What is known of a series: the order that its files go by, and the numbers of every order that was asked for."""

    chosen: EpisodeOrdering = EpisodeOrdering.AIRED
    numbers: Mapping[EpisodeOrdering, Numbers] | None = None

    def of(self, ordering: EpisodeOrdering) -> Numbers:
        """The numbers of an order; empty where nobody asked."""
        return (self.numbers or {}).get(ordering, {})


NONE: Final = Orders()


def rows(session: Session, series: Iterable[int]) -> dict[int, list[Any]]:
    """The orders on offer, by series; the chosen one first, else in the order in which they were first told."""
    found: dict[int, list[Any]] = {}
    for row in sorted(rows_of(session, SeriesOrder.item_id, series), key=lambda row: (not row.is_chosen, row.id)):
        found.setdefault(row.item_id, []).append(row)
    return found


def load(session: Session, series: Iterable[int]) -> dict[int, Orders]:
    """What is known of these series; those without any order on offer are left out. Of two providers the chosen one counts."""
    return {key: _orders(offered) for key, offered in rows(session, series).items()}


def _orders(offered: Sequence[Any]) -> Orders:
    numbers: dict[EpisodeOrdering, Numbers] = {}
    chosen = EpisodeOrdering.AIRED
    for row in offered:
        if row.numbers is not None:
            numbers.setdefault(row.ordering, {(a, b): (c, d) for a, b, c, d in row.numbers})
            chosen = row.ordering if row.is_chosen else chosen
    return Orders(chosen, numbers)


def keep_offers(uow: UnitOfWork, provider: str, offered: Mapping[int, Sequence[Offer]]) -> None:
    """Keep what a provider offers for series, of each sort the first. What it has no longer goes, unless it is chosen."""
    present = {(row.item_id, row.ordering): row for row in rows_of(uow.session, SeriesOrder.item_id, offered)
               if row.provider == provider}  # fmt: skip
    connection = uow.session.connection()
    new: list[dict[str, Any]] = []
    for series, offers in offered.items():
        first: dict[EpisodeOrdering, Offer] = {}
        for one in offers[: MOST * 2]:
            if one.ordering is not EpisodeOrdering.AIRED:
                first.setdefault(one.ordering, one)
        for ordering, one in first.items():
            row = present.pop((series, ordering), None)
            values = {"external_id": one.external_id[:100], "name": one.name[:200]}
            if row is None:
                new.append({"item_id": series, "ordering": ordering, "provider": provider, **values, "is_chosen": False})
            elif (row.external_id, row.name) != (values["external_id"], values["name"]):
                is_other = row.external_id != values["external_id"] and not row.is_chosen
                forgotten = {"numbers": None, "fetched_at": None} if is_other else {}
                connection.execute(sa.update(_TABLE).where(_TABLE.c.id == row.id).values(**values, **forgotten))
    gone = [row.id for row in present.values() if not row.is_chosen]
    for piece in chunks(gone):
        connection.execute(sa.delete(_TABLE).where(_TABLE.c.id.in_(piece)))
    if new:
        connection.execute(sa.insert(_TABLE), new)


def keep_numbers(uow: UnitOfWork, order_id: int, numbers: Numbers) -> bool:
    """Keep all the numbers of an order; whether they are others than before. One that is gone keeps none."""
    told = [[*number, *aired] for number, aired in sorted(numbers.items())]
    if all(row.numbers == told for row in rows_of(uow.session, SeriesOrder.id, [order_id])):
        return False
    uow.session.connection().execute(sa.update(_TABLE).where(_TABLE.c.id == order_id).values(numbers=told, fetched_at=uow.now()))
    return True


def choose(uow: UnitOfWork, series: int, order_id: int | None) -> bool:
    """Let a series' files go by an order, None = the aired one; whether that is new."""
    chosen = {row.id for row in rows_of(uow.session, SeriesOrder.item_id, [series]) if row.is_chosen}
    wanted = set() if order_id is None else {order_id}
    connection = uow.session.connection()
    if chosen - wanted:
        connection.execute(sa.update(_TABLE).where(_TABLE.c.id.in_(chosen - wanted)).values(is_chosen=False))
    if wanted - chosen:
        connection.execute(sa.update(_TABLE).where(_TABLE.c.id.in_(wanted)).values(is_chosen=True))
    return chosen != wanted


def forget(uow: UnitOfWork, series: int) -> bool:
    """Forget what providers offered: it is another series. Whether an order was chosen."""
    known = rows_of(uow.session, SeriesOrder.item_id, [series])
    fetched = {row.ordering for row in known if row.numbers is not None}
    if fetched:
        numbered = {row.id for row in rows_of(uow.session, MediaItem.root_id, [series]) if row.position is not None}
        told = [row for row in rows_of(uow.session, EpisodeOrder.root_id, [series]) if row.ordering in fetched]
        for piece in chunks(row.id for row in told if row.item_id in numbered):
            uow.session.connection().execute(sa.delete(EpisodeOrder).where(col(EpisodeOrder.id).in_(piece)))
    uow.session.connection().execute(sa.delete(_TABLE).where(_TABLE.c.item_id == series))
    return any(row.is_chosen for row in known)


def write_numbers(uow: UnitOfWork, series: Iterable[int]) -> None:
    """Give the episodes that are here their numbers in every order that was asked for; what is equal is not written.

    An episode without a number as aired keeps what its file said (an absolute number), and nobody else gets that.
    """
    known = {key: orders for key, orders in load(uow.session, series).items() if orders.numbers}
    if not known:
        return
    tree = [row for row in rows_of(uow.session, MediaItem.root_id, known) if row.kind in (ItemKind.SEASON, ItemKind.EPISODE)]
    seasons = {row.id: row.position for row in tree if row.kind == ItemKind.SEASON}
    episodes = {row.id: row for row in tree if row.kind == ItemKind.EPISODE}
    present: dict[tuple[int, EpisodeOrdering], list[Any]] = {}
    for row in rows_of(uow.session, EpisodeOrder.root_id, known):
        present.setdefault((row.root_id, row.ordering), []).append(row)
    new: list[dict[str, Any]] = []
    gone: list[int] = []
    for key, orders in known.items():
        places = {
            (seasons.get(row.parent_id), row.position): row.id
            for row in episodes.values()
            if row.root_id == key and row.deleted_at is None and row.position is not None and row.edition == ""
        }
        for ordering, numbers in (orders.numbers or {}).items():
            wanted: dict[int, Number] = {}
            for number, aired in sorted(numbers.items()):
                if aired in places:
                    wanted.setdefault(places[aired], number)
            fresh, over = _compared(wanted, present.get((key, ordering), ()), episodes, ordering)
            gone += over
            new += [
                {"item_id": item, "ordering": ordering, "root_id": key, "season_number": season, "episode_number": episode}
                for item, (season, episode) in fresh.items()
            ]
    connection = uow.session.connection()
    for piece in chunks(gone):
        connection.execute(sa.delete(EpisodeOrder).where(col(EpisodeOrder.id).in_(piece)))
    if new:
        connection.execute(sa.insert(EpisodeOrder), new)


def _compared(
    wanted: Mapping[int, Number], present: Iterable[Any], episodes: Mapping[int, Any], ordering: EpisodeOrdering
) -> tuple[dict[int, Number], list[int]]:
    """(numbers that are to be written, rows that are to go) of one order of a series."""
    fresh, claimed, gone, taken = dict(wanted), set(wanted.values()), [], set()
    for row in present:
        item, number = episodes.get(row.item_id), (row.season_number, row.episode_number)
        is_live = item is not None and item.deleted_at is None
        if wanted.get(row.item_id) == number:
            del fresh[row.item_id]
        elif is_live and item is not None and item.position is None:
            taken.add(number)
        elif row.item_id in wanted or number in claimed or (is_live and ordering is not EpisodeOrdering.ABSOLUTE):
            gone.append(row.id)
    return {item: number for item, number in fresh.items() if number not in taken}, gone
