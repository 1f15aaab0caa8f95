"""The one shape in which both sides are compared: items by where they lie, each with the same plain fields."""

from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any

from workers.libraries.probing.languages import normalise_language

Key = tuple[str, ...]
"""Kind, then what tells it apart: a film's first file, a series' folder, then its season and episode, a collection's name."""

Fields = Mapping[str, Any]
"""Field -> value; None, an empty list and an empty mapping say that there is none."""

Shown = dict[Key, Fields]


def picture(data: bytes) -> str:
    """A picture by its bytes: names and places are each side's own."""
    return sha256(data).hexdigest()[:16]


def by_id(ids: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Catalogue ids by provider."""
    return dict(sorted(ids))


def score(value: float, votes: int | None) -> tuple[float, int]:
    """A rating to its third decimal, with its votes; Kodi keeps it as a float of 32 bits."""
    return round(value, 3), votes or 0


def language(written: str | None) -> str | None:
    """A language in Marquee's words, whatever code it comes in."""
    return normalise_language(written) if written and written != "und" else None


def series_folder(path: str) -> str:
    """The folder of the series that a file lies in: `Series/Northlight (2017)`."""
    return "/".join(path.split("/")[:2])
