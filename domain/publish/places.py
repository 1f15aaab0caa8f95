"""Where players look for an item's files: Kodi's names, on the video's base name where there is a video."""

import re
from dataclasses import dataclass
from typing import Final

from domain.catalog.enums import ItemKind
from domain.libraries import paths
from domain.libraries.sidecars import split_name
from domain.libraries.sidecars.extensions import EXTENSIONS, FileSort
from domain.libraries.understanding.kinds import without_part

NFO: Final = "nfo"
_DISCS: Final = {"video_ts.ifo": "VIDEO_TS.nfo", "index.bdmv": "index.nfo"}
"""The entry file of a disc, and the name of the NFO beside it."""
_FILM_TYPES: Final = (
    "poster", "fanart", "banner", "clearlogo", "clearart", "discart", "landscape", "keyart", "characterart"
)  # fmt: skip
TYPES: Final = {
    ItemKind.MOVIE: frozenset(_FILM_TYPES),
    ItemKind.SERIES: frozenset(_FILM_TYPES) - {"discart"},
    ItemKind.SEASON: frozenset({"poster", "fanart", "banner", "landscape", "keyart"}),
    ItemKind.EPISODE: frozenset({"thumb"}),
}
"""The kinds that are published, and their pictures: each kind of `asset_types` that a player has a name for."""
ACTORS: Final = ".actors"
"""The folder of actors' pictures, beside a film with a folder of its own or in that of a series."""
ACTOR: Final = "actor_thumb"
_NOT_IN_NAMES: Final = {" ": "_", **dict.fromkeys([*'<>:"/\\|?*\x7f', *map(chr, range(32))], "")}
_DEVICES: Final = re.compile(r"(con|prn|aux|nul|(com|lpt)[0-9¹²³])(\..*)?", re.IGNORECASE)
"""Names that Windows keeps for its devices, whatever follows their dot: a share of its refuses them."""
_LONGEST_NAME: Final = 200
_EXTENSIONS: Final = {"jpeg": "jpg", "tbn": "jpg"}
PICTURES: Final = frozenset(EXTENSIONS[FileSort.IMAGE])


@dataclass(frozen=True, slots=True)
class Place:
    """Where the files of one copy of an item go; paths are stored ones.

    `prefix` begins the names of its pictures ('' = bare names). `rivals` are paths of NFO files that a player would read
    in place of ours. With `is_own` the folder's bare names mean this item.
    """

    root: str
    folder: str
    prefix: str
    nfo: str | None
    rivals: tuple[str, ...] = ()
    is_own: bool = False
    is_made: bool = False
    """Whether the folder is made where it is not there."""
    name: str | None = None
    """The whole name of the one picture that goes there, without its extension."""

    def picture(self, asset_type: str, rank: int, extension: str) -> str:
        """The path of the picture shown at `rank`; the first has no number."""
        return paths.join(self.folder, "", f"{self.stem(asset_type, rank)}.{extension}")

    def stem(self, asset_type: str, rank: int) -> str:
        """The name of a picture without its extension."""
        return self.name if self.name is not None else f"{self.prefix}{bare(asset_type, rank)}"


def bare(asset_type: str, rank: int) -> str:
    """`fanart`, `fanart1`, `fanart2` …"""
    return f"{asset_type}{rank or ''}"


def extension_of(path: str) -> str:
    """The extension that a picture is published with."""
    extension = split_name(paths.last(path))[1]
    return _EXTENSIONS.get(extension, extension)


def beside(video: str, root: str, *, is_own: bool) -> Place:
    """The place of a film's or an episode's files, by its video; of a copy in parts by any of them.

    The files of a disc have short names: the NFO lies inside, the pictures beside the disc's folder.
    """
    folder, name = paths.parent(video), paths.last(video)
    if nfo := _DISCS.get(name.casefold()):
        home = paths.parent(folder)
        return Place(root, home, "", paths.join(folder, "", nfo), _films(home, is_own=is_own), is_own=True)
    base = without_part(split_name(name)[0])
    return Place(root, folder, f"{base}-", paths.join(folder, "", f"{base}.nfo"), _films(folder, is_own=is_own), is_own)


def of_series(folder: str, root: str) -> Place:
    """The place of a series' files: its folder."""
    return Place(root, folder, "", paths.join(folder, "", "tvshow.nfo"), is_own=True)


def of_season(number: int, series_folder: str, root: str, *, own_folder: str | None) -> Place:
    """The place of a season's files: pictures in the series' folder, an NFO (for Jellyfin) in its own, if it has one."""
    prefix = "season-specials-" if number == 0 else f"season{number:02}-"
    nfo = paths.join(own_folder, "", "season.nfo") if own_folder is not None else None
    return Place(root, series_folder, prefix, nfo)


def of_actor(name: str, home: str, root: str) -> Place | None:
    """The place of an actor's picture beside a film or series, as Kodi names it; None for a name that no file can have.

    A dot at the end stays (`Robert_Downey_Jr..jpg`): Kodi compares the whole name with the actor's.
    """
    stem = "".join(_NOT_IN_NAMES.get(letter, letter) for letter in name.strip()).lstrip(".")
    if not stem or len(stem.encode()) > _LONGEST_NAME or _DEVICES.fullmatch(stem):
        return None
    return Place(root, paths.join(home, "", ACTORS), "", None, is_made=True, name=stem)


def _films(folder: str, *, is_own: bool) -> tuple[str, ...]:
    return (paths.join(folder, "", "movie.nfo"),) if is_own else ()
