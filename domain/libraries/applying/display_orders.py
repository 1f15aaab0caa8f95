"""Where specials are shown among other episodes, as NFO files say it."""

from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from domain.catalog.enums import EpisodeOrdering
from domain.catalog.queries import chunks, rows_of
from domain.catalog.tables import EpisodeOrder, MediaItem
from domain.kit.database import UnitOfWork
from domain.libraries.applying.rows import insert_rows, update_rows
from domain.libraries.nfo import NfoItem, NfoKind


def write_display_orders(uow: UnitOfWork, told: Mapping[int, NfoItem], silent: Iterable[int]) -> None:
    """Keep the aired numbers of specials with the season and episode before which they stand; none where no NFO says so."""
    rows = {key: _row(item) for key, item in told.items() if _is_placed(item)}
    is_aired = col(EpisodeOrder.ordering) == EpisodeOrdering.AIRED
    for piece in chunks({*told, *silent} - rows.keys()):
        uow.session.connection().execute(sa.delete(EpisodeOrder).where(col(EpisodeOrder.item_id).in_(piece), is_aired))
    if not rows:
        return
    roots = {row.id: row.root_id for row in rows_of(uow.session, MediaItem.id, rows)}
    known = rows_of(uow.session, EpisodeOrder.root_id, set(roots.values()), is_aired)
    mine = {row.item_id: row for row in known}
    taken = {(row.root_id, row.season_number, row.episode_number): row.item_id for row in known}
    new: list[dict[str, Any]] = []
    changed: list[dict[str, Any]] = []
    for key, row in rows.items():
        if taken.setdefault((roots[key], row["season_number"], row["episode_number"]), key) != key:
            continue
        if key not in mine:
            new.append({"item_id": key, "ordering": EpisodeOrdering.AIRED, "root_id": roots[key], **row})
        elif any(getattr(mine[key], name) != value for name, value in row.items()):
            changed.append({"key": mine[key].id, **row})
    update_rows(uow, EpisodeOrder, changed)
    insert_rows(uow, EpisodeOrder, new)


def _is_placed(item: NfoItem) -> bool:
    has_numbers = item.kind is NfoKind.EPISODE and item.season is not None and bool(item.episode)
    return has_numbers and (item.display_season is not None or bool(item.display_after_season))


def _row(item: NfoItem) -> dict[str, Any]:
    """`displayafterseason` wins, as in Kodi: after the last episode of that season."""
    after = item.display_after_season
    return {
        "season_number": item.season,
        "episode_number": item.episode,
        "display_season": after or item.display_season,
        "display_episode": None if after else item.display_episode,
    }
