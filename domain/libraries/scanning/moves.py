"""Recognises moved and renamed files: what vanished in one place and came up in another with the same size and hash."""

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from domain.libraries import paths


@dataclass(frozen=True, slots=True)
class Vanished:
    """A file that is not where it was, or not what it was there."""

    id: int
    uri: str
    size: int
    quick_hash: str
    root_id: int | None = None


@dataclass(frozen=True, slots=True)
class Appeared:
    """A file that was not there before, or is another than before. `known_id` is the row that has this uri now."""

    uri: str
    root_id: int
    directory: str
    size: int
    mtime_ns: int
    known_id: int | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """The row of a file and where that file lies now."""

    file: Vanished
    to: Appeared


def match_moves(
    vanished: Iterable[Vanished], appeared: Mapping[int, Sequence[Appeared]], hash_of: Callable[[Appeared], str | None]
) -> list[Move]:
    """Pair each vanished file with the place it went to.

    `appeared` is by size; `hash_of` is asked only for files whose size one of the vanished had (None: unreadable). Of
    several equal files those that kept their name go together, then those that kept their folder's name, then in order.
    """
    waiting: dict[tuple[int, str], list[Vanished]] = defaultdict(list)
    for file in vanished:
        if file.size > 0 and file.size in appeared:
            waiting[file.size, file.quick_hash].append(file)
    moves: list[Move] = []
    for size in sorted({size for size, _ in waiting}):
        found: dict[str, list[Appeared]] = defaultdict(list)
        for place in sorted(appeared[size], key=lambda place: place.uri):
            digest = hash_of(place)
            if digest is not None and (size, digest) in waiting:
                found[digest].append(place)
        for digest, places in sorted(found.items()):
            moves += _pair(sorted(waiting[size, digest], key=lambda file: file.uri), places)
    return sorted(moves, key=lambda move: move.to.uri)


def _pair(files: list[Vanished], places: list[Appeared]) -> list[Move]:
    moves: list[Move] = []
    for alike in (paths.last, _folder, _anything):
        offered: dict[str, deque[Appeared]] = defaultdict(deque)
        for place in places:
            offered[alike(place.uri)].append(place)
        rest: list[Vanished] = []
        for file in files:
            queue = offered.get(alike(file.uri))
            if queue:
                moves.append(Move(file, queue.popleft()))
            else:
                rest.append(file)
        taken = {move.to.uri for move in moves}
        files, places = rest, [place for place in places if place.uri not in taken]
    return moves


def _folder(uri: str) -> str:
    return paths.last(paths.parent(uri))


def _anything(uri: str) -> str:
    return ""
