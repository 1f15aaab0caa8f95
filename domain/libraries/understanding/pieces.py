"""Splits a unit into pieces small enough for one transaction, and says which video a file goes with."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from domain.libraries import paths
from domain.libraries.sidecars import SidecarRole, split_name
from domain.libraries.sidecars.bases import base_key
from domain.libraries.understanding.kinds import without_part
from domain.libraries.understanding.model import FoundFile, MainIndex, Piece, Unit

PIECE_FILES: Final = 150
"""Files in one transaction, so that it stays below 100 ms."""


def index_mains(unit: Unit) -> MainIndex:
    """The main files of a unit by (directory, base name); parts of one copy are found by the name they share, too."""
    if unit.main_index is not None:
        return unit.main_index
    found: dict[tuple[str, str], list[FoundFile]] = defaultdict(list)
    for file in unit.mains:
        stem = split_name(file.name)[0]
        for key in {base_key(stem), base_key(without_part(stem))}:
            found[file.directory, key].append(file)
    unit.main_index = found
    return found


def mains_of(index: MainIndex, unit: Unit, file: FoundFile) -> Sequence[FoundFile]:
    """The videos that `file` goes with: beside it, or in a folder above within the unit; none if it names none."""
    if file.sidecar.base is None:
        return ()
    key = base_key(file.sidecar.base)
    directory = file.directory
    while True:
        if found := index.get((directory, key)):
            return found
        if directory in (unit.path, ""):
            return ()
        directory = paths.parent(directory)


def split(unit: Unit, *, limit: int = PIECE_FILES) -> list[Piece]:
    """The pieces of a unit in the order in which they must be written.

    The folder's own NFO comes first (a series is known by it), then each video with what belongs to it, at the end what
    belongs to the folder. There is always a last piece, even of a folder without files.
    """
    if len(unit.files) <= limit:
        return [Piece(unit, list(unit.files), is_last=True)]
    index = index_mains(unit)
    first: list[FoundFile] = []
    rest: list[FoundFile] = []
    groups: dict[tuple[str, str], list[FoundFile]] = defaultdict(list)
    for file in unit.files:
        owners = [file] if file.role is SidecarRole.MAIN else mains_of(index, unit, file)
        if owners:
            groups[owners[0].directory, base_key(without_part(split_name(owners[0].name)[0]))].append(file)
        elif file.role is SidecarRole.NFO:
            first.append(file)
        else:
            rest.append(file)
    runs = [first, *(groups[key] for key in sorted(groups)), *([file] for file in rest)]
    pieces: list[list[FoundFile]] = [[]]
    for run in runs:
        if pieces[-1] and len(pieces[-1]) + len(run) > limit:
            pieces.append([])
        pieces[-1] += run
    return [Piece(unit, files, is_last=number == len(pieces)) for number, files in enumerate(pieces, start=1)]
