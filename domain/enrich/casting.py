"""Which people of a library its own enrichment asks about: those that nobody asked about yet, leading roles first."""

from typing import Final

import sqlalchemy as sa
from sqlmodel import Session, col

from domain.catalog.enums import Department, Enrichment, EntityKind
from domain.catalog.tables import Credit, ExternalId, MediaItem, Person
from domain.enrich.enums import LookupOutcome
from domain.enrich.keys import KEYS
from domain.enrich.tables import EnrichmentResult

MOST: Final = 1_000
"""People of one run."""
_LEADING: Final = 10
"""Places in a cast that are looked at before all others."""
_SPACES: Final = sorted({space for kinds in KEYS.values() for space in kinds.get(EntityKind.PERSON, ())})


def choose(session: Session, library_id: int, *, limit: int) -> list[int]:
    """Keys of people, in their order: at most `limit`, who play or direct in films and series of the library.

    Nobody who was asked about before (what failed is asked again), whose life is known already, or whom no provider has an
    id for. Directors stand beside the leading roles; among equals who has most credits comes first.
    """
    place = sa.case((col(Credit.department) == Department.DIRECTING, 0), else_=col(Credit.position))
    rank = sa.func.min(sa.case((place < _LEADING, place), else_=_LEADING))
    named = sa.or_(*(sa.and_(col(ExternalId.provider) == one, col(ExternalId.namespace) == space) for one, space in _SPACES))
    is_known = sa.exists().where(col(ExternalId.entity_id) == col(Person.id), named)
    was_asked = sa.exists().where(
        col(EnrichmentResult.entity_id) == col(Person.id), col(EnrichmentResult.outcome) != LookupOutcome.FAILED
    )
    query = (
        sa.select(col(Person.id))
        .join(Credit, col(Credit.person_id) == col(Person.id))
        .join(MediaItem, col(MediaItem.id) == col(Credit.item_id))
        .where(col(MediaItem.library_id) == library_id, col(MediaItem.level) == 0, col(MediaItem.deleted_at).is_(None))
        .where(col(Credit.department).in_((Department.CAST, Department.DIRECTING)), col(Credit.is_removed).is_(False))
        .where(col(Person.enrichment).in_((Enrichment.NEVER, Enrichment.FAILED)), col(Person.biography).is_(None))
        .where(is_known, ~was_asked)
        .group_by(col(Person.id))
        .order_by(rank, sa.func.count().desc(), col(Person.id))
        .limit(limit)
    )  # unguarded: whoever asked might see and edit the library
    return sorted(session.execute(query).scalars())
