"""Which of an entity's pictures automation shows, and how ranks are written."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from domain.artwork.enums import AssetSource
from domain.artwork.preferring import Preferences
from domain.artwork.ranking import EMBEDDED, by_name, in_order, is_of_another, is_seen
from domain.artwork.rules import fits, rules_of
from domain.artwork.similarity import Print
from domain.artwork.tables import Asset, CachedFile, ImageCandidate
from domain.catalog.locks import locked_fields
from domain.catalog.queries import chunks, rows_of
from domain.kit.database import UnitOfWork
from domain.libraries.tables import MediaFile


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


@dataclass(frozen=True, slots=True)
class Sight:
    """The uses of some entities by (entity, type), and what is known of them."""

    uses: Mapping[tuple[int, str], list[Any]]
    offers: Mapping[int, Any]
    """Candidates by key."""
    missing: frozenset[int]
    """Files beside the media that are not there now."""
    prints: Mapping[int, Print]
    """By the key of the use."""
    locked: Mapping[int, frozenset[str]]
    rules: Mapping[str, Any]
    preferences: Preferences
    vetoed: frozenset[tuple[int, str, int]]
    """(entity, type, cached file) of candidates that are blocked: the same bytes from elsewhere are so, too."""

    @property
    def rows(self) -> list[Any]:
        """All uses."""
        return [row for found in self.uses.values() for row in found]

    def is_settled(self, entity_id: int, asset_type: str) -> bool:
        """Whether a person decided about the type: automation leaves it alone."""
        found = self.uses.get((entity_id, asset_type), ())
        return any(map(is_of_person, found)) or lock_of(asset_type) in self.locked.get(entity_id, ())

    def brought(self, entity_id: int, asset_type: str) -> list[Any]:
        """Shown pictures that automation does not decide about, since people brought them: they keep their places."""
        found = self.uses.get((entity_id, asset_type), ())
        return [row for row in found if row.rank is not None and not self.is_ours(row)]

    def is_ours(self, row: Any) -> bool:
        """Whether automation decides about a use: a local one, or one of a candidate of a provider."""
        is_offer = row.source_type is AssetSource.PROVIDER and row.candidate_id in self.offers
        return row.source_type is AssetSource.LOCAL or is_offer

    def local(self, entity_id: int, asset_type: str) -> list[Any]:
        """Local pictures in the order they are shown, if they are. Those whose file vanished only while no other is there."""
        if not self.preferences.takes_local(entity_id, asset_type):
            return []
        found = [row for row in self.uses.get((entity_id, asset_type), ()) if row.source_type is AssetSource.LOCAL]
        usable = [row for row in found if self._is_usable(row)]
        present = [row for row in usable if row.media_file_id not in self.missing]
        return by_name(present or [row for row in usable if row.id in self.prints], self.offers)

    def best(self, entity_id: int, asset_type: str) -> list[Any]:
        """All that automation may show, best first: local pictures, and those of providers that are here."""
        found = [row for row in self.uses.get((entity_id, asset_type), ()) if row.source_type is AssetSource.PROVIDER]
        usable = {row.candidate_id: row for row in found if self.is_ours(row) and self._is_usable(row)}
        offers: dict[Any, Any] = {key: self.offers[key] for key in usable}
        places, local = self.preferences.places(entity_id, asset_type), self.local(entity_id, asset_type)
        found = in_order(local, offers.values(), places)
        return [usable[one.id] if any(one is offer for offer in offers.values()) else one for one in found]

    def _is_usable(self, row: Any) -> bool:
        is_blocked = row.candidate_id in self.offers and self.offers[row.candidate_id].is_blocked
        is_vetoed = is_blocked or (row.entity_id, row.asset_type, bytes_of(row, self.offers)) in self.vetoed
        is_ruled_out = is_vetoed or is_of_another(row, self.preferences.kinds.get(row.entity_id))
        return not is_ruled_out and self._is_fit(row)

    def _is_fit(self, row: Any) -> bool:
        """A picture inside a media file is shown only if it keeps the rules of its type: many are tiny."""
        offer = self.offers.get(row.candidate_id)
        if offer is None or EMBEDDED not in (offer.score_breakdown or {}):
            return True
        return bool(offer.width and offer.height) and fits(self.rules[row.asset_type], width=offer.width, height=offer.height)


def look(session: Session, entities: Iterable[int]) -> Sight:
    """What is known of the pictures that these entities have."""
    wanted_of = list(dict.fromkeys(entities))
    uses: dict[tuple[int, str], list[Any]] = defaultdict(list)
    for row in rows_of(session, Asset.entity_id, wanted_of):
        uses[row.entity_id, row.asset_type].append(row)
    rows = [row for found in uses.values() for row in found]
    files = rows_of(session, MediaFile.id, [row.media_file_id for row in rows if row.media_file_id is not None])
    offers = offers_of(session, rows)
    return Sight(
        dict(uses), offers, frozenset(row.id for row in files if row.missing_since is not None),
        prints_of(session, rows, offers), locked_fields(session, wanted_of), rules_of(session),
        Preferences.load(session, wanted_of), _vetoed(session, wanted_of),
    )  # fmt: skip


def _vetoed(session: Session, entities: Iterable[int]) -> frozenset[tuple[int, str, int]]:
    is_blocked = col(ImageCandidate.is_blocked), col(ImageCandidate.cached_file_id).is_not(None)
    rows = rows_of(session, ImageCandidate.entity_id, entities, *is_blocked)
    return frozenset((row.entity_id, row.asset_type, row.cached_file_id) for row in rows)


def best_ranks(sight: Sight) -> dict[int, int | None]:
    """The rank that each use would have by automation alone; uses that it leaves alone are left out."""
    wanted: dict[int, int | None] = {}
    for (entity, name), found in sight.uses.items():
        if sight.is_settled(entity, name):
            continue
        taken = {row.rank for row in sight.brought(entity, name)}
        free = [rank for rank in range(sight.rules[name].default_limit) if rank not in taken]
        shown: list[Any] = []
        for row in sight.best(entity, name):
            if not is_seen(sight.prints.get(row.id), [sight.prints[other.id] for other in shown if other.id in sight.prints]):
                shown.append(row)
        ranks = dict(zip((row.id for row in shown), free, strict=False))
        wanted |= {row.id: ranks.get(row.id) for row in found if sight.is_ours(row)}
    return wanted


def show_best(uow: UnitOfWork, entities: Iterable[int]) -> frozenset[int]:
    """Rank the pictures of entities: up to the type's limit are shown, local ones first, in the order of their numbers.

    Then come those from providers, best first; people may have ordered them otherwise. A type in which a person chose
    something, or which is locked, is left as it is; so are pictures that people brought. A blocked picture is never
    shown, and the same picture not twice. One whose file vanished is shown from its kept bytes only while no other local
    one is there. Returns the entities whose shown pictures are others now.
    """
    wanted_of = list(dict.fromkeys(entities))
    lock_uses(uow, wanted_of)
    sight = look(uow.session, wanted_of)
    if not sight.uses:
        return frozenset()
    return set_ranks(uow, sight.rows, best_ranks(sight))


def set_ranks(uow: UnitOfWork, rows: Sequence[Any], wanted: Mapping[int, int | None]) -> frozenset[int]:
    """Give uses these ranks, by their keys; the entities for which something changed."""
    changed = changes(rows, wanted)
    off = [{"key": row.id, "rank": None} for row in changed if row.rank is not None]
    on = [{"key": row.id, "rank": wanted[row.id]} for row in changed if wanted[row.id] is not None]
    table: Any = Asset.__table__  # type: ignore[attr-defined]
    for values in (off, on):  # ranks are unique: first away with the old ones
        if values:
            uow.session.connection().execute(sa.update(table).where(table.c.id == sa.bindparam("key")), values)
    return frozenset(row.entity_id for row in changed)


def changes(rows: Sequence[Any], wanted: Mapping[int, int | None]) -> list[Any]:
    """The uses whose rank is another than the one wanted."""
    return [row for row in rows if row.id in wanted and row.rank != wanted[row.id]]


def offers_of(session: Session, rows: Sequence[Any]) -> dict[int, Any]:
    """The candidates that these uses came from, by their keys."""
    keys = [row.candidate_id for row in rows if row.candidate_id is not None]
    return {row.id: row for row in rows_of(session, ImageCandidate.id, keys)}


def prints_of(session: Session, rows: Sequence[Any], offers: Mapping[int, Any]) -> dict[int, Print]:
    """How the pictures of these uses look, as far as somebody looked at them; by the key of the use."""
    cached = {row.id: key for row in rows if (key := bytes_of(row, offers)) is not None}
    files = {row.id: row for row in rows_of(session, CachedFile.id, cached.values())}
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
