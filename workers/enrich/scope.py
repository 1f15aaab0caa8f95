"""Which things a job enriches, page by page, so that a library of any size takes the same memory."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Session, col

from domain.catalog.enums import EntityKind, Identification
from domain.catalog.queries import rows_of
from domain.catalog.tables import CollectionMember, Entity, ExternalId, MediaItem
from domain.enrich import casting
from domain.enrich.enums import LookupOutcome
from domain.enrich.subjects import TOPS, Unit, page_of_items, units_of_entities, units_of_items
from domain.enrich.tables import EnrichmentResult
from domain.jobs.kinds import Enrich

ITEMS: Final = "items"
PEOPLE: Final = "people"
COLLECTIONS: Final = "collections"
STAGES: Final = (ITEMS, PEOPLE, COLLECTIONS)
"""In this order: the films of a film series are known before it."""
_KINDS: Final = {PEOPLE: EntityKind.PERSON, COLLECTIONS: EntityKind.COLLECTION}
_UNDOUBTED: Final = (col(MediaItem.identification) != Identification.AMBIGUOUS,)
"""What waits for a review is enriched once somebody decided, or asks about it by its id."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What a job was asked for; `only_failed` narrows it to what some provider did not answer the last time."""

    payload: Enrich
    only_failed: bool = False
    people: Sequence[int] | None = None
    """Of a library: those that this run asks about, once they are chosen."""

    def with_people(self, session: Session) -> "Scope":
        """The same with the people chosen; the library's films and series have been asked about by then."""
        wanted = min(self.payload.people, casting.MOST)
        chosen = casting.choose(session, self.payload.library_id or 0, limit=wanted) if wanted > 0 else []
        return replace(self, people=chosen)

    def page(self, session: Session, stage: str, *, after: int, limit: int) -> Sequence[int]:
        """The next keys of a stage, in their order."""
        if self.payload.library_id is None:
            return [key for key in self._named(session, stage) if key > after][:limit]
        if stage == ITEMS:
            failed = (_has_failed(col(MediaItem.id)),) if self.only_failed else ()
            conditions = (*_UNDOUBTED, *failed)
            return page_of_items(session, self.payload.library_id, after=after, limit=limit, conditions=conditions)
        if stage == PEOPLE:
            return self._people(session, after, limit)
        return self._collections(session, self.payload.library_id, after, limit)

    def units(self, session: Session, stage: str, keys: Sequence[int]) -> list[Unit]:
        """The things of a page."""
        return units_of_items(session, keys) if stage == ITEMS else units_of_entities(session, keys, _KINDS[stage])

    def total(self, session: Session) -> int:
        """How many things there are to ask about; seasons and episodes count with their series."""
        if self.payload.library_id is None:
            return len(set(self.payload.items))
        query = sa.select(sa.func.count()).where(
            col(MediaItem.library_id) == self.payload.library_id, col(MediaItem.level) == 0, col(MediaItem.kind).in_(TOPS),
            col(MediaItem.deleted_at).is_(None), *_UNDOUBTED,
        )  # unguarded: a number, for the progress  # fmt: skip
        found: int = session.execute(query).scalar_one()
        return found + len(self.people or ())

    def _named(self, session: Session, stage: str) -> list[int]:
        rows = rows_of(session, Entity.id, self.payload.items)
        others = set(_KINDS.values())
        wanted = [row.id for row in rows if (row.kind not in others if stage == ITEMS else row.kind == _KINDS[stage])]
        return sorted(wanted)

    def _people(self, session: Session, after: int, limit: int) -> list[int]:
        keys = [key for key in self.people or () if key > after]
        if not self.only_failed:
            return keys[:limit]
        is_failed = col(EnrichmentResult.outcome) == LookupOutcome.FAILED
        failed = {row.entity_id for row in rows_of(session, EnrichmentResult.entity_id, keys, is_failed)}
        return [key for key in keys if key in failed][:limit]

    def _collections(self, session: Session, library_id: int, after: int, limit: int) -> list[int]:
        """Film series of the library's films that TMDB knows."""
        query = (
            sa.select(col(CollectionMember.collection_id))
            .join(MediaItem, col(MediaItem.id) == col(CollectionMember.item_id))
            .join(ExternalId, col(ExternalId.entity_id) == col(CollectionMember.collection_id))
            .where(col(MediaItem.library_id) == library_id, col(ExternalId.provider) == "tmdb")
            .where(col(CollectionMember.collection_id) > after)
            .distinct()
            .order_by(col(CollectionMember.collection_id))
            .limit(limit)
        )  # unguarded: whoever asked might see and edit the library
        if self.only_failed:
            failed = sa.exists().where(
                col(EnrichmentResult.entity_id) == col(CollectionMember.collection_id),
                col(EnrichmentResult.outcome) == LookupOutcome.FAILED,
            )  # unguarded: a job asks for everybody
            query = query.where(failed)
        return list(session.execute(query).scalars())


def _has_failed(root: Any) -> sa.ColumnElement[bool]:
    """Whether a provider did not answer for a thing or something below it."""
    part = MediaItem.__table__.alias()  # type: ignore[attr-defined]
    return sa.exists(
        sa.select(sa.literal(1))
        .select_from(part)
        .join(EnrichmentResult, col(EnrichmentResult.entity_id) == part.c.id)
        .where(part.c.root_id == root, col(EnrichmentResult.outcome) == LookupOutcome.FAILED)
    )  # unguarded: a job asks for everybody


def stages_from(name: str) -> Iterator[str]:
    """The stages that are left."""
    yield from STAGES[STAGES.index(name) :]
