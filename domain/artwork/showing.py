"""Which of an entity's pictures automation shows, and how ranks are written."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import col

from domain.artwork.enums import AssetSource
from domain.artwork.rules import rules_of
from domain.artwork.similarity import Print, is_same
from domain.artwork.tables import Asset, CachedFile, ImageCandidate
from domain.catalog.locks import locked_fields
from domain.catalog.queries import chunks, rows_of
from domain.kit.database import UnitOfWork
from domain.libraries.tables import MediaFile

NUMBER: Final = "number"
PREFERENCE: Final = "preference"
"""In the breakdown of a local picture: the number in its name, and how exactly it is named (0 is best)."""
_SEASON_ALL: Final = -1


def lock_of(asset_type: str) -> str:
    """The field that a choice of this type locks."""
    return f"artwork.{asset_type}"


def is_of_person(row: Any) -> bool:
    """Whether a person chose or pinned this use."""
    return row.selected_by_user_id is not None or bool(row.is_pinned)


def lock_uses(uow: UnitOfWork, entities: Iterable[int]) -> None:
    """Let nobody else decide about the pictures of these entities until the transaction ends (SQLite's writers wait anyway)."""
    for piece in chunks(sorted(set(entities))):
        query = sa.select(col(Asset.id)).where(col(Asset.entity_id).in_(piece))  # unguarded: written on below
        uow.session.execute(query.order_by(col(Asset.id)).with_for_update())


def show_best(uow: UnitOfWork, entities: Iterable[int]) -> frozenset[int]:
    """Rank the local pictures of entities: up to the type's limit are shown, in the order of their numbers.

    A type in which a person chose something, or which is locked, is left as it is; so are pictures of other sources.
    A blocked picture is never shown, and the same picture not twice. One whose file vanished is shown from its kept
    bytes only while no other of the type is there. Returns the entities whose shown pictures are others now.
    """
    wanted_of = list(dict.fromkeys(entities))
    lock_uses(uow, wanted_of)
    every: dict[tuple[int, str], list[Any]] = defaultdict(list)
    for row in rows_of(uow.session, Asset.entity_id, wanted_of):
        every[row.entity_id, row.asset_type].append(row)
    if not every:
        return frozenset()
    locked = locked_fields(uow.session, {entity for entity, _ in every})
    rules = rules_of(uow.session)
    rows = [row for found in every.values() for row in found]
    missing = {
        row.id
        for row in rows_of(uow.session, MediaFile.id, [row.media_file_id for row in rows if row.media_file_id is not None])
        if row.missing_since is not None
    }
    offers = {
        row.id: row for row in rows_of(uow.session, ImageCandidate.id, [row.candidate_id for row in rows if row.candidate_id])
    }
    prints = prints_of(uow, rows, offers)
    wanted: dict[int, int | None] = {}
    for (entity, name), found in every.items():
        if any(map(is_of_person, found)) or lock_of(name) in locked.get(entity, ()):
            continue
        local = [row for row in found if row.source_type is AssetSource.LOCAL]
        taken = {row.rank for row in found if row.source_type is not AssetSource.LOCAL and row.rank is not None}
        free = [rank for rank in range(rules[name].default_limit) if rank not in taken]
        usable = [row for row in local if row.season_number != _SEASON_ALL and not _is_blocked(row, offers)]
        present = [row for row in usable if row.media_file_id not in missing]
        kept = [row for row in usable if row.id in prints]
        shown = _distinct(_in_order(present or kept, offers), prints)
        ranks = dict(zip((row.id for row in shown), free, strict=False))
        wanted |= {row.id: ranks.get(row.id) for row in local}
    return set_ranks(uow, rows, wanted)


def set_ranks(uow: UnitOfWork, rows: Sequence[Any], wanted: Mapping[int, int | None]) -> frozenset[int]:
    """Give uses these ranks, by their keys; the entities for which something changed."""
    changed = [row for row in rows if row.id in wanted and row.rank != wanted[row.id]]
    off = [{"key": row.id, "rank": None} for row in changed if row.rank is not None]
    on = [{"key": row.id, "rank": wanted[row.id]} for row in changed if wanted[row.id] is not None]
    table: Any = Asset.__table__  # type: ignore[attr-defined]
    for values in (off, on):  # ranks are unique: first away with the old ones
        if values:
            uow.session.connection().execute(sa.update(table).where(table.c.id == sa.bindparam("key")), values)
    return frozenset(row.entity_id for row in changed)


def offers_of(uow: UnitOfWork, rows: Sequence[Any]) -> dict[int, Any]:
    """The candidates that these uses came from, by their keys."""
    keys = [row.candidate_id for row in rows if row.candidate_id is not None]
    return {row.id: row for row in rows_of(uow.session, ImageCandidate.id, keys)}


def prints_of(uow: UnitOfWork, rows: Sequence[Any], offers: Mapping[int, Any]) -> dict[int, Print]:
    """How the pictures of these uses look, as far as somebody looked at them; by the key of the use."""
    cached = {row.id: key for row in rows if (key := bytes_of(row, offers)) is not None}
    files = {row.id: row for row in rows_of(uow.session, CachedFile.id, cached.values())}
    languages = {row.id: row.language for row in rows}
    return {key: print_of(files[file], languages[key]) for key, file in cached.items()}


def bytes_of(row: Any, offers: Mapping[int, Any]) -> int | None:
    """The cached file of a use: its own, or that of the candidate it came from."""
    if row.cached_file_id is not None:
        return int(row.cached_file_id)
    offer = offers.get(row.candidate_id)
    return None if offer is None else offer.cached_file_id


def print_of(file: Any, language: str | None) -> Print:
    """How a cached picture looks; `language` is that of its text, if it is known."""
    ratio = 1.0 if file.foreground_ratio is None else file.foreground_ratio
    return Print(file.sha256, file.perceptual_hash or "", file.difference_hash or "", ratio, language)


def _is_blocked(row: Any, offers: Mapping[int, Any]) -> bool:
    return row.candidate_id in offers and offers[row.candidate_id].is_blocked


def _in_order(rows: Sequence[Any], offers: Mapping[int, Any]) -> list[Any]:
    """One picture of each number (the best named), in the order of the numbers."""

    def said(row: Any, name: str) -> float:
        offer = offers.get(row.candidate_id)
        return 0 if offer is None else (offer.score_breakdown or {}).get(name, 0)

    best: dict[float, Any] = {}
    for row in sorted(rows, key=lambda row: (said(row, PREFERENCE), -row.score, row.id)):
        best.setdefault(said(row, NUMBER), row)
    return [best[number] for number in sorted(best)]


def _distinct(rows: Sequence[Any], prints: Mapping[int, Print]) -> list[Any]:
    """The rows without those whose picture came before."""
    found: list[Any] = []
    for row in rows:
        mine = prints.get(row.id)
        if mine is None or not any(is_same(mine, prints[other.id]) for other in found if other.id in prints):
            found.append(row)
    return found
