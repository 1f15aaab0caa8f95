"""Finds or makes the series that the videos of a unit belong to."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from domain.catalog.enums import EntityKind, ItemKind
from domain.catalog.queries import rows_of
from domain.catalog.sorting import normal_name
from domain.catalog.tables import MediaItem
from domain.kit.database import UnitOfWork
from domain.kit.ids import global_id
from domain.libraries import paths
from domain.libraries.applying import doubts, names, nfo_choice
from domain.libraries.applying.catalogue_ids import IdKey, contradict, ids_held, ids_of_name, items_with, key
from domain.libraries.applying.films import candidate_of
from domain.libraries.applying.holders import Holders
from domain.libraries.applying.model import Batch, Doubt, Scope
from domain.libraries.applying.names import Named, NameIndex
from domain.libraries.applying.trees import Nursery, Wanted
from domain.libraries.names import ParsedName
from domain.libraries.nfo import NfoId, NfoItem, NfoKind
from domain.libraries.sidecars import FolderKind
from domain.libraries.understanding.model import FoundFile, Unit
from domain.libraries.understanding.nfos import preferred


@dataclass(slots=True)
class Show:
    """A series as the videos of one unit name it. `key` is its item, negative while it is still to be made."""

    unit: Unit
    parsed: ParsedName
    own_ids: tuple[NfoId, ...]  # those of its name
    ids: tuple[NfoId, ...]
    files: list[FoundFile] = field(default_factory=list)
    held: int | None = None  # the series that its videos belonged to
    key: int = 0
    alike: list[int] = field(default_factory=list)


def shows_of(batch: Batch, unit: Unit, files: Sequence[FoundFile], holders: Holders) -> list[Show]:
    """The series that a unit's open videos belong to: one in a series' own folder, else one for each name."""
    nfo = preferred(one for one in unit.files if one.directory == unit.path)
    said = nfo_choice.ids_of(nfo, NfoKind.SERIES) if nfo is not None else ()
    groups: dict[Any, list[FoundFile]] = defaultdict(list)
    for file in files:
        assert file.parsed is not None
        is_own = unit.kind in (FolderKind.SERIES, FolderKind.SEASON)
        groups["" if is_own else (normal_name(file.parsed.title), file.parsed.year)].append(file)
    shows = []
    for members in groups.values():
        parsed = _commonest(members)
        is_heard = nfo if unit.kind is FolderKind.SERIES else None
        own = ids_of_name(parsed.external_ids, NfoKind.SERIES)
        ids = (*own, *(said if is_heard else ()))
        held = [item for file in members for item in holders.of_file(batch.id_of(file))]
        roots = Counter(holders.items[item].root_id for item in held)
        root = min(roots, key=lambda one: (-roots[one], one), default=None)
        shows.append(Show(unit, parsed, own, tuple(dict.fromkeys(ids)), members, root))
    return shows


def find_shows(uow: UnitOfWork, scope: Scope, batch: Batch, shows: Sequence[Show], nursery: Nursery) -> None:
    """Give each show its series: the one its folder is, the one that moved here, else by ids, else by name; else a new one."""
    if scope.names is None:
        scope.names = names.load(uow.session, scope.library.id)
    places = [paths.join(show.unit.root.path, show.unit.path) for show in shows if show.unit.kind is FolderKind.SERIES]
    is_series = MediaItem.kind == ItemKind.SERIES
    live = [row for row in rows_of(uow.session, MediaItem.directory_path, places, is_series) if row.deleted_at is None]
    of_folder = {row.directory_path: row.id for row in live if row.library_id == scope.library.id}
    before = {row.id: row for row in rows_of(uow.session, MediaItem.id, [show.held for show in shows if show.held])}
    by_id = items_with(uow, scope.library.id, ItemKind.SERIES, [one for show in shows for one in show.ids])
    entries = {entry.item_id for show in shows for entry in scope.names.find(ItemKind.SERIES, show.parsed.title)}
    search = _Search(scope, of_folder, before, by_id, ids_held(uow, entries))
    for show in shows:
        show.key = _find(search, show, scope.names, nursery)


@dataclass(slots=True)
class _Search:
    scope: Scope
    of_folder: dict[str, int]
    before: Mapping[int, Any]
    by_id: Mapping[IdKey, Sequence[Any]]
    held: dict[int, dict[tuple[str, str], str]]
    new_by_id: dict[IdKey, int] = field(default_factory=dict)


def _find(search: _Search, show: Show, index: NameIndex, nursery: Nursery) -> int:
    place = paths.join(show.unit.root.path, show.unit.path)
    parsed = show.parsed
    if show.unit.kind is FolderKind.SERIES and place in search.of_folder:
        return search.of_folder[place]
    if show.held is not None and _has_left(search, show.held):
        row = search.before[show.held]
        index.forget(show.held, ItemKind.SERIES, row.title)
        index.add(ItemKind.SERIES, parsed.title, Named(show.held, parsed.year, ""))
        return show.held
    for one in show.ids:
        if rows := search.by_id.get(key(one)):
            found: int = rows[0].id
            return found
        if key(one) in search.new_by_id:
            return search.new_by_id[key(one)]
    entries = index.find(ItemKind.SERIES, parsed.title)
    fitting = [entry for entry in entries if not contradict(search.held.get(entry.item_id, {}), show.ids)]
    exact = [entry.item_id for entry in fitting if entry.year == parsed.year]
    near = [entry.item_id for entry in fitting if entry.year is None or parsed.year is None]
    if exact or len(set(near)) == 1:
        return exact[0] if exact else near[0]
    show.alike = list(dict.fromkeys(near))
    slot = nursery.add(Wanted(ItemKind.SERIES, parsed.title, None, {"year": parsed.year}))
    index.add(ItemKind.SERIES, parsed.title, Named(slot, parsed.year, ""))
    search.held[slot] = {(one.provider, one.namespace): one.id for one in show.ids}
    search.new_by_id |= {key(one): slot for one in show.ids}
    if show.unit.kind is FolderKind.SERIES:
        search.of_folder[place] = slot
    return slot


def _has_left(search: _Search, series: int) -> bool:
    """Whether a series' old folder is gone: then it moved here with its episodes, and is not one they were taken from."""
    row = search.before.get(series)
    if row is None or row.deleted_at is not None or row.kind != ItemKind.SERIES:
        return False
    return row.directory_path is not None and row.directory_path in search.scope.vanished_paths


