"""Finds or makes the episodes that each video holds, with their seasons."""

from collections import defaultdict
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Any

from domain.catalog.enums import EntityKind, EpisodeOrdering, ItemKind
from domain.catalog.episode_orders import NONE, Orders, load, write_numbers
from domain.catalog.tables import MediaItem
from domain.kit.database import UnitOfWork
from domain.libraries import paths
from domain.libraries.applying import doubts, nfo_choice, trees
from domain.libraries.applying.films import uncertain_name, unknown_name
from domain.libraries.applying.holders import Holders, claim_directories, load_holders
from domain.libraries.applying.model import Batch, Link, Scope
from domain.libraries.applying.rows import update_rows
from domain.libraries.applying.series import Show, find_shows, settle_show, shows_of
from domain.libraries.applying.trees import Nursery, Slot, Tree, Wanted
from domain.libraries.enums import FileRole
from domain.libraries.names import ParsedName
from domain.libraries.nfo import NfoItem, NfoKind
from domain.libraries.sidecars import FolderKind, SidecarRole, split_name
from domain.libraries.understanding.kinds import without_part
from domain.libraries.understanding.model import FoundFile, Piece
from domain.libraries.understanding.nfos import nfos_by_video
from domain.libraries.understanding.pieces import index_mains


@dataclass(slots=True)
class _Placing:
    """The episodes of a batch while they are being placed. `moves` are existing ones that take on other numbers."""

    batch: Batch
    holders: Holders
    nursery: Nursery
    trees: dict[int, Tree]
    leaving: set[int]
    nfos: Mapping[str, FoundFile]
    used: set[int] = field(default_factory=set)
    moves: list[tuple[int, int, Tree, Slot]] = field(default_factory=list)  # item, season, tree, slot
    displaced: set[int] = field(default_factory=set)  # what had a number that another one gets
    absolute: dict[int, int] = field(default_factory=dict)
    ordered: dict[EpisodeOrdering, dict[int, tuple[int, int]]] = field(default_factory=dict)


def place_episodes(uow: UnitOfWork, scope: Scope, batch: Batch, pieces: Sequence[Piece]) -> None:
    """Give every main file its episodes: those of its numbers or day, else the ones it had, else new ones."""
    holders = load_holders(uow, batch, pieces, ItemKind.EPISODE)
    reordered = _reordered(uow, holders)
    shows: list[Show] = []
    nfos: dict[str, FoundFile] = {}
    for piece in pieces:
        of_unit = nfos_by_video(piece.unit, index_mains(piece.unit))
        videos = [file for file in piece.files if file.role is SidecarRole.MAIN]
        nfos |= {file.uri: of_unit[file.uri] for file in videos if file.uri in of_unit}
        kind = piece.unit.kind
        opened = [file for file in videos if _is_open(batch, holders, reordered, kind, file, nfos.get(file.uri))]
        shows += shows_of(batch, piece.unit, opened, holders)
    if shows:
        _place_shows(uow, scope, batch, holders, shows, nfos)


def _place_shows(
    uow: UnitOfWork, scope: Scope, batch: Batch, holders: Holders, shows: list[Show], nfos: Mapping[str, FoundFile]
) -> None:
    nursery = Nursery()
    find_shows(uow, scope, batch, shows, nursery)
    known = trees.load_trees(uow, {show.key for show in shows if show.key > 0})
    placing = _Placing(batch, holders, nursery, known, _leaving(batch, holders, shows, known, nfos), nfos)
    placed = [(show, file, _place(placing, show, file)) for show in shows for file in _numbered_first(show.files, nfos)]
    freed = {item for item, _, _, _ in placing.moves} | placing.displaced
    update_rows(uow, MediaItem, [{"key": item, "position": None} for item in sorted(freed)])  # others may get their numbers
    made = trees.make(uow, nursery, media_type_id=scope.library.media_type_id, library_id=scope.library.id)
    batch.added |= dict.fromkeys(made.values())
    _relocate(uow, placing, made)
    for show, file, keys in placed:
        orders = placing.trees[show.key].orders
        _settle(batch, show, file, [made.get(key, key) for key in keys], nfos.get(file.uri), orders)
    trees.write_absolute(uow, {made.get(key, key): number for key, number in placing.absolute.items()})
    for ordering, numbers in placing.ordered.items():
        trees.write_orders(uow, ordering, {made.get(key, key): number for key, number in numbers.items()})
    write_numbers(uow, [tree.series for tree in placing.trees.values() if tree.orders.numbers and (made or placing.moves)])
    claims: dict[str, list[int]] = defaultdict(list)
    for show in shows:
        item = made.get(show.key, show.key)
        settle_show(batch, scope, show, item, made)
        if show.unit.kind is FolderKind.SERIES:
            claims[paths.join(show.unit.root.path, show.unit.path)].append(item)
    claim_directories(uow, batch, claims)


