"""When variants were last used, and which of them go when there are too many."""

import contextlib
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Final

import sqlalchemy as sa
from sqlmodel import col

from domain.artwork.cache import folder, variant_place
from domain.artwork.tables import CachedFile, ImageVariant
from domain.artwork.variants import MOST_VARIANT_BYTES
from domain.kit import clock
from domain.kit.database import Busy, Database, UnitOfWork

NOTED: Final = timedelta(days=1)
"""A use is written down at most so often."""
_BITE: Final = 200


def note_use(database: Database, variant_id: int) -> None:
    """Write down that a variant is used now, unless that was done lately; never at the cost of who asked for it."""
    with database.read() as session:
        query = sa.select(col(ImageVariant.last_accessed_at))  # unguarded: when, not what
        last = session.execute(query.where(col(ImageVariant.id) == variant_id)).scalar()

    def note(uow: UnitOfWork) -> None:
        is_it = col(ImageVariant.id) == variant_id
        uow.session.execute(sa.update(ImageVariant).where(is_it).values(last_accessed_at=uow.now()))

    if last is not None and clock.now() - last >= NOTED:
        with contextlib.suppress(Busy):
            database.perform(note, actor="images")


def forget(uow: UnitOfWork, variant_ids: Sequence[int]) -> None:
    """Variants whose files are not there any more are to be made again."""
    uow.session.execute(sa.delete(ImageVariant).where(col(ImageVariant.id).in_(variant_ids)))


def evict(database: Database, data_dir: Path, *, most_bytes: int = MOST_VARIANT_BYTES) -> int:
    """Drop the least recently used variants until the rest has at most `most_bytes`; how many went."""
    total = sa.select(sa.func.coalesce(sa.func.sum(col(ImageVariant.size_bytes)), 0))  # unguarded: how many bytes
    columns = col(ImageVariant.id), col(ImageVariant.width), col(ImageVariant.format), col(ImageVariant.size_bytes)
    oldest = sa.select(*columns, col(CachedFile.sha256))  # unguarded: upkeep of all bytes
    oldest = oldest.join(CachedFile, col(CachedFile.id) == col(ImageVariant.cached_file_id))  # unguarded: upkeep of all bytes
    oldest = oldest.order_by(col(ImageVariant.last_accessed_at), col(ImageVariant.id)).limit(_BITE)
    evicted = 0
    while True:
        with database.transaction(actor="system") as uow:
            over = int(uow.session.execute(total).scalar_one()) - most_bytes
            gone = []
            for row in uow.session.execute(oldest) if over > 0 else ():
                if over <= 0:
                    break
                gone.append(row)
                over -= row.size_bytes
            uow.session.execute(sa.delete(ImageVariant).where(col(ImageVariant.id).in_([row.id for row in gone])))
        if not gone:
            return evicted
        for row in gone:
            (folder(data_dir) / variant_place(row.sha256, row.width, row.format)).unlink(missing_ok=True)
        evicted += len(gone)
