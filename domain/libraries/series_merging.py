"""Merges two items that are one series: its episodes find their places in the other, files and edits with them."""

from typing import Any

from domain.catalog.enums import ItemKind
from domain.catalog.queries import rows_of
from domain.catalog.service import create_item
from domain.catalog.tables import MediaItem
from domain.kit.database import UnitOfWork
from domain.libraries.applying.episodes import season_title
from domain.libraries.applying.model import Batch
from domain.libraries.applying.trees import Tree, load_trees
from domain.libraries.regrouping import give_files, relocate


def merge_series(uow: UnitOfWork, batch: Batch, series_id: int, into_id: int) -> None:
    """Move all episodes into another series. Those that it has already get the files as further copies."""
    trees = load_trees(uow, [series_id, into_id])
    mine, theirs = trees[series_id], trees[into_id]
    rows: list[Any] = [row for row in rows_of(uow.session, MediaItem.root_id, [series_id]) if row.deleted_at is None]
    seasons = {row.id: row.position for row in rows if row.kind == ItemKind.SEASON}
    heirs = {series_id: into_id}
    for row in sorted((row for row in rows if row.kind == ItemKind.EPISODE), key=lambda row: row.id):
        slots = mine.slots.get(row.id, set())
        twin = next((theirs.episodes[slot] for slot in sorted(slots, key=str) if slot in theirs.episodes), None)
        if twin is not None:
            heirs[row.id] = twin
            continue
        season = ensure_season(uow, batch, theirs, seasons.get(row.parent_id))
        relocate(uow, batch, row, parent_id=season, root_id=into_id, position=row.position)
        for slot in slots:
            theirs.add(slot, row.id)
    batch.touched |= heirs.keys() - {series_id}
    batch.touched_parents.add(series_id)
    give_files(uow, batch, heirs)


def ensure_season(uow: UnitOfWork, batch: Batch, tree: Tree, number: int | None) -> int:
    """A series' season of that number, made where it is missing."""
    known = tree.seasons.get(number)
    if known is not None:
        return known
    title = season_title(number)
    type_id = batch.library.media_type_id
    made = create_item(uow, media_type_id=type_id, kind=ItemKind.SEASON, title=title, parent_id=tree.series, position=number)
    tree.seasons[number] = made
    batch.added[made] = None
    return made
