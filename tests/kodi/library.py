"""The library that Kodi and Marquee both read: `Films` and `Series` of small real files with NFO and artwork beside them."""

from pathlib import Path

from tests.kodi.changes import NEW
from tests.kodi.files import write_library
from tests.kodi.films import FILMS
from tests.kodi.series import SERIES


def fill(root: Path) -> None:
    """Write the library into a folder."""
    write_library(root, {**FILMS, **SERIES})


def add(root: Path) -> None:
    """Add what no NFO tells of: until Marquee publishes it, Kodi does not see it."""
    write_library(root, NEW)
