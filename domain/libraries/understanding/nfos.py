"""Which of the NFO files of a unit speaks for what."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from domain.libraries.sidecars import FolderKind, SidecarRole
from domain.libraries.understanding.model import FoundFile, MainIndex, Unit
from domain.libraries.understanding.pieces import mains_of

Rank = tuple[int, str]
"""How an NFO's name ranks, lowest first, and its uri: of several for one item the least is heard."""


def rank_of(file: FoundFile) -> Rank:
    """Where an NFO stands among others."""
    return file.sidecar.nfo_preference or 0, file.uri


def _by_rank(file: FoundFile) -> tuple[bool, Rank]:
    """What we wrote ourselves is heard last: any other NFO holds somebody's word."""
    return file.is_ours, rank_of(file)


def nfos_by_video(unit: Unit, index: MainIndex) -> dict[str, FoundFile]:
    """The NFO that speaks for each video, by the video's uri: of the readable ones the first by rank and name."""
    found: dict[str, list[FoundFile]] = defaultdict(list)
    for file in unit.files:
        if file.role is SidecarRole.NFO and file.failure is None:
            owners: Sequence[FoundFile] = mains_of(index, unit, file)
            if not owners and file.sidecar.base is None and unit.kind is FolderKind.MOVIE:
                owners = unit.mains
            for owner in owners:
                found[owner.uri].append(file)
    return {uri: min(files, key=_by_rank) for uri, files in found.items()}


def preferred(files: Iterable[FoundFile]) -> FoundFile | None:
    """The first of the readable NFO files, by rank and name."""
    readable = [file for file in files if file.role is SidecarRole.NFO and file.failure is None]
    return min(readable, key=_by_rank, default=None)


def unheard(unit: Unit, chosen: Mapping[str, FoundFile]) -> list[FoundFile]:
    """Those of the chosen NFO files that an item of their video was not told by: another one was, which is gone, or none."""
    found = {}
    for main in unit.mains:
        file = chosen.get(main.uri)
        if file is not None and not file.is_ours and main.id is not None and unit.heard.get(main.id, set()) - {file.uri}:
            found[file.uri] = file
    return list(found.values())
