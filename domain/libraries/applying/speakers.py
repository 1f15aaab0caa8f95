"""Decides which NFO speaks for an item that has files in several places, and notices when the one that spoke is gone."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlmodel import col

from domain.catalog.queries import rows_of
from domain.catalog.resolving import forget_source
from domain.catalog.sources import NFO
from domain.catalog.tables import MediaItem
from domain.kit.database import UnitOfWork
from domain.libraries import paths
from domain.libraries.applying import doubts, nfo_record
from domain.libraries.applying.model import Batch, Doubt, ItemFacts
from domain.libraries.applying.rows import update_rows
from domain.libraries.enums import FileRole, ReviewStatus
from domain.libraries.scanning.comparing import KnownFile
from domain.libraries.scanning.known import OPEN
from domain.libraries.scanning.rules import hint_of
from domain.libraries.scanning.units import unit_of
from domain.libraries.tables import ItemFile, LibraryDirectory, MediaFile, ReviewItem
from domain.libraries.understanding.model import Piece, Unit
from domain.libraries.understanding.nfos import Rank, nfos_by_video, rank_of
from domain.libraries.understanding.pieces import index_mains

_Files = Mapping[int, Sequence[Any]]
"""Item -> rows of its main files that are there."""


def settle_speakers(uow: UnitOfWork, batch: Batch, pieces: Sequence[Piece]) -> None:
    """Leave in the batch's facts what is to be heard and what is to be forgotten.

    What an item was told stays while the NFO that told it speaks for one of its files, here or elsewhere; of two the
    first by rank is heard. When it is gone, its words go, and the item's other folders are looked at again.
    """
    _leave_ours(uow, batch)
    _withhold_contradictions(uow, batch)
    facts = [one for one in batch.facts.values() if one.item_id not in batch.added and (one.nfo is not None or one.is_nfo_gone)]
    records = nfo_record.heard(uow.session, [one.item_id for one in facts])
    facts = [one for one in facts if one.item_id in records]
    if not facts:
        return
    units = list({id(piece.unit): piece.unit for piece in pieces}.values())
    files = _files(uow, batch, units, [one.item_id for one in facts])
    speaking = _speaking(units, files)
    here = {paths.join(unit.root.path, directory.path) for unit in units for directory in unit.directories}
    outside = {key: record for key, record in records.items() if paths.parent(record[1]) not in here}
    elsewhere = _lying(uow, batch, outside, files)
    left: list[int] = []
    for one in facts:
        record = records[one.item_id]
        is_speaking = record[1] in speaking.get(one.item_id, ()) or one.item_id in elsewhere
        if is_speaking and record[1] not in one.mute:
            if one.nfo is None or one.nfo_file is None:
                one.is_nfo_gone = False
            elif record < rank_of(one.nfo_file):
                one.nfo, one.nfo_ids = None, ()
        elif one.nfo is None:
            left.append(one.item_id)
    _look_again(uow, batch, [row for item in left for row in files.get(item, ()) if len(files[item]) > 1])


def forget_lost_speakers(uow: UnitOfWork, batch: Batch, gone: Iterable[KnownFile]) -> None:
    """Items that lost a video with the NFO that spoke beside it, and are there with another, forget what that NFO said."""
    links = rows_of(uow.session, ItemFile.file_id, [file.id for file in gone], col(ItemFile.role) == FileRole.MAIN)
    files = _files(uow, batch, (), {link.item_id for link in links})
    records = nfo_record.heard(uow.session, files)
    lost = records.keys() - _lying(uow, batch, records, files) - _published(uow, records)
    for item, fields in forget_source(uow, NFO, lost).items():
        batch.change(item, *fields)
    _look_again(uow, batch, [row for item in lost for row in files[item]])


def _leave_ours(uow: UnitOfWork, batch: Batch) -> None:
    """An NFO that we published tells an item nothing it does not know, and what an NFO said of an item is the catalog's own
    since it was published: it is not forgotten with the file."""
    published = _published(uow, [one.item_id for one in batch.facts.values() if one.is_nfo_gone])
    for one in batch.facts.values():
        if one.item_id not in batch.added and one.nfo_file is not None and one.nfo_file.is_ours:
            one.nfo, one.nfo_ids, one.nfo_file, one.contradiction = None, (), None, None
        if one.item_id in published:
            one.is_nfo_gone = False


def _published(uow: UnitOfWork, items: Iterable[int]) -> set[int]:
    return {row.id for row in rows_of(uow.session, MediaItem.id, items) if row.last_published_at is not None}


def _withhold_contradictions(uow: UnitOfWork, batch: Batch) -> None:
    """An NFO that contradicts the name is not heard, unless a person has decided for it."""
    contradicting = [one.item_id for one in batch.facts.values() if one.contradiction is not None]
    decided = {
        row.item_id
        for row in rows_of(uow.session, ReviewItem.item_id, contradicting)
        if row.reason == doubts.CONTRADICTION
        and row.status == ReviewStatus.RESOLVED
        and (row.resolution or {}).get("source") == "nfo"
    }
    for one in batch.facts.values():
        if one.nfo is not None and one.contradiction is None:
            batch.settled.add((doubts.CONTRADICTION, one.item_id))
        if one.contradiction is not None and one.item_id not in decided:
            batch.doubts.append(Doubt(doubts.CONTRADICTION, 0.5, item_id=one.item_id, candidates=(one.contradiction,)))
            _withhold(one)


def _withhold(one: ItemFacts) -> None:
    one.nfo, one.nfo_ids, one.is_nfo_gone = None, (), True
    if one.nfo_file is not None:
        one.mute.add(one.nfo_file.uri)


def _files(uow: UnitOfWork, batch: Batch, units: Iterable[Unit], items: Iterable[int]) -> _Files:
    wanted = set(items)
    links = rows_of(uow.session, ItemFile.item_id, wanted, col(ItemFile.role) == FileRole.MAIN)
    pairs = {(link.item_id, link.file_id) for link in links if link.file_id not in batch.decided}
    pairs |= {(item, file) for file, items in batch.items_of.items() for item in items if item in wanted}
    gone = {file.id for unit in units for file in unit.gone}
    rows = {row.id: row for row in rows_of(uow.session, MediaFile.id, {file for _, file in pairs} - gone)}
    found: dict[int, list[Any]] = {}
    for item, file in sorted(pairs):
        if file in rows and rows[file].missing_since is None:
            found.setdefault(item, []).append(rows[file])
    return found


def _speaking(units: Iterable[Unit], files: _Files) -> dict[int, set[str]]:
    """The NFO files of the units by the items that they speak for."""
    by_file: dict[int, str] = {}
    for unit in units:
        spoken = nfos_by_video(unit, index_mains(unit))
        by_file |= {main.id: spoken[main.uri].uri for main in unit.mains if main.id is not None and main.uri in spoken}
    return {item: {by_file[row.id] for row in rows if row.id in by_file} for item, rows in files.items()}


def _lying(uow: UnitOfWork, batch: Batch, records: Mapping[int, Rank], files: _Files) -> set[int]:
    """Items whose NFO lies where it lay, in a folder of one of their videos (of series and seasons: anywhere)."""
    rows = rows_of(uow.session, MediaFile.uri, {uri for _, uri in records.values()})
    readable = {row.uri for row in rows if row.missing_since is None and row.probe_error is None}
    hint = hint_of(batch.library)

    def is_beside(video: str, folder: str) -> bool:
        unit = "/" + unit_of(paths.parent(video).strip("/"), hint=hint)
        return paths.is_within(video, folder) and paths.is_within(folder, unit)

    def speaks(key: int, uri: str) -> bool:
        return uri in readable and (key not in files or any(is_beside(row.uri, paths.parent(uri)) for row in files[key]))

    return {key for key, (_, uri) in records.items() if speaks(key, uri)}


def _look_again(uow: UnitOfWork, batch: Batch, files: Sequence[Any]) -> None:
    """Open the folders of files whose item lost its NFO: another may lie there that was not heard for it."""
    keys = {row.directory_id for row in files if row.directory_id is not None}
    rows = rows_of(uow.session, LibraryDirectory.id, keys)
    update_rows(uow, LibraryDirectory, [{"key": row.id, "fingerprint": OPEN} for row in rows])
    hint = hint_of(batch.library)
    batch.applied.again += [(row.library_path_id, unit_of(row.path, hint=hint)) for row in rows]
