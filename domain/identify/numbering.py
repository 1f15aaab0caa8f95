"""Gives episodes that a file numbers over the whole series (anime) their season and number, by the provider's seasons."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from domain.catalog.changing import ITEMS
from domain.catalog.enums import EpisodeOrdering
from domain.catalog.episode_orders import write_numbers
from domain.catalog.queries import rows_of
from domain.catalog.tables import EpisodeOrder, MediaItem
from domain.kit.database import UnitOfWork
from domain.libraries import regrouping
from domain.libraries.applying import trees
from domain.libraries.applying.model import Batch
from domain.libraries.scanning import known
from domain.libraries.series_merging import ensure_season


def aired_number(absolute: int, seasons: Mapping[int, int]) -> tuple[int, int] | None:
    """(season, episode) of an absolute number, counted through the seasons without specials; None beyond the last."""
    left = absolute
    for season in sorted(number for number in seasons if number > 0):
        if left <= seasons[season]:
            return (season, left) if left > 0 else None
        left -= seasons[season]
    return None


def place_absolute(uow: UnitOfWork, series_id: int, seasons: Mapping[int, int], *, limit: int = 100) -> int:
    """Place episodes that have an absolute number and no other, at most `limit`; how many found a free place.

    By the provider's absolute order where it is known, else by counting through `seasons`.

    One whose place is taken stays where it is, and so does everything that has a number already. Files keep their absolute
    numbers: scans know the episodes by them.
    """
    (series,) = rows_of(uow.session, MediaItem.id, [series_id])
    library = None if series.library_id is None else known.library(uow.session, series.library_id)
    if library is None:
        return 0
    tree, batch, placed = trees.load_trees(uow, [series_id])[series_id], Batch(library), 0
    known_numbers = tree.orders.of(EpisodeOrdering.ABSOLUTE)
    for row in _unplaced(uow, series_id):
        number = row.episode_number
        slot = known_numbers.get((1, number)) if known_numbers else aired_number(number, seasons)
        if slot is None or trees.aired(*slot) in tree.episodes or placed >= limit:
            continue
        season = ensure_season(uow, batch, tree, slot[0])
        regrouping.relocate(uow, batch, row, parent_id=season, root_id=series_id, position=slot[1])
        tree.add(trees.aired(*slot), row.id)
        placed += 1
    if placed:
        regrouping.finish(uow, batch, [])
        write_numbers(uow, [series_id])
    return placed


def _unplaced(uow: UnitOfWork, series_id: int) -> list[Any]:
    """The live episodes with an absolute number alone, by that number."""
    query = (
        sa.select(ITEMS, col(EpisodeOrder.episode_number))
        .join(EpisodeOrder, col(EpisodeOrder.item_id) == ITEMS.c.id)
        .where(
            col(EpisodeOrder.root_id) == series_id, col(EpisodeOrder.ordering) == EpisodeOrdering.ABSOLUTE,
            ITEMS.c.position.is_(None), ITEMS.c.deleted_at.is_(None),
        )
        .order_by(col(EpisodeOrder.episode_number))
    )  # unguarded: automation looks at every item  # fmt: skip
    return list(uow.session.connection().execute(query).all())
