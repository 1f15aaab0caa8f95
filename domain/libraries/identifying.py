"""Gives files and items the identity that a person says they have: the item that is there already, else a new one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from domain.catalog.changing import ITEMS
from domain.catalog.edit_values import stored_value
from domain.catalog.enums import EntityKind, ItemKind
from domain.catalog.queries import rows_of
from domain.catalog.resolving import store_values
from domain.catalog.service import create_item
from domain.catalog.sources import NAME
from domain.catalog.tables import MediaItem
from domain.kit.database import UnitOfWork
from domain.kit.errors import AmbiguousReference, Conflict, Invalid
from domain.kit.ids import global_id
from domain.libraries import regrouping
from domain.libraries.applying import names, trees
from domain.libraries.applying.episodes import fallback_title
from domain.libraries.applying.model import Batch, Link
from domain.libraries.enums import FileRole
from domain.libraries.series_merging import ensure_season
from domain.libraries.tables import ItemFile

PATH: Final = ("choice", "identity")
MOST_EPISODES: Final = 50
_HIGHEST: Final = 100_000
_KINDS: Final = (ItemKind.MOVIE, ItemKind.SERIES, ItemKind.EPISODE)


@dataclass(frozen=True, slots=True)
class Identity:
    """What a person says a thing is: a film, a series, or episodes of one file.

    `title` and `year` of episodes are those of their series; `season` None is an unknown season, 0 the specials.
    """

    kind: ItemKind
    title: str
    year: int | None = None
    season: int | None = None
    episodes: tuple[int, ...] = ()
    edition: str = ""


def checked(identity: Identity) -> Identity:
    """The identity with its texts tidied. Raises Invalid."""
    if identity.kind not in _KINDS:
        raise Invalid("A film, a series or an episode is wanted.", path=(*PATH, "kind"))
    kind = EntityKind.MOVIE if identity.kind is ItemKind.MOVIE else EntityKind.SERIES
    try:
        title = stored_value(kind, "title", identity.title)
        year = stored_value(kind, "year", identity.year)
        edition = stored_value(EntityKind.MOVIE, "edition", identity.edition)
    except Invalid as error:
        raise Invalid(error.message, path=(*PATH, *error.path)) from None
    is_episode = identity.kind is ItemKind.EPISODE
    if is_episode != bool(identity.episodes) or len(identity.episodes) > MOST_EPISODES:
        raise Invalid(f"An episode has 1 to {MOST_EPISODES} numbers, nothing else has any.", path=(*PATH, "episodes"))
    for name, numbers in (("season", [identity.season or 0]), ("episodes", identity.episodes)):
        if not all(0 <= number <= _HIGHEST for number in numbers):
            raise Invalid(f"Numbers lie between 0 and {_HIGHEST}.", path=(*PATH, name))
    return Identity(identity.kind, title, year, identity.season, tuple(dict.fromkeys(identity.episodes)), edition)


def identify_file(uow: UnitOfWork, batch: Batch, file_id: int, identity: Identity, *, series_id: int | None = None) -> list[int]:
    """The items that a file is from now on, by links in the batch. `series_id` is the series of episodes where it is known.

    The item that the file has becomes what is said, and keeps its id, if it has no other file and nothing else is that
    already. Raises Invalid, AmbiguousReference when several items have that name.
    """
    held = _only_items(uow, batch, file_id)
    match identity.kind:
        case ItemKind.MOVIE:
            items = [_film(uow, batch, identity, held)]
        case ItemKind.EPISODE:
            items = _episodes(uow, batch, identity, held, series_id)
        case _:
            raise Invalid("A file is a film or episodes, not a whole series.", path=(*PATH, "kind"))
    known = {row.item_id: row for row in rows_of(uow.session, ItemFile.file_id, [file_id]) if row.role == FileRole.MAIN}
    part = min((row.part_number for row in known.values()), default=1)
    batch.links += [Link(item, file_id, FileRole.MAIN, f"file:{file_id}", part) for item in items]
    batch.decided.add(file_id)
    return items


def identify_item(uow: UnitOfWork, batch: Batch, item: Any, identity: Identity, *, series_id: int | None = None) -> list[int]:
    """The items that an item's files are from now on: mostly itself, under another name. Raises as `identify_file`."""
    if item.kind == ItemKind.SERIES and identity.kind is ItemKind.SERIES:
        if find_top(uow, batch, identity, but=item.id) is not None:
            raise Conflict("There is already a series of that name: choose it among the candidates.", path=PATH)
        retitle(uow, batch, item, identity)
        return [item.id]
    if item.kind == ItemKind.MOVIE and identity.kind is ItemKind.MOVIE:
        other = find_top(uow, batch, identity, but=item.id)
        if other is not None:
            regrouping.give_files(uow, batch, {item.id: other})
            return [other]
        retitle(uow, batch, item, identity)
        return [item.id]
    files = [row.file_id for row in rows_of(uow.session, ItemFile.item_id, [item.id]) if row.role == FileRole.MAIN]
    if not files:
        raise Invalid("It has no files that could be something else.", path=(*PATH, "kind"))
    found = [key for file in files for key in identify_file(uow, batch, file, identity, series_id=series_id)]
    return list(dict.fromkeys(found))


