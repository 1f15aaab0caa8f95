"""Finds or makes the film that each video belongs to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from domain.catalog.enums import Availability, EntityKind, ItemKind
from domain.catalog.service import NewItem, create_items
from domain.kit.database import UnitOfWork
from domain.kit.ids import global_id
from domain.libraries import paths
from domain.libraries.applying import doubts, names, nfo_choice
from domain.libraries.applying.catalogue_ids import IdKey, contradict, ids_held, ids_of_name, items_with, key
from domain.libraries.applying.holders import Holders, claim_directories, load_holders
from domain.libraries.applying.model import Batch, Doubt, Link, Scope
from domain.libraries.applying.names import Named, NameIndex
from domain.libraries.enums import FileRole
from domain.libraries.names import ParsedName, parse_path
from domain.libraries.nfo import NfoId, NfoItem, NfoKind
from domain.libraries.sidecars import FolderKind, SidecarRole, split_name
from domain.libraries.understanding.kinds import without_part
from domain.libraries.understanding.model import FoundFile, Piece, Unit
from domain.libraries.understanding.nfos import nfos_by_video
from domain.libraries.understanding.pieces import index_mains

MISPLACED: Final = 0.5
"""The most that a name counts for which says what its library does not hold."""


@dataclass(slots=True)
class _Video:
    """A main file whose film is to be found."""

    file: FoundFile
    unit: Unit
    parsed: ParsedName
    own_ids: tuple[NfoId, ...]  # those of its name
    ids: tuple[NfoId, ...]
    nfo: FoundFile | None


@dataclass(slots=True)
class _Search:
    """Where films are looked for. Films still to be made have negative keys, by their order in `new`."""

    index: NameIndex
    holders: Holders
    by_id: Mapping[IdKey, Sequence[Any]]
    held: dict[int, dict[tuple[str, str], str]]
    new: list[_Video] = field(default_factory=list)
    new_by_id: dict[tuple[IdKey, str], int] = field(default_factory=dict)
    alike: dict[int, list[int]] = field(default_factory=dict)
    named: set[int] = field(default_factory=set)  # held ones of which a file of the batch has said already what they are

    def still_alike(self, slot: int, title: str, made: Mapping[int, int]) -> list[int]:
        """The namesakes of a film that kept their name while all others of the batch were looked at."""
        named = {entry.item_id for entry in self.index.find(ItemKind.MOVIE, title)}
        return [one for one in (made.get(one, one) for one in self.alike.get(slot, ())) if one in named]


def place_films(uow: UnitOfWork, scope: Scope, batch: Batch, pieces: Sequence[Piece]) -> None:
    """Give every main file its film: the one it has, else by catalogue ids, else by name, edition and year, else a new one."""
    holders = load_holders(uow, batch, pieces, ItemKind.MOVIE)
    videos: list[_Video] = []
    for piece in pieces:
        spoken = nfos_by_video(piece.unit, index_mains(piece.unit))
        for file in piece.files:
            if file.role is SidecarRole.MAIN:
                videos += _look_at(batch, holders, piece.unit, file, spoken.get(file.uri))
    if videos:
        _place(uow, scope, batch, holders, videos)
    _claim(uow, batch, holders, pieces)


def _place(uow: UnitOfWork, scope: Scope, batch: Batch, holders: Holders, videos: Sequence[_Video]) -> None:
    if scope.names is None:
        scope.names = names.load(uow.session, scope.library.id)
    by_id = items_with(uow, scope.library.id, ItemKind.MOVIE, [one for video in videos for one in video.ids])
    candidates = {entry.item_id for video in videos for entry in scope.names.find(ItemKind.MOVIE, video.parsed.title)}
    search = _Search(scope.names, holders, by_id, ids_held(uow, candidates))
    # Who moved takes its name first: a newcomer at its old place must not be taken for it.
    videos = sorted(videos, key=lambda video: not holders.of_file(batch.id_of(video.file)))
    slots = [_find(batch, search, video) for video in videos]
    made = _make(uow, scope, batch, search)
    for video, slot in zip(videos, slots, strict=True):
        item = made.get(slot, slot)
        _settle(batch, video, item, search.still_alike(slot, video.parsed.title, made))


def _claim(uow: UnitOfWork, batch: Batch, holders: Holders, pieces: Sequence[Piece]) -> None:
    """A film's folder belongs to the film in it; of several cuts to the one that has it, else to the usual one."""
    claims: dict[str, list[int]] = {}
    editions = {item: row.edition for item, row in holders.items.items()}
    editions |= {item: one.edition for item, one in batch.facts.items() if one.edition is not None}
    for piece in pieces:
        came = [file for file in piece.files if file.id in batch.decided or (file.known is not None and file.known.is_missing)]
        if piece.unit.kind is FolderKind.MOVIE and any(file.role is SidecarRole.MAIN for file in came):
            items = {item for file in piece.unit.mains if file.id is not None for item in batch.items_of.get(file.id, ())}
            place = paths.join(piece.unit.root.path, piece.unit.path)
            claims[place] = sorted(items, key=lambda item: (editions.get(item, "") != "", item))
    claim_directories(uow, batch, claims)


