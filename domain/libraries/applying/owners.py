"""The items that a unit's folder-level files belong to: its films, or its series and their seasons."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from domain.catalog.enums import ItemKind
from domain.catalog.queries import rows_of
from domain.catalog.tables import MediaItem
from domain.kit.database import UnitOfWork
from domain.libraries.applying.model import Batch
from domain.libraries.enums import FileRole
from domain.libraries.sidecars import FolderKind, SidecarRole
from domain.libraries.tables import ItemFile
from domain.libraries.understanding.model import FoundFile, Piece, Unit

_SAMPLES = 20
"""So many of a series' videos are asked whose they are, when none of the batch tells."""


@dataclass(slots=True)
class Owners:
    """A unit's films, or its one series with its seasons by number."""

    films: list[int] = field(default_factory=list)
    series: int | None = None
    home: str | None = None  # the folder of the series
    seasons: dict[int | None, int] = field(default_factory=dict)


def load_owners(uow: UnitOfWork, batch: Batch, pieces: Sequence[Piece]) -> dict[int, Owners]:
    """The owners of each unit, by `id(unit)`; folders that are shared have none."""
    units = {id(piece.unit): piece.unit for piece in pieces if piece.unit.kind is not FolderKind.SHARED}
    _load_links(uow, batch, [file for unit in units.values() for file in _asked(batch, unit)])
    found = {key: Owners() for key in units}
    roots: dict[int, int] = {}
    leaves = {item for unit in units.values() for file in unit.mains for item in _items_of(batch, file)}
    rows = {row.id: row for row in rows_of(uow.session, MediaItem.id, leaves) if row.deleted_at is None}
    for key, unit in units.items():
        items = list(dict.fromkeys(item for file in unit.mains for item in _items_of(batch, file) if item in rows))
        if unit.hint == "movie":
            found[key].films = [item for item in items if rows[item].kind == ItemKind.MOVIE]
        elif items:
            roots[key] = _commonest_root(rows, items)
            found[key].series = roots[key]
    seasons: dict[int, dict[int | None, int]] = {}
    is_season = MediaItem.kind == ItemKind.SEASON
    for row in sorted(rows_of(uow.session, MediaItem.parent_id, set(roots.values()), is_season), key=lambda row: -row.id):
        if row.deleted_at is None:
            seasons.setdefault(row.root_id, {})[row.position] = row.id
    homes = {row.id: row.directory_path for row in rows_of(uow.session, MediaItem.id, set(roots.values()))}
    for key, root in roots.items():
        found[key].home = homes[root]
        found[key].seasons = seasons.get(root, {})
    return found


def _asked(batch: Batch, unit: Unit) -> list[FoundFile]:
    """Videos of a unit whose items the batch does not know yet and that are worth asking for."""
    known = [file for file in unit.mains if file.id is not None and file.id not in batch.items_of]
    return known if unit.hint == "movie" else known[:_SAMPLES]


def _load_links(uow: UnitOfWork, batch: Batch, files: Sequence[FoundFile]) -> None:
    keys = [file.id for file in files if file.id is not None]
    links: dict[int, list[int]] = {}
    for row in rows_of(uow.session, ItemFile.file_id, keys, ItemFile.role == FileRole.MAIN):
        links.setdefault(row.file_id, []).append(row.item_id)
    batch.other_items_of |= links


def _items_of(batch: Batch, file: FoundFile) -> Sequence[int]:
    if file.id is None or file.role is not SidecarRole.MAIN:
        return ()
    return batch.items_of.get(file.id, batch.other_items_of.get(file.id, ()))


def _commonest_root(rows: dict[int, Any], items: Sequence[int]) -> int:
    roots: dict[int, int] = {}
    for item in items:
        roots[rows[item].root_id] = roots.get(rows[item].root_id, 0) + 1
    return min(roots, key=lambda root: (-roots[root], root))
