"""Takes back the pictures that providers offered for something that an entity is not. People's choices and local ones stay."""

from collections.abc import Iterable

import sqlalchemy as sa
from sqlmodel import col

from domain.artwork.enums import AssetSource
from domain.artwork.keeping import release
from domain.artwork.showing import is_of_person, lock_uses, show_best
from domain.artwork.tables import Asset, ImageCandidate
from domain.artwork.telling import tell_changed
from domain.catalog.queries import chunks, rows_of
from domain.kit.database import UnitOfWork
from domain.providers.known import PROVIDERS


def withdraw(uow: UnitOfWork, entities: Iterable[int]) -> frozenset[int]:
    """Forget what providers offered for these and what automation took of it; what a person chose, pinned or blocked stays.

    Returns the entities whose shown pictures are others now.
    """
    keys = sorted(set(entities))
    lock_uses(uow, keys)
    uses = [row for row in rows_of(uow.session, Asset.entity_id, keys) if row.source_type is AssetSource.PROVIDER]
    gone = [row for row in uses if not is_of_person(row)]
    kept = {row.candidate_id for row in uses if is_of_person(row)}
    offers = [
        row for row in rows_of(uow.session, ImageCandidate.entity_id, keys)
        if row.provider in PROVIDERS and not row.is_blocked and row.id not in kept
    ]  # fmt: skip
    for model, rows in ((Asset, gone), (ImageCandidate, offers)):
        for piece in chunks(row.id for row in rows):
            uow.session.execute(sa.delete(model).where(col(model.id).in_(piece)))
    release(uow, [row.cached_file_id for row in (*gone, *offers)])
    changed = frozenset(row.entity_id for row in gone if row.rank is not None) | show_best(uow, keys)
    tell_changed(uow, changed)
    return changed
