"""Gives every file name of one directory its meaning."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from domain.libraries.sidecars.bases import Bases, base_key, index_bases, longest_base
from domain.libraries.sidecars.directories import DirectoryFacts, DirectoryRole, directory_role, place_role
from domain.libraries.sidecars.extensions import FileSort, sort_of, split_name
from domain.libraries.sidecars.ignoring import SYSTEM_IGNORE_PATTERNS, matches_ignore
from domain.libraries.sidecars.images import actor_image, legacy_image, natural_order, read_image
from domain.libraries.sidecars.model import AssetType, FolderFacts, FolderKind, Sidecar, SidecarRole
from domain.libraries.sidecars.nfo_names import read_nfo_name
from domain.libraries.sidecars.subtitles import read_subtitle
from domain.libraries.sidecars.videos import VideoFacts, read_videos


class _File(NamedTuple):
    name: str
    stem: str
    extension: str
    sort: FileSort | None


class _Place(NamedTuple):
    folder: FolderFacts
    role: DirectoryFacts | None
    is_items_own: bool  # bare names belong to one item here
    bases: Bases
    videos: Mapping[str, VideoFacts]
    positions: Mapping[str, int]


_LEGACY = {DirectoryRole.EXTRAFANART: AssetType.FANART, DirectoryRole.EXTRATHUMBS: AssetType.THUMB}
_IN_FOLDER_OF = {
    DirectoryRole.TRAILERS: SidecarRole.TRAILER,
    DirectoryRole.SAMPLES: SidecarRole.SAMPLE,
    DirectoryRole.THEMES: SidecarRole.THEME,
    DirectoryRole.EXTRAS: SidecarRole.EXTRA,
}
_MUSIC = frozenset({FolderKind.ARTIST, FolderKind.ALBUM})
_DISC_ENTRIES = frozenset({"video_ts.ifo", "index.bdmv"})
# System patterns that also hit names which mean something: a release group's mark is in its films' names, and a sample
# has a role of its own.
_WEAK_PATTERNS = {
    "*ETRG*": frozenset(SidecarRole) - {SidecarRole.UNKNOWN},
    "*.sample.*": frozenset({SidecarRole.SAMPLE}),
    "*-sample.*": frozenset({SidecarRole.SAMPLE}),
}


def classify(names: Sequence[str], *, folder: FolderFacts, ignore: Sequence[str] = SYSTEM_IGNORE_PATTERNS) -> list[Sidecar]:
    """What each file name of one directory is, in the order of `names`; pure, linear in their number.

    `names` are all files of the directory (not directories): a name's meaning depends on its neighbours. A match of an
    `ignore` pattern wins over every role, save that of three system patterns (see `_WEAK_PATTERNS`). Hidden files and the
    inside of a disc folder are ignored, too. What no rule explains is `unknown`.
    """
    files = [_file(name) for name in names]
    place = _place(files, folder, place_role(folder.path))
    return [_with_patterns(_classify(file, place), ignore) for file in files]


def _file(name: str) -> _File:
    stem, extension = split_name(name)
    return _File(name, stem, extension, sort_of(extension))


def _place(files: Sequence[_File], folder: FolderFacts, role: DirectoryFacts | None) -> _Place:
    seen = [file for file in files if not file.name.startswith(".")]
    stems = [file.stem for file in seen if file.sort is FileSort.VIDEO]
    tracks = [file.stem for file in seen if file.sort is FileSort.AUDIO] if folder.kind in _MUSIC else []
    bases = index_bases((*folder.bases, *tracks, *stems))
    videos = read_videos(stems, folder.kind, bases) if role is None else {}
    pictures = sorted((file.name for file in files if file.sort is FileSort.IMAGE), key=natural_order)
    positions = {name: position for position, name in enumerate(pictures, start=1)}
    is_items_own = folder.path == "" and folder.kind is not FolderKind.SHARED
    return _Place(folder, role, is_items_own, bases, videos, positions)


def _classify(file: _File, place: _Place) -> Sidecar:
    role = place.role.role if place.role else None
    if role is DirectoryRole.DISC:
        return _in_disc(file, place)
    if file.name.startswith("."):
        return Sidecar(file.name, SidecarRole.IGNORED)
    if file.sort in (FileSort.VIDEO, FileSort.AUDIO):
        return _media(file, place)
    if file.sort is FileSort.IMAGE:
        return _image(file, place)
    if file.sort in (FileSort.SUBTITLE, FileSort.LYRICS):
        return _subtitle(file, place)
    return _nfo(file, place) if file.sort is FileSort.NFO else Sidecar(file.name, SidecarRole.UNKNOWN)


def _in_disc(file: _File, place: _Place) -> Sidecar:
    """The entry file stands for the whole disc; its NFO lies beside it; the rest is the disc's own business."""
    last = directory_role(place.folder.path.rpartition("/")[2])
    if last and last.role is DirectoryRole.DISC:
        if file.name.casefold() in _DISC_ENTRIES:
            return Sidecar(file.name, SidecarRole.MAIN, file.stem)
        if file.sort is FileSort.NFO and file.stem.casefold() in ("video_ts", "index"):
            return Sidecar(file.name, SidecarRole.NFO, nfo_preference=0)
    return Sidecar(file.name, SidecarRole.IGNORED)


