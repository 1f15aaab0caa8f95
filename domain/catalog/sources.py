"""Whose word counts how much: the order of sources, and the best of what several say."""

from collections.abc import Mapping
from typing import Any, Final

USER: Final = "user"
NFO: Final = "nfo"
NFO_ABOVE: Final = "nfo_above"
"""What the NFO of the thing above says of it: a series' of its seasons."""
IDENTITY: Final = "identification"
"""The catalogue ids that identification found: above those that providers name of others, below what people and files say."""
FILE: Final = "file"
NAME: Final = "name"
_RANKS: Final = {USER: 0, NFO: 1, NFO_ABOVE: 2, "sidecar": 3, "manual": 4, IDENTITY: 5, FILE: 8, NAME: 9}
_PROVIDER: Final = 6

Said = Mapping[str, Mapping[str, Any]]
"""Field -> source -> value."""


def rank(source: str) -> int:
    """How much a source's word counts; 0 is the most."""
    return _RANKS.get(source, _PROVIDER)


def is_provider(source: str) -> bool:
    """Whether it is a server that is asked: not a person, a file or a name."""
    return source not in _RANKS


def ordered(said: Mapping[str, Any]) -> list[Any]:
    """The values of one field, the best source's first."""
    return [said[source] for source in sorted(said, key=lambda source: (rank(source), source))]


def best(said: Mapping[str, Any]) -> Any:
    """The value of the source that counts most; None if there is none."""
    return next(iter(ordered(said)), None)