def _reordered(uow: UnitOfWork, holders: Holders) -> set[int]:
    """Series whose files go by another order than the aired one: their NFO files may count in either."""
    series = {row.root_id for row in holders.items.values()}
    return {key for key, orders in load(uow.session, series).items() if orders.chosen is not EpisodeOrdering.AIRED}


def _is_open(
    batch: Batch, holders: Holders, reordered: Set[int], kind: FolderKind, file: FoundFile, nfo: FoundFile | None
) -> bool:
    """Whether a video's episodes are still to be found; a settled one's NFO is heard, an unknown one is a doubt."""
    file_id = batch.id_of(file)
    held = holders.of_file(file_id)
    if file.is_known_here and not held:
        return False  # its episode was deleted by a person, and may be restored
    if holders.is_settled(file):
        batch.items_of[file_id] = held
        for number, item in enumerate(held):
            row = holders.items[item]
            _hear_nfo(batch, item, None if row.root_id in reordered else row.position, number, len(held), nfo)
        return False
    batch.decided.add(file_id)
    parsed = file.parsed
    has_title = parsed is not None and (parsed.title or kind is FolderKind.SERIES)
    if parsed is None or parsed.kind != "episode" or not has_title or not trees.slots_of(parsed, NONE):
        batch.doubts.append(unknown_name(file_id, parsed))
        return False
    batch.settled.add((doubts.UNKNOWN_NAME, file_id))
    return True


def _slots(file: FoundFile, tree: Tree, nfo: FoundFile | None) -> list[Slot]:
    """The slots of a video's episodes. One that is known by its day alone, and new, has the number that its NFO gives, unless
    an episode of another day has that."""
    assert file.parsed is not None
    slots = trees.slots_of(file.parsed, tree.orders)
    number = nfo_choice.number_of(nfo) if slots and slots[0][0] == "date" else None
    if number is None or slots[0] in tree.episodes:
        return slots
    holder = tree.episodes.get(trees.aired(*number))
    days = {slot for slot in tree.slots.get(holder, ()) if slot[0] == "date"} if holder is not None else set()
    return slots if days - set(slots) else [trees.aired(*number)]


def _numbered_first(files: Sequence[FoundFile], nfos: Mapping[str, FoundFile]) -> list[FoundFile]:
    """A day's copy without an NFO is the same episode as the one whose NFO gives it a number."""
    return sorted(files, key=lambda file: nfo_choice.number_of(nfos.get(file.uri)) is None)


def _leaving(
    batch: Batch, holders: Holders, shows: Sequence[Show], known: Mapping[int, Tree], nfos: Mapping[str, FoundFile]
) -> set[int]:
    """Episodes whose only files are in the batch and say other numbers now: their old numbers are free."""
    leaving: set[int] = set()
    for show in shows:
        tree = known.get(show.key)
        for file in show.files:
            assert file.parsed is not None
            wanted = _slots(file, tree or Tree(show.key), nfos.get(file.uri))
            for item in holders.of_file(batch.id_of(file)):
                stays = tree is not None and any(slot in tree.slots.get(item, ()) for slot in wanted)
                if not stays and holders.may_become_another(item):
                    leaving.add(item)
    return leaving


def _place(placing: _Placing, show: Show, file: FoundFile) -> list[int]:
    assert file.parsed is not None
    tree = placing.trees.setdefault(show.key, Tree(show.key))
    slots = _slots(file, tree, placing.nfos.get(file.uri))
    spare = [item for item in placing.holders.of_file(placing.batch.id_of(file)) if item in placing.leaving]
    keys: list[int] = []
    for number, slot in enumerate(slots):
        item = tree.episodes.get(slot)
        if item is None or (item in placing.leaving and item not in placing.used):
            if item is not None and slot[0] == "aired":
                placing.displaced.add(item)
            item = _fill(placing, tree, slot, spare, file.parsed, is_only=len(slots) == 1)
        placing.used.add(item)
        keys.append(item)
        if file.parsed.air_date is not None and not file.parsed.episodes:
            tree.add(trees.on_day(file.parsed.air_date), item)  # for a copy without an NFO
        if slot[0] == "aired" and len(file.parsed.absolute) == len(slots):
            placing.absolute[item] = file.parsed.absolute[number]
        elif slot[0] == "absolute":
            placing.absolute[item] = slot[1]
        elif slot[0] == "ordered":
            placing.ordered.setdefault(tree.orders.chosen, {})[item] = slot[1]
    return list(dict.fromkeys(keys))


