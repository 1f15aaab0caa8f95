"""Which libraries and items a viewer may hear of, for what is told outside a planned read (events)."""

from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from domain.catalog.tables import MediaItem
from domain.kit.policy import Viewer, visible
from domain.libraries.tables import Library


def visible_library_ids(session: Session, viewer: Viewer) -> frozenset[int]:
    """Keys of the libraries that the viewer may see."""
    return frozenset(_visible(session, Library, viewer, None))


def visible_item_ids(session: Session, viewer: Viewer, keys: list[int]) -> frozenset[int]:
    """Those of `keys` that are items the viewer may see."""
    return frozenset(_visible(session, MediaItem, viewer, keys))


def _visible(session: Session, model: Any, viewer: Viewer, keys: list[int] | None) -> list[int]:
    alias = model.__table__.alias()
    statement = sa.select(alias.c.id)
    condition = visible(alias, viewer.shape)
    if condition is not None:
        statement = statement.where(condition)
    if keys is not None:
        statement = statement.where(alias.c.id.in_(keys))
    needed = {name: value for name, value in viewer.binds.items() if f":{name}" in str(statement)}
    return list(session.connection().execute(statement, needed).scalars())
