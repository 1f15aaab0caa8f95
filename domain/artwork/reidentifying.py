"""What follows in the same transaction when a person has said what an item is: wrong pictures go, the right facts are fetched."""

from collections.abc import Sequence

import sqlalchemy as sa

from domain.artwork.withdrawing import withdraw
from domain.catalog.changing import ITEMS
from domain.catalog.facts import CatalogueId
from domain.identify.choosing import choose
from domain.identify.requesting import request_enrichment
from domain.kit.database import UnitOfWork


def identify(
    uow: UnitOfWork, item_id: int, ids: Sequence[CatalogueId] | None, *, user_id: int | None, expected_version: int | None = None
) -> None:
    """Let an item be what a person says; see `domain.identify.choosing.choose`."""
    is_other = choose(uow, item_id, ids, user_id=user_id, expected_version=expected_version)
    follow(uow, [item_id], is_other=is_other, is_known=bool(ids), user_id=user_id)


def follow(uow: UnitOfWork, items: Sequence[int], *, is_other: bool, is_known: bool, user_id: int | None) -> None:
    """Take back the pictures of what they are not, and ask the providers about what they are."""
    if is_other:
        query = sa.select(ITEMS.c.id).where(ITEMS.c.root_id.in_(items))  # unguarded: who may change the top changes its parts
        withdraw(uow, uow.session.connection().execute(query).scalars().all())
    if is_known:
        request_enrichment(uow, items=items, user_id=user_id)