def find_top(uow: UnitOfWork, batch: Batch, identity: Identity, *, but: int | None = None) -> int | None:
    """The film or series of that name, year and edition in the library; without a year the only one of that name."""
    kind = ItemKind.MOVIE if identity.kind is ItemKind.MOVIE else ItemKind.SERIES
    entries = names.load(uow.session, batch.library.id).find(kind, identity.title)
    fitting = [entry for entry in entries if entry.edition == identity.edition and entry.item_id != but]
    exact = [entry.item_id for entry in fitting if entry.year == identity.year]
    if not exact and identity.year is None:
        exact = [entry.item_id for entry in fitting]
    keys = sorted(set(exact))
    if len(keys) > 1:
        candidates = [global_id("media_items", key) for key in keys]
        raise AmbiguousReference(f"Several are called {identity.title!r}: give the year.", candidates=candidates, path=PATH)
    return keys[0] if keys else None


def retitle(uow: UnitOfWork, batch: Batch, item: Any, identity: Identity) -> None:
    """Let an item be called as its identity says, where no source knows better."""
    values = {"title": identity.title, "year": identity.year}
    batch.change(item.id, *store_values(uow, NAME, {item.id: values}).get(item.id, ()))
    if item.kind == ItemKind.MOVIE and item.edition != identity.edition:
        uow.session.connection().execute(sa.update(ITEMS).where(ITEMS.c.id == item.id).values(edition=identity.edition))
        batch.change(item.id, "edition")


def _only_items(uow: UnitOfWork, batch: Batch, file_id: int) -> list[Any]:
    """The live items that have this main file and no other, by their numbers."""
    is_main = ItemFile.role == FileRole.MAIN
    keys = [row.item_id for row in rows_of(uow.session, ItemFile.file_id, [file_id], is_main)]
    shared = {row.item_id for row in rows_of(uow.session, ItemFile.item_id, keys, is_main) if row.file_id != file_id}
    rows = [row for row in rows_of(uow.session, MediaItem.id, keys) if row.id not in shared and row.deleted_at is None]
    return sorted((row for row in rows if row.library_id == batch.library.id), key=lambda row: (row.position or 0, row.id))


def _film(uow: UnitOfWork, batch: Batch, identity: Identity, held: Sequence[Any]) -> int:
    found = find_top(uow, batch, identity)
    if found is not None:
        return found
    if len(held) == 1 and held[0].kind == ItemKind.MOVIE:
        retitle(uow, batch, held[0], identity)
        key: int = held[0].id
        return key
    return _make_top(uow, batch, ItemKind.MOVIE, identity, edition=identity.edition)


def _episodes(uow: UnitOfWork, batch: Batch, identity: Identity, held: Sequence[Any], series_id: int | None) -> list[int]:
    series = series_id if series_id is not None else find_top(uow, batch, identity)
    if series is None:
        series = _make_top(uow, batch, ItemKind.SERIES, identity)
    tree = trees.load_trees(uow, [series])[series]
    season = ensure_season(uow, batch, tree, identity.season)
    items: list[int] = []
    for number in identity.episodes:
        slot = trees.aired(identity.season, number)
        item = tree.episodes.get(slot)
        if item is None and len(held) == len(identity.episodes) == 1 and held[0].kind == ItemKind.EPISODE:
            item = held[0].id
            regrouping.relocate(uow, batch, held[0], parent_id=season, root_id=series, position=number)
        if item is None:
            title = fallback_title(slot)
            type_id = batch.library.media_type_id
            item = create_item(uow, media_type_id=type_id, kind=ItemKind.EPISODE, title=title, parent_id=season, position=number)
            store_values(uow, NAME, {item: {"title": title}})
            batch.added[item] = None
        items.append(item)
    return items


def _make_top(uow: UnitOfWork, batch: Batch, kind: ItemKind, identity: Identity, **values: Any) -> int:
    library = batch.library
    made = create_item(
        uow,
        media_type_id=library.media_type_id,
        kind=kind,
        title=identity.title,
        library_id=library.id,
        year=identity.year,
        **values,
    )
    store_values(uow, NAME, {made: {"title": identity.title, "year": identity.year}})
    batch.added[made] = None
    return made