def _fill(placing: _Placing, tree: Tree, slot: Slot, spare: list[int], parsed: ParsedName, *, is_only: bool) -> int:
    """An episode for a slot: the one that leaves its old slot with this file, else a new one."""
    number = slot[1][0] if slot[0] == "aired" else None if slot[0] == "ordered" else parsed.season
    season = tree.seasons.get(number)
    if season is None:
        season = placing.nursery.add(Wanted(ItemKind.SEASON, season_title(number), tree.series, {"position": number}))
        tree.seasons[number] = season
    item = next((one for one in spare if one not in placing.used), None)
    if item is not None:
        for other in placing.trees.values():
            for old in other.slots.pop(item, ()):
                if other.episodes.get(old) == item:
                    del other.episodes[old]
        placing.moves.append((item, season, tree, slot))
    else:
        values = {"position": slot[1][1] if slot[0] == "aired" else None, "release_date": _day(slot)}
        title = (parsed.episode_title if is_only else "") or fallback_title(slot)
        item = placing.nursery.add(Wanted(ItemKind.EPISODE, title, season, values))
    tree.add(slot, item)
    return item


def _relocate(uow: UnitOfWork, placing: _Placing, made: Mapping[int, int]) -> None:
    """Give existing episodes, which have given up their old numbers, their new ones: so two may change places."""
    rows = []
    for item, season, tree, slot in placing.moves:
        row: dict[str, Any] = {"key": item, "parent_id": made.get(season, season), "root_id": made.get(tree.series, tree.series)}
        rows.append({**row, "position": slot[1][1] if slot[0] == "aired" else None})
        placing.batch.change(item, "position")
        placing.batch.touched.add(item)
    update_rows(uow, MediaItem, rows)
    before = {placing.holders.items[item].parent_id for item, _, _, _ in placing.moves}
    placing.batch.touched_parents |= before
    placing.batch.touched_parents |= {placing.holders.items[item].root_id for item, _, _, _ in placing.moves}


def _settle(batch: Batch, show: Show, file: FoundFile, items: Sequence[int], nfo: FoundFile | None, orders: Orders) -> None:
    parsed = file.parsed
    assert parsed is not None
    file_id = batch.id_of(file)
    batch.items_of[file_id] = list(items)
    group = without_part(split_name(file.uri)[0]) if parsed.part is not None else file.uri
    slots = trees.slots_of(parsed, orders)
    for number, item in enumerate(items):
        batch.links.append(Link(item, file_id, FileRole.MAIN, group, max(1, parsed.part or 1)))
        facts = batch.facts_of(item, EntityKind.EPISODE)
        slot = slots[min(number, len(slots) - 1)]
        title = (parsed.episode_title if len(items) == 1 else "") or fallback_title(slot)
        day = _day(slot)
        facts.name_values = {"title": title, "release_date": day.isoformat() if day is not None else None}
        is_plain = slot[0] == "aired" and orders.chosen is EpisodeOrdering.AIRED
        season, episode = slot[1] if is_plain else (None, None)
        _hear_nfo(batch, item, episode, number, len(items), nfo, season=season)
        if parsed.confidence < doubts.CERTAIN:
            batch.doubts.append(uncertain_name(item, parsed))
        else:
            batch.settled.add((doubts.UNCERTAIN_NAME, item))


def _hear_nfo(
    batch: Batch, item: int, episode: int | None, number: int, count: int, nfo: FoundFile | None, *, season: int | None = None
) -> None:
    """Hear an NFO for the n-th of a file's episodes; `season` and `episode` are what it must not contradict."""
    facts = batch.facts_of(item, EntityKind.EPISODE)
    if nfo is None:
        facts.miss()
        return
    if nfo.nfo is None:
        return
    roots = [root for root in nfo.nfo.roots if root.kind is NfoKind.EPISODE]
    said = _root_for(roots, episode, number, count)
    if said is not None:
        ids = said.external_ids or (nfo.nfo.url_ids if count == 1 else ())
        facts.hear(nfo, said, ids, nfo_choice.episode_contradiction(season, episode, said))
    elif count == 1 and nfo.nfo.url_ids:
        facts.hear(nfo, NfoItem(NfoKind.EPISODE), nfo.nfo.url_ids)
    else:
        facts.miss(nfo)


def _root_for(roots: Sequence[NfoItem], episode: int | None, number: int, count: int) -> NfoItem | None:
    """The part of an NFO that tells of the n-th of a file's episodes: the one of its number, else the n-th."""
    by_number = next((root for root in roots if episode is not None and root.episode == episode), None)
    if by_number is not None:
        return by_number
    return roots[number] if len(roots) == count else None


def _day(slot: Slot) -> Any:
    return slot[1] if slot[0] == "date" else None


def season_title(number: int | None) -> str:
    """What a season is called until somebody says better."""
    if number is None:
        return "Unknown season"
    return "Specials" if number == 0 else f"Season {number}"


def fallback_title(slot: Slot) -> str:
    """What an episode is called until somebody says better."""
    if slot[0] == "date":
        return str(slot[1])
    return f"Episode {slot[1] if slot[0] == 'absolute' else slot[1][1]}"
