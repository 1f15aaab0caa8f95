"""Gives the files of a series to the episodes that their names mean in the order that the series goes by.

The files move, the episodes stay: what people made hangs on them. So another order, or the aired one again, takes nothing away.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from domain.catalog.changing import ITEMS
from domain.catalog.enums import Enrichment, EpisodeOrdering, ItemKind
from domain.catalog.episode_orders import write_numbers
from domain.catalog.queries import chunks, rows_of
from domain.catalog.resolving import forget_source, store_values
from domain.catalog.service import create_item
from domain.catalog.sources import NAME, NFO, USER
from domain.catalog.tables import FieldLock, FieldValue, MediaItem
from domain.catalog.tracked import is_tracked
from domain.kit.database import UnitOfWork
from domain.libraries import paths, regrouping
from domain.libraries.applying import trees
from domain.libraries.applying.episodes import fallback_title
from domain.libraries.applying.holders import decided
from domain.libraries.applying.model import Batch, Link
from domain.libraries.applying.trees import Slot, Tree
from domain.libraries.enums import FileRole
from domain.libraries.names import ParsedName
from domain.libraries.scanning import known
from domain.libraries.scanning.rules import hint_of
from domain.libraries.series_merging import ensure_season
from domain.libraries.sidecars import split_name
from domain.libraries.tables import ItemFile, MediaFile
from domain.libraries.understanding.gathering import named
from domain.libraries.understanding.kinds import without_part
from domain.libraries.understanding.model import Understand


@dataclass(slots=True)
class Moved:
    """What came of it: the files that have other episodes now (rows), the episodes that lost one, how many are new."""

    files: list[Any] = field(default_factory=list)
    left: set[int] = field(default_factory=set)
    new: int = 0


def names_of(session: Session, series_id: int, understand: Understand) -> dict[int, ParsedName]:
    """What the names of a series' main files say, by file; without those that a person has decided about."""
    by_file = _held(session, series_id)
    spoken_for = decided(session, by_file)
    (series,) = rows_of(session, MediaItem.id, [series_id])
    library = None if series.library_id is None else known.library(session, series.library_id)
    if library is None:
        return {}
    found: dict[int, ParsedName] = {}
    for row in sorted(rows_of(session, MediaFile.id, by_file.keys() - spoken_for), key=lambda row: row.id):
        root = next((root for root in library.roots if paths.is_within(row.uri, root.path)), None)
        if root is not None and row.library_id == library.id:
            found[row.id] = named(row.uri[len(root.path) :].lstrip("/"), hint_of(library), understand)
    return found


def move_files(uow: UnitOfWork, series_id: int, names: Mapping[int, ParsedName]) -> Moved:
    """Give these files the episodes that their names mean; those that are right stay untouched. Missing episodes are made."""
    (series,) = rows_of(uow.session, MediaItem.id, [series_id])
    library = None if series.library_id is None else known.library(uow.session, series.library_id)
    moved = Moved()
    if library is None or series.deleted_at is not None:
        return moved
    tree, batch = trees.load_trees(uow, [series_id])[series_id], Batch(library)
    held = {key: items for key, items in _held(uow.session, series_id).items() if key in names}
    rows = {row.id: row for row in rows_of(uow.session, MediaItem.id, {item for items in held.values() for item in items})}
    files = {row.id: row for row in rows_of(uow.session, MediaFile.id, held)}
    alone = _with_one_file(uow.session, rows)
    for key, items in held.items():
        slots = trees.slots_of(names[key], tree.orders)
        if not slots or slots[0][0] == "date" or names[key].kind != "episode":
            continue
        spare = [rows[item] for item in items if item in alone and rows[item].position is None]
        wanted = [_episode(uow, batch, tree, slot, names[key], spare) for slot in slots]
        if set(wanted) != set(items):
            _give(uow, batch, files[key], names[key], dict(zip(wanted, slots, strict=True)))
            moved.files.append(files[key])
            moved.left |= set(items) - set(wanted)
    _forget_names(uow, batch, [rows[item] for item in moved.left])
    moved.new = sum(1 for key in batch.added if key not in tree.seasons.values())
    regrouping.finish(uow, batch, (), may_go=frozenset())
    return moved


def settle(uow: UnitOfWork, series_id: int, left: Iterable[int]) -> None:
    """What follows when all files have moved: numbers in every order, and the end of episodes that were only guessed.

    Such have no file, nobody made or told anything of them, and the order that the series goes by does not know them.
    """
    (series,) = rows_of(uow.session, MediaItem.id, [series_id])
    library = None if series.library_id is None else known.library(uow.session, series.library_id)
    if library is not None and series.deleted_at is None:
        tree, batch = trees.load_trees(uow, [series_id])[series_id], Batch(library)
        guessed = _guessed(uow, tree, left)
        batch.touched |= guessed
        regrouping.finish(uow, batch, (), may_go=guessed)
    write_numbers(uow, [series_id])


