"""Understanding the file and folder names of films and episodes: `parse_release` and `parse_path`."""

from domain.libraries.names.parsed import Hint, ParsedName
from domain.libraries.names.paths import parse_path
from domain.libraries.names.release import parse_release

__all__ = ["Hint", "ParsedName", "parse_path", "parse_release"]
