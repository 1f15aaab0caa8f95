"""Reads, for items that are to be published, what files should lie beside them and which of ours are there."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from sqlmodel import Session, col

from domain.artwork.tables import Asset
from domain.catalog.enums import Department, ItemKind
from domain.catalog.queries import rows_of
from domain.catalog.tables import Credit, MediaItem, Person
from domain.libraries import paths
from domain.libraries.enums import FileKind, FileRole
from domain.libraries.nfo import NfoItem
from domain.libraries.scanning.units import season_folder
from domain.libraries.tables import ItemFile, LibraryPath, MediaFile, RecycledFile
from domain.publish import sets as film_sets
from domain.publish.describing import describe
from domain.publish.inside import streams_of
from domain.publish.model import Ours, Picture, Subject, Wanted
from domain.publish.nfo import Root, Streams, write_nfo
from domain.publish.places import ACTOR, NFO, TYPES, Place, beside, extension_of, of_actor, of_season, of_series
from domain.publish.showing import pictures_of
from domain.publish.tables import PublishedFile

KINDS: Final = frozenset(TYPES)
_WITH_ACTORS: Final = frozenset({ItemKind.MOVIE, ItemKind.SERIES})


@dataclass(slots=True)
class _World:
    """The rows around some items."""

    items: dict[int, Any]
    roots: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    links: dict[int, list[Any]] = field(default_factory=lambda: defaultdict(list))
    sharers: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    files: dict[int, Any] = field(default_factory=dict)
    tenants: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    season_folders: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    said: dict[int, NfoItem] = field(default_factory=dict)
    streams: dict[int, Streams] = field(default_factory=dict)
    pictures: dict[int, list[Picture]] = field(default_factory=lambda: defaultdict(list))
    actors: dict[int, list[tuple[str, Picture]]] = field(default_factory=lambda: defaultdict(list))
    """Of films and series: the actors with a picture, by name."""
    sets: dict[int, list[Wanted]] = field(default_factory=dict)
    """Of films that speak for a set: its files."""

    def root_of(self, item: Any, path: str) -> str | None:
        return next((root for root in self.roots[item.library_id] if paths.is_within(path, root)), None)


def subjects(session: Session, keys: Iterable[int], *, cache: Path, sets: str | None = None) -> list[Subject]:
    """The items that are in a library and of a kind that players read, in the order of their ids; others are left out.

    `cache` is the folder of cached bytes, `sets` that of film sets (a stored path) if there is one.
    """
    rows = {row.id: row for row in rows_of(session, MediaItem.id, keys) if is_published(row)}
    world = _World(dict(rows))
    _load_files(session, world)
    _load_series(session, world)
    world.said = describe(session, list(world.items.values()))
    _load_pictures(session, world, cache)
    _load_actors(session, world, cache)
    if sets is not None:
        films = [row.id for row in rows.values() if row.kind is ItemKind.MOVIE]
        world.sets = film_sets.wanted_of(session, films, sets, cache=cache)
    found = [(row, _wanted(world, row)) for _, row in sorted(rows.items())]
    wanted_at = {one.path for _, wanted in found for one in wanted}
    ours = _ours(session, rows, wanted_at)
    if sets is not None:  # another film speaks for the set by now
        spoken_for = film_sets.still_wanted(session, {one.path for one in ours} - wanted_at, sets, cache=cache)
        ours = [one for one in ours if one.path not in spoken_for]
    back = rows_of(session, RecycledFile.item_id, rows, col(RecycledFile.restored_at).is_not(None))
    spared = frozenset(row.original_path for row in back)
    return [_subject(world, row, wanted, ours, spared, sets) for row, wanted in found]


def is_published(row: Any) -> bool:
    """Whether files are written beside an item."""
    return row.kind in KINDS and row.library_id is not None and row.deleted_at is None


def _subject(
    world: _World, row: Any, wanted: Sequence[Wanted], ours: Sequence[Ours], spared: frozenset[str], sets: str | None
) -> Subject:
    at = {one.path for one in wanted}
    mine = {one.path: one for one in ours if one.item_id == row.id or one.path in at}
    every = [*at, *mine, *(rival for one in wanted for rival in one.place.rivals)]
    folders = sorted({paths.parent(path) for path in every})
    publication = row.publication.value
    roots = [*world.roots[row.library_id], *([] if sets is None else [sets])]
    return Subject(row.id, row.root_id, row.library_id, publication, wanted, mine, roots, folders, spared)


def _load_files(session: Session, world: _World) -> None:
    libraries = {row.library_id for row in world.items.values()}
    for row in sorted(rows_of(session, LibraryPath.library_id, libraries), key=lambda row: -len(row.path)):
        world.roots[row.library_id].append(row.path)
    is_main = col(ItemFile.role) == FileRole.MAIN
    links = rows_of(session, ItemFile.item_id, world.items, is_main)
    for row in links:
        world.links[row.item_id].append(row)
    world.files = {row.id: row for row in rows_of(session, MediaFile.id, {row.file_id for row in links})}
    for row in rows_of(session, ItemFile.file_id, world.files, is_main):
        world.sharers[row.file_id].append(row.item_id)
    missing = {item for items in world.sharers.values() for item in items} - world.items.keys()
    world.items |= {row.id: row for row in rows_of(session, MediaItem.id, missing) if is_published(row)}
    places = {row.directory_id for row in world.files.values() if row.directory_id is not None}
    near = rows_of(session, MediaFile.directory_id, places, col(MediaFile.file_kind) == FileKind.VIDEO)
    directory = {row.id: row.directory_id for row in near if row.missing_since is None}
    for row in rows_of(session, ItemFile.file_id, directory, is_main):
        world.tenants[directory[row.file_id]].add(row.item_id)
    world.streams = streams_of(session, world.files.values())


def _load_series(session: Session, world: _World) -> None:
    """Series of seasons, and the folders in which seasons have their episodes."""
    seasons = [row for row in world.items.values() if row.kind is ItemKind.SEASON]
    tops = rows_of(session, MediaItem.id, {row.parent_id for row in seasons} - world.items.keys())
    homes = {row.id: row.directory_path for row in (*world.items.values(), *tops)}
    episodes = [row for row in rows_of(session, MediaItem.parent_id, {row.id for row in seasons}) if row.deleted_at is None]
    season_of = {row.id: row.parent_id for row in episodes}
    links = rows_of(session, ItemFile.item_id, season_of, col(ItemFile.role) == FileRole.MAIN)
    files = {row.id: row for row in rows_of(session, MediaFile.id, {row.file_id for row in links})}
    by_id = {row.id: row for row in seasons}
    for link in links:
        season, file = by_id[season_of[link.item_id]], files[link.file_id]
        home = homes.get(season.parent_id)
        folder = paths.parent(file.uri)
        if home is None or file.missing_since is not None or not paths.is_within(folder, home):
            continue
        found = season_folder(folder.strip("/"), home.strip("/"))
        if found is not None and found[1] == season.position:
            world.season_folders[season.id].add("/" + found[0])
    world.items |= {row.id: row for row in tops}


def _load_pictures(session: Session, world: _World, cache: Path) -> None:
    shown = rows_of(session, Asset.entity_id, world.items, col(Asset.rank).is_not(None))
    wanted = [row for row in shown if row.asset_type in TYPES.get(world.items[row.entity_id].kind, ())]
    for picture in pictures_of(session, wanted, cache):
        world.pictures[picture.item_id].append(picture)


def _load_actors(session: Session, world: _World, cache: Path) -> None:
    """Pictures of the people who play in films and series."""
    whole = [row.id for row in world.items.values() if row.kind in _WITH_ACTORS]
    is_cast = (col(Credit.department) == Department.CAST, col(Credit.is_removed).is_(False))
    parts = rows_of(session, Credit.item_id, whole, *is_cast)
    people = {row.person_id for row in parts}
    shown = rows_of(session, Asset.entity_id, people, col(Asset.asset_type) == ACTOR, col(Asset.rank) == 0)
    pictures = {picture.item_id: picture for picture in pictures_of(session, shown, cache)}
    names = {row.id: row.name for row in rows_of(session, Person.id, pictures)}
    for item, person in dict.fromkeys((row.item_id, row.person_id) for row in parts if row.person_id in pictures):
        world.actors[item].append((names[person], pictures[person]))


def _wanted(world: _World, row: Any) -> list[Wanted]:
    if row.kind is ItemKind.SERIES or row.kind is ItemKind.SEASON:
        place = _folder_place(world, row)
        return [] if place is None else [*_at(world, place, [row.id], None), *_of_actors(world, row.id, place)]
    found: dict[str, Wanted] = {}
    for link in sorted(world.links[row.id], key=lambda link: (link.copy_number, link.part_number)):
        file = world.files[link.file_id]
        root = world.root_of(row, file.uri)
        if file.missing_since is not None or root is None:
            continue
        sharers = [item for item in world.sharers[link.file_id] if item in world.items]
        is_own = world.tenants[file.directory_id] <= set(sharers) and row.kind is ItemKind.MOVIE
        place = beside(file.uri, root, is_own=is_own and paths.parent(file.uri) != root)
        items = sorted(sharers, key=lambda item: (world.items[item].position or 0, item))
        with_actors = _of_actors(world, row.id, place) if place.is_own else []
        for one in (*_at(world, place, items, world.streams.get(link.file_id)), *with_actors):
            found.setdefault(one.path, one)  # the parts of a copy share their files
    if found:
        found |= {one.path: one for one in world.sets.get(row.id, ())}
    return list(found.values())


def _folder_place(world: _World, row: Any) -> Place | None:
    """The place of a series or season; None without a folder of the series, or for a season that has no number."""
    top = row if row.kind is ItemKind.SERIES else world.items.get(row.parent_id)
    home = top.directory_path if top is not None else None
    root = world.root_of(row, home) if home is not None else None
    if home is None or root is None:
        return None
    if row.kind is ItemKind.SERIES:
        return of_series(home, root)
    folders = world.season_folders[row.id]
    own = next(iter(folders)) if len(folders) == 1 else None
    return None if row.position is None else of_season(row.position, home, root, own_folder=own)


def _at(world: _World, place: Place, items: Sequence[int], streams: Streams | None) -> list[Wanted]:
    """The NFO and the pictures at a place; where several items share it, the first that has a picture shows it."""
    found: list[Wanted] = []
    if place.nfo is not None:
        content = write_nfo([Root(world.said[item], streams) for item in items])
        found.append(Wanted(place.nfo, place, items[0], NFO, content))
    taken: set[tuple[str, int]] = set()
    for item in items:
        for picture in world.pictures[item]:
            if (picture.asset_type, picture.rank) not in taken:
                taken.add((picture.asset_type, picture.rank))
                path = place.picture(picture.asset_type, picture.rank, extension_of(picture.uri or picture.source))
                found.append(Wanted(path, place, item, picture.asset_type, picture=picture))
    return found


def _of_actors(world: _World, item: int, place: Place) -> list[Wanted]:
    found: list[Wanted] = []
    for name, picture in world.actors[item]:
        there = of_actor(name, place.folder, place.root)
        if there is not None:
            path = there.picture(ACTOR, 0, extension_of(picture.uri or picture.source))
            found.append(Wanted(path, there, item, ACTOR, picture=picture))
    # Of namesakes the first; names that differ in case only are one file on many a share.
    return list({one.path.casefold(): one for one in reversed(found)}.values())[::-1]


def _ours(session: Session, items: Mapping[int, Any], places: Iterable[str]) -> list[Ours]:
    at = {row.id: row for row in rows_of(session, MediaFile.uri, places)}
    rows = {row.id: row for row in rows_of(session, PublishedFile.item_id, items)}
    rows |= {row.id: row for row in rows_of(session, PublishedFile.media_file_id, at)}
    at |= {row.id: row for row in rows_of(session, MediaFile.id, {row.media_file_id for row in rows.values()} - at.keys())}
    return [
        Ours(
            row.id, at[row.media_file_id].uri, row.item_id, row.asset_type, row.sha256, row.quick_hash, row.size_bytes,
            row.modified_at,
        )
        for row in rows.values()
    ]  # fmt: skip
