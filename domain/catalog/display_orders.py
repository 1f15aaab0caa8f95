"""Where specials are shown among other episodes: beside their own numbers the season and episode before which they stand."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from domain.catalog.enums import EpisodeOrdering
from domain.catalog.queries import chunks, rows_of
from domain.catalog.tables import EpisodeOrder, MediaItem
from domain.kit.database import UnitOfWork


def set_display_orders(uow: UnitOfWork, wanted: Mapping[int, tuple[int, int | None] | None]) -> None:
    """Show each special before this episode of a season (episode None = after the last), None = among its own; what has no
    number itself has no such place. What is equal is not written."""
    items = {row.id: row for row in rows_of(uow.session, MediaItem.id, wanted)}
    parents = {row.id: row.position for row in rows_of(uow.session, MediaItem.id, {row.parent_id for row in items.values()})}
    is_aired = col(EpisodeOrder.ordering) == EpisodeOrdering.AIRED
    known = rows_of(uow.session, EpisodeOrder.root_id, {row.root_id for row in items.values()}, is_aired)
    rows: dict[int, dict[str, Any]] = {}
    for key, place in wanted.items():
        season = None if key not in items else parents.get(items[key].parent_id)
        if place is None or season is None or items[key].position is None:
            continue
        row = {"root_id": items[key].root_id, "season_number": season, "episode_number": items[key].position}
        rows[key] = {**row, "display_season": place[0], "display_episode": place[1]}
    gone = [row for row in known if row.item_id in wanted and not _is_equal(row, rows.get(row.item_id))]
    left = {row.item_id for row in known} - {row.item_id for row in gone}
    taken = {(row.root_id, row.season_number, row.episode_number) for row in known if row not in gone}
    new = []
    for key, row in rows.items():
        number = (row["root_id"], row["season_number"], row["episode_number"])
        if key not in left and number not in taken:
            taken.add(number)
            new.append({"item_id": key, "ordering": EpisodeOrdering.AIRED, **row})
    connection = uow.session.connection()
    for piece in chunks(row.id for row in gone):
        connection.execute(sa.delete(EpisodeOrder).where(col(EpisodeOrder.id).in_(piece)))
    if new:
        connection.execute(sa.insert(EpisodeOrder), new)


def _is_equal(row: Any, wanted: Mapping[str, Any] | None) -> bool:
    return wanted is not None and all(getattr(row, name) == value for name, value in wanted.items())