def _look_at(batch: Batch, holders: Holders, unit: Unit, file: FoundFile, nfo: FoundFile | None) -> list[_Video]:
    """A video whose film is open; none if its film is known already, or nobody can tell."""
    file_id = batch.id_of(file)
    held = holders.of_file(file_id)
    if file.is_known_here and not held:
        return []  # its film was deleted by a person, and may be restored
    if holders.is_settled(file):
        batch.items_of[file_id] = held
        parsed = parse_path(paths.join_relative(file.directory, file.name), hint="movie")
        for item in held:
            hear_nfo(batch, item, nfo, parsed)
        return []
    batch.decided.add(file_id)
    named = file.parsed
    if named is None or named.kind != "movie" or not named.title:
        batch.doubts.append(unknown_name(file_id, named))
        return []
    batch.settled.add((doubts.UNKNOWN_NAME, file_id))
    said = nfo_choice.ids_of(nfo, NfoKind.MOVIE) if nfo is not None else ()
    if nfo is not None and nfo_choice.film_contradiction(named, nfo_choice.item_of(nfo, NfoKind.MOVIE), said):
        said = ()
    own = ids_of_name(named.external_ids, NfoKind.MOVIE)
    return [_Video(file, unit, named, own, (*own, *said), nfo)]


def _find(batch: Batch, search: _Search, video: _Video) -> int:
    parsed = video.parsed
    entries = search.index.find(ItemKind.MOVIE, parsed.title)
    exact = [entry.item_id for entry in entries if (entry.year, entry.edition) == (parsed.year, parsed.edition)]
    for item in search.holders.of_file(batch.id_of(video.file)):
        if item in exact:
            search.named.add(item)
            return item
        if item not in search.named and search.holders.may_become_another(item):
            search.named.add(item)
            search.index.forget(item, ItemKind.MOVIE, search.holders.items[item].title)
            search.index.add(ItemKind.MOVIE, parsed.title, Named(item, parsed.year, parsed.edition))
            search.alike[item] = exact
            return item
    for one in video.ids:
        for row in search.by_id.get(key(one), ()):
            if row.edition == parsed.edition:
                found: int = row.id
                return found
        if (slot := search.new_by_id.get((key(one), parsed.edition))) is not None:
            return slot
    for item in exact:
        if not contradict(search.held.get(item, {}), video.ids):
            return item
    search.new.append(video)
    slot = -len(search.new)
    near = [entry for entry in entries if entry.edition == parsed.edition and entry.year != parsed.year]
    search.alike[slot] = [entry.item_id for entry in near if entry.year is None or parsed.year is None]
    search.index.add(ItemKind.MOVIE, parsed.title, Named(slot, parsed.year, parsed.edition))
    search.held[slot] = {(one.provider, one.namespace): one.id for one in video.ids}
    for one in video.ids:
        search.new_by_id[key(one), parsed.edition] = slot
    return slot


