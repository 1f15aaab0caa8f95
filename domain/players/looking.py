"""Looking for an item in a library that has to be read page by page: by ids, then by path, and not twice for what it lacks."""

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from domain.players.model import Media
from domain.players.reading import folded, same_place, shares_id

_BELIEVED_S: Final = 60.0
_MOST_REMEMBERED: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Entry:
    """An item of the player's, and every file of it."""

    media: Media
    paths: Sequence[str]
    last_episode: int | None = None
    """Of a file with several."""

    def is_at(self, path: str | None) -> bool:
        """Whether one of its files lies there."""
        return any(same_place(each, path) for each in self.paths)

    def seen_at(self, path: str | None) -> Media:
        """The item, with the file that is meant if it has it."""
        return replace(self.media, path=path) if self.is_at(path) else self.media


def among(pages: Iterable[Sequence[Entry]], wanted: Media) -> Entry | None:
    """By ids; of several on one page the one at the path. Without ids, or where none has them, the one at the path."""
    at_path: Entry | None = None
    for page in pages:
        by_id = [each for each in page if shares_id(wanted.ids, each.media.ids)]
        here = [each for each in page if each.is_at(wanted.path)]
        if by_id:
            return next((each for each in by_id if each in here), by_id[0])
        at_path = at_path or next(iter(here), None)
        if at_path is not None and not wanted.ids:
            break
    return at_path


class Glance:
    """Remembers for a minute which ids and paths a library has that was read to its end."""

    def __init__(self) -> None:
        self._seen: dict[str, tuple[float, set[int]]] = {}

    def lacks(self, part: str, wanted: Media) -> bool:
        """Whether that part of the library was read just now, and has nothing with these ids or at this path."""
        until, seen = self._seen.get(part, (0.0, set()))
        return time.monotonic() < until and not seen.intersection(_marks(wanted.ids.items(), [wanted.path or ""]))

    def through(self, part: str, pages: Iterable[Sequence[Entry]]) -> Iterator[Sequence[Entry]]:
        """The pages, remembered if somebody reads them to the end."""
        seen: set[int] = set()
        for page in pages:
            if len(seen) < _MOST_REMEMBERED:
                seen.update(mark for each in page for mark in _marks(each.media.ids.items(), each.paths))
            yield page
        if len(seen) < _MOST_REMEMBERED:
            self._seen[part] = time.monotonic() + _BELIEVED_S, seen

    def forget(self) -> None:
        """Something in the library is about to change."""
        self._seen.clear()


def _marks(ids: Iterable[tuple[str, str]], paths: Iterable[str]) -> list[int]:
    return [*(hash((name, key.lower())) for name, key in ids), *(hash(folded(path)) for path in paths if path)]