def _held(session: Session, series_id: int) -> dict[int, list[int]]:
    """The live episodes of each main file of a series, in their order."""
    of_tree = rows_of(session, MediaItem.root_id, [series_id], MediaItem.kind == ItemKind.EPISODE)
    live = {row.id: row for row in of_tree if row.deleted_at is None and row.edition == ""}
    found: dict[int, list[int]] = {}
    for link in rows_of(session, ItemFile.item_id, live, ItemFile.role == FileRole.MAIN):
        found.setdefault(link.file_id, []).append(link.item_id)
    return {key: sorted(items, key=lambda item: (live[item].position or 0, item)) for key, items in found.items()}


def _with_one_file(session: Session, items: Iterable[int]) -> set[int]:
    counts: dict[int, int] = {}
    for link in rows_of(session, ItemFile.item_id, items, ItemFile.role == FileRole.MAIN):
        counts[link.item_id] = counts.get(link.item_id, 0) + 1
    return {item for item, count in counts.items() if count == 1}


def _episode(uow: UnitOfWork, batch: Batch, tree: Tree, slot: Slot, name: ParsedName, spare: list[Any]) -> int:
    """The episode of a slot: the one that is there, else the file's own that had no number yet, else a new one."""
    found = tree.episodes.get(slot)
    if found is not None:
        return found
    number = slot[1] if slot[0] == "aired" else (None, None)
    season = ensure_season(uow, batch, tree, number[0])
    item: int
    if slot[0] == "aired" and spare:
        row = spare.pop(0)
        item = row.id
        regrouping.relocate(uow, batch, row, parent_id=season, root_id=tree.series, position=number[1])
    else:
        title = name.episode_title or fallback_title(slot)
        kind, type_id = ItemKind.EPISODE, batch.library.media_type_id
        item = create_item(uow, media_type_id=type_id, kind=kind, title=title, parent_id=season, position=number[1])
        batch.added[item] = None
        if slot[0] == "ordered":
            trees.write_orders(uow, tree.orders.chosen, {item: slot[1]})
        elif slot[0] == "absolute":
            trees.write_orders(uow, EpisodeOrdering.ABSOLUTE, {item: (1, slot[1])})
    tree.add(slot, item)
    return item


def _give(uow: UnitOfWork, batch: Batch, file: Any, name: ParsedName, wanted: Mapping[int, Slot]) -> None:
    """Link a file to its episodes, and let them be called as it says."""
    group = without_part(split_name(file.uri)[0]) if name.part is not None else file.uri
    batch.decided.add(file.id)
    for item, slot in wanted.items():
        batch.links.append(Link(item, file.id, FileRole.MAIN, group, max(1, name.part or 1)))
        batch.touched.add(item)
        title = (name.episode_title if len(wanted) == 1 else "") or fallback_title(slot)
        _note(batch, store_values(uow, NAME, {item: {"title": title}}))


def _forget_names(uow: UnitOfWork, batch: Batch, left: Sequence[Any]) -> None:
    """An episode is not called by the name of a file, nor by the NFO beside it, that is another's now.

    One that has another file hears of it in the scan that follows."""
    titles = {row.id: {"title": f"Episode {row.position}"} for row in left if row.position is not None}
    _note(batch, store_values(uow, NAME, titles))
    _note(batch, forget_source(uow, NFO, [row.id for row in left]))


def _note(batch: Batch, changed: Mapping[int, Collection[str]]) -> None:
    for item, fields in changed.items():
        batch.change(item, *fields)


def _guessed(uow: UnitOfWork, tree: Tree, left: Iterable[int]) -> set[int]:
    known_numbers = set(tree.orders.of(tree.orders.chosen).values())
    seasons = {key: number for number, key in tree.seasons.items()}

    def is_known(row: Any) -> bool:
        number = (seasons.get(row.parent_id), row.position)
        return row.position is not None and (not known_numbers or number[0] == 0 or number in known_numbers)

    rows = [row for row in rows_of(uow.session, MediaItem.id, left) if row.deleted_at is None and not is_known(row)]
    keys = {row.id for row in rows if row.enrichment is Enrichment.NEVER}
    keys -= {link.item_id for link in rows_of(uow.session, ItemFile.item_id, keys, ItemFile.role == FileRole.MAIN)}
    return keys - _made_by_people(uow, keys)


def _made_by_people(uow: UnitOfWork, keys: Set[int]) -> set[int]:
    found = {row.entity_id for row in rows_of(uow.session, FieldValue.entity_id, keys, col(FieldValue.source) == USER)}
    found |= {row.entity_id for row in rows_of(uow.session, FieldLock.entity_id, keys)}
    for piece in chunks(keys):
        query = sa.select(ITEMS.c.id).where(ITEMS.c.id.in_(piece), is_tracked(ITEMS.c.id))  # unguarded: a job's
        found |= set(uow.session.connection().execute(query).scalars())
    return found
