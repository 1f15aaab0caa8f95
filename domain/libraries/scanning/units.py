"""Which directories belong together: an item's folder with its seasons, discs and folders of extras is one unit."""

from domain.libraries import paths
from domain.libraries.names import Hint
from domain.libraries.names.folders import disc_number, season_number
from domain.libraries.sidecars import directory_role


def unit_of(relative: str, *, hint: Hint) -> str:
    """The directory whose item `relative` belongs to: the one above its first inner folder, else itself.

    Discs and folders of extras are inner folders, a series' seasons, too, and whatever lies below them. A folder of the
    root is an item's own whatever its name ("Trailers" may be a film), except a season's: then the root is the series.
    """
    parts = relative.split("/") if relative else []
    for depth, part in enumerate(parts):
        if (hint != "movie" and season_number(part) is not None) or (depth > 0 and _is_inner(part)):
            return "/".join(parts[:depth])
    return relative


def season_folder(relative: str, unit: str) -> tuple[str, int] | None:
    """(path, number) of the season folder of a series' unit in which a directory lies; specials are 0."""
    path = unit
    for part in relative[len(unit) :].strip("/").split("/") if relative != unit else ():
        path = paths.join_relative(path, part)
        number = season_number(part)
        if number is not None:
            return path, number
    return None


def _is_inner(name: str) -> bool:
    return directory_role(name) is not None or disc_number(name) is not None