def _media(file: _File, place: _Place) -> Sidecar:
    is_audio = file.sort is FileSort.AUDIO
    if place.role:
        role = _IN_FOLDER_OF.get(place.role.role)
        if role is None or (is_audio and role is not SidecarRole.THEME):
            return Sidecar(file.name, SidecarRole.UNKNOWN)
        return Sidecar(file.name, role, extra_kind=place.role.extra_kind)
    if not is_audio:
        facts = place.videos[file.stem]
        return Sidecar(file.name, facts.role, facts.base, facts.extra_kind)
    if place.folder.kind in _MUSIC:
        return Sidecar(file.name, SidecarRole.MAIN, file.stem)
    is_theme = place.is_items_own and file.stem.casefold() == "theme"
    return Sidecar(file.name, SidecarRole.THEME if is_theme else SidecarRole.UNKNOWN)


def _image(file: _File, place: _Place) -> Sidecar:
    role = place.role.role if place.role else None
    if role is DirectoryRole.ACTORS:
        return Sidecar(file.name, SidecarRole.IMAGE, image=actor_image(file.stem, file.extension))
    if role in _LEGACY:
        facts = legacy_image(_LEGACY[role], place.positions[file.name], file.extension)
        return Sidecar(file.name, SidecarRole.IMAGE, image=facts)
    found = read_image(file.stem, file.extension, place.folder, place.bases, is_bare_allowed=place.is_items_own)
    if found is None:
        return Sidecar(file.name, SidecarRole.UNKNOWN)
    return Sidecar(file.name, SidecarRole.IMAGE, found.base, image=found.facts)


def _subtitle(file: _File, place: _Place) -> Sidecar:
    owned = longest_base(file.stem, place.bases)
    if owned:
        return Sidecar(file.name, SidecarRole.SUBTITLE, owned.base, subtitle=read_subtitle(owned.rest))
    if file.sort is FileSort.LYRICS:
        return Sidecar(file.name, SidecarRole.UNKNOWN)
    if place.role and place.role.role is DirectoryRole.SUBTITLES:
        below = place.folder.path.rpartition("/")[2]
        base = None if directory_role(below) else place.bases.get(base_key(below))
        return Sidecar(file.name, SidecarRole.SUBTITLE, base, subtitle=read_subtitle(file.stem))
    if place.is_items_own and place.folder.kind is FolderKind.MOVIE:
        return Sidecar(file.name, SidecarRole.SUBTITLE, subtitle=read_subtitle(file.stem))
    return Sidecar(file.name, SidecarRole.UNKNOWN)


def _nfo(file: _File, place: _Place) -> Sidecar:
    found = read_nfo_name(file.stem, place.folder, place.bases, is_items_own=place.is_items_own)
    if found is None:
        return Sidecar(file.name, SidecarRole.UNKNOWN)
    return Sidecar(file.name, SidecarRole.NFO, found.base, nfo_preference=found.preference)


def _with_patterns(sidecar: Sidecar, patterns: Sequence[str]) -> Sidecar:
    if sidecar.role is SidecarRole.IGNORED or not matches_ignore(sidecar.name, patterns):
        return sidecar
    strict = [pattern for pattern in patterns if sidecar.role not in _WEAK_PATTERNS.get(pattern, ())]
    return Sidecar(sidecar.name, SidecarRole.IGNORED) if matches_ignore(sidecar.name, strict) else sidecar