def _make(uow: UnitOfWork, scope: Scope, batch: Batch, search: _Search) -> dict[int, int]:
    items = [
        NewItem(
            media_type_id=scope.library.media_type_id,
            kind=ItemKind.MOVIE,
            title=video.parsed.title,
            library_id=scope.library.id,
            values={
                "year": video.parsed.year,
                "edition": video.parsed.edition,
                "availability": Availability.PRESENT,
                "last_scanned_at": uow.now(),
            },
        )
        for video in search.new
    ]
    made: dict[int, int] = {}
    for number, (video, item) in enumerate(zip(search.new, create_items(uow, items), strict=True), start=1):
        made[-number] = item
        batch.added[item] = None
        search.index.forget(-number, ItemKind.MOVIE, video.parsed.title)
        search.index.add(ItemKind.MOVIE, video.parsed.title, Named(item, video.parsed.year, video.parsed.edition))
    return made


def _settle(batch: Batch, video: _Video, item: int, alike: Sequence[int]) -> None:
    parsed = video.parsed
    file_id = batch.id_of(video.file)
    batch.items_of[file_id] = [item]
    stem = split_name(video.file.uri)[0]
    group = without_part(stem) if parsed.part is not None else video.file.uri
    batch.links.append(Link(item, file_id, FileRole.MAIN, group, max(1, parsed.part or 1)))
    facts = batch.facts_of(item, EntityKind.MOVIE)
    facts.name_values = {"title": parsed.title, "year": parsed.year}
    facts.edition = parsed.edition
    facts.ids = tuple(dict.fromkeys((*facts.ids, *video.own_ids)))
    hear_nfo(batch, item, video.nfo, parsed)
    if parsed.confidence < doubts.CERTAIN and not video.ids:
        batch.doubts.append(uncertain_name(item, parsed))
    else:
        batch.settled.add((doubts.UNCERTAIN_NAME, item))
    if others := [one for one in alike if one != item]:
        candidates = tuple({"item": global_id("media_items", one)} for one in others)
        batch.doubts.append(Doubt(doubts.AMBIGUOUS, 0.5, item_id=item, candidates=candidates))


def hear_nfo(batch: Batch, item: int, nfo: FoundFile | None, parsed: ParsedName | None) -> None:
    """Note what an NFO that was read now says of a film, or that there is none any more."""
    facts = batch.facts_of(item, EntityKind.MOVIE)
    if nfo is None:
        facts.miss()
    elif nfo.nfo is not None:
        said = nfo_choice.item_of(nfo, NfoKind.MOVIE) or NfoItem(NfoKind.MOVIE)
        ids = nfo_choice.ids_of(nfo, NfoKind.MOVIE)
        facts.hear(nfo, said, ids, None if parsed is None else nfo_choice.film_contradiction(parsed, said, ids))


def unknown_name(file_id: int, parsed: ParsedName | None) -> Doubt:
    """Nobody can tell from its name what a video is, or it is not what its library holds: then one of the two is wrong,
    however clear the name is."""
    if parsed is None or not parsed.title:
        return Doubt(doubts.UNKNOWN_NAME, 0.0, file_id=file_id)
    return Doubt(doubts.UNKNOWN_NAME, min(parsed.confidence, MISPLACED), file_id=file_id, candidates=(candidate_of(parsed),))


def uncertain_name(item: int, parsed: ParsedName) -> Doubt:
    """The name was read, but not for certain."""
    return Doubt(doubts.UNCERTAIN_NAME, parsed.confidence, item_id=item, candidates=(candidate_of(parsed),))


def candidate_of(parsed: ParsedName) -> Mapping[str, Any]:
    """What a name may mean, as a person is shown it."""
    said = {
        "source": parsed.parser,
        "kind": parsed.kind,
        "title": parsed.title,
        "year": parsed.year,
        "season": parsed.season,
        "episodes": list(parsed.episodes) or None,
        "edition": parsed.edition or None,
        "confidence": parsed.confidence,
    }
    return {name: value for name, value in said.items() if value is not None}
