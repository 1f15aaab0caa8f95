"""Compares what a downloader manages with what its folders hold here."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Session, col

from domain.catalog.changing import ITEMS
from domain.catalog.identity import Space, ids_of
from domain.downloaders.managing import Managed, RootFolder
from domain.downloaders.placing import Unplaced, mapped
from domain.downloaders.reading import CatalogueIds
from domain.libraries.mapping import Rule
from domain.libraries.paths import is_within
from domain.libraries.tables import ItemFile, LibraryPath, MediaFile

_FILES: Final[Any] = MediaFile.__table__  # type: ignore[attr-defined]
_LINKS: Final[Any] = ItemFile.__table__  # type: ignore[attr-defined]


class DifferenceKind(StrEnum):
    """In what the two differ."""

    ONLY_THERE = "only_there"
    """It has files there, and we have none of them."""
    ONLY_HERE = "only_here"
    """It lies in a folder that the downloader fills, and the downloader does not manage it."""
    UNMAPPED = "unmapped"
    """Its folder there is in none of our libraries."""
    OTHER_IDS = "other_ids"
    """Both have it, and take it for different things."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One of them. `item_id` is ours; `there` and `here` are the ids that differ."""

    kind: DifferenceKind
    title: str
    year: int | None = None
    path: str | None = None
    local: str | None = None
    item_id: int | None = None
    there: CatalogueIds = ()
    here: CatalogueIds = ()
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """All differences in a steady order; `same` things agree, `waiting` ones have no file there yet."""

    differences: Sequence[Difference]
    same: int
    waiting: int

    @property
    def counts(self) -> Counter[DifferenceKind]:
        return Counter(one.kind for one in self.differences)


@dataclass(frozen=True, slots=True)
class _Top:
    id: int
    title: str
    year: int | None
    folder: str


def compare(session: Session, managed: Sequence[Managed], folders: Sequence[RootFolder], rules: Sequence[Rule]) -> Comparison:
    """Their view beside ours. Reads every file of the libraries that their folders lie in."""
    roots = session.execute(
        sa.select(col(LibraryPath.library_id), col(LibraryPath.path))  # unguarded: only administrators compare
    ).all()
    places = {one.id: local_of(one.path, rules) for one in managed}
    filled = [local for one in folders if (local := local_of(one.path, rules)) is not None]
    libraries = {
        row.library_id for row in roots if any(is_within(path, row.path) or is_within(row.path, path) for path in filled)
    }
    libraries |= {row.library_id for row in roots for path in places.values() if path is not None and is_within(path, row.path)}
    tops, by_place = _tops(session, libraries)
    found: list[Difference] = []
    matched: set[int] = set()
    both: list[tuple[Managed, int]] = []
    waiting = 0
    for one in managed:
        local = places[one.id]
        if local is None or not any(is_within(local, row.path) for row in roots):
            found.append(_unmapped(one, local, rules))
            continue
        file = None if one.file is None else local_of(one.file, rules)
        is_root = any(local == row.path for row in roots)
        here = by_place.get(file or "") if is_root else by_place.get(local)
        if here:
            matched |= here
            both += [(one, key) for key in sorted(here)] if len(here) == 1 else []
        elif one.file_count:
            found.append(Difference(DifferenceKind.ONLY_THERE, one.title, one.year, one.path, local, there=one.ids))
        else:
            waiting += 1
    others = _other_ids(session, both, tops)
    found += others
    for top in tops.values():
        if top.id not in matched and any(is_within(top.folder, path) for path in filled):
            found.append(Difference(DifferenceKind.ONLY_HERE, top.title, top.year, None, top.folder, top.id))
    order = list(DifferenceKind)
    found.sort(key=lambda one: (order.index(one.kind), one.title.casefold(), one.path or one.local or "", one.item_id or 0))
    return Comparison(found, len(matched) - len(others), waiting)


def _other_ids(session: Session, both: Sequence[tuple[Managed, int]], tops: Mapping[int, _Top]) -> list[Difference]:
    ours = ids_of(session, [key for _, key in both])
    found = []
    for one, key in both:
        mine: Mapping[Space, str] = ours.get(key, {})
        differ = [each for each in one.ids if mine.get(each[:2], each[2]) != each[2]]
        if differ:
            here = tuple((each[0], each[1], mine[each[:2]]) for each in differ)
            top = tops[key]
            found.append(
                Difference(DifferenceKind.OTHER_IDS, one.title, one.year, one.path, top.folder, key, tuple(differ), here)
            )
    return found


def _tops(session: Session, libraries: set[int]) -> tuple[dict[int, _Top], dict[str, set[int]]]:
    """Films and series of libraries by key, and which lie in a folder or are a file."""
    top, part = ITEMS.alias("top"), ITEMS.alias("part")
    query = (
        sa.select(top.c.id, top.c.title, top.c.year, _FILES.c.uri)
        .select_from(_FILES)
        .join(_LINKS, _LINKS.c.file_id == _FILES.c.id)
        .join(part, part.c.id == _LINKS.c.item_id)
        .join(top, top.c.id == part.c.root_id)
        .where(_FILES.c.library_id.in_(libraries), _FILES.c.missing_since.is_(None), top.c.deleted_at.is_(None))
        .order_by(_FILES.c.uri)
    )
    tops: dict[int, _Top] = {}
    places: dict[str, set[int]] = defaultdict(set)
    for row in session.connection().execute(query):  # unguarded: only administrators compare
        tops.setdefault(row.id, _Top(row.id, row.title, row.year, row.uri.rpartition("/")[0]))
        place = row.uri
        while place:
            if row.id in places[place]:
                break
            places[place].add(row.id)
            place = place.rpartition("/")[0]
    return tops, places


def local_of(path: str, rules: Sequence[Rule]) -> str | None:
    """Our path for one of a downloader's; None for what is no path here."""
    try:
        local = mapped(path, rules)
    except Unplaced:
        return None
    return local if local.startswith("/") else None


def _unmapped(one: Managed, local: str | None, rules: Sequence[Rule]) -> Difference:
    reason = "The source has no path mappings." if not rules else "No path mapping leads it into a library."
    return Difference(DifferenceKind.UNMAPPED, one.title, one.year, one.path, local, there=one.ids, reason=reason)
