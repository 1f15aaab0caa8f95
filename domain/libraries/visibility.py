"""Which libraries and items a viewer may hear of, for what is told outside a planned read (events)."""

from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from domain.catalog.access import visible_if_live
from domain.catalog.tables import MediaItem
from domain.kit.errors import NotFound
from domain.kit.policy import Viewer, visible
from domain.libraries.tables import Library


def visible_library_ids(session: Session, viewer: Viewer) -> frozenset[int]:
    """Keys of the libraries that the viewer may see."""
    return frozenset(_visible(session, Library, viewer, None))


def require_library(session: Session, viewer: Viewer, library_id: int) -> None:
    """Raise NotFound for a library that is not there, or not the viewer's to see."""
    if library_id not in visible_library_ids(session, viewer):
        raise NotFound("There is no such library. `libraries` lists those you may see.", path=("library",))


def visible_item_ids(session: Session, viewer: Viewer, keys: list[int]) -> frozenset[int]:
    """Those of `keys` that are items the viewer may see."""
    return frozenset(_visible(session, MediaItem, viewer, keys))


def visible_once_restored(session: Session, viewer: Viewer, keys: list[int]) -> frozenset[int]:
    """Those of `keys` that are items, deleted or not, that the viewer may see when they are not deleted."""
    alias: Any = MediaItem.__table__.alias()  # type: ignore[attr-defined]
    statement = sa.select(alias.c.id).where(alias.c.id.in_(keys), visible_if_live(alias, viewer.shape))
    return frozenset(_run(session, statement, viewer))


def _visible(session: Session, model: Any, viewer: Viewer, keys: list[int] | None) -> list[int]:
    alias = model.__table__.alias()
    statement = sa.select(alias.c.id)
    condition = visible(alias, viewer.shape)
    if condition is not None:
        statement = statement.where(condition)
    if keys is not None:
        statement = statement.where(alias.c.id.in_(keys))
    return _run(session, statement, viewer)


def _run(session: Session, statement: sa.Select[Any], viewer: Viewer) -> list[int]:
    needed = {name: value for name, value in viewer.binds.items() if f":{name}" in str(statement)}
    return list(session.connection().execute(statement, needed).scalars())
