"""Which entities a job that fetches pictures looks at: page by page, of a library, or those whose time to try again came."""

from collections.abc import Sequence
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Session, col

from domain.artwork.tables import ImageCandidate, ImageDownload
from domain.artwork.wanting import OWN
from domain.catalog.enums import Department
from domain.catalog.tables import CollectionMember, Credit, ItemStudio, MediaItem

TOP_BILLED: Final = 15
"""So many actors of each item have their pictures fetched with a library's; the others' when somebody asks for them."""


def page_of_library(session: Session, library_id: int, *, after: int, limit: int, tops: Sequence[int] | None = None) -> list[int]:
    """Keys of a library's items, of their film sets and studios and of their leading actors, as far as pictures are on offer.

    `tops` are films and series: only of these and what is below them.
    """
    items = sa.select(col(MediaItem.id)).where(  # unguarded: a job does all
        col(MediaItem.library_id) == library_id, col(MediaItem.deleted_at).is_(None)
    )
    if tops is not None:
        items = items.where(col(MediaItem.root_id).in_(tops))
    is_leading = sa.and_(
        col(Credit.department) == Department.CAST, col(Credit.position) < TOP_BILLED, col(Credit.is_removed).is_(False)
    )
    theirs: tuple[Any, ...] = (
        sa.select(col(Credit.person_id)).where(col(Credit.item_id).in_(items), is_leading),  # unguarded: a job does all
        sa.select(col(CollectionMember.collection_id)).where(col(CollectionMember.item_id).in_(items)),  # unguarded: likewise
        sa.select(col(ItemStudio.studio_id)).where(col(ItemStudio.item_id).in_(items)),  # unguarded: likewise
    )
    entity = col(ImageCandidate.entity_id)
    query = sa.select(entity).where(entity > after, col(ImageCandidate.provider).not_in(OWN))  # unguarded: likewise
    query = query.where(sa.or_(entity.in_(items), *(entity.in_(each) for each in theirs)))
    return list(session.execute(query.distinct().order_by(entity).limit(limit)).scalars())


def page_to_retry(session: Session, *, now: Any, after: int, limit: int) -> list[int]:
    """Keys of entities some of whose pictures could not be had and may be tried again."""
    entity = col(ImageDownload.entity_id)
    query = sa.select(entity).where(col(ImageDownload.retry_at) <= now, entity > after)  # unguarded: a job does all
    return list(session.execute(query.distinct().order_by(entity).limit(limit)).scalars())


def next_retry(session: Session, *, after: Any) -> Any:
    """When the first picture after a moment may be tried again; None = there is none."""
    query = sa.select(sa.func.min(col(ImageDownload.retry_at)))  # unguarded: a job does all
    return session.execute(query.where(col(ImageDownload.retry_at) > after)).scalar()