def settle_show(batch: Batch, scope: Scope, show: Show, item: int, made: Mapping[int, int]) -> None:
    """Note what is known of a series: its name, its ids, its NFO, and what is not certain about it."""
    parsed = show.parsed
    facts = batch.facts_of(item, EntityKind.SERIES)
    facts.name_values = {"title": parsed.title, "year": parsed.year} if parsed.year else {"title": parsed.title}
    facts.ids = tuple(dict.fromkeys((*facts.ids, *show.own_ids)))
    if scope.names is not None and show.key < 0:
        scope.names.forget(show.key, ItemKind.SERIES, parsed.title)
        scope.names.add(ItemKind.SERIES, parsed.title, Named(item, parsed.year, ""))
    if parsed.confidence < doubts.CERTAIN and not show.ids:
        batch.doubts.append(Doubt(doubts.UNCERTAIN_NAME, parsed.confidence, item_id=item, candidates=(candidate_of(parsed),)))
    else:
        batch.settled.add((doubts.UNCERTAIN_NAME, item))
    if others := [made.get(one, one) for one in show.alike]:
        candidates = tuple({"item": global_id("media_items", one)} for one in others)
        batch.doubts.append(Doubt(doubts.AMBIGUOUS, 0.5, item_id=item, candidates=candidates))


def hear_series_nfo(batch: Batch, item: int, nfo: FoundFile | None, *, is_lost: bool) -> None:
    """Note what a `tvshow.nfo` that was read now says of a series, or that there is none any more."""
    facts = batch.facts_of(item, EntityKind.SERIES)
    if nfo is None:
        if is_lost:
            facts.miss()
    elif nfo.nfo is not None:
        said = nfo_choice.item_of(nfo, NfoKind.SERIES) or NfoItem(NfoKind.SERIES)
        facts.hear(nfo, said, nfo_choice.ids_of(nfo, NfoKind.SERIES))


def _commonest(files: Sequence[FoundFile]) -> ParsedName:
    """The name that most of the files agree on, said by the surest of them."""
    counts = Counter((file.parsed.title, file.parsed.year) for file in files if file.parsed is not None)
    best = max(counts, key=lambda one: (counts[one], one[1] is not None, one[0]))
    said = [file.parsed for file in files if file.parsed is not None and (file.parsed.title, file.parsed.year) == best]
    return max(said, key=lambda parsed: (parsed.confidence, len(parsed.external_ids)))
