"""Walks a root in a stable order: every directory before what it holds, siblings by name."""

import os
from collections.abc import Callable, Iterable, Iterator

from domain.libraries import paths
from domain.libraries.scanning.listing import DirectoryListing, Ignored, Problem, list_directory


def walk(
    root: str,
    *,
    ignored: Ignored,
    start: str = "",
    within: Callable[[str], bool] | None = None,
    others: Iterable[str] = (),
) -> Iterator[DirectoryListing]:
    """List `start` (relative to `root`) and everything below it for which `within` holds.

    A link to a directory is followed once, and not at all if it leads back into the root, into one of the stored paths
    `others` or into a place that another link led to: so no loop is endless and no file is met twice.
    """
    covered = [os.path.realpath(paths.real(root))]
    waiting = [start]
    foreign = tuple(others)
    while waiting:
        listing = list_directory(root, waiting.pop(), ignored=ignored)
        if listing.links:
            covered += [os.path.realpath(paths.real(other)) for other in foreign]
            foreign = ()
            listing = _without_known_places(root, listing, covered)
        yield listing
        prefix = f"{listing.path}/" if listing.path else ""
        below = [prefix + name for name in reversed(listing.directories)]
        waiting += below if within is None else [path for path in below if within(path)]


def _without_known_places(root: str, listing: DirectoryListing, covered: list[str]) -> DirectoryListing:
    kept = set(listing.directories)
    problems = list(listing.problems)
    for name in listing.links:
        link = paths.join(root, listing.path, name)
        target = os.path.realpath(paths.real(link))
        if any(paths.is_within(target, place) or paths.is_within(place, target) for place in covered):
            kept.discard(name)
            problems.append(Problem(link, "This link leads to a folder that is scanned already."))
        else:
            covered.append(target)
    directories = tuple(name for name in listing.directories if name in kept)
    return DirectoryListing(listing.path, listing.files, directories, listing.links, tuple(problems), listing.is_unreadable)
