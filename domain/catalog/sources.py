"""Whose word counts how much: the order of sources, and the best of what several say."""

from collections.abc import Mapping
from typing import Any, Final

USER: Final = "user"
NFO: Final = "nfo"
NFO_ABOVE: Final = "nfo_above"
"""What the NFO of the thing above says of it: a series' of its seasons."""
FILE: Final = "file"
NAME: Final = "name"
_RANKS: Final = {USER: 0, NFO: 1, NFO_ABOVE: 2, "sidecar": 3, "manual": 4, FILE: 8, NAME: 9}
_PROVIDER: Final = 5

Said = Mapping[str, Mapping[str, Any]]
"""Field -> source -> value."""


def rank(source: str) -> int:
    """How much a source's word counts; 0 is the most."""
    return _RANKS.get(source, _PROVIDER)


def ordered(said: Mapping[str, Any]) -> list[Any]:
    """The values of one field, the best source's first."""
    return [said[source] for source in sorted(said, key=lambda source: (rank(source), source))]


def best(said: Mapping[str, Any]) -> Any:
    """The value of the source that counts most; None if there is none."""
    return next(iter(ordered(said)), None)
